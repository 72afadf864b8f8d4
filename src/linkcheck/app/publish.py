"""Publish a result: issues, pull requests, state branch and check runs of a repository."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from linkcheck import __version__
from linkcheck.app.check import Session, open_session
from linkcheck.app.environment import RunEnvironment, RunOptions, services_from
from linkcheck.app.fix import read_texts
from linkcheck.app.proposals import Proposals, PullRequestProposer, finding_histories
from linkcheck.app.results import exit_code
from linkcheck.config import Config
from linkcheck.model.errors import ForgeError, UsageError
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.result import LinkResult, RunOutcome, RunResult
from linkcheck.model.settings import ForgeSettings, ServiceSettings
from linkcheck.model.target import Service, Target

if TYPE_CHECKING:
    from linkcheck.forge.execute import ExecutionResult
    from linkcheck.forge.github_client import ForgeAccess
    from linkcheck.forge.planning.context import PlanningOptions, RunPlace
    from linkcheck.forge.repository import GitHubRepository
    from linkcheck.forge.saved_findings import CarriedFindings, Coverage, SavedFinding
    from linkcheck.forge.state_branch import SavedState
    from linkcheck.model.action import ForgePlan
    from linkcheck.model.observation import Evidence


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What to create and update on the forge."""

    issues: bool = False
    pulls: bool = False
    dry_run: bool = False
    repository: str | None = None
    partial: bool = False
    """Whether the command line left rules out: their findings are not looked for."""
    write_interval: float = 1.0
    """Seconds between two writes."""
    show_bodies: bool = False
    """Whether a dry run shows every text as it would be posted."""

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
    """Refusals of the forge, each of one action."""
    bodies: str = ""
    """In a dry run: every text as it would be posted."""
    is_blocked: bool = False
    """Whether nothing at all could be written."""

    def exit_code(self, fail_on: str) -> int:
        """Return the exit code of the run; 3 if nothing could be written in a good run."""
        code = exit_code(self.result, fail_on)
        return 3 if self.is_blocked and code in (0, 1) else code


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
        self._refusal: ForgeError | None = None
        """Why the forge cannot be read; ``None`` if it can."""

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
            graphql=services.github_graphql,
        )

    def read_state(self) -> None:
        """Read the observations and issue numbers that earlier runs kept on the state branch."""
        try:
            self._read_state()
        except ForgeError as error:  # the catalog can still be checked
            self._refusal = error

    def _read_state(self) -> None:
        from linkcheck.forge.state_branch import parse_state
        from linkcheck.store.codec import decode

        if self.forge is not None:
            self._state_text, self._state_head = self.forge.read_state()
            self.state = parse_state(self._state_text, decode)

    def publish(self, session: Session, result: RunResult) -> PublishResult:
        """Create and update issues and pull requests, then write the state branch."""
        published = PublishResult(result)
        if self._refusal is not None:
            published.problems.append(str(self._refusal))
            published.is_blocked = True
            return published
        if self.options.changed_since is not None:
            # A proposed change is not yet in the catalog: it opens no issues.
            published.summary.append("A run over a change alone does nothing on the forge.")
            return published
        try:
            other = self._other_branch()
            if other and not self.dry_run:
                published.summary.append(other)
                return published
            done = self._execute(session, result)
        except ForgeError as error:
            published.problems.append(str(error))
            published.is_blocked = True
            return published
        published.summary = done.messages
        published.bodies = done.bodies if self.publish_options.show_bodies else ""
        if other:
            published.summary.insert(0, other)
        if self.dry_run and self.forge is None:
            published.summary.append("(as if the forge had nothing from linkcheck yet)")
        published.problems = done.problems
        has_own = bool(done.issues or done.pulls or self._state_head)
        published.is_blocked = (
            bool(done.problems) and not done.has_written and not (done.only_settings and has_own)
        )
        return published

    def _other_branch(self) -> str:
        """Return why this run may write nothing: it checked another branch than the default one.

        ``GITHUB_REF`` names the branch, if it is one of this repository; else HEAD does, which may
        be detached at the newest commit. Without git the default branch is assumed.
        """
        from linkcheck import git

        if self.forge is None:
            return ""
        env, default = self.environment.env, self.forge.default_branch
        own = env.get("GITHUB_REPOSITORY", "").lower()
        ref = env.get("GITHUB_REF", "")
        if ref and own in ("", self.forge.name.lower(), (self._repository() or "").lower()):
            name, is_default = ref.removeprefix("refs/heads/"), ref == f"refs/heads/{default}"
        else:
            branch = git.head_branch(self.environment.cwd)
            name, is_default = branch or "a detached HEAD", branch in (None, default)
            if branch == "":
                is_default = self._commit() == self.forge.fetch_head()
        if is_default:
            return ""
        return (
            f"This run checked {name}, not the default branch {default}: "
            "nothing is written to issues, pull requests and the state."
        )

    def _commit(self) -> str:
        """Return the commit that was checked; empty if it is not known."""
        from linkcheck import git

        with suppress(UsageError):
            return git.commit_of(self.environment.cwd, "HEAD")
        return self.environment.env.get("GITHUB_SHA", "")

    def _write_state(
        self, forge: "GitHubRepository", evidence: "Mapping[Target, Evidence]", news: "SavedState"
    ) -> bool:
        """Write the state branch if the state changed; merge with what another run wrote.

        ``news`` is the new state without observations. Returns whether it was written.
        """
        from linkcheck.forge.github_errors import StaleError
        from linkcheck.forge.state_branch import SavedState, merge_state, serialize_state
        from linkcheck.store.codec import encode

        now = {target: known.observations for target, known in evidence.items()}
        for _attempt in range(4):
            before = self.state or SavedState()
            after = merge_state(
                before, now, news, is_full_run=self.checks_everything and not self.scope
            )
            text = serialize_state(after, encode)
            if text == self._state_text:
                return False
            try:
                self._state_head = forge.write_state(text, self._state_head)
                self._state_text, self.state = text, after
                return True
            except StaleError:  # another run was faster: merge with its state
                self._read_state()
        raise ForgeError(
            "other runs keep writing it", where="linkcheck/state", hint="Let one run end first"
        )

    @property
    def checks_everything(self) -> bool:
        """Whether the run checked everything that is configured."""
        return (
            not self.publish_options.partial
            and self.options.changed_since is None
            and self.options.shard is None
            and not self.options.offline
            and self.options.services == frozenset(Service)
        )

    @property
    def scope(self) -> str:
        """Hash of the paths named on the command line; empty when none are."""
        from linkcheck.forge.planning.ownership import short_hash

        return short_hash(*sorted(self.options.paths)) if self.options.paths else ""

    def _coverage(self) -> "Coverage":
        """Return the part of the catalog that this run looked at."""
        from linkcheck.engine.evaluate import select_rules
        from linkcheck.forge.saved_findings import Coverage
        from linkcheck.rules.table import all_rules

        selected = {rule.name for rule in select_rules(all_rules(), self.config.rules)}
        paths = [os.path.normpath(path) for path in self.options.paths]

        def reads(file: str) -> bool:
            name = os.path.normpath(file)
            return not paths or any(
                path in (".", name) or name.startswith(f"{path}{os.sep}") for path in paths
            )

        def excludes(link: LinkResult) -> bool:
            url = link.target.url if link.target else link.url
            return any(fnmatchcase(url, glob) for glob in self.config.rules.exclude)

        return Coverage(
            reads, lambda rule: not self.publish_options.partial or rule in selected, excludes
        )

    def _execute(self, session: Session, result: RunResult) -> "ExecutionResult":
        from linkcheck.forge.execute import ExecutionResult, execute
        from linkcheck.forge.planning.plan import plan_actions
        from linkcheck.forge.saved_findings import carry_findings
        from linkcheck.forge.state_branch import SavedState
        from linkcheck.forge.templating import TemplateRenderer

        settings, saved = self._settings(), self.state or SavedState()
        forge_state = ForgeState(self._repository() or "your/catalog")
        complete = result.outcome is RunOutcome.COMPLETE
        if self.forge is not None and complete:
            forge_state = self.forge.fetch_state(
                settings.label,
                issues=self.publish_options.issues or settings.onboarding,
                pulls=self.publish_options.pulls,
                known=saved.issues.values(),
            )
        carried = carry_findings(result, saved.findings, self._coverage(), self._read_text)
        forge_state, planning = self._planning(session, carried, forge_state, saved)
        made = plan_actions(
            carried.result, forge_state, planning, settings, TemplateRenderer(settings.templates)
        )
        done = ExecutionResult()
        for problem in forge_state.problems:
            done.refuse(problem)

        def save(done: ExecutionResult) -> None:
            if not complete or made.waits or self.forge is None or self.options.offline:
                return
            news = saved_state(made, done, carried.saved)
            try:
                done.has_written |= self._write_state(self.forge, session.evidence, news)
            except ForgeError as error:
                done.refuse(error)

        forge = self.forge
        execute(
            made,
            lambda: _require_forge(forge),
            label=settings.label,
            dry_run=self.dry_run,
            done=done,
            before_dashboard=save,
        )
        if not self.dry_run:
            refused = len(done.problems)
            save(done)  # with the number of a new dashboard
            del done.problems[refused:]  # reported before
        return done

    def _planning(
        self,
        session: Session,
        carried: "CarriedFindings",
        forge_state: ForgeState,
        saved: "SavedState",
    ) -> "tuple[ForgeState, PlanningOptions]":
        """Return the forge's state with the files that proposals change, and the options."""
        from linkcheck.forge.planning.context import PlanningOptions

        proposals = Proposals()
        if self.publish_options.pulls:
            proposer = PullRequestProposer(
                carried, self.config, self.environment, forge_state, saved
            )
            proposals = proposer.proposals()
        if self.forge is not None and forge_state.head:
            paths = {file.path for proposal in proposals.made for file in proposal.files}
            blobs = self.forge.fetch_blobs(forge_state.head, paths) if paths else {}
            forge_state = replace(forge_state, blobs=blobs)
        return forge_state, PlanningOptions(
            now=self.environment.now(),
            issues=self.publish_options.issues,
            pulls=self.publish_options.pulls,
            is_full_run=self.checks_everything,
            scope=self.scope,
            histories=finding_histories(carried.result, session),
            proposals=proposals.made,
            waiting=proposals.waiting,
            saved=saved,
            unchecked=carried.unchecked,
            settled=carried.settled,
            place=self._place(),
            ignores=self.config.rules.ignores,
            configuration=self.config.file or "",
        )

    def _read_text(self, file: str) -> str | None:
        return read_texts(self.environment.cwd, (file,)).get(file)

    def _place(self) -> "RunPlace":
        """Return where this run takes place, for links in texts."""
        from linkcheck import git
        from linkcheck.forge.planning.context import RunPlace

        env, cwd = self.environment.env, self.environment.cwd
        server = services_from(self.config.services, env).github_server
        run, repository = env.get("GITHUB_RUN_ID", ""), env.get("GITHUB_REPOSITORY", "")
        folder = ""
        with suppress(UsageError, ValueError):
            top = git.repository_root(cwd).resolve()
            below = cwd.resolve().relative_to(top).as_posix()
            folder = "" if below == "." else f"{below}/"
        return RunPlace(
            server=server,
            commit=self._commit(),
            log_url=f"{server}/{repository}/actions/runs/{run}" if run and repository else "",
            folder=folder,
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


def saved_state(
    plan: "ForgePlan", done: "ExecutionResult", findings: "Mapping[str, SavedFinding]"
) -> "SavedState":
    """Return what is to be saved about issues, pull requests and findings."""
    from linkcheck.forge.state_branch import SavedState

    replaced = {plan.last_pulls.get(group) for group in done.pulls} - {*done.pulls.values()}
    closed = (done.closed - plan.edited) | replaced
    markers = {**plan.markers, **done.markers}
    return SavedState(
        issues=done.issues,
        findings=findings,
        markers={number: text for number, text in markers.items() if number not in closed},
        labelled=(plan.labelled | done.opened) - done.closed,
        left_alone=plan.left_alone,
    )


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
