"""Merges questions by repository and chooses the owners worth a listing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from linkcheck.model.protocols import ObservationRequest
from linkcheck.model.target import Target
from linkcheck.providers.huggingface.recognize import HubParts, Kind, parts

LISTING_FROM = 2
"""Repositories of one owner from which a listing is cheaper than asking one by one."""


@dataclass(slots=True)
class RepositoryJob:
    """One repository with everything that links want of it."""

    kind: Kind
    id: str
    """In the spelling of the first link: the right case saves a redirect."""
    pages: list[Target] = field(default_factory=list)
    """The repository itself, and tabs that are there whenever it is."""
    inside: list[tuple[Target, HubParts]] = field(default_factory=list)
    """Files, folders, revisions and discussions."""

    @property
    def key(self) -> tuple[Kind, str]:
        """Kind and lower-case id."""
        return self.kind, self.id.lower()

    @property
    def owner(self) -> str | None:
        """The owner, lower-case; ``None`` for legacy ids."""
        owner, slash, _ = self.id.lower().partition("/")
        return owner if slash else None

    @property
    def targets(self) -> list[Target]:
        """All targets that the repository answers for."""
        return [*self.pages, *(target for target, _ in self.inside)]


@dataclass(frozen=True, slots=True)
class Listing:
    """One owner's repositories of one kind, to be read from a listing."""

    kind: Kind
    owner: str
    jobs: tuple[RepositoryJob, ...]

    @property
    def max_pages(self) -> int:
        """Pages that may be fetched while two repositories a page can still be found."""
        return max(1, len(self.jobs) // LISTING_FROM)


@dataclass(frozen=True, slots=True)
class LookupPlan:
    """All that is to be asked, each thing once."""

    listings: tuple[Listing, ...]
    repositories: tuple[RepositoryJob, ...]
    """Those that no listing is tried for."""
    others: tuple[tuple[Target, HubParts], ...]
    """Papers, collections and owners."""


def plan(questions: Sequence[ObservationRequest]) -> LookupPlan:
    """Return what is to be asked."""
    jobs: dict[tuple[Kind, str], RepositoryJob] = {}
    others = []
    for target in dict.fromkeys(question.target for question in questions):
        found = parts(target)
        if not found.kind:
            others.append((target, found))
            continue
        job = RepositoryJob(found.kind, found.id)
        job = jobs.setdefault(job.key, job)
        if is_inside(found):
            job.inside.append((target, found))
        else:
            job.pages.append(target)
    by_owner: dict[tuple[Kind, str], list[RepositoryJob]] = {}
    for job in jobs.values():
        if job.owner is not None and job.pages:
            by_owner.setdefault((job.kind, job.owner), []).append(job)
    listings = tuple(
        Listing(kind, owner, tuple(row))
        for (kind, owner), row in by_owner.items()
        if len(row) >= LISTING_FROM
    )
    listed = {job.key for listing in listings for job in listing.jobs}
    singles = tuple(job for job in jobs.values() if job.key not in listed)
    return LookupPlan(listings, singles, tuple(others))


def is_inside(found: HubParts) -> bool:
    """Say whether a link is to something that a living repository may lack."""
    return found.what in {"file", "revision"} or discussion(found) is not None


def discussion(found: HubParts) -> str | None:
    """Return the number of the discussion or pull request that a link is to."""
    word, _, number = found.path.partition("/")
    number = number.partition("/")[0]
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    return number if found.what == "page" and word == "discussions" and is_number else None
