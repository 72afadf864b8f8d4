"""Group requests by repository and choose the owners whose listing saves requests. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from linkcheck.model.protocols import ObservationRequest
from linkcheck.model.target import Target
from linkcheck.providers.huggingface.recognize import HubParts, Kind, parts

MIN_LISTED = 2
"""Number of repositories of one owner from which a listing is cheaper than single requests."""


@dataclass(slots=True)
class RepositoryJob:
    """One repository with the targets in it."""

    kind: Kind
    id: str
    """In the spelling of the first link: the correct case saves a redirect."""
    pages: list[Target] = field(default_factory=list)
    """The repository itself, and tabs that exist whenever it does."""
    contents: list[tuple[Target, HubParts]] = field(default_factory=list)
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
        """All targets of the job."""
        return [*self.pages, *(target for target, _ in self.contents)]


@dataclass(frozen=True, slots=True)
class Listing:
    """One owner's repositories of one kind, to be looked up in a listing."""

    kind: Kind
    owner: str
    jobs: tuple[RepositoryJob, ...]

    @property
    def max_pages(self) -> int:
        """Maximum number of pages: with more, single requests would be cheaper."""
        return max(1, len(self.jobs) // MIN_LISTED)


@dataclass(frozen=True, slots=True)
class LookupPlan:
    """All lookups, each once."""

    listings: tuple[Listing, ...]
    repositories: tuple[RepositoryJob, ...]
    """Repositories to look up one by one."""
    others: tuple[tuple[Target, HubParts], ...]
    """Papers, collections and owners."""


def plan_lookups(requests: Sequence[ObservationRequest]) -> LookupPlan:
    """Return the lookups for some requests."""
    jobs: dict[tuple[Kind, str], RepositoryJob] = {}
    others = []
    for target in dict.fromkeys(request.target for request in requests):
        link = parts(target)
        if not link.kind:
            others.append((target, link))
            continue
        job = RepositoryJob(link.kind, link.id)
        job = jobs.setdefault(job.key, job)
        if _is_optional(link):
            job.contents.append((target, link))
        else:
            job.pages.append(target)
    by_owner: dict[tuple[Kind, str], list[RepositoryJob]] = {}
    for job in jobs.values():
        if job.owner is not None and job.pages:
            by_owner.setdefault((job.kind, job.owner), []).append(job)
    listings = tuple(
        Listing(kind, owner, tuple(row))
        for (kind, owner), row in by_owner.items()
        if len(row) >= MIN_LISTED
    )
    listed = {job.key for listing in listings for job in listing.jobs}
    singles = tuple(job for job in jobs.values() if job.key not in listed)
    return LookupPlan(listings, singles, tuple(others))


def _is_optional(link: HubParts) -> bool:
    """Return whether a repository may exist without the link's target."""
    return link.what in {"file", "revision"} or discussion_number(link) is not None


def discussion_number(link: HubParts) -> str | None:
    """Return the number of the discussion or pull request in a link; ``None`` in other links."""
    tab, _, number = link.path.partition("/")
    number = number.partition("/")[0]
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    return number if link.what == "page" and tab == "discussions" and is_number else None
