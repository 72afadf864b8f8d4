"""Merges questions by repository and packs them into batches. Pure."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from linkcheck.model.protocols import ObservationRequest
from linkcheck.model.target import Target
from linkcheck.providers.github.graphql_query import GistItem, Item, OwnerItem, RepositoryItem
from linkcheck.providers.github.link_request import (
    GistAsk,
    InRepository,
    OwnerAsk,
    PageAsk,
    RepositoryAsk,
    read_target,
)

MAX_PROBES = 100
"""Things asked of one repository in one query; more are asked in a second one."""

MAX_BATCH_PROBES = 300
"""Things asked in one query in all, so that a few busy repositories do not make it too heavy."""


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """All that is to be asked, each thing once."""

    repositories: tuple[RepositoryItem, ...]
    owners: tuple[OwnerItem, ...]
    gists: tuple[GistItem, ...]
    pages: tuple[tuple[PageAsk, Target], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Items that go into one query."""

    items: tuple[Item, ...]
    timeouts: int = 0
    """How often a larger batch with these items has timed out."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets it answers for."""
        return tuple(target for item in self.items for target in item.targets)

    @property
    def is_retry(self) -> bool:
        """Whether all of it are repositories asked again, without their parents."""
        return all(isinstance(i, RepositoryItem) and not i.with_parent for i in self.items)

    def halves(self, *, timed_out: bool = False) -> tuple["Batch", "Batch"]:
        """Split it in two; it must hold two items at least."""
        middle = len(self.items) // 2
        timeouts = self.timeouts + timed_out
        return (
            Batch(self.items[:middle], timeouts),
            Batch(self.items[middle:], timeouts),
        )


@dataclass(slots=True)
class _BatchBuilder:
    """A batch being filled."""

    items: list[Item] = field(default_factory=list)
    probes: int = 0


def plan(questions: Sequence[ObservationRequest]) -> BatchPlan:
    """Return what is to be asked: questions about one thing are merged."""
    repositories: dict[tuple[str, str], list[tuple[Target, InRepository]]] = {}
    owners: dict[str, list[Target]] = {}
    gists: dict[GistAsk, list[Target]] = {}
    pages = []
    for target in dict.fromkeys(question.target for question in questions):
        asked = read_target(target)
        if isinstance(asked, RepositoryAsk):
            key = (asked.owner.casefold(), asked.name.casefold())
            repositories.setdefault(key, []).append((target, asked.want))
        elif isinstance(asked, OwnerAsk):
            owners.setdefault(asked.login.casefold(), []).append(target)
        elif isinstance(asked, GistAsk):
            gists.setdefault(asked, []).append(target)
        else:
            pages.append((asked, target))
    return BatchPlan(
        tuple(
            RepositoryItem(owner, name, part)
            for (owner, name), wants in repositories.items()
            for part in _parts(wants)
        ),
        tuple(OwnerItem(login, tuple(targets)) for login, targets in owners.items()),
        tuple(GistItem(gist, tuple(targets)) for gist, targets in gists.items()),
        tuple(pages),
    )


def _parts(
    wants: Sequence[tuple[Target, InRepository]],
) -> Iterable[tuple[tuple[Target, InRepository], ...]]:
    part: list[tuple[Target, InRepository]] = []
    probes = 0
    for want in wants:
        more = len(want[1].probes)
        if part and probes + more > MAX_PROBES:
            yield tuple(part)
            part, probes = [], 0
        part.append(want)
        probes += more
    yield tuple(part)


def batches(planned: BatchPlan, size: int) -> deque[Batch]:
    """Pack ``size`` repositories into each query; owners and gists ride along in equal parts.

    Gists without an owner are not part of any batch: GraphQL finds gists through their owner.
    """
    builders: list[_BatchBuilder] = []
    builder = _BatchBuilder()
    for item in planned.repositories:
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
    riders: list[Item] = [*planned.owners, *(g for g in planned.gists if g.gist.owner)]
    free = sum(2 * size - len(r.items) for r in builders)
    while free < len(riders):
        builders.append(_BatchBuilder())
        free += 2 * size
    for each in builders:
        while riders and len(each.items) < 2 * size:
            each.items.append(riders.pop())
    return deque(Batch(tuple(each.items)) for each in builders)
