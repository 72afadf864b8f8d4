"""Doing what a plan says, one write after the other; each leaves a state that can be gone on from.

The dry run is decided here and nowhere else: :func:`carry_out` with ``dry_run`` tells the same plan
in words. After an end at any write, planning and doing again reaches the same end state.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from linkcheck.forge.describe import describe_plan
from linkcheck.forge.errors import PullRequestsForbiddenError, StaleError
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
    """What came of a plan."""

    messages: list[str] = field(default_factory=list)
    """What was done, or would be; lines for people."""
    problems: list[str] = field(default_factory=list)
    """What the forge refused, and what to do about it."""
    issues: dict[str, int] = field(default_factory=dict)
    """Numbers by key, of the issues there are now."""
    pulls: dict[str, int] = field(default_factory=dict)


def execute(
    plan: ForgePlan, forge: Callable[[], GitHubRepository], *, label: str, dry_run: bool = False
) -> ExecutionResult:
    """Carry out a plan, or with ``dry_run`` say in words what would be done.

    A pull request that the forge refuses does not keep issues from being opened: it is named among
    the problems. Anything else that is refused raises ForgeError, with what was done so far kept.
    """
    if dry_run:
        return ExecutionResult(messages=describe_plan(plan).splitlines())
    done = ExecutionResult(issues=dict(plan.known_issues), pulls=dict(plan.known_pulls))
    if not plan.actions:
        done.messages += [f"left alone: {note}" for note in plan.notes]
        return done
    worker = _Executor(forge(), label, done)
    for action in plan.actions:
        worker.run(action)
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
                self._say(f"closed issue {action.number}: {action.reason}")
            case EnsureComment():
                self._forge.ensure_comment(action.number, action.comment)
                self._forge.change_issue(action.number, body=action.body)
                self._say(f"commented on issue {action.number}: {action.reason}")
            case EnsurePullRequest():
                self._pull(action)
            case ClosePullRequest():
                self._close_pull(action)
            case RemoveBranch():
                self._forge.remove_branch(action.name, action.head)
                self._say(f"removed the branch {action.name}: {action.reason}")

    def _say(self, words: str) -> None:
        self._done.messages.append(words)

    def _issue(self, action: EnsureIssue) -> None:
        if action.number is None:
            number = self._forge.open_issue(action.title, action.body, self._label)
            self._done.issues[action.key] = number
            self._say(f"opened issue {number}: {action.title}")
            return
        if action.comment:
            self._forge.ensure_comment(action.number, action.comment)
        self._forge.change_issue(
            action.number, title=action.title, body=action.body, reopen=action.reopen
        )
        verb = "reopened" if action.reopen else "updated"
        self._say(f"{verb} issue {action.number}: {action.reason}")

    def _dashboard(self, action: EnsureDashboard) -> None:
        body, meaning = fill_placeholders(action, self._done.issues, self._done.pulls)
        if action.number is None:
            number = self._forge.open_issue(action.title, body, self._label)
            self._done.issues["dashboard"] = number
            self._say(f"opened the dashboard, issue {number}")
            return
        if meaning == action.content_hash and not action.reopen:
            return
        if action.comment:
            self._forge.ensure_comment(action.number, action.comment)
        # Boxes that a person ticked while the run was going on must not be lost.
        body = keep_checkmarks(body, self._forge.fetch_body(action.number))
        self._forge.change_issue(action.number, title=action.title, body=body, reopen=action.reopen)
        self._say(f"updated the dashboard, issue {action.number}")

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
                self._say(f"opened pull request {number}: {action.title}")
            else:
                self._forge.change_pull(action.number, title=action.title, body=action.body)
                self._say(f"updated pull request {action.number}: {action.reason}")
        except StaleError as error:
            self._done.problems.append(f"{branch}: {error}")
        except PullRequestsForbiddenError as error:
            self._done.problems.append(str(error))

    def _close_pull(self, action: ClosePullRequest) -> None:
        self._forge.ensure_comment(action.number, action.comment)
        self._forge.change_pull(action.number, body=action.body, close=True)
        if action.branch_head is not None:
            self._forge.remove_branch(action.group.branch, action.branch_head)
        self._say(f"closed pull request {action.number}: {action.reason}")
