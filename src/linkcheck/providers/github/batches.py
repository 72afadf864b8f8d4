"""Merge requests by repository and pack them into batches. Pure."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from linkcheck.model.protocols import ObservationRequest
from linkcheck.model.target import Target
from linkcheck.providers.github.graphql_query import GistItem, Item, OwnerItem, RepositoryItem
from linkcheck.providers.github.link_request import (
    GistLink,
    LinkRequest,
    OwnerLink,
    PageLink,
    RepositoryLink,
    parse_target,
)

MAX_PROBES = 100
"""Probes of one repository in one query; more go into a second one."""

MAX_BATCH_PROBES = 300
"""Probes in one query, so that a few repositories with many links do not make it too heavy."""


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """The items to request, each once."""

    repositories: tuple[RepositoryItem, ...]
    owners: tuple[OwnerItem, ...]
    gists: tuple[GistItem, ...]
    pages: tuple[tuple[PageLink, Target], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Items that go into one query."""

    items: tuple[Item, ...]
    timeouts: int = 0
    """How often a larger batch with these items has timed out."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets of its items."""
        return tuple(target for item in self.items for target in item.targets)

    @property
    def is_retry(self) -> bool:
        """Whether it has only repositories that are requested again, without their parents."""
        return all(isinstance(i, RepositoryItem) and not i.with_parent for i in self.items)

    def halves(self, *, timed_out: bool = False) -> tuple["Batch", "Batch"]:
        """Split it in two; it must have two items at least."""
        middle = len(self.items) // 2
        timeouts = self.timeouts + timed_out
        return (
            Batch(self.items[:middle], timeouts),
            Batch(self.items[middle:], timeouts),
        )


@dataclass(slots=True)
class _BatchBuilder:
    """A batch under construction."""

    items: list[Item] = field(default_factory=list)
    probes: int = 0


def plan_requests(requests: Sequence[ObservationRequest]) -> BatchPlan:
    """Return the items to request; requests about the same thing are merged."""
    repositories: dict[tuple[str, str], list[tuple[Target, LinkRequest]]] = {}
    owners: dict[str, list[Target]] = {}
    gists: dict[GistLink, list[Target]] = {}
    pages = []
    for target in dict.fromkeys(request.target for request in requests):
        link = parse_target(target)
        if isinstance(link, RepositoryLink):
            key = (link.owner.casefold(), link.name.casefold())
            repositories.setdefault(key, []).append((target, link.request))
        elif isinstance(link, OwnerLink):
            owners.setdefault(link.login.casefold(), []).append(target)
        elif isinstance(link, GistLink):
            gists.setdefault(link, []).append(target)
        else:
            pages.append((link, target))
    return BatchPlan(
        tuple(
            RepositoryItem(owner, name, part)
            for (owner, name), links in repositories.items()
            for part in _split_probes(links)
        ),
        tuple(OwnerItem(login, tuple(targets)) for login, targets in owners.items()),
        tuple(GistItem(gist, tuple(targets)) for gist, targets in gists.items()),
        tuple(pages),
    )


def _split_probes(
    links: Sequence[tuple[Target, LinkRequest]],
) -> Iterable[tuple[tuple[Target, LinkRequest], ...]]:
    part: list[tuple[Target, LinkRequest]] = []
    probes = 0
    for link in links:
        more = len(link[1].probes)
        if part and probes + more > MAX_PROBES:
            yield tuple(part)
            part, probes = [], 0
        part.append(link)
        probes += more
    yield tuple(part)


def pack_batches(plan: BatchPlan, size: int) -> deque[Batch]:
    """Pack ``size`` repositories into each query; the same number of owners and gists is added.

    Gists without an owner are not part of any batch: GraphQL finds gists through their owner.
    """
    builders: list[_BatchBuilder] = []
    builder = _BatchBuilder()
    for item in plan.repositories:
        probes = len(item.probes)
        if builder.items and (
            len(builder.items) >= size or builder.probes + probes > MAX_BATCH_PROBES
        ):
            builders.append(builder)
            builder = _BatchBuilder()
        builder.items.append(item)
        builder.probes += probes
    if builder.items:
        builders.append(builder)
    others: list[Item] = [*plan.owners, *(g for g in plan.gists if g.gist.owner)]
    free = sum(2 * size - len(r.items) for r in builders)
    while free < len(others):
        builders.append(_BatchBuilder())
        free += 2 * size
    for each in builders:
        while others and len(each.items) < 2 * size:
            each.items.append(others.pop())
    return deque(Batch(tuple(each.items)) for each in builders)
