"""Acting on a result: fixes on disk, issues and pull requests on the forge.

What is wired here: the catalog's loaders and the store's codec into the acts, which know neither.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkcheck import __version__
from linkcheck.app.check import run_check
from linkcheck.app.environment import RunEnvironment, RunOptions, services_from
from linkcheck.app.proposals import PullRequestProposer, sightings
from linkcheck.app.results import exit_code
from linkcheck.config import Config
from linkcheck.model.errors import ForgeError, UsageError
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.settings import ForgeSettings
from linkcheck.model.target import Service, Target

if TYPE_CHECKING:
    from linkcheck.forge.client import ForgeAccess
    from linkcheck.forge.execute import ExecutionResult
    from linkcheck.forge.repository import GitHubRepository
    from linkcheck.forge.state_branch import State
    from linkcheck.model.observation import Evidence
    from linkcheck.store import SqliteStore


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What shall be done on the forge."""

    issues: bool = False
    pulls: bool = False
    dry_run: bool = False
    repository: str | None = None
    partial: bool = False
    """Whether rules were left out for this run alone: then nothing may be taken for mended."""
    write_interval: float = 1.0
    """Seconds between two writes."""

    @property
    def wanted(self) -> bool:
        """Whether anything is."""
        return self.issues or self.pulls


@dataclass(slots=True)
class PublishResult:
    """A result, and what was done about it."""

    result: RunResult
    words: list[str] = field(default_factory=list)
    """What was done, or would be; for people."""
    problems: list[str] = field(default_factory=list)
    """What the forge refused."""

    def exit_code(self, fail_on: str) -> int:
        """Return the exit code of the run; what the forge refused makes a good one 3."""
        code = exit_code(self.result, fail_on)
        return 3 if self.problems and code in (0, 1) else code


def check_and_publish(
    options: RunOptions, act: PublishOptions, config: Config, surroundings: RunEnvironment
) -> PublishResult:
    """Check a catalog, and keep the forge's issues and pull requests true.

    Raises UsageError for what the user has to mend first. What the forge refuses is among the
    problems, so that the report is not lost.
    """
    return _PublishSession(options, act, config, surroundings).run()


@dataclass(slots=True)
class _PublishSession:
    options: RunOptions
    act: PublishOptions
    config: Config
    surroundings: RunEnvironment
    forge: "GitHubRepository | None" = None
    state: "State | None" = None
    state_head: str | None = None
    state_text: str = ""
    acted: PublishResult | None = None
    refused: str = ""
    """Why the forge could not even be read, if it could not."""

    def run(self) -> PublishResult:
        self.forge = self._open_forge()
        if self.forge is not None:
            try:
                self._read_state(self.forge)
            except ForgeError as error:  # the check itself is still worth its while
                self.refused = str(error)
        run_check(
            self.options,
            self.config,
            self.surroundings,
            before=self._remember,
            after=self._after,
        )
        if self.acted is None:
            raise AssertionError("the run called back no one")
        return self.acted

    @property
    def dry_run(self) -> bool:
        """Nothing found in the sandbox may reach a real forge."""
        return self.act.dry_run or self.options.sandbox

    def _open_forge(self) -> "GitHubRepository | None":
        """Return the forge; ``None`` where a dry run has to do without."""
        access = self._access()
        if self.options.sandbox or (access is None and self.dry_run):
            return None
        if access is None:
            raise UsageError(
                "--issues and --pulls need a token for the forge",
                hint="Set GITHUB_TOKEN, or see the plan alone with --dry-run",
            )
        from linkcheck.forge.repository import GitHubRepository

        repository = self._repository()
        if repository is None:
            if self.dry_run:
                return None
            raise UsageError(
                "which repository? No --repo, no GITHUB_REPOSITORY, and no git remote 'origin'",
                where="--issues, --pulls",
                hint="Name it: --repo OWNER/NAME",
            )
        return GitHubRepository(repository, access)

    def _repository(self) -> str | None:
        from linkcheck import git

        named = self.act.repository or self.config.forge.repo
        named = named or self.surroundings.env.get("GITHUB_REPOSITORY")
        return named or git.remote_repository(self.surroundings.cwd)

    def _access(self) -> "ForgeAccess | None":
        from linkcheck.forge.client import ForgeAccess

        services = services_from(self.config.services, self.surroundings.env)
        if services.github_token is None:
            return None
        return ForgeAccess(
            services.github_api,
            services.github_token,
            user_agent=f"linkcheck/{__version__}",
            write_interval=self.act.write_interval,
        )

    # What is remembered between runs.

    def _read_state(self, forge: "GitHubRepository") -> None:
        from linkcheck.forge.state_branch import read_state
        from linkcheck.store.codec import decode

        self.state_text, self.state_head = forge.read_state()
        self.state = read_state(self.state_text, decode)

    def _remember(self, store: "SqliteStore") -> None:
        """Put what the branch remembers into the store, before anything is asked."""
        if self.state is not None and not self.options.offline:
            known = store.history(self.state.observations)
            missing = [
                observation
                for target, observations in self.state.observations.items()
                for observation in observations
                if observation.at not in {o.at for o in known[target].observations}
            ]
            if missing:
                store.record(missing)

    def _after(self, result: RunResult, store: "SqliteStore") -> None:
        self.acted = PublishResult(result)
        if self.refused:
            self.acted.problems.append(self.refused)
            return
        if self.options.changed_since is not None:
            # What a change proposes is not yet in the catalog: no issue may come of it.
            self.acted.words.append("A run over a change alone does nothing on the forge.")
            return
        complete = result.outcome is RunOutcome.COMPLETE
        issues: Mapping[str, int] = self.state.issues if self.state else {}
        history = self._history(result, store)
        try:
            done = self._act(result, history)
            issues = done.issues or issues
            self.acted.words = done.words
            if self.dry_run and self.forge is None:
                self.acted.words.append("(as if nothing stood on the forge yet)")
            self.acted.problems = done.problems
        except ForgeError as error:
            self.acted.problems.append(str(error))
        if complete and self.forge is not None and not self.dry_run and not self.options.offline:
            try:
                self._write_state(self.forge, history, issues)
            except ForgeError as error:
                self.acted.problems.append(f"the state could not be kept: {error}")

    def _history(self, result: RunResult, store: "SqliteStore") -> "Mapping[Target, Evidence]":
        return store.history([link.target for link in result.links if link.target], limit=50)

    def _write_state(
        self,
        forge: "GitHubRepository",
        history: "Mapping[Target, Evidence]",
        issues: Mapping[str, int],
    ) -> None:
        """Write the branch if there is something new; merge with what another run wrote."""
        from linkcheck.forge.errors import StaleError
        from linkcheck.forge.state_branch import State, merge_state, write_state
        from linkcheck.store.codec import encode

        now = {target: evidence.observations for target, evidence in history.items()}
        for _attempt in range(4):
            before = self.state or State()
            after = merge_state(before, now, issues, whole=self.whole and not self.scope)
            text = write_state(after, encode)
            if text == self.state_text:
                return
            try:
                forge.write_state(text, self.state_head)
                return
            except StaleError:  # another run was faster: take in what it wrote, and try again
                self._read_state(forge)
        raise ForgeError(
            "other runs keep writing it", where="linkcheck/state", hint="Let one run end first"
        )

    @property
    def whole(self) -> bool:
        """Whether the run looked at everything, so that absence means "mended"."""
        rules = self.config.rules
        return (
            not self.act.partial
            and self.options.changed_since is None
            and self.options.shard is None
            and not self.options.offline
            and self.options.families == frozenset(Service)
            and not rules.select
        )

    @property
    def scope(self) -> str:
        """What stands for the files named on the command line; empty when none are."""
        from linkcheck.forge.planning.context import short_hash

        return short_hash(*sorted(self.options.paths)) if self.options.paths else ""

    # The plan.

    def _act(self, result: RunResult, history: "Mapping[Target, Evidence]") -> "ExecutionResult":
        from linkcheck.forge.execute import execute
        from linkcheck.forge.planning.context import PlanningOptions
        from linkcheck.forge.planning.plan import plan
        from linkcheck.forge.templating import TemplateRenderer

        settings = self._settings()
        seen = ForgeState(self._repository() or "your/catalog")
        if self.forge is not None and result.outcome is RunOutcome.COMPLETE:
            seen = self.forge.fetch_state(
                settings.label, issues=self.act.issues, pulls=self.act.pulls
            )
        proposer = PullRequestProposer(result, self.config, self.surroundings, seen, settings.label)
        proposals = proposer.all() if self.act.pulls else ()
        if self.forge is not None and seen.head:
            paths = {file.path for proposal in proposals for file in proposal.files}
            seen = replace(seen, blobs=self.forge.fetch_blobs(seen.head, paths) if paths else {})
        wishes = PlanningOptions(
            now=self.surroundings.now(),
            issues=self.act.issues,
            pulls=self.act.pulls,
            whole=self.whole,
            scope=self.scope,
            sightings=sightings(result, history, self.config, self.surroundings),
            proposals=proposals,
            known=self.state.issues if self.state else {},
        )
        made = plan(result, seen, wishes, settings, TemplateRenderer(settings.templates))
        forge = self.forge
        return execute(made, lambda: _required(forge), label=settings.label, dry_run=self.dry_run)

    def _settings(self) -> ForgeSettings:
        settings = self.config.forge
        if settings.templates is None:
            return settings
        folder = str(self.surroundings.cwd / settings.templates)
        if not os.path.isdir(folder):  # noqa: PTH112 - the text is what is handed on
            raise UsageError(
                "is no folder",
                where=f"forge.templates = {settings.templates!r}",
                hint="Name a folder with your own templates, or remove the key",
            )
        return replace(settings, templates=folder)


def _required(forge: "GitHubRepository | None") -> "GitHubRepository":
    if forge is None:
        raise AssertionError("a plan is only carried out where there is a forge")
    return forge
