"""Plan the pull requests. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from linkcheck.forge.issue_marker import Marker, embed_marker, parse_marker, strip_marker
from linkcheck.forge.planning.context import PlanningContext, short_hash
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
        "These links lead somewhere else for good. The services themselves say where to."
    ),
    PullRequestGroup.REPAIRED: (
        "These links are damaged, and there is one sensible way to read each of them."
    ),
    PullRequestGroup.LICENSES: (
        "The catalog says one thing, the service another. Please judge each line."
    ),
    PullRequestGroup.OBSERVED: "Facts that the services gave, written by the machine.",
    PullRequestGroup.IGNORES: "You ticked these on the dashboard. Each ignore runs out by itself.",
}


@dataclass(slots=True)
class PullRequestPlan:
    """Actions on pull requests, and what the dashboard shows about them."""

    actions: list[Action] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    opened: dict[PullRequestGroup, Proposal] = field(default_factory=dict)
    """Proposals with a pull request that is open or will be opened."""
    deferred: dict[PullRequestGroup, str] = field(default_factory=dict)
    """Reasons why a group has no pull request yet; each gets a checkbox on the dashboard."""
    titles: dict[PullRequestGroup, str] = field(default_factory=dict)


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
        current = next((p for p in _pulls(context, group) if p.is_open), None)
        if current:
            plan.known[group.value] = current.number
        proposal = proposals.get(group)
        if proposal is None:
            plan.actions.extend(_close_obsolete(context, plan, group, current))
            continue
        plan.titles[group] = pull_request_title(proposal)
        obstacle = _find_obstacle(context, proposal)
        if obstacle:
            plan.notes.append(f"{group.branch}: {obstacle}")
            if current is None:
                plan.deferred[group] = obstacle
            else:
                plan.opened[group] = proposal
            continue
        _propose(context, plan, proposal, current, budget)
    plan.actions.extend(_remove_stale_branches(context))
    return plan


@dataclass(slots=True)
class _Budget:
    new: int
    open: int


def _pulls(context: PlanningContext, group: PullRequestGroup) -> list[PullRequestState]:
    """Return the bot's pull requests of a group: open before closed, newest first."""
    found = [
        pull
        for pull in context.state.pulls
        if pull.branch == group.branch
        and (marker := parse_marker(pull.body))
        and marker.kind == "pull"
    ]
    return sorted(found, key=lambda pull: (not pull.is_open, -pull.number))


def _branch(context: PlanningContext, name: str) -> BranchState | None:
    return next((branch for branch in context.state.branches if branch.name == name), None)


def _find_obstacle(context: PlanningContext, proposal: Proposal) -> str:
    """Return why a proposal cannot be made now; empty if it can."""
    branch = _branch(context, proposal.group.branch)
    if branch is not None and not branch.is_own:
        return "somebody else pushed to the branch, so it is left alone"
    if context.state.blobs is None:
        return ""
    for file in proposal.files:
        current = context.state.blobs.get(file.path)
        if current != (None if file.is_new else git_blob_id(file.before)):
            return (
                f"{file.path} here is not what stands on {context.state.base}; update the checkout"
            )
    return ""


def _hash_changes(proposal: Proposal) -> str:
    """Return a hash of the proposed changes; other text in the files does not affect it."""
    if not proposal.changes:
        return short_hash(*(part for f in proposal.files for part in (f.path, f.after)))
    rows = sorted((c.fingerprint, c.before, c.after) for c in proposal.changes)
    return short_hash(*(part for row in rows for part in row))


def _hash_files(files: tuple[FileUpdate, ...], content: str) -> str:
    return short_hash(content, *(part for f in files for part in (f.path, f.before, f.after)))


def _propose(
    context: PlanningContext,
    plan: PullRequestPlan,
    proposal: Proposal,
    current: PullRequestState | None,
    budget: _Budget,
) -> None:
    group = proposal.group
    changes_hash = _hash_changes(proposal)
    files_hash = _hash_files(proposal.files, changes_hash)
    branch = _branch(context, group.branch)
    commit = branch is None or branch.content_hash != files_hash
    ticked = group.value in context.checkboxes.open
    if current is not None:
        plan.opened[group] = proposal
        marker = parse_marker(current.body) or Marker("pull", group.value)
        if not context.covers(marker):
            return  # a partial run would remove the changes that it did not check
        if not commit and marker.content_hash == files_hash:
            return
        reason = "the base or the findings have changed"
    else:
        reason = _find_reason_to_defer(context, group, changes_hash, budget)
        if reason and not (ticked and budget.open > 0):
            plan.deferred[group] = reason
            return
        budget.new -= 1
        budget.open -= 1
        plan.opened[group] = proposal
        reason = "you ticked its box" if ticked else plural(len(proposal.changes), "change")
    title, body = _render(context, proposal, changes_hash, files_hash)
    plan.actions.append(
        EnsurePullRequest(
            group=group,
            title=title,
            body=body,
            message=f"{title}\n\nLinkcheck-Content: {files_hash}",
            files=proposal.files,
            base=context.state.head,
            content_hash=files_hash,
            reason=reason,
            number=current.number if current else None,
            branch_head=branch.head if branch else None,
            commit=commit,
        )
    )


def _find_reason_to_defer(
    context: PlanningContext, group: PullRequestGroup, changes_hash: str, budget: _Budget
) -> str:
    for pull in _pulls(context, group):
        marker = parse_marker(pull.body)
        if pull.is_merged or marker is None or marker.close_reason:
            continue
        if marker.changes_hash == changes_hash:
            return f"you closed pull request {pull.number} with the same content"
    if budget.open <= 0:
        return f"{context.settings.max_open_pulls} are open already"
    return "enough are opened in this run" if budget.new <= 0 else ""


def _render(
    context: PlanningContext, proposal: Proposal, changes_hash: str, files_hash: str
) -> tuple[str, str]:
    rows = list(proposal.changes[:MAX_ROWS])
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
    while True:
        values = {
            "title": title,
            "intro": _INTROS[proposal.group],
            "changes": rows,
            "more": len(proposal.changes) - len(rows),
        }
        page = context.templates.render_page("pull", values)
        body = embed_marker(marker, page.text)
        if len(body) <= MAX_BODY or not rows:
            return page.title, body[:MAX_BODY]
        rows = rows[: len(rows) * 2 // 3]
        if not rows:  # the fingerprints alone are too long
            marker = replace(marker, fingerprints=())


def _close_obsolete(
    context: PlanningContext,
    plan: PullRequestPlan,
    group: PullRequestGroup,
    current: PullRequestState | None,
) -> Iterator[Action]:
    """Close a pull request that has nothing left to propose."""
    branch = _branch(context, group.branch)
    if current is None:
        return
    marker = parse_marker(current.body) or Marker("pull", group.value)
    if not context.covers(marker):
        return
    if branch is not None and not branch.is_own:
        plan.notes.append(f"{group.branch}: obsolete, but somebody pushed to it; left alone")
        return
    marker = replace(marker, close_reason="obsolete")
    yield ClosePullRequest(
        number=current.number,
        group=group,
        body=embed_marker(marker, strip_marker(current.body)),
        comment=Comment(
            "obsolete", context.templates.render_comment("obsolete", {"now": context.options.now})
        ),
        reason="there is nothing left to propose",
        branch_head=branch.head if branch else None,
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
        ):
            yield RemoveBranch(branch.name, branch.head, "its pull request is closed")
