"""The values of the papers package: ids, requests, and the records that replies are parsed into."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Scheme(StrEnum):
    """A kind of paper id. The values are the prefixes of paper keys (``acl:P19-1215``)."""

    DOI = "doi"
    ARXIV = "arxiv"
    PMID = "pmid"
    PMCID = "pmcid"
    PII = "pii"
    """Elsevier's item id without punctuation; Crossref keeps it as ``alternative-id``."""
    ACL = "acl"
    OPENREVIEW = "openreview"
    S2 = "s2"
    """Semantic Scholar's 40-digit paper id."""
    CORPUS = "corpus"
    """Semantic Scholar's corpus id."""


@dataclass(frozen=True, slots=True)
class PaperId:
    """One id of a paper, in its canonical spelling (DOIs in lower case)."""

    scheme: Scheme
    value: str
    is_derived: bool = False
    """Whether the id was worked out from another one, so that an unknown id proves nothing."""

    def __str__(self) -> str:
        """Return ``scheme:value``."""
        return f"{self.scheme}:{self.value}"


class NoticeKind(StrEnum):
    """What a publisher's notice does to a paper; corrections are not kept."""

    RETRACTION = "retraction"
    WITHDRAWAL = "withdrawal"
    REMOVAL = "removal"
    PARTIAL_RETRACTION = "partial-retraction"
    EXPRESSION_OF_CONCERN = "expression-of-concern"


@dataclass(frozen=True, slots=True)
class PublicationNotice:
    """A notice against a paper."""

    kind: NoticeKind
    date: str | None = None
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, as precisely as the service records it."""
    doi: str | None = None
    """The DOI of the notice itself, in lower case."""
    pmid: str | None = None
    source: str | None = None
    """Who reported it: ``publisher``, ``retraction-watch``, ``pubmed``, ``title``, …"""


class Relation(StrEnum):
    """How a later work relates to the paper."""

    PUBLISHED_AS = "published-as"
    """The journal or conference version of a preprint."""
    NEW_VERSION = "new-version"
    REPUBLISHED_AS = "republished-as"
    """The corrected paper that replaces a retracted one."""


@dataclass(frozen=True, slots=True)
class Successor:
    """A later work that takes a paper's place."""

    relation: Relation
    id: PaperId


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """What one service records about one paper; ``None`` where it does not say."""

    source: str
    """``crossref``, ``datacite``, ``pubmed``, ``semanticscholar`` or ``page``."""
    ids: tuple[PaperId, ...] = ()
    title: str | None = None
    """With its subtitle, as plain text."""
    main_title: str | None = None
    """Without the subtitle, where the service keeps them apart."""
    authors: tuple[str, ...] | None = None
    """Family names in order; the whole name of a group."""
    published: str | None = None
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    type: str | None = None
    """In the service's own words (``journal-article``, ``Dataset``, ``Journal Article``)."""
    venue: str | None = None
    license: str | None = None
    """The license's URL or SPDX id as the service spells it."""
    notices: tuple[PublicationNotice, ...] = ()
    is_notice: bool = False
    """Whether the work is itself a retraction notice or the like."""
    successors: tuple[Successor, ...] = ()

    def id_of(self, scheme: Scheme) -> str | None:
        """Return the paper's first id in a scheme."""
        return next((found.value for found in self.ids if found.scheme is scheme), None)


@dataclass(frozen=True, slots=True)
class Lookup:
    """One HTTP request, ready to send, with the ids that its reply covers."""

    url: str
    ids: tuple[str, ...]
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class LookupReply:
    """The records of a reply. An id in neither field is undecided."""

    records: Mapping[str, PaperRecord] = field(default_factory=dict)
    """By the id as it was asked for."""
    missing: frozenset[str] = frozenset()
    """The ids that a complete reply left out: this service does not have them."""


class UnreadableReplyError(ValueError):
    """The reply breaks the service's contract; ``str()`` says how."""


def batches(ids: Iterable[str], size: int) -> list[Sequence[str]]:
    """Return distinct ids in their first order, in groups of at most ``size``."""
    distinct = list(dict.fromkeys(ids))
    return [distinct[start : start + size] for start in range(0, len(distinct), size)]


def is_doi(value: str) -> bool:
    """Return whether a text has the form of a DOI: ``10.``, a registrant, a slash, a suffix."""
    prefix, slash, suffix = value.partition("/")
    registrant = prefix.removeprefix("10.")
    return (
        bool(slash and suffix)
        and registrant != prefix
        and registrant.replace(".", "").isdigit()
        and registrant.isascii()
        and not any(character.isspace() for character in value)
    )
