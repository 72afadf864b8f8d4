"""Plan the pull requests. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from linkcheck.forge.issue_marker import (
    Checkboxes,
    Marker,
    checkbox,
    embed_marker,
    encode_marker,
    parse_checkboxes,
    placeholder,
    strip_marker,
    untick_checkboxes,
)
from linkcheck.forge.planning.context import PlanningContext, is_title_changed
from linkcheck.forge.planning.ownership import STOP_LABEL, has_label, is_rewritten, short_hash
from linkcheck.forge.sanitize import code
from linkcheck.forge.templating import MAX_BODY
from linkcheck.model.action import (
    Action,
    ClosePullRequest,
    Comment,
    EnsurePullRequest,
    FileUpdate,
    Proposal,
    PullRequestGroup,
    RemoveBranch,
)
from linkcheck.model.forge_state import BranchState, PullRequestState
from linkcheck.model.wording import plural

TEMPORARY_PREFIX = "linkcheck/tmp-"
"""Prefix of the branches that hold a commit until the real branch is moved to it."""
MAX_ROWS = 150

_TITLES = {
    PullRequestGroup.MOVED: ("Update {n}", "moved link"),
    PullRequestGroup.REPAIRED: ("Repair {n}", "link"),
    PullRequestGroup.LICENSES: ("Correct {n}", "license"),
    PullRequestGroup.OBSERVED: ("Refresh {n}", "file of observed facts"),
    PullRequestGroup.IGNORES: ("Ignore {n} for a while", "finding"),
}
_INTROS = {
    PullRequestGroup.MOVED: (
        "These links have moved permanently; their own services give the new addresses."
    ),
    PullRequestGroup.REPAIRED: "These links are malformed, and each has one likely repair.",
    PullRequestGroup.LICENSES: (
        "The catalog and the service name different licenses. Please review each line."
    ),
    PullRequestGroup.OBSERVED: "Facts that the services report, written by linkcheck.",
    PullRequestGroup.IGNORES: (
        "You ticked these findings on the dashboard. Each ignore expires on its date."
    ),
}


@dataclass(frozen=True, slots=True)
class ShownPullRequest:
    """An open pull request, as the dashboard shows it."""

    title: str
    ref: str
    """Its number, or a placeholder."""
    fingerprints: frozenset[str]
    """The findings that it fixes."""
    note: str = ""


@dataclass(slots=True)
class PullRequestPlan:
    """Actions on pull requests, and what the dashboard shows about them."""

    actions: list[Action] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    shown: dict[PullRequestGroup, ShownPullRequest] = field(default_factory=dict)
    """Pull requests that are open or will be opened."""
    deferred: dict[PullRequestGroup, str] = field(default_factory=dict)
    """Reasons why a group has no pull request yet; each gets a checkbox on the dashboard."""
    titles: dict[PullRequestGroup, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    """Why a fix is in no pull request, by fingerprint."""


def git_blob_id(text: str) -> str:
    """Return git's id of a file with this text."""
    data = text.encode("utf-8", "replace")
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def pull_request_title(proposal: Proposal) -> str:
    """Return the title of a group's pull request; it contains no outside text."""
    form, noun = _TITLES[proposal.group]
    count = len(proposal.changes) or len(proposal.files)
    return form.format(n=plural(count, noun))


def plan_pull_requests(context: PlanningContext) -> PullRequestPlan:
    """Return the actions on the pull requests of all groups."""
    plan = PullRequestPlan()
    proposals = {p.group: p for p in context.options.proposals if p.files}
    budget = _Budget(
        new=context.settings.max_new_pulls,
        open=context.settings.max_open_pulls
        - sum(1 for pull in context.state.pulls if pull.is_open),
    )
    for group in PullRequestGroup:
        current = next((pair for pair in context.pulls(group) if pair[0].is_open), None)
        proposal = proposals.get(group)
        if proposal is not None:
            plan.titles[group] = pull_request_title(proposal)
        if current is not None:
            _plan_open(context, plan, _OpenPull(group, *current), proposal)
        elif proposal is not None:
            _plan_new(context, plan, proposal, budget)
    for fingerprint, group in context.options.waiting.items():
        title = plan.titles.get(group) or (plan.shown[group].title if group in plan.shown else "")
        plan.reasons[fingerprint] = f"waits until “{title}” is merged: it changes lines next to it"
    plan.actions.extend(_remove_stale_branches(context))
    return plan


@dataclass(slots=True)
class _Budget:
    new: int
    open: int


@dataclass(frozen=True, slots=True)
class _OpenPull:
    group: PullRequestGroup
    pull: PullRequestState
    marker: Marker

    @property
    def checkboxes(self) -> Checkboxes:
        return parse_checkboxes(self.pull.body)


def _branch(context: PlanningContext, name: str) -> BranchState | None:
    return next((branch for branch in context.state.branches if branch.name == name), None)


def _plan_open(
    context: PlanningContext, plan: PullRequestPlan, current: _OpenPull, proposal: Proposal | None
) -> None:
    """Update, close or leave alone an open pull request."""
    group, pull = current.group, current.pull
    plan.known[group.value] = pull.number
    obstacle = _reason_to_leave(context, current, proposal)
    if not obstacle and proposal is None:
        plan.actions.append(_close_obsolete(context, current))
        return
    contained = frozenset(current.marker.fingerprints)
    if not obstacle and proposal is not None:
        obstacle = _outdated_file(context, proposal)
    if obstacle or proposal is None:
        plan.notes.append(f"pull request {pull.number}: {obstacle}; it is left as it is")
        for change in proposal.changes if proposal else ():
            if change.fingerprint not in contained:
                ref = placeholder("number", pull.number)
                plan.reasons[change.fingerprint] = f"{ref} is left as it is: {obstacle}"
        title = pull.title
    else:
        title = _update(context, plan, current, proposal)
        contained = frozenset(change.fingerprint for change in proposal.changes)
    plan.shown[group] = ShownPullRequest(
        title, placeholder("number", pull.number), contained, obstacle
    )


def _reason_to_leave(
    context: PlanningContext, current: _OpenPull, proposal: Proposal | None
) -> str:
    """Return why an open pull request is left as it is; empty if it is not."""
    if has_label(STOP_LABEL, current.pull.labels):
        return f"it has the label {STOP_LABEL}"
    branch = _branch(context, current.group.branch)
    if branch is not None and not branch.is_own and not current.checkboxes.recreate:
        return "somebody else pushed to its branch"
    if current.group is PullRequestGroup.IGNORES and not _has_read_issues(context):
        return "the dashboard was not read"
    if current.group is PullRequestGroup.OBSERVED and proposal is None:
        return "" if context.options.is_full_run else "this run checked a part of the catalog"
    proposed = {change.fingerprint for change in proposal.changes} if proposal else set()
    missing = set(current.marker.fingerprints) - proposed
    if any(_is_uncertain(context, fingerprint, current.marker) for fingerprint in missing):
        return "some of its links could not be checked"
    if not current.marker.fingerprints and proposal is None and context.has_unchecked_links:
        return "some links could not be checked"
    return ""


def _has_read_issues(context: PlanningContext) -> bool:
    return context.options.issues and "issues" not in context.state.unread


def _is_uncertain(context: PlanningContext, fingerprint: str, marker: Marker) -> bool:
    """Return whether a change is not proposed because its link could not be checked."""
    if fingerprint in context.options.unchecked:
        return fingerprint not in context.options.waiting
    return fingerprint not in context.findings and not context.is_settled(fingerprint, marker)


def _outdated_file(context: PlanningContext, proposal: Proposal) -> str:
    """Return why a proposal does not fit the default branch; empty if it does."""
    if context.state.blobs is None:
        return ""
    for file in proposal.files:
        current = context.state.blobs.get(file.path)
        if current != (None if file.is_new else git_blob_id(file.before)):
            return f"{code(file.path)} differs from {context.state.base}: update the checkout"
    return ""


def _hash_changes(proposal: Proposal) -> str:
    """Return a hash of the proposed changes; other text in the files does not affect it."""
    if not proposal.changes:
        return short_hash(*(part for f in proposal.files for part in (f.path, f.after)))
    rows = sorted((c.fingerprint, c.before, c.after) for c in proposal.changes)
    return short_hash(*(part for row in rows for part in row))


def _hash_files(files: tuple[FileUpdate, ...], content: str) -> str:
    return short_hash(content, *(part for f in files for part in (f.path, f.before, f.after)))


def _update(
    context: PlanningContext, plan: PullRequestPlan, current: _OpenPull, proposal: Proposal
) -> str:
    """Bring an open pull request up to date; return its title."""
    pull, marker, ticked = current.pull, current.marker, current.checkboxes
    changes_hash = _hash_changes(proposal)
    files_hash = _hash_files(proposal.files, changes_hash)
    branch = _branch(context, proposal.group.branch)
    is_asked = ticked.rebase or ticked.recreate
    commit = branch is None or branch.content_hash != files_hash or is_asked
    keep_title = is_title_changed(pull.title, marker)
    if not commit and marker.content_hash == files_hash:
        return pull.title
    title, marker, text = _render(context, proposal, changes_hash, files_hash)
    body: str | None = text
    if is_rewritten(pull):
        unticked = untick_checkboxes(pull.body)
        body = unticked if unticked != pull.body else None
    plan.actions.append(
        EnsurePullRequest(
            group=proposal.group,
            title=title,
            body=body,
            message=f"{title}\n\nLinkcheck-Content: {files_hash}",
            files=proposal.files,
            base=context.state.head,
            content_hash=files_hash,
            reason="you ticked its box" if is_asked else "the base or the findings have changed",
            marker=encode_marker(marker),
            number=pull.number,
            branch_head=branch.head if branch else None,
            commit=commit,
            keep_title=keep_title,
            rows=len(proposal.changes),
        )
    )
    return pull.title if keep_title else title


def _plan_new(
    context: PlanningContext, plan: PullRequestPlan, proposal: Proposal, budget: _Budget
) -> None:
    """Open a pull request, or note why not."""
    group = proposal.group
    changes_hash = _hash_changes(proposal)
    files_hash = _hash_files(proposal.files, changes_hash)
    branch = _branch(context, group.branch)
    closed = context.pulls(group)
    ticked = group.value in context.checkboxes.open
    ticked = ticked or (bool(closed) and parse_checkboxes(closed[0][0].body).recreate)
    reason = ""
    if branch is not None and not branch.is_own and not ticked:
        reason = f"somebody else pushed to the branch {group.branch}"
    reason = reason or _outdated_file(context, proposal)
    if not reason:
        reason = _find_reason_to_defer(context, group, changes_hash, budget)
        if reason and ticked and budget.open > 0:
            reason = ""
    if reason:
        plan.deferred[group] = reason
        plan.reasons.update({c.fingerprint: f"no pull request: {reason}" for c in proposal.changes})
        return
    budget.new -= 1
    budget.open -= 1
    title, marker, body = _render(context, proposal, changes_hash, files_hash)
    plan.shown[group] = ShownPullRequest(
        title,
        placeholder("pull", group.value),
        frozenset(change.fingerprint for change in proposal.changes),
    )
    plan.actions.append(
        EnsurePullRequest(
            group=group,
            title=title,
            body=body,
            message=f"{title}\n\nLinkcheck-Content: {files_hash}",
            files=proposal.files,
            base=context.state.head,
            content_hash=files_hash,
            reason="you ticked its box" if ticked else plural(len(proposal.changes), "change"),
            marker=encode_marker(marker),
            branch_head=branch.head if branch else None,
            commit=branch is None or branch.content_hash != files_hash,
            rows=len(proposal.changes),
        )
    )


def _find_reason_to_defer(
    context: PlanningContext, group: PullRequestGroup, changes_hash: str, budget: _Budget
) -> str:
    for pull, marker in context.pulls(group):
        if pull.is_merged or pull.is_open or marker.close_reason:
            continue
        if marker.changes_hash == changes_hash:
            return f"you closed {placeholder('number', pull.number)} with the same content"
    if budget.open <= 0:
        return f"{context.settings.max_open_pulls} are open already"
    return "enough are opened in this run" if budget.new <= 0 else ""


def _render(
    context: PlanningContext, proposal: Proposal, changes_hash: str, files_hash: str
) -> tuple[str, Marker, str]:
    """Return the title, the marker and the text of a pull request."""
    rows = [replace(c, entry=context.names.get(c.entry, c.entry)) for c in proposal.changes]
    title = pull_request_title(proposal)
    marker = Marker(
        "pull",
        proposal.group.value,
        content_hash=files_hash,
        changes_hash=changes_hash,
        scope=context.options.scope,
        fingerprints=tuple(sorted(c.fingerprint for c in proposal.changes)),
        ignored_until=proposal.ignored_until,
    )
    shown = rows[:MAX_ROWS]
    while True:
        values = {
            "title": title,
            "intro": _INTROS[proposal.group],
            "changes": shown,
            "more": len(rows) - len(shown),
            "rebase_box": checkbox("rebase", proposal.group.value),
            "recreate_box": checkbox("recreate", proposal.group.value),
            "stop_label": STOP_LABEL,
        }
        page = context.templates.render_page("pull", values)
        marker = replace(marker, title_hash=short_hash(page.title))
        body = embed_marker(marker, page.text)
        if len(body) <= MAX_BODY or not shown:
            return page.title, marker, body[:MAX_BODY]
        shown = shown[: len(shown) * 2 // 3]
        if not shown:  # the fingerprints alone are too long
            marker = replace(marker, fingerprints=())


def _close_obsolete(context: PlanningContext, current: _OpenPull) -> ClosePullRequest:
    """Return the closing of a pull request that has nothing left to propose."""
    branch = _branch(context, current.group.branch)
    marker = replace(current.marker, close_reason="obsolete")
    body = embed_marker(marker, strip_marker(current.pull.body))
    return ClosePullRequest(
        number=current.pull.number,
        group=current.group,
        body=None if is_rewritten(current.pull) else body,
        comment=Comment(
            "obsolete", context.templates.render_comment("obsolete", {"now": context.options.now})
        ),
        reason="there is nothing left to propose",
        marker=encode_marker(marker),
        branch_head=branch.head if branch and branch.is_own else None,
    )


def _remove_stale_branches(context: PlanningContext) -> Iterator[Action]:
    """Remove branches left by an interrupted run or a closed pull request."""
    wanted = {p.group.branch for p in context.options.proposals if p.files}
    open_branches = {pull.branch for pull in context.state.pulls if pull.is_open}
    groups = {group.branch for group in PullRequestGroup}
    for branch in context.state.branches:
        if branch.name.startswith(TEMPORARY_PREFIX):
            yield RemoveBranch(branch.name, branch.head, "left behind by an interrupted run")
        elif (
            branch.name in groups - wanted - open_branches
            and branch.is_own
            and context.options.is_full_run
            and _is_done(context, branch.name)
        ):
            yield RemoveBranch(branch.name, branch.head, "its pull request is closed")


def _is_done(context: PlanningContext, branch: str) -> bool:
    """Return whether a branch without a proposal is needed no more."""
    group = next(group for group in PullRequestGroup if group.branch == branch)
    newest = next(iter(context.pulls(group)), None)
    if newest is not None and (newest[0].is_merged or newest[1].close_reason):
        return True
    return not context.has_unchecked_links
