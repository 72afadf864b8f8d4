"""Plan the dashboard: one issue with the state of the catalog. Pure.

Every finding is in one list only: those that need a decision first, the others folded below. Lists
are shortened until the body is below the limit of the forge.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase

from linkcheck.forge.issue_marker import (
    Marker,
    checkbox,
    embed_marker,
    encode_marker,
    placeholder,
    untick_checkboxes,
)
from linkcheck.forge.planning.context import PlanningContext, changed_texts, is_title_changed
from linkcheck.forge.planning.issues import IssuePlan
from linkcheck.forge.planning.ownership import DASHBOARD, DASHBOARD_TITLE, short_hash
from linkcheck.forge.planning.pull_requests import PullRequestPlan
from linkcheck.forge.sanitize import escape_text
from linkcheck.forge.saved_findings import UNCHECKED
from linkcheck.forge.templating import MAX_BODY
from linkcheck.model.action import (
    Action,
    CloseIssue,
    CloseReason,
    Comment,
    EnsureDashboard,
    PullRequestGroup,
)
from linkcheck.model.finding import Finding, Safety, Severity
from linkcheck.model.observation import Status
from linkcheck.model.result import LinkResult
from linkcheck.model.target import Service
from linkcheck.model.wording import format_date, plural

MAX_ROWS = 300
MAX_LINKS = 10
"""Unchecked links that are named for each service."""
REFUSALS = "<!-- linkcheck:refusals -->"
"""Replaced by the list of what the forge refused; outside text cannot contain it."""
DECISION = "**your decision**"

_SERVICES = {
    Service.GITHUB: "GitHub",
    Service.HUGGINGFACE: "Hugging Face",
    Service.ARXIV: "arXiv",
    Service.DOI: "DOI",
    Service.WEB: "web pages",
}
_STATUSES = {
    Status.UNREACHABLE: "no usable answer",
    Status.BLOCKED: "refuses automated requests",
    Status.SKIPPED: "not requested in this run",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One finding."""

    key: str
    rule: str
    name: str
    place: str
    file: str
    message: str
    url: str
    link: str
    since: datetime | None
    next: str
    """What happens next, as Markdown."""
    archived_copy: str = ""
    box: str = ""

    @property
    def content(self) -> tuple[str, ...]:
        """The parts whose change makes the dashboard outdated."""
        return self.key, self.name, self.file, self.url, self.next, self.box


@dataclass(slots=True)
class Lists:
    """The lists of the dashboard."""

    decisions: list[Row] = field(default_factory=list)
    fixed: dict[PullRequestGroup, list[Row]] = field(default_factory=dict)
    waiting: list[Row] = field(default_factory=list)
    ignored: list[Row] = field(default_factory=list)
    is_healthy: bool = True
    """Whether there is no error and no warning that anybody has to care about."""


def plan_dashboard(
    context: PlanningContext, issues: IssuePlan, pulls: PullRequestPlan
) -> tuple[Action, ...]:
    """Return the action on the dashboard, if one is needed."""
    managed = context.dashboard
    if not context.options.is_full_run or (
        managed is None and not context.state.has_all_own_issues
    ):
        return ()
    lists = _lists(context, issues, pulls)
    if managed is None:
        marker = Marker(DASHBOARD, scope=context.options.scope)
        return () if lists.is_healthy else (_ensure(context, pulls, lists, marker),)
    is_other_scope = not managed.is_edited and context.options.scope not in (
        "",
        managed.marker.scope,
    )
    if managed.is_left_alone or is_other_scope:
        return ()
    if lists.is_healthy:
        return _close(context)
    marker = replace(managed.marker, close_reason="", last_notice="")
    number = managed.issue.number
    if managed.issue.is_open:
        return (_ensure(context, pulls, lists, marker, number=number),)
    name = "reopened"
    if not managed.marker.close_reason:
        # A person closed it. After "completed" it is reopened once.
        if managed.marker.reopened_once or managed.issue.state_reason not in (
            None,
            "completed",
            "reopened",
        ):
            return ()
        marker, name = replace(marker, reopened_once=True), "insisted"
    marker = replace(marker, cycle=marker.cycle + 1)
    text = context.templates.render_comment(name, {"now": context.options.now})
    comment = Comment(f"{name}-{marker.cycle}", text)
    action = _ensure(context, pulls, lists, marker, number=number)
    return (replace(action, reopen=True, comment=comment),)


def _close(context: PlanningContext) -> tuple[Action, ...]:
    managed = context.dashboard
    if managed is None or not managed.issue.is_open:
        return ()
    # A box that stays ticked would be obeyed when the dashboard is opened again.
    unticked = replace(managed.issue, body=untick_checkboxes(managed.issue.body))
    managed = replace(managed, issue=unticked)
    body, marker = changed_texts(managed, replace(managed.marker, close_reason="resolved"))
    text = context.templates.render_comment("healthy", {"now": context.options.now})
    return (
        CloseIssue(
            managed.issue.number,
            DASHBOARD,
            CloseReason.COMPLETED,
            body,
            Comment(f"resolved-{managed.marker.cycle}", text),
            "everything is resolved",
            marker,
        ),
    )


def _ensure(
    context: PlanningContext,
    pulls: PullRequestPlan,
    lists: Lists,
    marker: Marker,
    number: int | None = None,
) -> EnsureDashboard:
    unchecked = _unchecked(context, lists)
    values = {
        "title": DASHBOARD_TITLE,
        "summary": _summary(context, lists),
        "has_boxes": context.options.pulls,
        "offers": _offers(context, pulls),
        "refusals": REFUSALS,
        "unchecked": unchecked,
        "infos": _infos(context, pulls),
    }
    # The reasons of failures differ from run to run.
    counted = [(each["service"], each["count"], each["links"]) for each in unchecked]
    content = repr(({**values, "unchecked": counted}, _content(lists)))
    limit = MAX_ROWS
    while True:
        page = context.templates.render_page(
            "dashboard", {**values, **_dates(context), **_cut(pulls, lists, limit)}
        )
        if len(page.text) <= MAX_BODY or limit == 0:
            break
        limit = limit * 2 // 3
    marker = replace(
        marker, key=DASHBOARD, content_hash="{content_hash}", title_hash=short_hash(page.title)
    )
    managed = context.dashboard
    return EnsureDashboard(
        page.title,
        embed_marker(marker, page.text[:MAX_BODY]),
        content,
        number=number,
        content_hash=managed.marker.content_hash if managed and not managed.is_edited else "",
        keep_title=managed is not None and is_title_changed(managed.issue.title, managed.marker),
        marker=encode_marker(marker),
    )


def _dates(context: PlanningContext) -> dict[str, object]:
    return {"now": context.options.now, "log_url": context.options.place.log_url}


def _cut(pulls: PullRequestPlan, lists: Lists, limit: int) -> dict[str, object]:
    """Return the lists for the template, each with at most ``limit`` rows."""
    fixed = [
        {
            "ref": pulls.shown[group].ref,
            "title": pulls.shown[group].title,
            "note": pulls.shown[group].note,
            "count": len(rows),
            **_shortened(rows, limit // 2),
        }
        for group, rows in lists.fixed.items()
    ]
    return {
        "decisions": _shortened(lists.decisions, limit),
        "fixed": fixed,
        "waiting": {"count": len(lists.waiting), **_shortened(lists.waiting, limit // 2)},
        "ignored": {"count": len(lists.ignored), **_shortened(lists.ignored, limit // 3)},
    }


def _shortened(rows: Sequence[Row], limit: int) -> dict[str, object]:
    return {"rows": rows[:limit], "more": max(0, len(rows) - limit)}


def _content(lists: Lists) -> list[object]:
    everything = [*lists.decisions, *lists.waiting, *lists.ignored]
    fixed = [(group.value, [r.content for r in rows]) for group, rows in lists.fixed.items()]
    return [[row.content for row in everything], fixed]


def content_hash(content: str) -> str:
    """Return the hash of a dashboard's content, all numbers filled in."""
    return short_hash(content)


def refusal_list(problems: Sequence[str]) -> str:
    """Return the Markdown that says what the forge refused."""
    if not problems:
        return ""
    lines = [f"- {escape_text(problem)}" for problem in dict.fromkeys(problems)]
    return "\n".join(("**What could not be done:**", "", *lines))


def _summary(context: PlanningContext, lists: Lists) -> str:
    decisions = len(lists.decisions)
    fixed = sum(map(len, lists.fixed.values()))
    parts = [
        plural(len(context.result.links), "link"),
        f"**{plural(decisions, 'needs', 'need')} your decision**"
        if decisions
        else "**nothing needs your decision**",
    ]
    if fixed:
        parts.append(f"{fixed:,} fixed by {plural(len(lists.fixed), 'pull request')}")
    if lists.waiting:
        parts.append(f"{len(lists.waiting):,} waiting")
    return " · ".join(parts)


def _offers(context: PlanningContext, pulls: PullRequestPlan) -> list[dict[str, str]]:
    """Return the pull requests that a person may have opened by ticking a box."""
    return [
        {
            "box": checkbox("open", group.value, ticked=group.value in context.checkboxes.open),
            "title": pulls.titles[group],
            "note": note,
        }
        for group, note in pulls.deferred.items()
    ]


def _infos(context: PlanningContext, pulls: PullRequestPlan) -> list[dict[str, object]]:
    """Return the number of findings of each rule that only informs."""
    fixed = {key for shown in pulls.shown.values() for key in shown.fingerprints}
    counts = Counter(
        finding.rule
        for key, finding in context.findings.items()
        if finding.severity is Severity.INFO and key not in fixed
    )
    summaries = {rule.name: rule.summary for rule in context.result.rules}
    return [
        {"rule": rule, "count": count, "summary": summaries.get(rule, "")}
        for rule, count in sorted(counts.items())
    ]


def _row(context: PlanningContext, finding: Finding, after: str, *, is_ignored: bool) -> Row:
    key = finding.fingerprint
    suggested = finding.fix.edits[0].after if finding.fix and finding.fix.edits else ""
    box = ""
    if context.options.pulls and not is_ignored:
        box = checkbox("ignore", key, ticked=key in context.checkboxes.ignore)
    return Row(
        key=key,
        rule=finding.rule,
        name=context.name(finding),
        place=context.place_url(finding),
        file=f"{finding.span.file}:{finding.span.line}",
        message=finding.message,
        url=finding.url or "",
        link=context.link_url(finding),
        since=context.history(finding).since,
        next=after,
        archived_copy=suggested if suggested.startswith("https://web.archive.org/") else "",
        box=box,
    )


def _lists(context: PlanningContext, issues: IssuePlan, pulls: PullRequestPlan) -> Lists:
    lists = Lists()
    for finding in context.findings.values():
        _add(context, lists, finding, issues, pulls)
    for finding in context.result.suppressed:
        until = _ignored_until(context, finding)
        lists.ignored.append(_row(context, finding, until, is_ignored=True))
    return lists


def _add(
    context: PlanningContext,
    lists: Lists,
    finding: Finding,
    issues: IssuePlan,
    pulls: PullRequestPlan,
) -> None:
    """Add a finding to the one list that it belongs to."""
    key = finding.fingerprint
    group = next((g for g, shown in pulls.shown.items() if key in shown.fingerprints), None)
    if group is not None:
        row = _row(context, finding, "", is_ignored=False)
        lists.fixed.setdefault(group, []).append(row)
    elif key in issues.dismissed:
        dismissal = issues.dismissed[key]
        until = f" (until {dismissal.until})" if dismissal.until else ""
        row = _row(context, finding, f"{dismissal.reason}{until}", is_ignored=True)
        lists.ignored.append(row)
        return
    elif finding.severity is Severity.INFO:
        return
    elif wait := _reason_to_wait(context, finding, issues, pulls):
        lists.waiting.append(_row(context, finding, wait, is_ignored=False))
    else:
        after = _next_step(context, finding, issues, pulls)
        lists.decisions.append(_row(context, finding, after, is_ignored=False))
    if finding.severity is not Severity.INFO:
        lists.is_healthy = False


def _reason_to_wait(
    context: PlanningContext, finding: Finding, issues: IssuePlan, pulls: PullRequestPlan
) -> str:
    """Return why nobody has to decide about a finding yet; empty if somebody has to."""
    key = finding.fingerprint
    if key in issues.deferred:
        return "its issue is opened in a later run"
    if key in context.options.waiting:
        return pulls.reasons[key]
    group = context.pull_request_group(finding)
    if group in pulls.deferred and pulls.deferred[group].startswith("enough"):
        return "its pull request is opened in a later run"
    history = context.history(finding)
    if group is None and finding.severity is Severity.ERROR and not history.is_confirmed:
        moment = history.confirmable_from
        return f"a check from {format_date(moment)} can confirm it" if moment else "to be confirmed"
    return ""


def _next_step(
    context: PlanningContext, finding: Finding, issues: IssuePlan, pulls: PullRequestPlan
) -> str:
    key = finding.fingerprint
    if key in issues.opened:
        return placeholder("issue", issues.opened[key])
    if key in issues.left:
        return f"{placeholder('number', issues.left[key])} is left to you"
    if key in pulls.reasons:
        return f"{pulls.reasons[key]}, {DECISION}"
    is_safe = finding.fix is not None and finding.fix.safety is Safety.SAFE
    if is_safe and context.pull_request_group(finding) is not None:
        return f"`linkcheck fix` fixes it, {DECISION}"
    return DECISION


def _ignored_until(context: PlanningContext, finding: Finding) -> str:
    """Return until when an ignored finding is ignored, in words."""
    entry = next((e.entry for e in context.result.entries if e.entry.id == finding.entry), None)
    ignores = [*(entry.ignores if entry else ()), *context.options.ignores]
    days = [
        ignore.until
        for ignore in ignores
        if ignore.rule == finding.rule
        and (ignore.url is None or fnmatchcase(finding.url or "", ignore.url))
    ]
    dated = [day for day in days if day is not None]
    return f"until {format_date(max(dated))}" if dated and None not in days else "without an end"


def _unchecked(context: PlanningContext, lists: Lists) -> list[dict[str, object]]:
    """Return the links that were not checked, by service and reason."""
    rows = [*lists.decisions, *lists.waiting, *lists.ignored]
    reported = {row.url for row in (*rows, *(r for rows in lists.fixed.values() for r in rows))}
    failures = context.result.service_failures
    groups: dict[tuple[Service | None, Status], list[LinkResult]] = {}
    for link in context.result.links:
        if link.status in UNCHECKED and link.url not in reported:
            service = link.target.service if link.target else None
            groups.setdefault((service, link.status), []).append(link)
    return [
        {
            "service": _SERVICES.get(service, "others") if service else "others",
            "reason": failures.get(service or "") or _STATUSES[status],
            "count": len(links),
            "links": [_address(link) for link in links[:MAX_LINKS]],
            "more": max(0, len(links) - MAX_LINKS),
        }
        for (service, status), links in groups.items()
    ]


def _address(link: LinkResult) -> str:
    is_web = link.url.lower().startswith(("http://", "https://"))
    return link.url if is_web or link.target is None else link.target.url
