"""From findings to actions: as few issues and pull requests as say it all. Pure.

Nothing here asks the forge: what stands there comes in as :class:`ForgeSeen`, what shall stand
there goes out as a :class:`Plan`. Making the end state and planning again gives no action at all.
"""

import re
from collections.abc import Iterable, Mapping

from linkcheck.forge.issue_marker import placeholder
from linkcheck.forge.planning.context import DASHBOARD, PlanningContext, PlanningOptions
from linkcheck.forge.planning.dashboard import content_hash, plan_dashboard
from linkcheck.forge.planning.issues import IssuePlan, plan_issues
from linkcheck.forge.planning.pull_requests import PullRequestPlan, plan_pull_requests
from linkcheck.forge.templating import TemplateRenderer
from linkcheck.model.action import Action, EnsureDashboard, EnsureIssue, EnsureLabel, ForgePlan
from linkcheck.model.finding import Severity
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.settings import ForgeSettings

_UNNUMBERED = re.compile(r"\{(?:issue|pull):[a-z0-9-]{1,40}\}")


def plan_actions(
    result: RunResult,
    seen: ForgeState,
    wishes: PlanningOptions,
    settings: ForgeSettings,
    texts: TemplateRenderer | None = None,
) -> ForgePlan:
    """Return what is to be done on the forge, in order.

    A run that is inconclusive or was interrupted plans nothing: it has no verdict to act on.
    """
    if result.outcome is not RunOutcome.COMPLETE:
        return ForgePlan(notes=("the run is inconclusive, so nothing is done on the forge",))
    context = PlanningContext(
        result, seen, wishes, settings, texts or TemplateRenderer(settings.templates)
    )
    pulls = plan_pull_requests(context) if wishes.pulls else PullRequestPlan()
    issues = plan_issues(context) if wishes.issues else IssuePlan()
    dashboard = plan_dashboard(context, issues, pulls) if wishes.issues else ()
    actions: list[Action] = [*pulls.actions, *issues.actions, *dashboard]
    actions = [
        a
        for a in actions
        if not _is_unchanged(a, {**issues.known, **_dashboard_number(context)}, pulls.known)
    ]
    opens = any(isinstance(a, EnsureIssue | EnsureDashboard) for a in actions)
    if opens:
        actions.insert(0, EnsureLabel(settings.label))
    notes = (*pulls.notes, *issues.notes, *_deferral_notes(context, pulls, issues))
    return ForgePlan(
        tuple(actions), notes, {**issues.known, **_dashboard_number(context)}, pulls.known
    )


def _deferral_notes(
    context: PlanningContext, pulls: PullRequestPlan, issues: IssuePlan
) -> Iterable[str]:
    for group, why in pulls.deferred.items():
        yield f"the pull request '{pulls.titles[group]}' waits: {why}"
    if context.options.issues and not context.state.has_all_own_issues:
        yield (
            "no new issue is opened: GitHub did not name the account of the token, so an issue "
            "without the label may exist already"
        )
    elif issues.deferred:
        yield f"{len(issues.deferred)} more issues wait: enough are opened in this run"
    once = sum(
        1
        for finding in context.findings.values()
        if finding.severity is Severity.ERROR and not context.history(finding).is_confirmed
    )
    if context.options.issues and once:
        yield f"{once} errors wait to be seen again before they get an issue"


def _dashboard_number(context: PlanningContext) -> dict[str, int]:
    return {DASHBOARD: context.dashboard.issue.number} if context.dashboard else {}


def _is_unchanged(action: Action, issues: Mapping[str, int], pulls: Mapping[str, int]) -> bool:
    """Whether the dashboard says already what it should."""
    if not isinstance(action, EnsureDashboard) or action.number is None or action.reopen:
        return False
    return fill_placeholders(action, issues, pulls)[1] == action.content_hash


def fill_placeholders(
    action: EnsureDashboard, issues: Mapping[str, int], pulls: Mapping[str, int]
) -> tuple[str, str]:
    """Return the dashboard's body and meaning with all numbers put in."""

    def fill(text: str) -> str:
        for kind, numbers in (("issue", issues), ("pull", pulls)):
            for key, number in numbers.items():
                text = text.replace(placeholder(kind, key), f"#{number}")
        return _UNNUMBERED.sub("not opened yet", text)

    meaning = content_hash(fill(action.content))
    return fill(action.body).replace("{meaning}", meaning, 1), meaning
