"""Publish a result: issues, pull requests, state branch and check runs of a repository."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkcheck import __version__
from linkcheck.app.check import Session, open_session
from linkcheck.app.environment import RunEnvironment, RunOptions, services_from
from linkcheck.app.proposals import PullRequestProposer, finding_histories
from linkcheck.app.results import exit_code
from linkcheck.config import Config
from linkcheck.model.errors import ForgeError, UsageError
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.settings import ForgeSettings, ServiceSettings
from linkcheck.model.target import Service, Target

if TYPE_CHECKING:
    from linkcheck.forge.execute import ExecutionResult
    from linkcheck.forge.github_client import ForgeAccess
    from linkcheck.forge.repository import GitHubRepository
    from linkcheck.forge.state_branch import SavedState
    from linkcheck.model.observation import Evidence


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What to create and update on the forge."""

    issues: bool = False
    pulls: bool = False
    dry_run: bool = False
    repository: str | None = None
    partial: bool = False
    """Whether rules were left out of this run: then an absent finding is not resolved."""
    write_interval: float = 1.0
    """Seconds between two writes."""

    @property
    def is_active(self) -> bool:
        """Whether anything is to be published."""
        return self.issues or self.pulls


@dataclass(slots=True)
class PublishResult:
    """A result, and what was published of it."""

    result: RunResult
    summary: list[str] = field(default_factory=list)
    """Actions that were taken or, in a dry run, would be; for people."""
    problems: list[str] = field(default_factory=list)
    """Errors of the forge."""

    def exit_code(self, fail_on: str) -> int:
        """Return the exit code of the run; 3 if the forge refused something in a good run."""
        code = exit_code(self.result, fail_on)
        return 3 if self.problems and code in (0, 1) else code


def check_and_publish(
    options: RunOptions, publish: PublishOptions, config: Config, environment: RunEnvironment
) -> PublishResult:
    """Check a catalog, then create and update the issues and pull requests of its repository.

    Raises UsageError for what the user has to correct first. Errors of the forge are among the
    problems of the result, so that the report is not lost.
    """
    publisher = Publisher(options, publish, config, environment)
    publisher.read_state()
    with open_session(options, config, environment) as session:
        if publisher.state is not None:
            session.restore(publisher.state.observations)
        return publisher.publish(session, session.check())


class Publisher:
    """Carries the results of runs to issues, pull requests and the state branch of a forge."""

    def __init__(
        self,
        options: RunOptions,
        publish: PublishOptions,
        config: Config,
        environment: RunEnvironment,
    ) -> None:
        """Find the repository and its token. Raises UsageError where one is missing."""
        self.options = options
        self.publish_options = publish
        self.config = config
        self.environment = environment
        self.forge = self._open_forge()
        self.state: SavedState | None = None
        self._state_head: str | None = None
        self._state_text = ""
        self._refusal = ""
        """Why the forge cannot be read; empty if it can."""

    @property
    def dry_run(self) -> bool:
        """Whether nothing is written; never with the sandbox, whose facts are made up."""
        return self.publish_options.dry_run or self.options.sandbox

    def _open_forge(self) -> "GitHubRepository | None":
        """Return the repository; ``None`` if a dry run has to do without."""
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

        named = self.publish_options.repository or self.config.forge.repo
        named = named or self.environment.env.get("GITHUB_REPOSITORY")
        return named or git.remote_repository(self.environment.cwd)

    def _access(self) -> "ForgeAccess | None":
        from linkcheck.forge.github_client import ForgeAccess

        services = services_from(self.config.services, self.environment.env)
        if services.github_token is None:
            return None
        return ForgeAccess(
            services.github_api,
            services.github_token,
            user_agent=f"linkcheck/{__version__}",
            write_interval=self.publish_options.write_interval,
        )

    def read_state(self) -> None:
        """Read the observations and issue numbers that earlier runs kept on the state branch."""
        try:
            self._read_state()
        except ForgeError as error:  # the catalog can still be checked
            self._refusal = str(error)

    def _read_state(self) -> None:
        from linkcheck.forge.state_branch import parse_state
        from linkcheck.store.codec import decode

        if self.forge is not None:
            self._state_text, self._state_head = self.forge.read_state()
            self.state = parse_state(self._state_text, decode)

    def publish(self, session: Session, result: RunResult) -> PublishResult:
        """Create and update issues and pull requests, then write the state branch."""
        published = PublishResult(result)
        if self._refusal:
            published.problems.append(self._refusal)
            return published
        if self.options.changed_since is not None:
            # A proposed change is not yet in the catalog: it opens no issues.
            published.summary.append("A run over a change alone does nothing on the forge.")
            return published
        issues: Mapping[str, int] = self.state.issues if self.state else {}
        try:
            done = self._execute(session, result)
            issues = done.issues or issues
            published.summary = done.messages
            if self.dry_run and self.forge is None:
                published.summary.append("(as if nothing stood on the forge yet)")
            published.problems = done.problems
        except ForgeError as error:
            published.problems.append(str(error))
        complete = result.outcome is RunOutcome.COMPLETE
        if complete and self.forge is not None and not self.dry_run and not self.options.offline:
            try:
                self._write_state(self.forge, session.evidence, issues)
            except ForgeError as error:
                published.problems.append(f"the state could not be kept: {error}")
        return published

    def _write_state(
        self,
        forge: "GitHubRepository",
        evidence: "Mapping[Target, Evidence]",
        issues: Mapping[str, int],
    ) -> None:
        """Write the state branch if the state changed; merge with what another run wrote."""
        from linkcheck.forge.github_errors import StaleError
        from linkcheck.forge.state_branch import SavedState, merge_state, serialize_state
        from linkcheck.store.codec import encode

        now = {target: known.observations for target, known in evidence.items()}
        for _attempt in range(4):
            before = self.state or SavedState()
            after = merge_state(
                before, now, issues, is_full_run=self.checks_everything and not self.scope
            )
            text = serialize_state(after, encode)
            if text == self._state_text:
                return
            try:
                forge.write_state(text, self._state_head)
                return
            except StaleError:  # another run was faster: merge with its state
                self._read_state()
        raise ForgeError(
            "other runs keep writing it", where="linkcheck/state", hint="Let one run end first"
        )

    @property
    def checks_everything(self) -> bool:
        """Whether the run checked everything, so that a finding that is absent is resolved."""
        rules = self.config.rules
        return (
            not self.publish_options.partial
            and self.options.changed_since is None
            and self.options.shard is None
            and not self.options.offline
            and self.options.services == frozenset(Service)
            and not rules.select
        )

    @property
    def scope(self) -> str:
        """Hash of the paths named on the command line; empty when none are."""
        from linkcheck.forge.planning.context import short_hash

        return short_hash(*sorted(self.options.paths)) if self.options.paths else ""

    def _execute(self, session: Session, result: RunResult) -> "ExecutionResult":
        from linkcheck.forge.execute import execute
        from linkcheck.forge.planning.context import PlanningOptions
        from linkcheck.forge.planning.plan import plan_actions
        from linkcheck.forge.templating import TemplateRenderer

        settings = self._settings()
        forge_state = ForgeState(self._repository() or "your/catalog")
        if self.forge is not None and result.outcome is RunOutcome.COMPLETE:
            forge_state = self.forge.fetch_state(
                settings.label, issues=self.publish_options.issues, pulls=self.publish_options.pulls
            )
        proposer = PullRequestProposer(
            result, self.config, self.environment, forge_state, settings.label
        )
        proposals = proposer.proposals() if self.publish_options.pulls else ()
        if self.forge is not None and forge_state.head:
            paths = {file.path for proposal in proposals for file in proposal.files}
            forge_state = replace(
                forge_state, blobs=self.forge.fetch_blobs(forge_state.head, paths) if paths else {}
            )
        planning = PlanningOptions(
            now=self.environment.now(),
            issues=self.publish_options.issues,
            pulls=self.publish_options.pulls,
            is_full_run=self.checks_everything,
            scope=self.scope,
            histories=finding_histories(result, session),
            proposals=proposals,
            known_issues=self.state.issues if self.state else {},
        )
        made = plan_actions(
            result, forge_state, planning, settings, TemplateRenderer(settings.templates)
        )
        forge = self.forge
        return execute(
            made, lambda: _require_forge(forge), label=settings.label, dry_run=self.dry_run
        )

    def _settings(self) -> ForgeSettings:
        settings = self.config.forge
        if settings.templates is None:
            return settings
        folder = str(self.environment.cwd / settings.templates)
        if not os.path.isdir(folder):  # noqa: PTH112 - the string is passed on
            raise UsageError(
                "is no folder",
                where=f"forge.templates = {settings.templates!r}",
                hint="Name a folder with your own templates, or remove the key",
            )
        return replace(settings, templates=folder)


def _require_forge(forge: "GitHubRepository | None") -> "GitHubRepository":
    if forge is None:
        raise AssertionError("a plan is only carried out where there is a forge")
    return forge


def publish_check_run(
    result: RunResult, exit_code: int, *, env: Mapping[str, str], commit: str
) -> str | None:
    """Create a check run for a commit; return ``None``, or why there is none.

    ``env`` is the environment of a step of GitHub Actions.
    """
    from linkcheck.forge.check_runs import send_check_run
    from linkcheck.forge.github_client import ForgeAccess
    from linkcheck.report.check_run import build_check_run

    services = services_from(ServiceSettings(), env)
    repository = env.get("GITHUB_REPOSITORY", "")
    if result.sandbox or services.github_token is None or "/" not in repository:
        return "there is no token, or no repository to show it in"
    shown = build_check_run(result, exit_code)
    return send_check_run(
        ForgeAccess(services.github_api, services.github_token),
        repository,
        commit,
        conclusion=shown.conclusion,
        title=shown.title,
        summary=shown.summary,
        annotations=shown.annotations,
    )
