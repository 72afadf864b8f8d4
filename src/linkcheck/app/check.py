"""Check a catalog: read it, observe the targets of its links, evaluate the rules."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck import __version__
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.app.inputs import read_catalog, read_changes, resolve_inputs
from linkcheck.app.network import Network, ObservationRun
from linkcheck.config import Config
from linkcheck.model.entry import Catalog
from linkcheck.model.observation import Evidence, Found, Observation, Unknown, UnknownReason
from linkcheck.model.result import Notice, RequestCount, RunOutcome, RunResult, ShardResult
from linkcheck.model.target import Service, Target

if TYPE_CHECKING:
    from linkcheck.catalog.changes import CatalogChanges
    from linkcheck.engine.identify import LinkIndex
    from linkcheck.engine.observe import ObservationPlan, ObservationResults
    from linkcheck.engine.service_failures import ServiceFailure
    from linkcheck.sandbox import Sandbox
    from linkcheck.store import SqliteStore


def run_check(
    options: RunOptions,
    config: Config,
    environment: RunEnvironment,
    sandbox: "Sandbox | None" = None,
) -> RunResult:
    """Check a catalog in a new session; parameters and errors as in open_session."""
    with open_session(options, config, environment, sandbox) as session:
        return session.check()


@contextmanager
def open_session(
    options: RunOptions,
    config: Config,
    environment: RunEnvironment,
    sandbox: "Sandbox | None" = None,
) -> "Iterator[Session]":
    """Read the catalog, identify its links and open the store, for one run.

    ``sandbox`` is one that already runs; ``options.sandbox`` starts one. Raises UsageError (with
    its subclasses) for what the user has to correct first.
    """
    from linkcheck.engine.identify import identify
    from linkcheck.providers.table import recognize

    started = environment.now()
    with ExitStack() as stack:
        if options.sandbox and sandbox is None:
            from linkcheck.sandbox import Sandbox

            sandbox = stack.enter_context(Sandbox.start())
        inputs = options.paths
        if sandbox is not None and not inputs and not config.run.paths:
            inputs = tuple(str(path) for path in sandbox.inputs)
        inputs = resolve_inputs(inputs, config, environment)
        catalog = read_catalog(inputs, config, environment)
        links = identify(catalog, recognize)
        changes = read_changes(options, inputs, config, environment, catalog)
        store = stack.enter_context(_open_store(options, sandbox, started))
        yield Session(
            options=options,
            config=config,
            environment=environment,
            started=started,
            inputs=inputs,
            checked=CheckedCatalog(catalog, links, changes),
            store=store,
            network=Network(
                config,
                environment,
                store,
                sandbox,
                allow_private=options.allow_private,
                is_change=options.changed_since is not None,
            ),
            is_sandbox=sandbox is not None,
        )


def _open_store(options: RunOptions, sandbox: "Sandbox | None", now: datetime) -> "SqliteStore":
    from linkcheck.store import memory_store, open_store

    if options.store is not None:
        return open_store(options.store)
    store = memory_store()
    if sandbox is not None:
        store.record(sandbox.earlier_observations(now))
    return store


@dataclass(frozen=True, slots=True)
class CheckedCatalog:
    """Subject of a run: the catalog, its identified links, and the change under review."""

    catalog: Catalog
    links: "LinkIndex"
    changes: "CatalogChanges | None" = None

    @property
    def changed_targets(self) -> frozenset[Target] | None:
        """Targets of the entries that the change touches; ``None`` without a change."""
        if self.changes is None:
            return None
        parsed = (
            self.links.identity(link).recognized
            for entry in self.catalog.entries
            if entry.id in self.changes.affected_entries
            for link in entry.links
        )
        return frozenset(link.target for link in parsed if link is not None)

    def evaluate(
        self,
        evidence: Mapping[Target, Evidence],
        config: Config,
        *,
        inconclusive_reason: str | None,
        started: datetime,
        finished: datetime,
        all_checked: bool,
        all_inputs: bool,
        root: Path,
    ) -> RunResult:
        """Run the rules and return a result without the data of the run (inputs, requests).

        An inconclusive run has no findings. ``all_checked``: every target could be checked;
        ``all_inputs``: the inputs are everything the user has. ``root``: the working directory.
        """
        from linkcheck.app.line_age import recent_links
        from linkcheck.engine.evaluate import evaluate
        from linkcheck.engine.summarize import entry_results, link_results
        from linkcheck.rules.table import all_rules

        rules = all_rules()
        changes, conclusive = self.changes, inconclusive_reason is None
        evaluation = evaluate(
            self.catalog,
            self.links,
            evidence,
            rules,
            config.rules,
            finished,
            all_checked=all_checked and conclusive,
            all_inputs=all_inputs,
            new_links=changes.links if changes else frozenset(),
            recent_links=recent_links(self.catalog, self.links, evidence, root, finished),
        )
        entries = evaluation.entries
        findings, suppressed = evaluation.findings, evaluation.suppressed
        if changes is not None:
            entries = tuple(view for view in entries if view.entry.id in changes.affected_entries)
            findings = tuple(finding for finding in findings if changes.affects(finding))
            suppressed = tuple(finding for finding in suppressed if changes.affects(finding))
        targets = self.changed_targets
        result = RunResult(
            version=__version__,
            outcome=RunOutcome.COMPLETE if conclusive else RunOutcome.INCONCLUSIVE,
            reason=inconclusive_reason,
            started_at=started,
            finished_at=finished,
            inputs=(),
            requests=RequestCount(),
            reused=0,
            links=link_results(entries),
            entries=entry_results(entries),
            findings=(),
            notices=evaluation.notices,
            targets=len(self.links.requests if targets is None else targets),
            rules=rules,
        )
        if not conclusive:
            return result
        return replace(
            result,
            findings=tuple(finding for finding in findings if not finding.quiet),
            suppressed=suppressed,
            proposals=tuple(finding for finding in findings if finding.quiet),
        )


@dataclass(slots=True)
class Session:
    """One run: everything that is read or opened once, and the evidence once it is checked."""

    options: RunOptions
    config: Config
    environment: RunEnvironment
    started: datetime
    inputs: tuple[str, ...]
    checked: CheckedCatalog
    store: "SqliteStore"
    network: Network
    is_sandbox: bool
    evidence: dict[Target, Evidence] = field(default_factory=dict)
    """Stored and new observations of every target; filled by :meth:`check`."""

    def restore(self, observations: Mapping[Target, Sequence[Observation]]) -> None:
        """Add observations saved outside the store; call before :meth:`check`."""
        if self.options.offline:
            return
        stored = self.store.history(observations)
        missing = [
            observation
            for target, kept in observations.items()
            for observation in kept
            if observation.at not in {known.at for known in stored[target].observations}
        ]
        if missing:
            self.store.record(missing)

    def check(self) -> RunResult:
        """Observe the links, evaluate the rules, suggest replacements of dead links.

        What the network does is part of the result and never raised.
        """
        from linkcheck.engine.interception import without_intercepted
        from linkcheck.engine.observe import RunScope, plan_observations

        requests = self.checked.links.requests
        stored = self.store.history([request.target for request in requests])
        globs = self.config.rules.exclude
        scope = RunScope(
            services=self.options.services,
            offline=self.options.offline,
            excluded=lambda target: any(fnmatchcase(target.url, glob) for glob in globs),
            shard=self.options.shard,
            only=self.checked.changed_targets,
            max_age=self.options.max_age,
        )
        history = self.config.rules.history
        plan = plan_observations(requests, stored, scope, history, self.started)
        run = self.network.observe(plan)
        run.results.observations = without_intercepted(run.results.observations)
        failures = self._service_failures(run)
        reason = self._detect_outage(stored, run, failures, reused=len(plan.reuse))
        self.evidence = self._join(
            plan, stored, run.results, record=reason is None, unchecked=frozenset(failures)
        )
        # A tenth of the memory of a large run; the rules need the evidence alone.
        del stored
        run.results.observations.clear()
        return self._suggest(self._evaluate(plan, run, reason, failures))

    def _service_failures(self, run: ObservationRun) -> "Mapping[Service, ServiceFailure]":
        """Return the services that could not be checked; removes what is unreliable because of it.

        An interrupted run says nothing about them.
        """
        from linkcheck.engine.service_failures import find_service_failures, without_unreliable

        if run.interrupted:
            return {}
        failures = find_service_failures(
            run.results.observations.values(), run.results.rejected_tokens
        )
        if failures:
            run.results.observations = without_unreliable(run.results.observations, failures)
        return failures

    def _detect_outage(
        self,
        stored: Mapping[Target, Evidence],
        run: ObservationRun,
        failures: "Mapping[Service, ServiceFailure]",
        *,
        reused: int,
    ) -> str | None:
        """Return why the answers of this run cannot be trusted; ``None`` if they can."""
        from linkcheck.engine.outage import detect_outage

        outage = detect_outage(
            stored,
            tuple(run.results.observations.values()),
            self.checked.catalog,
            self.checked.links,
            network=run.network_outage,
            failures=failures,
            reused=reused,
            clock_ahead=run.clock_ahead,
            accept_loss=self.options.accept_loss,
        )
        return outage.reason if outage else None

    def _join(
        self,
        plan: "ObservationPlan",
        stored: Mapping[Target, Evidence],
        results: "ObservationResults",
        *,
        record: bool,
        unchecked: frozenset[Service],
    ) -> dict[Target, Evidence]:
        """Join new and stored observations; with ``record``, store the new ones.

        Of the ``unchecked`` services, only what was found is stored.
        """

        def joined(observation: Observation) -> Evidence:
            known = stored.get(observation.target)
            earlier = known.observations if known else ()
            return Evidence(observation.target, (observation, *earlier))

        evidence = dict(plan.reuse)
        for target, observation in results.observations.items():
            evidence[target] = joined(observation)
        if record:
            self.store.record(
                [
                    o
                    for o in results.observations.values()
                    if not _has_no_information(o)
                    and (o.target.service not in unchecked or isinstance(o.outcome, Found))
                ]
            )
        for target, reason in plan.withheld.items():
            unknown = Unknown(UnknownReason.NOT_ASKED, reason)
            evidence[target] = joined(Observation(target, self.started, unknown))
        return evidence

    def _evaluate(
        self,
        plan: "ObservationPlan",
        run: ObservationRun,
        reason: str | None,
        failures: "Mapping[Service, ServiceFailure]",
    ) -> RunResult:
        from linkcheck.engine.service_failures import service_results

        options, finished = self.options, self.environment.now()
        everything = not options.paths and self.checked.changes is None
        result = self.checked.evaluate(
            self.evidence,
            self.config,
            inconclusive_reason=reason,
            started=self.started,
            finished=finished,
            all_checked=not options.offline and not run.interrupted and not failures,
            all_inputs=everything and options.shard is None,
            root=self.environment.cwd,
        )
        requested = {request.target for group in plan.ask.values() for request in group}
        result = replace(
            result,
            services=service_results(result.links, failures, requested),
            inputs=self.inputs,
            requests=RequestCount(sum(run.requests.values()), run.requests),
            reused=len(plan.reuse),
            notices=(
                *(Notice(message) for message in self.store.notices),
                *run.results.notices,
                *result.notices,
            ),
            sandbox=self.is_sandbox,
            interrupted=run.interrupted,
            changed_since=options.changed_since,
            shard=self._shard(plan, everything=everything),
        )
        if reason is None and not options.offline:
            self.store.record_run(
                started=self.started,
                finished=finished,
                outcome=result.outcome.value,
                by_status=Counter(link.status.value for link in result.links),
                by_host=run.requests,
            )
        return result

    def _shard(self, plan: "ObservationPlan", *, everything: bool) -> ShardResult | None:
        """Return what ``linkcheck merge`` needs of this shard; ``None`` without ``--shard``."""
        if self.options.shard is None:
            return None
        from linkcheck.app.merge import catalog_fingerprint, encode_observations

        part, parts = self.options.shard
        own = [kept for kept in self.evidence.values() if kept.target not in plan.elsewhere]
        return ShardResult(
            part,
            parts,
            catalog_fingerprint(self.checked.links),
            encode_observations(own),
            is_complete=everything,
            offline=self.options.offline,
        )

    def _suggest(self, result: RunResult) -> RunResult:
        """Return the result with replacements of its dead links, archived copies among them."""
        from linkcheck.app.suggest import Archive, with_suggestions

        if result.outcome is not RunOutcome.COMPLETE or self.options.offline:
            return result
        archive = Archive(self.network, self.store, self.environment.now())
        try:
            result = with_suggestions(result, self.evidence, archive.copies)
        except KeyboardInterrupt:  # all links are checked by now: keep the result
            return replace(result, interrupted=True)
        by_host = Counter(result.requests.by_host) + Counter(archive.requests)
        return replace(
            result,
            requests=RequestCount(by_host.total(), dict(by_host)),
            notices=(*result.notices, *archive.notices),
        )


def _has_no_information(observation: Observation) -> bool:
    """Return whether an observation carries no information about its target."""
    return isinstance(observation.outcome, Unknown) and observation.outcome.reason in (
        UnknownReason.NOT_ASKED,
        UnknownReason.DEFECT,
    )
