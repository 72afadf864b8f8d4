"""Plan the issues of single findings. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from linkcheck.forge.issue_marker import Marker, embed_marker, strip_marker
from linkcheck.forge.planning.context import (
    DASHBOARD,
    IGNORE_DAYS,
    ManagedIssue,
    PlanningContext,
    short_hash,
)
from linkcheck.forge.templating import MAX_BODY
from linkcheck.model.action import (
    Action,
    CloseIssue,
    CloseReason,
    Comment,
    EnsureComment,
    EnsureIssue,
)
from linkcheck.model.escape import visible_line
from linkcheck.model.finding import Finding
from linkcheck.model.observation import Status
from linkcheck.model.wording import one_line

_SNAPSHOT = "a snapshot"
_UNVERIFIED = frozenset({Status.UNREACHABLE, Status.BLOCKED, Status.SKIPPED})


@dataclass(slots=True)
class IssuePlan:
    """Actions on issues, and what the dashboard shows about them."""

    actions: list[Action] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    """Keys of the issues that are open or will be opened."""
    dismissed: dict[str, str] = field(default_factory=dict)
    """Reasons why a person does not want an issue, by key."""
    deferred: list[str] = field(default_factory=list)
    """Keys of the issues left for a later run."""


def plan_issues(context: PlanningContext) -> IssuePlan:
    """Return the actions on the issues of single findings."""
    plan = IssuePlan()
    new = 0
    for key, finding in context.findings.items():
        issues = context.managed_issues.get(key)
        if issues:
            _plan_existing(context, plan, finding, issues[0])
        elif context.needs_issue(finding) and key not in context.checkboxes.ignore:
            if new < context.settings.max_new_issues and context.state.has_all_own_issues:
                new += 1
                plan.opened.add(key)
                plan.actions.append(_open(context, finding))
            else:
                plan.deferred.append(key)
    for key, issues in context.managed_issues.items():
        if key == DASHBOARD:
            continue
        if key not in context.findings and context.covers(issues[0].marker):
            plan.actions.extend(_close(context, issues[0]))
        plan.known[key] = issues[0].issue.number
    plan.actions.extend(_close_duplicates(context))
    return plan


def _close_duplicates(context: PlanningContext) -> Iterator[Action]:
    """Close every open issue with the key of an earlier one."""
    for key, issues in context.managed_issues.items():
        for extra in issues[1:]:
            if not extra.issue.is_open or context.is_unmanaged(extra):
                continue
            marker = replace(extra.marker, close_reason="duplicate")
            yield CloseIssue(
                number=extra.issue.number,
                key=key,
                state_reason=CloseReason.NOT_PLANNED,
                body=embed_marker(marker, strip_marker(extra.issue.body)),
                comment=Comment("duplicate", context.templates.render_comment("duplicate", {})),
                reason=f"the same as issue {issues[0].issue.number}",
            )


def _plan_existing(
    context: PlanningContext, plan: IssuePlan, finding: Finding, managed: ManagedIssue
) -> None:
    """Plan the existing issue of a finding that is still reported."""
    key, issue = finding.fingerprint, managed.issue
    if context.is_unmanaged(managed):
        plan.dismissed[key] = "its issue lost the bot's label and is left to you"
        plan.notes.append(f"issue {issue.number} lost the label and is left alone")
        return
    if issue.is_open:
        plan.opened.add(key)
        if not managed.is_edited and not _is_current(finding, managed.marker.content_hash):
            title, marker, text = _render(context, finding, managed.marker)
            reason, body = "what it says has changed", embed_marker(marker, text)
            plan.actions.append(EnsureIssue(key, title, body, reason, number=issue.number))
        return
    if managed.marker.close_reason:
        _reopen(context, plan, finding, managed, "returned", is_repeated=False)
        return
    _plan_closed_by_person(context, plan, finding, managed)


def _plan_closed_by_person(
    context: PlanningContext, plan: IssuePlan, finding: Finding, managed: ManagedIssue
) -> None:
    key, issue, now = finding.fingerprint, managed.issue, context.options.now
    closed_at = issue.closed_at or now
    alive = context.history(finding).last_seen_alive
    if alive is not None and alive > closed_at:
        _reopen(context, plan, finding, managed, "returned", is_repeated=False)
    elif issue.state_reason in (None, "completed", "reopened"):
        if managed.marker.reopened_once:
            plan.dismissed[key] = "you closed its issue as completed, twice"
        elif closed_at < context.result.started_at:
            _reopen(context, plan, finding, managed, "insisted", is_repeated=True)
    else:
        until = closed_at + timedelta(days=IGNORE_DAYS)
        if now >= until:
            _reopen(context, plan, finding, managed, "returned", is_repeated=False)
            return
        plan.dismissed[key] = "you closed its issue as not planned"
        notice = f"silenced-{closed_at.date().isoformat()}"
        if managed.marker.last_notice != notice:
            comment = Comment(
                notice, context.templates.render_comment("silenced", {"until": until})
            )
            marker = replace(managed.marker, last_notice=notice)
            plan.actions.append(
                EnsureComment(
                    issue.number,
                    key,
                    comment,
                    embed_marker(marker, strip_marker(issue.body)),
                    "it was closed as not planned",
                )
            )


def _reopen(
    context: PlanningContext,
    plan: IssuePlan,
    finding: Finding,
    managed: ManagedIssue,
    name: str,
    *,
    is_repeated: bool,
) -> None:
    if not context.needs_issue(finding):
        return
    plan.opened.add(finding.fingerprint)
    cycle = managed.marker.cycle + 1
    marker = replace(
        managed.marker, close_reason="", last_notice="", cycle=cycle, reopened_once=is_repeated
    )
    title, marker, text = _render(context, finding, marker)
    comment = Comment(
        f"{name}-{cycle}", context.templates.render_comment(name, {"now": context.options.now})
    )
    reason = "closed as completed, and still so" if is_repeated else "it is back"
    plan.actions.append(
        EnsureIssue(
            finding.fingerprint,
            title,
            embed_marker(marker, text),
            reason,
            number=managed.issue.number,
            reopen=True,
            comment=comment,
        )
    )


def _close(context: PlanningContext, managed: ManagedIssue) -> Iterator[Action]:
    """Close an issue whose finding is resolved or ignored, but not if its link is unverified."""
    if not managed.issue.is_open or context.is_unmanaged(managed):
        return
    ignored = managed.marker.key in context.suppressed
    if not ignored and context.statuses.get(managed.marker.link_hash) in _UNVERIFIED:
        return
    marker = replace(managed.marker, close_reason="ignored" if ignored else "resolved")
    words = context.templates.render_comment(
        "resolved", {"now": context.options.now, "ignored": ignored}
    )
    yield CloseIssue(
        number=managed.issue.number,
        key=managed.marker.key,
        state_reason=CloseReason.NOT_PLANNED if ignored else CloseReason.COMPLETED,
        body=embed_marker(marker, strip_marker(managed.issue.body)),
        comment=Comment(f"resolved-{managed.marker.cycle}", words),
        reason="the catalog ignores it now" if ignored else "it is mended",
    )


def _open(context: PlanningContext, finding: Finding) -> EnsureIssue:
    title, marker, text = _render(
        context, finding, Marker("finding", finding.fingerprint, scope=context.options.scope)
    )
    since = context.history(finding).since
    why = f"since {since.date().isoformat()}" if since else "a confirmed error"
    return EnsureIssue(finding.fingerprint, title, embed_marker(marker, text), why)


def _hash_content(finding: Finding, *suggested: str) -> str:
    return short_hash(finding.rule, finding.entry or "", finding.url or "", *suggested)


def _content_hash(finding: Finding) -> str:
    edits = finding.fix.edits if finding.fix else ()
    return _hash_content(finding, *(_without_snapshot_date(edit.after) for edit in edits))


def _without_snapshot_date(suggested: str) -> str:
    """Return a suggestion for hashing, any snapshot alike: the archive's choice varies by day."""
    return _SNAPSHOT if suggested.startswith("https://web.archive.org/") else suggested


def _is_current(finding: Finding, present: str) -> bool:
    """Whether the content of an issue is current; a missing snapshot does not outdate it."""
    if present == _content_hash(finding):
        return True
    return finding.fix is None and present == _hash_content(finding, _SNAPSHOT)


def _render(context: PlanningContext, finding: Finding, marker: Marker) -> tuple[str, Marker, str]:
    """Return the title, the marker and the text of a finding's issue."""
    suggestion = finding.fix.description if finding.fix else ""
    suggested = finding.fix.edits if finding.fix else ()
    values = {
        "label": context.result.rule_of(finding).title,
        "entry": one_line(visible_line(finding.entry or finding.span.file), 80),
        "message": finding.message,
        "url": finding.url,
        "place": f"{finding.span.file}:{finding.span.line}",
        "rule": finding.rule,
        "since": context.history(finding).since,
        "evidence": finding.evidence[:20],
        "suggestion": suggestion,
        "suggested": suggested[:20],
    }
    page = context.templates.render_page("issue", values)
    meaning = _content_hash(finding)
    link = short_hash(finding.url) if finding.url else ""
    marker = replace(marker, content_hash=meaning, link_hash=link)
    return page.title, marker, page.text[:MAX_BODY]
