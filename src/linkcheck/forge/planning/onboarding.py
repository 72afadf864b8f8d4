"""The first run in a repository, which proposes the plan in one issue. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from linkcheck.forge.describe import describe_actions
from linkcheck.forge.issue_marker import (
    Marker,
    checkbox,
    embed_marker,
    encode_marker,
    parse_checkboxes,
)
from linkcheck.forge.planning.context import PlanningContext, changed_texts
from linkcheck.forge.planning.ownership import ONBOARDING, short_hash
from linkcheck.forge.templating import MAX_BODY
from linkcheck.model.action import (
    Action,
    CloseIssue,
    CloseReason,
    Comment,
    EnsureIssue,
    EnsureLabel,
    ForgePlan,
)

MAX_LINES = 100
"""Actions listed in the onboarding issue."""


@dataclass(frozen=True, slots=True)
class Onboarding:
    """How far the onboarding is."""

    is_first: bool = False
    """Whether this run opens the issue."""
    note: str = ""
    """Why nothing is done yet; empty if the plan is accepted."""
    actions: tuple[Action, ...] = ()
    known: Mapping[str, int] = field(default_factory=dict)


def find_onboarding(context: PlanningContext) -> Onboarding:
    """Return the state of the onboarding; a repository with issues of the bot needs none."""
    if not context.settings.onboarding:
        return Onboarding()
    if "issues" in context.state.unread or not context.state.has_all_own_issues:
        return Onboarding(note="the issues could not be read, so nothing is started")
    several = context.managed_issues.get(ONBOARDING)
    if not several:
        is_new = not (context.managed_issues or context.state.pulls or context.options.saved.issues)
        return Onboarding(is_first=is_new)
    managed = several[0]
    number = managed.issue.number
    known = {ONBOARDING: number}
    if not managed.issue.is_open:
        return Onboarding(known=known)
    if not parse_checkboxes(managed.issue.body).start:
        return Onboarding(note=f"nothing is done until issue {number} is closed or its box ticked")
    body, marker = changed_texts(managed, replace(managed.marker, close_reason="resolved"))
    text = context.templates.render_comment("started", {"now": context.options.now})
    close = CloseIssue(
        number,
        ONBOARDING,
        CloseReason.COMPLETED,
        body,
        Comment("started", text),
        "its box is ticked",
        marker,
    )
    return Onboarding(actions=(close,), known=known)


def introduce(context: PlanningContext, plan: ForgePlan) -> ForgePlan:
    """Return the plan that only opens an issue about the given plan."""
    lines = describe_actions(plan)
    values = {
        "configuration": context.options.configuration,
        "inputs": list(context.result.inputs),
        "links": len(context.result.links),
        "entries": len(context.result.entries),
        "plan": lines[:MAX_LINES],
        "more": max(0, len(lines) - MAX_LINES),
        "notes": plan.notes,
        "box": checkbox("start", ONBOARDING),
    }
    page = context.templates.render_page("onboarding", values)
    marker = Marker(ONBOARDING, ONBOARDING, title_hash=short_hash(page.title))
    action = EnsureIssue(
        ONBOARDING,
        page.title,
        embed_marker(marker, page.text[:MAX_BODY]),
        "the first run in this repository",
        encode_marker(marker),
    )
    actions = (EnsureLabel(context.settings.label), action)
    return replace(plan, actions=actions, notes=(), waits=True)
