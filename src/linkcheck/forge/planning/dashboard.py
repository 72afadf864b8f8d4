"""Plan the dashboard: one issue with the state of the catalog. Pure.

Checkboxes come before the lists. Lists are shortened row by row until the body is below the limit
of the forge.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from linkcheck.forge.issue_marker import Marker, checkbox, embed_marker, placeholder, strip_marker
from linkcheck.forge.planning.context import DASHBOARD, PlanningContext, short_hash
from linkcheck.forge.planning.issues import IssuePlan
from linkcheck.forge.planning.pull_requests import PullRequestPlan
from linkcheck.forge.templating import MAX_BODY
from linkcheck.model.action import (
    Action,
    CloseIssue,
    CloseReason,
    Comment,
    EnsureDashboard,
    PullRequestGroup,
)
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import Status
from linkcheck.model.wording import format_date, plural

MAX_BOXES = 60
MAX_ROWS = 120


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list."""

    rule: str
    entry: str
    url: str | None = None
    since: datetime | None = None
    ref: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One list with its heading."""

    title: str
    rows: list[Row] = field(default_factory=list)
    intro: str = ""
    more: int = 0


def plan_dashboard(
    context: PlanningContext, issues: IssuePlan, pulls: PullRequestPlan
) -> tuple[Action, ...]:
    """Return the action on the dashboard, if one is needed."""
    managed = context.dashboard
    if not context.options.is_full_run or (
        managed is None and not context.state.has_all_own_issues
    ):
        return ()
    sections = _sections(context, issues, pulls)
    is_healthy = not any(s.rows for s in sections) and not pulls.opened and not pulls.deferred
    if managed is None:
        marker = Marker(DASHBOARD, scope=context.options.scope)
        return () if is_healthy else (_ensure(context, issues, pulls, sections, marker),)
    if context.is_unmanaged(managed) or not context.covers(managed.marker):
        return ()
    if is_healthy:
        return _close(context)
    marker = replace(managed.marker, close_reason="", last_notice="")
    if managed.issue.is_open:
        return (_ensure(context, issues, pulls, sections, marker, number=managed.issue.number),)
    if not managed.marker.close_reason:
        # A person closed it. After "completed" it is reopened once.
        if managed.marker.reopened_once or managed.issue.state_reason not in (
            None,
            "completed",
            "reopened",
        ):
            return ()
        marker = replace(marker, reopened_once=True)
    marker = replace(marker, cycle=marker.cycle + 1)
    name = "insisted" if marker.reopened_once else "returned"
    text = context.templates.render_comment(name, {"now": context.options.now})
    comment = Comment(f"{name}-{marker.cycle}", text)
    number = managed.issue.number
    action = _ensure(context, issues, pulls, sections, marker, number=number)
    return (replace(action, reopen=True, comment=comment),)


def _close(context: PlanningContext) -> tuple[Action, ...]:
    managed = context.dashboard
    if managed is None or not managed.issue.is_open:
        return ()
    marker = replace(managed.marker, close_reason="resolved")
    text = context.templates.render_comment("healthy", {"now": context.options.now})
    return (
        CloseIssue(
            managed.issue.number,
            DASHBOARD,
            CloseReason.COMPLETED,
            embed_marker(marker, strip_marker(managed.issue.body)),
            Comment(f"resolved-{marker.cycle}", text),
            "everything is settled",
        ),
    )


def _ensure(
    context: PlanningContext,
    issues: IssuePlan,
    pulls: PullRequestPlan,
    sections: Sequence[Section],
    marker: Marker,
    number: int | None = None,
) -> EnsureDashboard:
    boxes = [] if not context.options.pulls else _checkbox_rows(context, issues)
    values = {
        "summary": _summary(context),
        "pulls": _pull_rows(context, pulls),
        "boxes": boxes[:MAX_BOXES],
        "more_boxes": max(0, len(boxes) - MAX_BOXES),
    }
    content = _serialize(values, sections)
    limit = MAX_ROWS
    while True:
        cut = [_shorten(section, limit) for section in sections if section.rows]
        page = context.templates.render_page("dashboard", {**values, "sections": cut})
        if len(page.text) <= MAX_BODY or limit == 0:
            break
        limit = limit * 2 // 3
    previous = context.dashboard.marker.content_hash if context.dashboard else ""
    body = embed_marker(
        replace(marker, key=DASHBOARD, content_hash="{content_hash}"), page.text[:MAX_BODY]
    )
    return EnsureDashboard(page.title, body, content, number=number, content_hash=previous)


def _shorten(section: Section, limit: int) -> Section:
    return replace(section, rows=section.rows[:limit], more=max(0, len(section.rows) - limit))


def _serialize(values: Mapping[str, object], sections: Sequence[Section]) -> str:
    rows = [
        f"{section.title}|{row.rule}|{row.entry}|{row.url}|{row.ref}|{row.note}"
        for section in sections
        for row in section.rows
    ]
    return f"{values}\n" + "\n".join(rows)


def content_hash(content: str) -> str:
    """Return the hash of a dashboard's content, all issue numbers filled in."""
    return short_hash(content)


def _summary(context: PlanningContext) -> str:
    counts = Counter(f.severity for f in context.findings.values())
    parts = [
        plural(counts[severity], noun)
        for severity, noun in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "remark"),
        )
    ]
    links, entries = len(context.result.links), len(context.result.entries)
    return (
        f"{plural(links, 'link')} in {plural(entries, 'entry', 'entries')}: {', '.join(parts)}. "
        "Kept by linkcheck; it is rewritten when something changes, so please write in comments."
    )


def _pull_rows(context: PlanningContext, pulls: PullRequestPlan) -> list[dict[str, str]]:
    rows = []
    for group in PullRequestGroup:
        if group in pulls.opened:
            ref = placeholder("pull", group.value)
            rows.append({"box": "", "ref": ref, "title": pulls.titles[group], "note": ""})
        elif group in pulls.deferred:
            mark = checkbox("open", group.value, ticked=group.value in context.checkboxes.open)
            note = pulls.deferred[group]
            rows.append({"box": mark, "ref": "", "title": pulls.titles[group], "note": note})
    return rows


def _checkbox_rows(context: PlanningContext, issues: IssuePlan) -> list[dict[str, str]]:
    return [
        {
            "box": checkbox("ignore", key, ticked=key in context.checkboxes.ignore),
            "rule": finding.rule,
            "entry": finding.entry or finding.span.file,
            "url": finding.url or "",
        }
        for key, finding in context.findings.items()
        if finding.severity is not Severity.INFO and finding.entry and key not in issues.dismissed
    ]


def _row(context: PlanningContext, finding: Finding, ref: str = "", note: str = "") -> Row:
    return Row(
        finding.rule,
        finding.entry or finding.span.file,
        finding.url,
        context.history(finding).since,
        ref,
        note,
    )


def _sections(context: PlanningContext, issues: IssuePlan, pulls: PullRequestPlan) -> list[Section]:
    proposed = {
        change.fingerprint: group
        for group, proposal in pulls.opened.items()
        for change in proposal.changes
    }
    errors = Section("Errors")
    unconfirmed = Section(
        "Seen once, to be confirmed",
        intro="An issue is opened only when a later look finds the same.",
    )
    pending = Section("Has an open pull request")
    warnings = Section("Warnings")
    dismissed = Section("Kept quiet, as you asked")
    for key, finding in context.findings.items():
        if key in proposed:
            pending.rows.append(
                _row(context, finding, ref=placeholder("pull", proposed[key].value))
            )
        elif key in issues.dismissed:
            dismissed.rows.append(_row(context, finding, note=issues.dismissed[key]))
        elif finding.severity is Severity.WARNING:
            warnings.rows.append(_row(context, finding, note=_fix_note(context, finding)))
        elif finding.severity is not Severity.ERROR:
            continue
        elif key in issues.opened:
            errors.rows.append(_row(context, finding, ref=placeholder("issue", key)))
        elif key in issues.deferred:
            errors.rows.append(_row(context, finding, note="its issue is opened in a later run"))
        elif context.pull_request_group(finding) is not None:
            errors.rows.append(_row(context, finding, note=_fix_note(context, finding)))
        elif not context.history(finding).is_confirmed:
            unconfirmed.rows.append(
                _row(context, finding, note=_confirmation_note(context, finding))
            )
        else:
            errors.rows.append(_row(context, finding))
    unverified = Section("Could not be told", intro="These are asked again at every run.")
    unverified.rows.extend(_unverified_rows(context))
    ignored = Section("Ignored by the catalog")
    ignored.rows.extend(_row(context, finding) for finding in context.result.suppressed)
    return [errors, unconfirmed, pending, warnings, unverified, dismissed, ignored]


def _fix_note(context: PlanningContext, finding: Finding) -> str:
    return "linkcheck fix mends it" if context.pull_request_group(finding) is not None else ""


def _confirmation_note(context: PlanningContext, finding: Finding) -> str:
    moment = context.history(finding).confirmable_from
    return f"the next look that counts is from {format_date(moment)}" if moment else ""


def _unverified_rows(context: PlanningContext) -> list[Row]:
    reported = {finding.url for finding in context.findings.values()}
    return [
        Row(
            link.status.value,
            next((o.entry for o in link.occurrences if o.entry), "") or link.url,
            link.url,
        )
        for link in context.result.links
        if link.status in (Status.UNREACHABLE, Status.BLOCKED) and link.url not in reported
    ]
