"""Execute a plan, one write after the other.

Every action is independent: what the forge refuses is noted, and the rest is done. If a run ends at
any write, planning and executing again reaches the same end state. Only :func:`execute` decides
about the dry run, which renders the same plan as text.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from linkcheck.forge.describe import describe_bodies, describe_plan
from linkcheck.forge.github_errors import EmptyRepositoryError, SettingError
from linkcheck.forge.issue_marker import keep_checkmarks
from linkcheck.forge.planning.plan import finish_dashboard
from linkcheck.forge.repository import GitHubRepository
from linkcheck.model.action import (
    Action,
    CloseIssue,
    ClosePullRequest,
    Comment,
    EnsureComment,
    EnsureDashboard,
    EnsureIssue,
    EnsureLabel,
    EnsurePullRequest,
    ForgePlan,
    RemoveBranch,
)
from linkcheck.model.errors import ForgeError


@dataclass(slots=True)
class ExecutionResult:
    """Result of executing a plan."""

    messages: list[str] = field(default_factory=list)
    """Lines of text about each action that was taken, or would be."""
    bodies: str = ""
    """In a dry run: every text as it would be posted."""
    problems: list[str] = field(default_factory=list)
    """Refusals of the forge, with what to do about them."""
    has_written: bool = False
    """Whether something was written."""
    only_settings: bool = True
    """Whether each refusal comes from a setting that concerns one action."""
    issues: dict[str, int] = field(default_factory=dict)
    """Numbers of the existing issues, by key."""
    pulls: dict[str, int] = field(default_factory=dict)
    markers: dict[int, str] = field(default_factory=dict)
    """Markers of the issues and pull requests that were changed, by number."""
    opened: set[int] = field(default_factory=set)
    """Numbers of the issues that were opened."""
    closed: set[int] = field(default_factory=set)
    """Numbers of the issues that were closed."""

    def refuse(self, error: ForgeError) -> None:
        """Note a refusal."""
        self.problems.append(str(error))
        self.only_settings = self.only_settings and isinstance(error, SettingError)


def execute(
    plan: ForgePlan,
    forge: Callable[[], GitHubRepository],
    *,
    label: str,
    dry_run: bool = False,
    done: ExecutionResult | None = None,
    before_dashboard: Callable[[ExecutionResult], None] = lambda _: None,
) -> ExecutionResult:
    """Execute a plan, or with ``dry_run`` describe it.

    Refusals are among the problems of the result, which ``done`` may already hold some of.
    ``before_dashboard`` is called once, before the dashboard is written, so that its problems are
    shown there too.
    """
    done = done or ExecutionResult()
    done.issues, done.pulls = dict(plan.known_issues), dict(plan.known_pulls)
    if dry_run:
        done.messages += describe_plan(plan).splitlines()
        done.bodies = describe_bodies(
            plan, lambda action: finish_dashboard(action, done.issues, done.pulls).body
        )
        return done
    others = [action for action in plan.actions if not isinstance(action, EnsureDashboard)]
    dashboards = [action for action in plan.actions if isinstance(action, EnsureDashboard)]
    executor = _Executor(forge, label, done)
    for action in others:
        executor.run(action)
    before_dashboard(done)
    for dashboard in dashboards:
        executor.run(dashboard)
    done.messages += [f"left alone: {note}" for note in plan.notes]
    return done


class _Executor:
    def __init__(
        self, forge: Callable[[], GitHubRepository], label: str, done: ExecutionResult
    ) -> None:
        self._open_forge = forge
        self._label = label
        self._done = done

    @property
    def _forge(self) -> GitHubRepository:
        return self._open_forge()

    def run(self, action: Action) -> None:
        """Execute one action; a refusal is noted."""
        self._try(lambda: self._run(action))

    def _try(self, operation: Callable[[], None]) -> bool:
        """Return whether an operation succeeded; note its refusal."""
        try:
            operation()
        except ForgeError as error:
            self._done.refuse(error)
            return False
        return True

    def _run(self, action: Action) -> None:
        match action:
            case EnsureLabel():
                self._done.has_written |= self._forge.ensure_label(
                    action.name, action.color, action.description
                )
            case EnsureIssue():
                self._issue(action)
            case EnsureDashboard():
                self._dashboard(action)
            case CloseIssue():
                self._comment(action.number, action.comment)
                self._forge.change_issue(
                    action.number, body=action.body, closed_as=action.state_reason
                )
                self._done.closed.add(action.number)
                self._done.markers[action.number] = action.marker
                self._report(f"closed issue {action.number}: {action.reason}")
            case EnsureComment():
                self._comment(action.number, action.comment)
                if action.body is not None:
                    self._forge.change_issue(action.number, body=action.body)
                self._done.markers[action.number] = action.marker
                self._report(f"commented on issue {action.number}: {action.reason}")
            case EnsurePullRequest():
                self._pull(action)
            case ClosePullRequest():
                self._close_pull(action)
            case RemoveBranch():
                self._forge.remove_branch(action.name, action.head)
                self._report(f"removed the branch {action.name}: {action.reason}")

    def _report(self, message: str) -> None:
        self._done.has_written = True
        self._done.messages.append(message)

    def _comment(self, number: int, comment: Comment | None) -> None:
        """Comment; if that is refused, the change that follows is made all the same."""
        if comment is not None:
            self._try(lambda: self._forge.ensure_comment(number, comment))

    def _issue(self, action: EnsureIssue) -> None:
        if action.number is None:
            number = self._forge.open_issue(action.title, action.body or "", self._label)
            self._done.issues[action.key] = number
            self._done.opened.add(number)
            self._done.markers[number] = action.marker
            self._report(f"opened issue {number}: {action.title}")
            return
        self._comment(action.number, action.comment)
        self._forge.change_issue(
            action.number,
            title=None if action.keep_title else action.title,
            body=action.body,
            reopen=action.reopen,
        )
        self._done.markers[action.number] = action.marker
        verb = "reopened" if action.reopen else "updated"
        self._report(f"{verb} issue {action.number}: {action.reason}")

    def _dashboard(self, action: EnsureDashboard) -> None:
        finished = finish_dashboard(
            action, self._done.issues, self._done.pulls, self._done.problems
        )
        body = finished.body
        if action.number is None:
            number = self._forge.open_issue(action.title, body, self._label)
            self._done.issues["dashboard"] = number
            self._done.opened.add(number)
            self._done.markers[number] = finished.marker
            self._report(f"opened the dashboard, issue {number}")
            return
        if finished.is_unchanged:
            return
        self._comment(action.number, action.comment)
        # A person may have ticked checkboxes during the run.
        body = keep_checkmarks(body, self._forge.fetch_body(action.number))
        self._forge.change_issue(
            action.number,
            title=None if action.keep_title else action.title,
            body=body,
            reopen=action.reopen,
        )
        self._done.markers[action.number] = finished.marker
        self._report(f"updated the dashboard, issue {action.number}")

    def _pull(self, action: EnsurePullRequest) -> None:
        branch = action.group.branch
        if action.commit:
            if not action.base:
                raise EmptyRepositoryError(
                    "the repository has no commit yet", where=branch, hint="Push a first commit"
                )
            self._forge.put_commit(
                branch, action.branch_head, action.base, action.message, action.files
            )
            self._done.has_written = True
        if action.number is None:
            number = self._forge.open_pull(action.title, action.body or "", branch)
            self._done.pulls[action.group.value] = number
            self._report(f"opened pull request {number}: {action.title}")
        else:
            number = action.number
            if action.body is not None or not action.keep_title:
                self._forge.change_pull(
                    number, title=None if action.keep_title else action.title, body=action.body
                )
            self._report(f"updated pull request {number}: {action.reason}")
        self._done.markers[number] = action.marker

    def _close_pull(self, action: ClosePullRequest) -> None:
        self._comment(action.number, action.comment)
        self._forge.change_pull(action.number, body=action.body, close=True)
        self._done.markers[action.number] = action.marker
        self._report(f"closed pull request {action.number}: {action.reason}")
        if action.branch_head is not None:
            self._forge.remove_branch(action.group.branch, action.branch_head)
