"""Planning the dashboard: the one issue that always says how the catalog is. Pure.

The boxes stand above the lists, and everything is cut at whole lines before the body would grow too
long, so that the forge's own limit never cuts anything.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from linkcheck.forge.issue_marker import Marker, box, embed_marker, placeholder, text_of
from linkcheck.forge.planning.context import DASHBOARD, PlanningContext, short_hash
from linkcheck.forge.planning.issues import IssuePlan
from linkcheck.forge.planning.pull_requests import PullPlan
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
    """One line of a list."""

    rule: str
    entry: str
    url: str | None = None
    since: datetime | None = None
    ref: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One list."""

    title: str
    rows: list[Row] = field(default_factory=list)
    intro: str = ""
    more: int = 0


def plan_dashboard(of: PlanningContext, issues: IssuePlan, pulls: PullPlan) -> tuple[Action, ...]:
    """Return what is to be done about the dashboard."""
    held = of.dashboard
    if not of.wishes.whole or (held is None and not of.seen.has_all_own_issues):
        return ()
    sections = _sections(of, issues, pulls)
    quiet = not any(s.rows for s in sections) and not pulls.opened and not pulls.waiting
    if held is None:
        return (
            ()
            if quiet
            else (_ensure(of, issues, pulls, sections, Marker(DASHBOARD, scope=of.wishes.scope)),)
        )
    if of.is_unmanaged(held) or not of.covers(held.marker):
        return ()
    if quiet:
        return _close(of)
    marker = replace(held.marker, closed="", notified="")
    if held.issue.open:
        return (_ensure(of, issues, pulls, sections, marker, number=held.issue.number),)
    if not held.marker.closed:  # a person closed it: one more try after "completed", no more
        if held.marker.reopened_once or held.issue.closed_as not in (None, "completed", "reopened"):
            return ()
        marker = replace(marker, reopened_once=True)
    marker = replace(marker, cycle=marker.cycle + 1)
    name = "insisted" if marker.reopened_once else "returned"
    words = of.texts.remark(name, {"now": of.wishes.now})
    remark = Comment(f"{name}-{marker.cycle}", words)
    number = held.issue.number
    action = _ensure(of, issues, pulls, sections, marker, number=number)
    return (replace(action, reopen=True, remark=remark),)


def _close(of: PlanningContext) -> tuple[Action, ...]:
    held = of.dashboard
    if held is None or not held.issue.open:
        return ()
    marker = replace(held.marker, closed="resolved")
    words = of.texts.remark("healthy", {"now": of.wishes.now})
    return (
        CloseIssue(
            held.issue.number,
            DASHBOARD,
            CloseReason.COMPLETED,
            embed_marker(marker, text_of(held.issue.body)),
            Comment(f"resolved-{marker.cycle}", words),
            "everything is settled",
        ),
    )


def _ensure(
    of: PlanningContext,
    issues: IssuePlan,
    pulls: PullPlan,
    sections: Sequence[Section],
    marker: Marker,
    number: int | None = None,
) -> EnsureDashboard:
    boxes = [] if not of.wishes.pulls else _boxes(of, issues)
    values = {
        "summary": _summary(of),
        "pulls": _pull_rows(of, pulls),
        "boxes": boxes[:MAX_BOXES],
        "more_boxes": max(0, len(boxes) - MAX_BOXES),
    }
    digest = _digest(values, sections)
    limit = MAX_ROWS
    while True:
        cut = [_cut(section, limit) for section in sections if section.rows]
        page = of.texts.page("dashboard", {**values, "sections": cut})
        if len(page.text) <= MAX_BODY or limit == 0:
            break
        limit = limit * 2 // 3
    previous = of.dashboard.marker.content_hash if of.dashboard else ""
    body = embed_marker(
        replace(marker, key=DASHBOARD, content_hash="{meaning}"), page.text[:MAX_BODY]
    )
    return EnsureDashboard(page.title, body, digest, number=number, meaning=previous)


def _cut(section: Section, limit: int) -> Section:
    return replace(section, rows=section.rows[:limit], more=max(0, len(section.rows) - limit))


def _digest(values: Mapping[str, object], sections: Sequence[Section]) -> str:
    rows = [
        f"{section.title}|{row.rule}|{row.entry}|{row.url}|{row.ref}|{row.note}"
        for section in sections
        for row in section.rows
    ]
    return f"{values}\n" + "\n".join(rows)


def meaning_of(digest: str) -> str:
    """Return the hash of a digest in which all numbers have been put in."""
    return short_hash(digest)


def _summary(of: PlanningContext) -> str:
    counts = Counter(f.severity for f in of.findings.values())
    parts = [
        plural(counts[severity], noun)
        for severity, noun in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "remark"),
        )
    ]
    links, entries = len(of.result.links), len(of.result.entries)
    return (
        f"{plural(links, 'link')} in {plural(entries, 'entry', 'entries')}: {', '.join(parts)}. "
        "Kept by linkcheck; it is rewritten when something changes, so please write in comments."
    )


def _pull_rows(of: PlanningContext, pulls: PullPlan) -> list[dict[str, str]]:
    rows = []
    for group in PullRequestGroup:
        if group in pulls.opened:
            ref = placeholder("pull", group.value)
            rows.append({"box": "", "ref": ref, "title": pulls.titles[group], "note": ""})
        elif group in pulls.waiting:
            mark = box("open", group.value, ticked=group.value in of.ticked.open)
            note = pulls.waiting[group]
            rows.append({"box": mark, "ref": "", "title": pulls.titles[group], "note": note})
    return rows


def _boxes(of: PlanningContext, issues: IssuePlan) -> list[dict[str, str]]:
    return [
        {
            "box": box("ignore", key, ticked=key in of.ticked.ignore),
            "rule": finding.rule,
            "entry": finding.entry or finding.span.file,
            "url": finding.url or "",
        }
        for key, finding in of.findings.items()
        if finding.severity is not Severity.INFO and finding.entry and key not in issues.silenced
    ]


def _row(of: PlanningContext, finding: Finding, ref: str = "", note: str = "") -> Row:
    return Row(
        finding.rule,
        finding.entry or finding.span.file,
        finding.url,
        of.sighting(finding).since,
        ref,
        note,
    )


def _sections(of: PlanningContext, issues: IssuePlan, pulls: PullPlan) -> list[Section]:
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
    silenced = Section("Kept quiet, as you asked")
    for key, finding in of.findings.items():
        if key in proposed:
            pending.rows.append(_row(of, finding, ref=placeholder("pull", proposed[key].value)))
        elif key in issues.silenced:
            silenced.rows.append(_row(of, finding, note=issues.silenced[key]))
        elif finding.severity is Severity.WARNING:
            warnings.rows.append(_row(of, finding, note=_mendable(of, finding)))
        elif finding.severity is not Severity.ERROR:
            continue
        elif key in issues.opened:
            errors.rows.append(_row(of, finding, ref=placeholder("issue", key)))
        elif key in issues.waiting:
            errors.rows.append(_row(of, finding, note="its issue is opened in a later run"))
        elif of.group_of(finding) is not None:
            errors.rows.append(_row(of, finding, note=_mendable(of, finding)))
        elif not of.sighting(finding).confirmed:
            unconfirmed.rows.append(_row(of, finding, note=_next_look(of, finding)))
        else:
            errors.rows.append(_row(of, finding))
    untold = Section("Could not be told", intro="These are asked again at every run.")
    untold.rows.extend(_untold(of))
    ignored = Section("Ignored by the catalog")
    ignored.rows.extend(_row(of, finding) for finding in of.result.suppressed)
    return [errors, unconfirmed, pending, warnings, untold, silenced, ignored]


def _mendable(of: PlanningContext, finding: Finding) -> str:
    return "linkcheck fix mends it" if of.group_of(finding) is not None else ""


def _next_look(of: PlanningContext, finding: Finding) -> str:
    moment = of.sighting(finding).confirmed_from
    return f"the next look that counts is from {format_date(moment)}" if moment else ""


def _untold(of: PlanningContext) -> list[Row]:
    told = {finding.url for finding in of.findings.values()}
    return [
        Row(
            link.status.value,
            next((o.entry for o in link.occurrences if o.entry), "") or link.url,
            link.url,
        )
        for link in of.result.links
        if link.status in (Status.UNREACHABLE, Status.BLOCKED) and link.url not in told
    ]
