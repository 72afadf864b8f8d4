"""Execute a plan, one write after the other.

If a run ends at any write, planning and executing again reaches the same end state. Only
:func:`execute` decides about the dry run, which renders the same plan as text.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from linkcheck.forge.describe import describe_plan
from linkcheck.forge.github_errors import PullRequestsForbiddenError, StaleError
from linkcheck.forge.issue_marker import keep_checkmarks
from linkcheck.forge.planning.plan import fill_placeholders
from linkcheck.forge.repository import GitHubRepository
from linkcheck.model.action import (
    Action,
    CloseIssue,
    ClosePullRequest,
    EnsureComment,
    EnsureDashboard,
    EnsureIssue,
    EnsureLabel,
    EnsurePullRequest,
    ForgePlan,
    RemoveBranch,
)


@dataclass(slots=True)
class ExecutionResult:
    """Result of executing a plan."""

    messages: list[str] = field(default_factory=list)
    """Lines of text about each action that was taken, or would be."""
    problems: list[str] = field(default_factory=list)
    """Refusals of the forge, with what to do about them."""
    issues: dict[str, int] = field(default_factory=dict)
    """Numbers of the existing issues, by key."""
    pulls: dict[str, int] = field(default_factory=dict)


def execute(
    plan: ForgePlan, forge: Callable[[], GitHubRepository], *, label: str, dry_run: bool = False
) -> ExecutionResult:
    """Execute a plan, or with ``dry_run`` describe it.

    A refused pull request is among the problems of the result; issues are opened all the same. Any
    other refusal raises ForgeError; the actions before it remain in effect.
    """
    if dry_run:
        return ExecutionResult(messages=describe_plan(plan).splitlines())
    done = ExecutionResult(issues=dict(plan.known_issues), pulls=dict(plan.known_pulls))
    if not plan.actions:
        done.messages += [f"left alone: {note}" for note in plan.notes]
        return done
    executor = _Executor(forge(), label, done)
    for action in plan.actions:
        executor.run(action)
    done.messages += [f"left alone: {note}" for note in plan.notes]
    return done


class _Executor:
    def __init__(self, forge: GitHubRepository, label: str, done: ExecutionResult) -> None:
        self._forge = forge
        self._label = label
        self._done = done

    def run(self, action: Action) -> None:
        match action:
            case EnsureLabel():
                self._forge.ensure_label(action.name, action.color, action.description)
            case EnsureIssue():
                self._issue(action)
            case EnsureDashboard():
                self._dashboard(action)
            case CloseIssue():
                self._forge.ensure_comment(action.number, action.comment)
                self._forge.change_issue(
                    action.number, body=action.body, closed_as=action.state_reason
                )
                self._report(f"closed issue {action.number}: {action.reason}")
            case EnsureComment():
                self._forge.ensure_comment(action.number, action.comment)
                self._forge.change_issue(action.number, body=action.body)
                self._report(f"commented on issue {action.number}: {action.reason}")
            case EnsurePullRequest():
                self._pull(action)
            case ClosePullRequest():
                self._close_pull(action)
            case RemoveBranch():
                self._forge.remove_branch(action.name, action.head)
                self._report(f"removed the branch {action.name}: {action.reason}")

    def _report(self, message: str) -> None:
        self._done.messages.append(message)

    def _issue(self, action: EnsureIssue) -> None:
        if action.number is None:
            number = self._forge.open_issue(action.title, action.body, self._label)
            self._done.issues[action.key] = number
            self._report(f"opened issue {number}: {action.title}")
            return
        if action.comment:
            self._forge.ensure_comment(action.number, action.comment)
        self._forge.change_issue(
            action.number, title=action.title, body=action.body, reopen=action.reopen
        )
        verb = "reopened" if action.reopen else "updated"
        self._report(f"{verb} issue {action.number}: {action.reason}")

    def _dashboard(self, action: EnsureDashboard) -> None:
        body, new_hash = fill_placeholders(action, self._done.issues, self._done.pulls)
        if action.number is None:
            number = self._forge.open_issue(action.title, body, self._label)
            self._done.issues["dashboard"] = number
            self._report(f"opened the dashboard, issue {number}")
            return
        if new_hash == action.content_hash and not action.reopen:
            return
        if action.comment:
            self._forge.ensure_comment(action.number, action.comment)
        # A person may have ticked checkboxes during the run.
        body = keep_checkmarks(body, self._forge.fetch_body(action.number))
        self._forge.change_issue(action.number, title=action.title, body=body, reopen=action.reopen)
        self._report(f"updated the dashboard, issue {action.number}")

    def _pull(self, action: EnsurePullRequest) -> None:
        branch = action.group.branch
        try:
            if action.commit:
                self._forge.put_commit(
                    branch, action.branch_head, action.base, action.message, action.files
                )
            if action.number is None:
                number = self._forge.open_pull(action.title, action.body, branch)
                self._done.pulls[action.group.value] = number
                self._report(f"opened pull request {number}: {action.title}")
            else:
                self._forge.change_pull(action.number, title=action.title, body=action.body)
                self._report(f"updated pull request {action.number}: {action.reason}")
        except StaleError as error:
            self._done.problems.append(f"{branch}: {error}")
        except PullRequestsForbiddenError as error:
            self._done.problems.append(str(error))

    def _close_pull(self, action: ClosePullRequest) -> None:
        self._forge.ensure_comment(action.number, action.comment)
        self._forge.change_pull(action.number, body=action.body, close=True)
        if action.branch_head is not None:
            self._forge.remove_branch(action.group.branch, action.branch_head)
        self._report(f"closed pull request {action.number}: {action.reason}")
