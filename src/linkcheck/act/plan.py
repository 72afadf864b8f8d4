"""From findings to actions: as few issues and pull requests as say it all. Pure.

Nothing here asks the forge: what stands there comes in as :class:`ForgeSeen`, what shall stand
there goes out as a :class:`Plan`. Making the end state and planning again gives no action at all.
"""

from collections.abc import Iterable, Mapping

from linkcheck.act.dashboard import meaning_of, plan_dashboard
from linkcheck.act.occasion import DASHBOARD, Occasion, Wishes
from linkcheck.act.plan_issues import IssuePlan, plan_issues
from linkcheck.act.plan_pulls import PullPlan, plan_pulls
from linkcheck.act.text import Texts
from linkcheck.model.action import (
    Action,
    CloseIssue,
    ClosePull,
    EnsureDashboard,
    EnsureIssue,
    EnsureLabel,
    EnsurePull,
    ForgeSeen,
    Plan,
    RemoveBranch,
    Say,
)
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.settings import ForgeSettings


def plan(
    result: RunResult,
    seen: ForgeSeen,
    wishes: Wishes,
    settings: ForgeSettings,
    texts: Texts | None = None,
) -> Plan:
    """Return what is to be done on the forge, in order.

    A run that is inconclusive or was interrupted plans nothing: it has no verdict to act on.
    """
    if result.outcome is not RunOutcome.COMPLETE or result.interrupted:
        return Plan(notes=("the run is inconclusive, so nothing is done on the forge",))
    of = Occasion(result, seen, wishes, settings, texts or Texts(settings.templates))
    pulls = plan_pulls(of) if wishes.pulls else PullPlan()
    issues = plan_issues(of) if wishes.issues else IssuePlan()
    dashboard = plan_dashboard(of, issues, pulls) if wishes.issues else ()
    actions: list[Action] = [*pulls.actions, *issues.actions, *dashboard]
    actions = [a for a in actions if not _is_idle(a, {**issues.known, **_own(of)}, pulls.known)]
    opens = any(isinstance(a, EnsureIssue | EnsureDashboard | EnsurePull) for a in actions)
    if opens:
        actions.insert(0, EnsureLabel(settings.label))
    return Plan(
        tuple(actions), (*pulls.notes, *issues.notes), {**issues.known, **_own(of)}, pulls.known
    )


def _own(of: Occasion) -> dict[str, int]:
    return {DASHBOARD: of.dashboard.issue.number} if of.dashboard else {}


def _is_idle(action: Action, issues: Mapping[str, int], pulls: Mapping[str, int]) -> bool:
    """Whether the dashboard says already what it should."""
    if not isinstance(action, EnsureDashboard) or action.number is None or action.reopen:
        return False
    return finished(action, issues, pulls)[1] == action.meaning


def finished(
    action: EnsureDashboard, issues: Mapping[str, int], pulls: Mapping[str, int]
) -> tuple[str, str]:
    """Return the dashboard's body and meaning with all numbers put in."""

    def fill(text: str) -> str:
        for kind, numbers in (("issue", issues), ("pull", pulls)):
            for key, number in numbers.items():
                text = text.replace(f"{{{kind}:{key}}}", f"#{number}")
        return text

    meaning = meaning_of(fill(action.digest))
    return fill(action.body).replace("{meaning}", meaning, 1), meaning


def in_words(plan: Plan) -> str:
    """Return the plan as plain text for a terminal; what the dry run prints."""
    lines = [f"  {line}" for action in plan.actions for line in _words(action)]
    lines += [f"  left alone: {note}" for note in plan.notes]
    if not plan.actions:
        return "\n".join(["Nothing to do on the forge.", *lines])
    return "\n".join(["What would be done on the forge:", *lines])


def _words(action: Action) -> Iterable[str]:
    match action:
        case EnsureLabel():
            yield f"make sure that the label '{action.name}' exists"
        case EnsureIssue(number=None):
            yield f"open an issue      {_shown(action.title)}  ({action.why})"
        case EnsureIssue(reopen=True):
            yield f"reopen issue {action.number}  {_shown(action.title)}  ({action.why})"
        case EnsureIssue():
            yield f"update issue {action.number}  {_shown(action.title)}  ({action.why})"
        case EnsureDashboard(number=None):
            yield f"open the dashboard {_shown(action.title)}"
        case EnsureDashboard():
            yield f"{'reopen' if action.reopen else 'update'} the dashboard, issue {action.number}"
        case CloseIssue():
            yield f"close issue {action.number} as {action.closed_as.value}  ({action.why})"
        case Say():
            yield f"comment once on issue {action.number}  ({action.why})"
        case _:
            yield from _other_words(action)


def _other_words(action: Action) -> Iterable[str]:
    match action:
        case EnsurePull():
            verb = "open" if action.number is None else f"update {action.number},"
            yield f"{verb} a pull request  {_shown(action.title)}  ({action.why})"
            for wish in action.files:
                yield f"    changes {wish.path} on {action.group.branch}"
        case ClosePull():
            yield f"close pull request {action.number}  ({action.why})"
        case RemoveBranch():
            yield f"remove the branch {action.name}  ({action.why})"
        case _:
            pass


def _shown(title: str) -> str:
    return title.replace("\u200b", "")
