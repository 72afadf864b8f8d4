"""Plan the actions on the forge from a result and the forge's state. Pure.

Planning again after the actions were executed gives no action.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from linkcheck.forge.issue_marker import encode_marker, fill_references
from linkcheck.forge.planning.context import PlanningContext, PlanningOptions
from linkcheck.forge.planning.dashboard import (
    REFUSALS,
    content_hash,
    plan_dashboard,
    refusal_list,
)
from linkcheck.forge.planning.issues import IssuePlan, plan_issues
from linkcheck.forge.planning.onboarding import Onboarding, find_onboarding, introduce
from linkcheck.forge.planning.ownership import DASHBOARD, ManagedIssue, has_label
from linkcheck.forge.planning.pull_requests import PullRequestPlan, plan_pull_requests
from linkcheck.forge.templating import TemplateRenderer
from linkcheck.model.action import (
    Action,
    EnsureDashboard,
    EnsureIssue,
    EnsureLabel,
    ForgePlan,
    PullRequestGroup,
)
from linkcheck.model.finding import Severity
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.settings import ForgeSettings

_REFUSALS = re.compile(rf"^{re.escape(REFUSALS)}$", re.MULTILINE)


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
    options = replace(
        options,
        issues=options.issues and "issues" not in state.unread,
        pulls=options.pulls and "pulls" not in state.unread,
    )
    context = PlanningContext(
        result, state, options, settings, templates or TemplateRenderer(settings.templates)
    )
    onboarding = find_onboarding(context)
    if onboarding.note:
        return replace(_describe_state(context, ForgePlan()), notes=(onboarding.note,), waits=True)
    plan = _plan(context, onboarding)
    return introduce(context, plan) if onboarding.is_first else plan


def _plan(context: PlanningContext, onboarding: Onboarding) -> ForgePlan:
    options = context.options
    pulls = plan_pull_requests(context) if options.pulls else PullRequestPlan()
    issues = plan_issues(context) if options.issues else IssuePlan()
    dashboard = plan_dashboard(context, issues, pulls) if options.issues else ()
    known = dict(issues.known)
    if context.dashboard:
        known[DASHBOARD] = context.dashboard.issue.number
    planned: list[Action] = [*onboarding.actions, *pulls.actions, *issues.actions, *dashboard]
    if any(isinstance(a, EnsureIssue | EnsureDashboard) and a.number is None for a in planned):
        planned.insert(0, EnsureLabel(context.settings.label))
    notes = (*pulls.notes, *issues.notes, *_deferral_notes(context, pulls, issues))
    return _describe_state(
        context,
        ForgePlan(
            tuple(planned),
            tuple(fill_references(note) for note in notes),
            {**onboarding.known, **known},
            pulls.known,
        ),
    )


def _describe_state(context: PlanningContext, plan: ForgePlan) -> ForgePlan:
    """Return the plan with what is to be saved about the issues and pull requests."""
    managed = [each for several in context.managed_issues.values() for each in several]
    kept = [each for each in managed if each.issue.is_open or each.is_edited]
    markers = {each.issue.number: encode_marker(each.marker) for each in kept}
    last_pulls = {}
    for group in PullRequestGroup:
        for pull, marker in context.pulls(group)[:1]:
            last_pulls[group.value] = pull.number
            markers[pull.number] = encode_marker(marker)
    label = context.settings.label
    return replace(
        plan,
        markers=markers,
        last_pulls=last_pulls,
        edited=frozenset(each.issue.number for each in managed if each.is_edited),
        left_alone=frozenset(each.issue.number for each in managed if each.is_left_alone),
        labelled=frozenset(each.issue.number for each in kept if _is_labelled(each, label)),
    )


def _is_labelled(managed: ManagedIssue, label: str) -> bool:
    return managed.issue.is_open and has_label(label, managed.issue.labels)


def _deferral_notes(
    context: PlanningContext, pulls: PullRequestPlan, issues: IssuePlan
) -> Iterable[str]:
    for group, reason in pulls.deferred.items():
        yield f"the pull request '{pulls.titles[group]}' waits: {reason}"
    if context.options.issues and not context.state.has_all_own_issues:
        yield (
            "no new issue is opened: GitHub did not name the account of the token, so an issue "
            "may exist already"
        )
    elif issues.deferred:
        yield f"{len(issues.deferred)} more findings wait for an issue: enough are opened now"
    once = sum(
        1
        for finding in context.findings.values()
        if finding.severity is Severity.ERROR and not context.history(finding).is_confirmed
    )
    if context.options.issues and once:
        yield f"{once} errors wait to be seen again before they get an issue"


@dataclass(frozen=True, slots=True)
class FinishedDashboard:
    """The dashboard with all numbers filled in."""

    body: str
    marker: str
    is_unchanged: bool
    """Whether the issue shows the same already."""


def finish_dashboard(
    action: EnsureDashboard,
    issues: Mapping[str, int],
    pulls: Mapping[str, int],
    problems: Sequence[str] = (),
) -> FinishedDashboard:
    """Return the dashboard's text with numbers and with what the forge refused."""
    refusals = refusal_list(problems)
    new_hash = content_hash(f"{fill_references(action.content, issues, pulls)}{refusals}")
    body = action.body.replace("{content_hash}", new_hash, 1)
    body = _REFUSALS.sub(lambda _: refusals, fill_references(body, issues, pulls), count=1)
    return FinishedDashboard(
        body,
        action.marker.replace("{content_hash}", new_hash, 1),
        is_unchanged=new_hash == action.content_hash and not action.reopen,
    )
