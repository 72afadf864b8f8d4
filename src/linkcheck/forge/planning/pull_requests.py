"""Planning the pull requests. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from linkcheck.forge.issue_marker import Marker, embed_marker, parse_marker, text_of
from linkcheck.forge.planning.context import PlanningContext, short_hash
from linkcheck.forge.templating import MAX_BODY
from linkcheck.model.action import (
    Action,
    ClosePull,
    Comment,
    EnsurePull,
    FileUpdate,
    Proposal,
    PullRequestGroup,
    RemoveBranch,
)
from linkcheck.model.forge_state import BranchState, PullRequestState
from linkcheck.model.wording import plural

TEMPORARY = "linkcheck/tmp-"
"""Branches on which a commit is made before the real branch is moved to it in one step."""
MAX_ROWS = 150

_TITLES = {
    PullRequestGroup.MOVED: ("Update {n}", "moved link"),
    PullRequestGroup.REPAIRED: ("Repair {n}", "link"),
    PullRequestGroup.LICENSES: ("Correct {n}", "license"),
    PullRequestGroup.OBSERVED: ("Refresh {n}", "file of observed facts"),
    PullRequestGroup.IGNORES: ("Ignore {n} for a while", "finding"),
}
_INTROS = {
    PullRequestGroup.MOVED: "These links lead somewhere else for good. The services themselves say where to.",
    PullRequestGroup.REPAIRED: "These links are damaged, and there is one sensible way to read each of them.",
    PullRequestGroup.LICENSES: "The catalog says one thing, the service another. Please judge each line.",
    PullRequestGroup.OBSERVED: "Facts that the services gave, written by the machine.",
    PullRequestGroup.IGNORES: "You ticked these on the dashboard. Each ignore runs out by itself.",
}


@dataclass(slots=True)
class PullPlan:
    """What is to be done about pull requests, and what the dashboard should know of it."""

    actions: list[Action] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    opened: dict[PullRequestGroup, Proposal] = field(default_factory=dict)
    """The proposals that have, or will have, an open pull request."""
    waiting: dict[PullRequestGroup, str] = field(default_factory=dict)
    """The groups that have none, with why; each gets a box on the dashboard."""
    titles: dict[PullRequestGroup, str] = field(default_factory=dict)


def blob_id(text: str) -> str:
    """Return git's id of a file with this text."""
    data = text.encode("utf-8", "replace")
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def title_of(proposal: Proposal) -> str:
    """Return the title of a group's pull request; holds no outside text."""
    form, noun = _TITLES[proposal.group]
    count = len(proposal.changes) or len(proposal.files)
    return form.format(n=plural(count, noun))


def plan_pulls(of: PlanningContext) -> PullPlan:
    """Return what is to be done about the pull requests of all groups."""
    plan = PullPlan()
    proposals = {p.group: p for p in of.wishes.proposals if p.files}
    budget = _Budget(
        new=of.settings.max_new_pulls,
        open=of.settings.max_open_pulls - sum(1 for pull in of.seen.pulls if pull.open),
    )
    for group in PullRequestGroup:
        current = next((p for p in _pulls(of, group) if p.open), None)
        if current:
            plan.known[group.value] = current.number
        proposal = proposals.get(group)
        if proposal is None:
            plan.actions.extend(_obsolete(of, plan, group, current))
            continue
        plan.titles[group] = title_of(proposal)
        obstacle = _obstacle(of, proposal)
        if obstacle:
            plan.notes.append(f"{group.branch}: {obstacle}")
            if current is None:
                plan.waiting[group] = obstacle
            else:
                plan.opened[group] = proposal
            continue
        _propose(of, plan, proposal, current, budget)
    plan.actions.extend(_leftovers(of))
    return plan


@dataclass(slots=True)
class _Budget:
    new: int
    open: int


def _pulls(of: PlanningContext, group: PullRequestGroup) -> list[PullRequestState]:
    """Return the bot's pull requests of a group, newest first, open ones before closed ones."""
    found = [
        pull
        for pull in of.seen.pulls
        if pull.branch == group.branch
        and (marker := parse_marker(pull.body))
        and marker.kind == "pull"
    ]
    return sorted(found, key=lambda pull: (not pull.open, -pull.number))


def _branch(of: PlanningContext, name: str) -> BranchState | None:
    return next((branch for branch in of.seen.branches if branch.name == name), None)


def _obstacle(of: PlanningContext, proposal: Proposal) -> str:
    """Return why a proposal cannot be made now, if it cannot."""
    branch = _branch(of, proposal.group.branch)
    if branch is not None and not branch.ours:
        return "somebody else pushed to the branch, so it is left alone"
    if of.seen.blobs is None:
        return ""
    for wish in proposal.files:
        there = of.seen.blobs.get(wish.path)
        if there != (None if wish.new else blob_id(wish.before)):
            return f"{wish.path} here is not what stands on {of.seen.base}; update the checkout"
    return ""


def _content(proposal: Proposal) -> str:
    """Return a hash of what the proposal says, whatever else happens in its files."""
    if not proposal.changes:
        return short_hash(*(part for f in proposal.files for part in (f.path, f.after)))
    rows = sorted((c.fingerprint, c.before, c.after) for c in proposal.changes)
    return short_hash(*(part for row in rows for part in row))


def _stamp(files: tuple[FileUpdate, ...], content: str) -> str:
    return short_hash(content, *(part for f in files for part in (f.path, f.before, f.after)))


def _propose(
    of: PlanningContext,
    plan: PullPlan,
    proposal: Proposal,
    current: PullRequestState | None,
    budget: _Budget,
) -> None:
    group = proposal.group
    content = _content(proposal)
    stamp = _stamp(proposal.files, content)
    branch = _branch(of, group.branch)
    commit = branch is None or branch.stamp != stamp
    ticked = group.value in of.ticked.open
    if current is not None:
        plan.opened[group] = proposal
        marker = parse_marker(current.body) or Marker("pull", group.value)
        if not of.covers(marker):
            return  # a run over a part would take away what it has not looked at
        if not commit and marker.content_hash == stamp:
            return
        why = "the base or the findings have changed"
    else:
        why = _reason_to_wait(of, group, content, budget)
        if why and not (ticked and budget.open > 0):
            plan.waiting[group] = why
            return
        budget.new -= 1
        budget.open -= 1
        plan.opened[group] = proposal
        why = "you ticked its box" if ticked else plural(len(proposal.changes), "change")
    title, body = _body(of, proposal, content, stamp)
    plan.actions.append(
        EnsurePull(
            group=group,
            title=title,
            body=body,
            message=f"{title}\n\nLinkcheck-Content: {stamp}",
            files=proposal.files,
            base=of.seen.head,
            stamp=stamp,
            why=why,
            number=current.number if current else None,
            branch_head=branch.head if branch else None,
            commit=commit,
        )
    )


def _reason_to_wait(
    of: PlanningContext, group: PullRequestGroup, content: str, budget: _Budget
) -> str:
    for pull in _pulls(of, group):
        marker = parse_marker(pull.body)
        if pull.merged or marker is None or marker.closed:
            continue
        if marker.content == content:
            return f"you closed pull request {pull.number} with the same content"
    if budget.open <= 0:
        return f"{of.settings.max_open_pulls} are open already"
    return "enough are opened in this run" if budget.new <= 0 else ""


def _body(of: PlanningContext, proposal: Proposal, content: str, stamp: str) -> tuple[str, str]:
    rows = list(proposal.changes[:MAX_ROWS])
    title = title_of(proposal)
    marker = Marker(
        "pull",
        proposal.group.value,
        content_hash=stamp,
        content=content,
        scope=of.wishes.scope,
        fingerprints=tuple(sorted(c.fingerprint for c in proposal.changes)),
        until=proposal.until,
    )
    while True:
        values = {
            "title": title,
            "intro": _INTROS[proposal.group],
            "changes": rows,
            "more": len(proposal.changes) - len(rows),
        }
        page = of.texts.page("pull", values)
        body = embed_marker(marker, page.text)
        if len(body) <= MAX_BODY or not rows:
            return page.title, body[:MAX_BODY]
        rows = rows[: len(rows) * 2 // 3]
        if not rows:  # the list of fingerprints itself is too long
            marker = replace(marker, fingerprints=())


def _obsolete(
    of: PlanningContext, plan: PullPlan, group: PullRequestGroup, current: PullRequestState | None
) -> Iterator[Action]:
    """Yield the end of a pull request that has nothing left to propose."""
    branch = _branch(of, group.branch)
    if current is None:
        return
    known = parse_marker(current.body) or Marker("pull", group.value)
    if not of.covers(known):
        return
    if branch is not None and not branch.ours:
        plan.notes.append(f"{group.branch}: obsolete, but somebody pushed to it; left alone")
        return
    marker = replace(known, closed="obsolete")
    yield ClosePull(
        number=current.number,
        group=group,
        body=embed_marker(marker, text_of(current.body)),
        remark=Comment("obsolete", of.texts.remark("obsolete", {"now": of.wishes.now})),
        why="there is nothing left to propose",
        branch_head=branch.head if branch else None,
    )


def _leftovers(of: PlanningContext) -> Iterator[Action]:
    """Yield the removal of what an interrupted run or a finished pull request left behind."""
    wanted = {p.group.branch for p in of.wishes.proposals if p.files}
    open_branches = {pull.branch for pull in of.seen.pulls if pull.open}
    groups = {group.branch for group in PullRequestGroup}
    for branch in of.seen.branches:
        if branch.name.startswith(TEMPORARY):
            yield RemoveBranch(branch.name, branch.head, "left behind by an interrupted run")
        elif branch.name in groups - wanted - open_branches and branch.ours and of.wishes.whole:
            yield RemoveBranch(branch.name, branch.head, "its pull request is closed")
