"""One run, from the catalog's files to a result."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from linkcheck import __version__
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.app.evaluation import CheckedCatalog, judge
from linkcheck.app.inputs import chosen_paths, read_catalog, read_changes
from linkcheck.app.observe_links import ObservationRun, ObservationRunner
from linkcheck.app.results import rule_infos
from linkcheck.config import Config
from linkcheck.model.entry import Catalog
from linkcheck.model.observation import Evidence, Observation, Unknown, UnknownReason
from linkcheck.model.result import Notice, RequestCount, RunOutcome, RunResult, ShardResult
from linkcheck.model.target import Target

if TYPE_CHECKING:
    from linkcheck.catalog.changes import CatalogChanges
    from linkcheck.engine.identify import LinkIndex
    from linkcheck.engine.observe import ObservationPlan, ObservationResults
    from linkcheck.sandbox import Sandbox
    from linkcheck.store import SqliteStore


def run_check(
    options: RunOptions,
    config: Config,
    surroundings: RunEnvironment,
    *,
    before: "Callable[[SqliteStore], None] | None" = None,
    after: "Callable[[RunResult, SqliteStore], None] | None" = None,
) -> RunResult:
    """Check a catalog and return everything a report may show.

    ``before`` and ``after`` are called with the open store, around all that the run does.

    Raises UsageError (with its kinds) for what the user has to mend first. What the network does
    is part of the result and never raised.
    """
    with _sandbox(options.sandbox) as sandbox:
        return run_check_in(sandbox, options, config, surroundings, before=before, after=after)


def run_check_in(
    sandbox: "Sandbox | None",
    options: RunOptions,
    config: Config,
    surroundings: RunEnvironment,
    *,
    before: "Callable[[SqliteStore], None] | None" = None,
    after: "Callable[[RunResult, SqliteStore], None] | None" = None,
) -> RunResult:
    """Do the run of :func:`run` in a sandbox that somebody else started, or in the real world."""
    from linkcheck.engine.identify import identify
    from linkcheck.providers.table import recognize

    started = surroundings.now()
    paths = options.paths
    if sandbox is not None and not paths and not config.run.paths:
        paths = tuple(str(path) for path in sandbox.inputs)
    paths = chosen_paths(paths, config, surroundings)
    catalog = read_catalog(paths, config, surroundings)
    identified = identify(catalog, recognize)
    changes = read_changes(options, paths, config, surroundings, catalog)
    with closing(_open_store(options, sandbox, started)) as store:
        if before is not None:
            before(store)
        job = _Job(
            options,
            config,
            surroundings,
            paths,
            catalog,
            identified,
            changes,
            store,
            sandbox,
            ObservationRunner(
                config, surroundings, store, sandbox, allow_private=options.allow_private
            ),
            started,
        )
        result = job.suggest(job.run())
        if after is not None:
            after(result, store)
        return result


def _sandbox(wanted: bool) -> "AbstractContextManager[Sandbox | None]":
    if not wanted:
        return nullcontext()
    from linkcheck.sandbox import Sandbox

    return Sandbox.start()


def _open_store(options: RunOptions, sandbox: "Sandbox | None", now: datetime) -> "SqliteStore":
    from linkcheck.store import memory_store, open_store

    if sandbox is not None and options.store is None:
        store = memory_store()
        store.record(sandbox.earlier_observations(now))
        return store
    return memory_store() if options.store is None else open_store(options.store)


@dataclass(slots=True)
class _Job:
    """One run under way; exists so that its steps need not hand the same eight values around."""

    options: RunOptions
    config: Config
    surroundings: RunEnvironment
    inputs: tuple[str, ...]
    catalog: Catalog
    identified: "LinkIndex"
    changes: "CatalogChanges | None"
    store: "SqliteStore"
    sandbox: "Sandbox | None"
    asker: ObservationRunner
    started: datetime

    @property
    def _subject(self) -> CheckedCatalog:
        return CheckedCatalog(self.catalog, self.identified, self.changes)

    def run(self) -> RunResult:
        from linkcheck.engine.observe import RunScope, plan_observations

        targets = [question.target for question in self.identified.questions]
        before = self.store.history(targets)
        globs = self.config.rules.exclude
        scope = RunScope(
            families=self.options.families,
            offline=self.options.offline,
            excluded=lambda target: any(fnmatchcase(target.url, glob) for glob in globs),
            shard=self.options.shard,
            only=self._subject.touched,
            max_age=self.options.max_age,
        )
        history = self.config.rules.history
        asked = plan_observations(self.identified.questions, before, scope, history, self.started)
        came = self.asker.observe(asked)
        reason = self._detect_outage(before, came)
        evidence = self._evidence(asked, before, came.collected, keep=reason is None)
        # Of a large run these two tables hold a tenth: judging needs the evidence alone.
        del before, targets
        came.collected.observations.clear()
        return self._result(asked, evidence, came, reason)

    def suggest(self, result: RunResult) -> RunResult:
        """Return the result with what might stand in place of its dead links.

        Ctrl-C while the archive is asked leaves what is known, as at any other time.
        """
        from linkcheck.app.suggestions import with_suggestions
        from linkcheck.app.wayback import archived

        if result.outcome is not RunOutcome.COMPLETE or self.options.offline:
            return result
        counts: dict[str, int] = {}
        try:
            told = with_suggestions(
                result,
                self.store.history,
                lambda lost: archived(
                    lost,
                    self.store,
                    lambda rest: self.asker.archive(rest, counts),
                    self.surroundings.now(),
                ),
            )
        except KeyboardInterrupt:  # all links were asked by then: that is not to be lost
            return replace(result, interrupted=True)
        asked = {host: told.requests.by_host.get(host, 0) + n for host, n in counts.items()}
        by_host = {**told.requests.by_host, **asked}
        return replace(told, requests=RequestCount(sum(by_host.values()), by_host))

    def _detect_outage(self, before: Mapping[Target, Evidence], came: ObservationRun) -> str | None:
        """Return why this run's answers may not be believed, if they may not (law 2)."""
        from linkcheck.engine.outage import detect_outage, no_network

        observed = tuple(came.collected.observations.values())
        if came.collected.silent_hosts:
            return no_network(came.collected.silent_hosts).reason
        outage = detect_outage(
            before,
            observed,
            self.catalog,
            self.identified,
            clock_ahead=came.clock_ahead,
            accept_loss=self.options.accept_loss,
        )
        return outage.reason if outage else None

    def _evidence(
        self,
        asked: "ObservationPlan",
        before: Mapping[Target, Evidence],
        collected: "ObservationResults",
        *,
        keep: bool,
    ) -> dict[Target, Evidence]:
        """Join new and stored observations; store the new ones when they may be believed."""
        evidence = dict(asked.reuse)
        fresh = []
        for target, observation in collected.observations.items():
            earlier = before[target].observations if target in before else ()
            evidence[target] = Evidence(target, (observation, *earlier))
            if not _says_nothing(observation):
                fresh.append(observation)
        if keep and fresh:
            self.store.record(fresh)
        for target, why in asked.withheld.items():
            unknown = Unknown(UnknownReason.NOT_ASKED, why)
            earlier = before[target].observations if target in before else ()
            evidence[target] = Evidence(
                target, (Observation(target, self.started, unknown), *earlier)
            )
        return evidence

    def _result(
        self,
        asked: "ObservationPlan",
        evidence: Mapping[Target, Evidence],
        came: ObservationRun,
        reason: str | None,
    ) -> RunResult:
        from linkcheck.engine.summarize import entry_results, link_results

        now = self.surroundings.now()
        conclusive = reason is None
        whole = not self.options.paths and self.changes is None
        verdict = judge(
            self._subject,
            evidence,
            self.config,
            now,
            settled=conclusive and not self.options.offline and not came.interrupted,
            whole=whole and self.options.shard is None,
        )
        touched = self._subject.touched
        result = RunResult(
            version=__version__,
            outcome=RunOutcome.COMPLETE if conclusive else RunOutcome.INCONCLUSIVE,
            reason=reason,
            started_at=self.started,
            finished_at=now,
            inputs=self.inputs,
            requests=RequestCount(sum(came.requests.values()), came.requests),
            reused=len(asked.reuse),
            links=link_results(verdict.views),
            entries=entry_results(verdict.views),
            findings=verdict.findings if conclusive else (),
            suppressed=verdict.suppressed if conclusive else (),
            proposals=verdict.proposals if conclusive else (),
            notices=(
                *(Notice(words) for words in self.store.notices),
                *came.collected.notices,
                *verdict.notices,
            ),
            targets=len(self.identified.questions if touched is None else touched),
            rules=rule_infos(),
            sandbox=self.sandbox is not None,
            interrupted=came.interrupted,
            changed_since=self.options.changed_since,
            shard=self._part(asked, evidence, whole=whole),
        )
        if conclusive and not self.options.offline:
            self.store.record_run(
                started=self.started,
                finished=now,
                outcome=result.outcome.value,
                by_status=Counter(link.status.value for link in result.links),
                by_host=came.requests,
            )
        return result

    def _part(
        self, asked: "ObservationPlan", evidence: Mapping[Target, Evidence], *, whole: bool
    ) -> ShardResult | None:
        """Return what ``linkcheck merge`` needs of this part; ``None`` for an undivided run."""
        if self.options.shard is None:
            return None
        from linkcheck.app.merge import encode_observations, fingerprint_of

        part, parts = self.options.shard
        mine = [kept for kept in evidence.values() if kept.target not in asked.elsewhere]
        return ShardResult(
            part,
            parts,
            fingerprint_of(self.identified),
            encode_observations(mine),
            whole=whole,
            offline=self.options.offline,
        )


def _says_nothing(observation: Observation) -> bool:
    return isinstance(observation.outcome, Unknown) and observation.outcome.reason in (
        UnknownReason.NOT_ASKED,
        UnknownReason.DEFECT,
    )
