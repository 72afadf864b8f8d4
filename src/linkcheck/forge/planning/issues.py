"""Plan the issues: one for each cause. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from linkcheck.forge.issue_marker import Marker, embed_marker, encode_marker, placeholder
from linkcheck.forge.planning.causes import Cause, group_by_cause
from linkcheck.forge.planning.context import (
    IGNORE_DAYS,
    PlanningContext,
    changed_texts,
    is_title_changed,
)
from linkcheck.forge.planning.ownership import DASHBOARD, ONBOARDING, ManagedIssue, short_hash
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
from linkcheck.model.wording import format_date, one_line, plural

MAX_ITEMS = 50
"""Findings listed in one issue."""
_SNAPSHOT = "a snapshot"


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Why a person does not want an issue."""

    reason: str
    until: str = ""
    """The last day, for people; empty for ever."""


@dataclass(slots=True)
class IssuePlan:
    """Actions on issues, and what the dashboard shows about them."""

    actions: list[Action] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    opened: dict[str, str] = field(default_factory=dict)
    """Keys of the issues that are open or will be opened, by fingerprint."""
    dismissed: dict[str, Dismissal] = field(default_factory=dict)
    """By fingerprint."""
    deferred: set[str] = field(default_factory=set)
    """Fingerprints of the findings whose issue is left for a later run."""
    left: dict[str, int] = field(default_factory=dict)
    """Numbers of the issues that are left to people, by fingerprint."""
    new_causes: int = 0


def plan_issues(context: PlanningContext) -> IssuePlan:
    """Return the actions on the issues."""
    plan = IssuePlan()
    managed = [
        each
        for key, several in context.managed_issues.items()
        if key not in (DASHBOARD, ONBOARDING)
        for each in several
    ]
    for each in sorted(managed, key=lambda m: (m.issue.is_open, -m.issue.number)):
        plan.known[each.marker.key] = each.issue.number
    claimed: set[int] = set()
    for cause in group_by_cause(context.findings.values(), context.result):
        own = set(cause.fingerprints)
        existing = [m for m in managed if own & set(m.members) and m.issue.number not in claimed]
        existing.sort(key=lambda m: (not m.issue.is_open, m.issue.number))
        claimed |= {each.issue.number for each in existing}
        if existing:
            _plan_existing(context, plan, cause, existing[0])
            plan.actions.extend(_close_duplicates(context, existing))
        else:
            _plan_new(context, plan, cause)
    for each in managed:
        if each.issue.number not in claimed and _is_settled(context, each):
            plan.actions.extend(_close(context, each))
    plan.actions.extend(_close_duplicates(context, context.managed_issues.get(DASHBOARD, [])))
    return plan


def _plan_new(context: PlanningContext, plan: IssuePlan, cause: Cause) -> None:
    """Open the issue of a cause, or leave it for a later run."""
    wanted = tuple(
        finding
        for finding in cause.findings
        if context.needs_issue(finding)
        and finding.fingerprint not in context.checkboxes.ignore
        and finding.fingerprint not in context.options.unchecked
    )
    if not wanted:
        return
    fingerprints = [finding.fingerprint for finding in wanted]
    if plan.new_causes >= context.settings.max_new_issues or not context.state.has_all_own_issues:
        plan.deferred.update(fingerprints)
        return
    plan.new_causes += 1
    plan.opened.update(dict.fromkeys(fingerprints, fingerprints[0]))
    since = min(context.history(finding).since or context.options.now for finding in wanted)
    title, marker, text = _render(
        context,
        replace(cause, findings=wanted),
        Marker("finding", fingerprints[0], scope=context.options.scope),
    )
    plan.actions.append(
        EnsureIssue(
            fingerprints[0],
            title,
            embed_marker(marker, text),
            f"since {since.date().isoformat()}",
            encode_marker(marker),
        )
    )


def _close_duplicates(context: PlanningContext, issues: list[ManagedIssue]) -> Iterator[Action]:
    """Close the open issues after the first one, which they repeat."""
    for extra in issues[1:]:
        if not extra.issue.is_open or extra.is_left_alone:
            continue
        first = issues[0].issue.number
        body, marker = changed_texts(extra, replace(extra.marker, close_reason="duplicate"))
        text = context.templates.render_comment(
            "duplicate", {"number": placeholder("number", first)}
        )
        yield CloseIssue(
            number=extra.issue.number,
            key=extra.marker.key,
            state_reason=CloseReason.NOT_PLANNED,
            body=body,
            comment=Comment("duplicate", text),
            reason=f"the same as issue {first}",
            marker=marker,
        )


def _plan_existing(
    context: PlanningContext, plan: IssuePlan, cause: Cause, managed: ManagedIssue
) -> None:
    """Plan the existing issue of a cause that is still reported."""
    issue = managed.issue
    members = _members(context, cause, managed)
    fingerprints = [finding.fingerprint for finding in members.findings]
    if managed.is_left_alone:
        plan.left.update(dict.fromkeys(fingerprints, issue.number))
        plan.notes.append(f"issue {issue.number} lost the label and is left alone")
        return
    if issue.is_open:
        plan.opened.update(dict.fromkeys(fingerprints, managed.marker.key))
        if not managed.is_edited and not _is_current(members, managed.marker.content_hash):
            title, marker, text = _render(context, members, managed.marker)
            plan.actions.append(
                EnsureIssue(
                    managed.marker.key,
                    title,
                    embed_marker(marker, text),
                    "its content has changed",
                    encode_marker(marker),
                    number=issue.number,
                    keep_title=is_title_changed(issue.title, managed.marker),
                )
            )
    elif not managed.marker.close_reason:
        _plan_closed_by_person(context, plan, members, managed)
    elif managed.marker.close_reason == "resolved":
        _reopen(context, plan, members, managed, "returned")
    else:  # it was ignored, or closed as a duplicate of an issue that is gone
        _reopen(context, plan, members, managed, "unignored")


def _members(context: PlanningContext, cause: Cause, managed: ManagedIssue) -> Cause:
    """Return the cause with the findings that its issue is, or should be, about."""
    findings = tuple(
        finding
        for finding in cause.findings
        if finding.fingerprint in managed.members
        or (context.needs_issue(finding) and finding.fingerprint not in context.checkboxes.ignore)
    )
    return replace(cause, findings=findings)


def _plan_closed_by_person(
    context: PlanningContext, plan: IssuePlan, cause: Cause, managed: ManagedIssue
) -> None:
    issue, now = managed.issue, context.options.now
    closed_at = issue.closed_at or now
    fingerprints = [finding.fingerprint for finding in cause.findings]
    seen_alive = [context.history(finding).last_seen_alive for finding in cause.findings]
    if any(alive is not None and alive > closed_at for alive in seen_alive):
        _reopen(context, plan, cause, managed, "returned")
    elif issue.state_reason in (None, "completed", "reopened"):
        reason = "you closed its issue as completed, twice"
        if managed.marker.reopened_once:
            plan.dismissed.update(dict.fromkeys(fingerprints, Dismissal(reason)))
        elif closed_at < context.result.started_at:
            _reopen(context, plan, cause, managed, "insisted")
    else:
        until = closed_at + timedelta(days=IGNORE_DAYS)
        if now >= until:
            _reopen(context, plan, cause, managed, "expired")
            return
        dismissal = Dismissal("you closed its issue as not planned", format_date(until))
        plan.dismissed.update(dict.fromkeys(fingerprints, dismissal))
        notice = f"silenced-{closed_at.date().isoformat()}"
        if managed.marker.last_notice != notice:
            text = context.templates.render_comment("silenced", {"until": until})
            body, marker = changed_texts(managed, replace(managed.marker, last_notice=notice))
            reason = "it was closed as not planned"
            comment = Comment(notice, text)
            plan.actions.append(
                EnsureComment(issue.number, managed.marker.key, comment, body, reason, marker)
            )


_REOPEN_REASONS = {
    "returned": "it is back",
    "insisted": "closed as completed, but it is still so",
    "expired": "closed as not planned 90 days ago, and it is still so",
    "unignored": "it is not ignored any more",
}


def _reopen(
    context: PlanningContext, plan: IssuePlan, cause: Cause, managed: ManagedIssue, name: str
) -> None:
    """Open a closed issue again, unless this run could not check what it is about."""
    found = [f for f in cause.findings if f.fingerprint not in context.options.unchecked]
    if not any(context.needs_issue(finding) for finding in found):
        return
    plan.opened.update({f.fingerprint: managed.marker.key for f in cause.findings})
    cycle = managed.marker.cycle + 1
    marker = replace(
        managed.marker,
        close_reason="",
        last_notice="",
        cycle=cycle,
        reopened_once=name == "insisted",
    )
    title, marker, text = _render(context, cause, marker)
    words = context.templates.render_comment(name, {"now": context.options.now})
    plan.actions.append(
        EnsureIssue(
            managed.marker.key,
            title,
            None if managed.is_edited else embed_marker(marker, text),
            _REOPEN_REASONS[name],
            encode_marker(marker),
            number=managed.issue.number,
            reopen=True,
            comment=Comment(f"{name}-{cycle}", words),
            keep_title=is_title_changed(managed.issue.title, managed.marker),
        )
    )


def _is_settled(context: PlanningContext, managed: ManagedIssue) -> bool:
    """Return whether none of an issue's findings is left, as far as the run could check them."""
    if any(fingerprint in context.findings for fingerprint in managed.members):
        return False
    return all(context.is_settled(member, managed.marker) for member in managed.members)


def _close(context: PlanningContext, managed: ManagedIssue) -> Iterator[Action]:
    """Close an issue whose findings are resolved or ignored."""
    if not managed.issue.is_open or managed.is_left_alone:
        return
    ignored = any(fingerprint in context.suppressed for fingerprint in managed.members)
    body, marker = changed_texts(
        managed, replace(managed.marker, close_reason="ignored" if ignored else "resolved")
    )
    words = context.templates.render_comment(
        "resolved", {"now": context.options.now, "ignored": ignored}
    )
    yield CloseIssue(
        number=managed.issue.number,
        key=managed.marker.key,
        state_reason=CloseReason.NOT_PLANNED if ignored else CloseReason.COMPLETED,
        body=body,
        comment=Comment(f"resolved-{managed.marker.cycle}", words),
        reason="the catalog ignores it now" if ignored else "it is resolved",
        marker=marker,
    )


def _hash_content(finding: Finding, *suggested: str) -> str:
    return short_hash(finding.rule, finding.entry or "", finding.url or "", *suggested)


def _content_hash(cause: Cause) -> str:
    if len(cause.findings) > 1:
        return short_hash(*sorted(_hash_content(finding) for finding in cause.findings))
    finding = cause.findings[0]
    edits = finding.fix.edits if finding.fix else ()
    return _hash_content(finding, *(_without_snapshot_date(edit.after) for edit in edits))


def _without_snapshot_date(suggested: str) -> str:
    """Return a suggestion for hashing, any snapshot alike: the archive's choice varies by day."""
    return _SNAPSHOT if suggested.startswith("https://web.archive.org/") else suggested


def _is_current(cause: Cause, present: str) -> bool:
    """Whether the content of an issue is current; a missing snapshot does not outdate it."""
    if present == _content_hash(cause):
        return True
    if len(cause.findings) > 1:
        return False
    finding = cause.findings[0]
    return finding.fix is None and present == _hash_content(finding, _SNAPSHOT)


def issue_title(context: PlanningContext, cause: Cause) -> str:
    """Return what an issue is about, in words: names of entries, not their ids."""
    first = cause.findings[0]
    if cause.place:
        targets = len({finding.target for finding in cause.findings})
        return f"{plural(targets, 'link')} to {cause.place}"
    names = list(dict.fromkeys(context.name(finding) for finding in cause.findings))
    name = one_line(visible_line(context.name(first)), 80)
    if len(names) > 1:
        return f"{name} and {plural(len(names) - 1, 'more entry', 'more entries')}"
    return name


def _render(context: PlanningContext, cause: Cause, marker: Marker) -> tuple[str, Marker, str]:
    """Return the title, the marker and the text of an issue."""
    first = cause.findings[0]
    is_single = len(cause.findings) == 1
    fix = first.fix if is_single else None
    values = {
        "entry": context.name(first),
        "url": first.url,
        "place": f"{first.span.file}:{first.span.line}",
        "since": context.history(first).since,
        "label": context.result.rule_of(first).title,
        "subject": issue_title(context, cause),
        "message": first.message,
        "items": [_item(context, finding) for finding in cause.findings[:MAX_ITEMS]],
        "more": max(0, len(cause.findings) - MAX_ITEMS),
        "is_single": is_single,
        "rule": first.rule,
        "evidence": first.evidence[:20],
        "suggestion": fix.description if fix else "",
        "suggested": fix.edits[:20] if fix else (),
    }
    page = context.templates.render_page("issue", values)
    fingerprints = cause.fingerprints if not is_single else ()
    marker = replace(
        marker,
        content_hash=_content_hash(cause),
        link_hash=short_hash(first.url) if first.url and is_single else "",
        fingerprints=fingerprints,
        title_hash=short_hash(page.title),
    )
    return page.title, marker, page.text[:MAX_BODY]


def _item(context: PlanningContext, finding: Finding) -> dict[str, object]:
    """Return one finding of an issue, for its template."""
    return {
        "name": context.name(finding),
        "place": context.place_url(finding),
        "file": f"{finding.span.file}:{finding.span.line}",
        "url": finding.url or "",
        "link": context.link_url(finding),
        "message": finding.message,
        "since": context.history(finding).since,
    }
