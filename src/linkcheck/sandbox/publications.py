"""Papers as registries, indexes and publishers list them: a section of the fixtures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Publication:
    """A paper with its ids, landing pages and notices (corrections, retractions)."""

    title: str
    doi: str | None = None
    subtitle: str | None = None
    agency: str = "Crossref"
    """Which agency registered the DOI: ``Crossref``, ``DataCite``, ``JaLC``, …"""
    registered: bool = True
    """Whether the DOI is registered; publishers print DOIs days before."""
    authors: tuple[str, ...] = ("Doe, Jane",)
    """Each as ``Family, Given``."""
    published: str = "2023-01-01"
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    type: str = "journal-article"
    venue: str | None = None
    license: str | None = None
    """The license's URL."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Further ids: ``pmid``, ``pmcid``, ``pii``, ``acl``, ``openreview``, ``arxiv``, ``s2``."""
    notices: tuple[Mapping[str, str], ...] = ()
    """Notices against it: ``type`` as Crossref spells it, and ``doi``, ``pmid``, ``date``,
    ``source``; ``marked`` where the title is marked as well (``RETRACTED: …``)."""
    notice_of: str | None = None
    """The DOI of the paper that this one retracts."""
    preprint_of: str | None = None
    """The DOI of its journal version."""
    indexed: bool = True
    """Whether Semantic Scholar lists it."""
    pages: tuple[str, ...] = ()
    """URLs of its landing page; the DOI resolves to the first."""
    assumed: tuple[str, ...] = ()
    confidence: str | None = None

    @property
    def key(self) -> str:
        """A unique key: its DOI, or else its first id."""
        return (self.doi or "").lower() or next(
            (f"{kind}:{value}" for kind, value in self.ids.items()), self.title
        )


@dataclass(frozen=True)
class PublicationIndex:
    """Publications by each of their ids."""

    by_doi: Mapping[str, Publication]
    """Registered DOIs, in lower case."""
    by_id: Mapping[tuple[str, str], Publication]
    by_page: Mapping[str, Publication]
    """By landing page, without its scheme."""

    @classmethod
    def of(cls, publications: Iterable[Publication]) -> "PublicationIndex":
        """Return the index of the publications."""
        by_doi, by_id, by_page = {}, {}, {}
        for paper in publications:
            if paper.doi and paper.registered:
                by_doi[paper.doi.lower()] = paper
            for kind, value in paper.ids.items():
                by_id[kind, value.lower()] = paper
            for page in paper.pages:
                by_page[page.partition("://")[2]] = paper
        return cls(by_doi, by_id, by_page)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts of all landing pages."""
        return frozenset(page.partition("/")[0] for page in self.by_page)


def names(paper: Publication) -> list[tuple[str, str]]:
    """Return the authors as pairs of family and given name."""
    pairs = (author.partition(",") for author in paper.authors)
    return [(family.strip(), given.strip()) for family, _, given in pairs]


def date_parts(date: str) -> dict[str, list[list[int]]]:
    """Return a date as Crossref writes it."""
    return {"date-parts": [[int(part) for part in date.split("-")]]}


def matches(paper: Publication, query: str) -> float:
    """Return the similarity of title and query (Jaccard index of words), from 0 to 1."""
    query_words = set(query.lower().split())
    title_words = set(f"{paper.title} {paper.subtitle or ''}".lower().split())
    shared = query_words & title_words
    return len(shared) / len(query_words | title_words) if query_words else 0.0
