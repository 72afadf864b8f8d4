"""Plan the actions on the forge from a result and the forge's state. Pure.

Planning again after the actions were executed gives no action.
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
    state: ForgeState,
    options: PlanningOptions,
    settings: ForgeSettings,
    templates: TemplateRenderer | None = None,
) -> ForgePlan:
    """Return the actions in the order of their execution.

    An inconclusive or interrupted run gives an empty plan.
    """
    if result.outcome is not RunOutcome.COMPLETE:
        return ForgePlan(notes=("the run is inconclusive, so nothing is done on the forge",))
    context = PlanningContext(
        result, state, options, settings, templates or TemplateRenderer(settings.templates)
    )
    pulls = plan_pull_requests(context) if options.pulls else PullRequestPlan()
    issues = plan_issues(context) if options.issues else IssuePlan()
    dashboard = plan_dashboard(context, issues, pulls) if options.issues else ()
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
    for group, reason in pulls.deferred.items():
        yield f"the pull request '{pulls.titles[group]}' waits: {reason}"
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
    """Whether the action would leave the dashboard as it is."""
    if not isinstance(action, EnsureDashboard) or action.number is None or action.reopen:
        return False
    return fill_placeholders(action, issues, pulls)[1] == action.content_hash


def fill_placeholders(
    action: EnsureDashboard, issues: Mapping[str, int], pulls: Mapping[str, int]
) -> tuple[str, str]:
    """Return the dashboard's body and content hash with all numbers filled in."""

    def fill(text: str) -> str:
        for kind, numbers in (("issue", issues), ("pull", pulls)):
            for key, number in numbers.items():
                text = text.replace(placeholder(kind, key), f"#{number}")
        return _UNNUMBERED.sub("not opened yet", text)

    new_hash = content_hash(fill(action.content))
    return fill(action.body).replace("{content_hash}", new_hash, 1), new_hash
