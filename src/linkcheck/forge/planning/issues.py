"""Planning the issues of single findings. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from linkcheck.forge.issue_marker import Marker, embed_marker, text_of
from linkcheck.forge.planning.context import (
    DASHBOARD,
    SILENT_DAYS,
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
_UNTOLD = frozenset({Status.UNREACHABLE, Status.BLOCKED, Status.SKIPPED})


@dataclass(slots=True)
class IssuePlan:
    """What is to be done about issues, and what the dashboard should know of it."""

    actions: list[Action] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    """Keys of the issues that are or will be open."""
    silenced: dict[str, str] = field(default_factory=dict)
    """Keys of the findings that a person does not want to hear of, with why."""
    waiting: list[str] = field(default_factory=list)
    """Keys of those that wait for a later run, because enough are opened in this one."""


def plan_issues(of: PlanningContext) -> IssuePlan:
    """Return what is to be done about the issues of single findings."""
    plan = IssuePlan()
    new = 0
    for key, finding in of.findings.items():
        several = of.held.get(key)
        if several:
            _present(of, plan, finding, several[0])
        elif of.wants_issue(finding) and key not in of.ticked.ignore:
            if new < of.settings.max_new_issues and of.seen.has_all_own_issues:
                new += 1
                plan.opened.add(key)
                plan.actions.append(_open(of, finding))
            else:
                plan.waiting.append(key)
    for key, several in of.held.items():
        if key == DASHBOARD:
            continue
        if key not in of.findings and of.covers(several[0].marker):
            plan.actions.extend(_close(of, several[0]))
        plan.known[key] = several[0].issue.number
    plan.actions.extend(duplicates(of))
    return plan


def duplicates(of: PlanningContext) -> Iterator[Action]:
    """Yield the closing of every open issue that says the same as an earlier one."""
    for key, several in of.held.items():
        for extra in several[1:]:
            if not extra.issue.open or of.is_unmanaged(extra):
                continue
            marker = replace(extra.marker, closed="duplicate")
            yield CloseIssue(
                number=extra.issue.number,
                key=key,
                closed_as=CloseReason.NOT_PLANNED,
                body=embed_marker(marker, text_of(extra.issue.body)),
                remark=Comment("duplicate", of.texts.remark("duplicate", {})),
                why=f"the same as issue {several[0].issue.number}",
            )


def _present(of: PlanningContext, plan: IssuePlan, finding: Finding, held: ManagedIssue) -> None:
    """Decide on the issue of a finding that is still there."""
    key, issue = finding.fingerprint, held.issue
    if of.is_unmanaged(held):
        plan.silenced[key] = "its issue lost the bot's label and is left to you"
        plan.notes.append(f"issue {issue.number} lost the label and is left alone")
        return
    if issue.open:
        plan.opened.add(key)
        if not held.edited and not _says_the_same(finding, held.marker.content_hash):
            title, marker, text = _body(of, finding, held.marker)
            why, body = "what it says has changed", embed_marker(marker, text)
            plan.actions.append(EnsureIssue(key, title, body, why, number=issue.number))
        return
    if held.marker.closed:
        _reopen(of, plan, finding, held, "returned", insisted=False)
        return
    _closed_by_person(of, plan, finding, held)


def _closed_by_person(
    of: PlanningContext, plan: IssuePlan, finding: Finding, held: ManagedIssue
) -> None:
    key, issue, now = finding.fingerprint, held.issue, of.wishes.now
    closed_at = issue.closed_at or now
    alive = of.sighting(finding).alive
    if alive is not None and alive > closed_at:
        _reopen(of, plan, finding, held, "returned", insisted=False)
    elif issue.closed_as in (None, "completed", "reopened"):
        if held.marker.reopened_once:
            plan.silenced[key] = "you closed its issue as completed, twice"
        elif closed_at < of.result.started_at:
            _reopen(of, plan, finding, held, "insisted", insisted=True)
    else:
        until = closed_at + timedelta(days=SILENT_DAYS)
        if now >= until:
            _reopen(of, plan, finding, held, "returned", insisted=False)
            return
        plan.silenced[key] = "you closed its issue as not planned"
        told = f"silenced-{closed_at.date().isoformat()}"
        if held.marker.notified != told:
            remark = Comment(told, of.texts.remark("silenced", {"until": until}))
            marker = replace(held.marker, notified=told)
            plan.actions.append(
                EnsureComment(
                    issue.number,
                    key,
                    remark,
                    embed_marker(marker, text_of(issue.body)),
                    "it was closed as not planned",
                )
            )


def _reopen(
    of: PlanningContext,
    plan: IssuePlan,
    finding: Finding,
    held: ManagedIssue,
    name: str,
    *,
    insisted: bool,
) -> None:
    if not of.wants_issue(finding):
        return
    plan.opened.add(finding.fingerprint)
    cycle = held.marker.cycle + 1
    marker = replace(held.marker, closed="", notified="", cycle=cycle, reopened_once=insisted)
    title, marker, text = _body(of, finding, marker)
    remark = Comment(f"{name}-{cycle}", of.texts.remark(name, {"now": of.wishes.now}))
    why = "closed as completed, and still so" if insisted else "it is back"
    plan.actions.append(
        EnsureIssue(
            finding.fingerprint,
            title,
            embed_marker(marker, text),
            why,
            number=held.issue.number,
            reopen=True,
            remark=remark,
        )
    )


def _close(of: PlanningContext, held: ManagedIssue) -> Iterator[Action]:
    """Yield the closing of an issue whose finding is gone for a reason that is known."""
    if not held.issue.open or of.is_unmanaged(held):
        return
    ignored = held.marker.key in of.suppressed
    if not ignored and of.statuses.get(held.marker.link) in _UNTOLD:
        return
    marker = replace(held.marker, closed="ignored" if ignored else "resolved")
    words = of.texts.remark("resolved", {"now": of.wishes.now, "ignored": ignored})
    yield CloseIssue(
        number=held.issue.number,
        key=held.marker.key,
        closed_as=CloseReason.NOT_PLANNED if ignored else CloseReason.COMPLETED,
        body=embed_marker(marker, text_of(held.issue.body)),
        remark=Comment(f"resolved-{held.marker.cycle}", words),
        why="the catalog ignores it now" if ignored else "it is mended",
    )


def _open(of: PlanningContext, finding: Finding) -> EnsureIssue:
    title, marker, text = _body(
        of, finding, Marker("finding", finding.fingerprint, scope=of.wishes.scope)
    )
    since = of.sighting(finding).since
    why = f"since {since.date().isoformat()}" if since else "a confirmed error"
    return EnsureIssue(finding.fingerprint, title, embed_marker(marker, text), why)


def _meaning(finding: Finding, *suggested: str) -> str:
    return short_hash(finding.rule, finding.entry or "", finding.url or "", *suggested)


def _meaning_now(finding: Finding) -> str:
    edits = finding.fix.edits if finding.fix else ()
    return _meaning(finding, *(_lasting(edit.after) for edit in edits))


def _lasting(suggested: str) -> str:
    """Return what a suggestion means: which snapshot the archive names changes from day to day."""
    return _SNAPSHOT if suggested.startswith("https://web.archive.org/") else suggested


def _says_the_same(finding: Finding, present: str) -> bool:
    """Whether an issue may stay as it is; an archive that is silent today takes nothing back."""
    if present == _meaning_now(finding):
        return True
    return finding.fix is None and present == _meaning(finding, _SNAPSHOT)


def _body(of: PlanningContext, finding: Finding, marker: Marker) -> tuple[str, Marker, str]:
    """Return the title, the note and the text of a finding's issue."""
    suggestion = finding.fix.description if finding.fix else ""
    suggested = finding.fix.edits if finding.fix else ()
    values = {
        "label": of.result.rule_of(finding).title,
        "entry": one_line(visible_line(finding.entry or finding.span.file), 80),
        "message": finding.message,
        "url": finding.url,
        "place": f"{finding.span.file}:{finding.span.line}",
        "rule": finding.rule,
        "since": of.sighting(finding).since,
        "evidence": finding.evidence[:20],
        "suggestion": suggestion,
        "suggested": suggested[:20],
    }
    page = of.texts.page("issue", values)
    meaning = _meaning_now(finding)
    link = short_hash(finding.url) if finding.url else ""
    marker = replace(marker, content_hash=meaning, link=link)
    return page.title, marker, page.text[:MAX_BODY]
