"""Which service is asked for which paper, and whose record of it counts. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from linkcheck.providers.papers.agencies import CROSSREF, DATACITE, prefix_of
from linkcheck.providers.papers.landing_pages import ARXIV, PaperLink
from linkcheck.providers.papers.records import PaperRecord, Scheme
from linkcheck.providers.papers.semanticscholar import index_id

AUTHORITY = ("crossref", "datacite", "pubmed", "biorxiv", "page", "semanticscholar")
"""Sources by how far their titles are to be believed: registries, then the page, then an index."""


@dataclass(slots=True)
class Plan:
    """The ids to ask each service for; each once, in the order of the papers."""

    prefixes: dict[str, None] = field(default_factory=dict)
    """Prefixes whose agency is not known yet; their DOIs are planned once it is."""
    crossref: dict[str, None] = field(default_factory=dict)
    piis: dict[str, None] = field(default_factory=dict)
    datacite: dict[str, None] = field(default_factory=dict)
    pubmed: dict[str, None] = field(default_factory=dict)
    semanticscholar: dict[str, None] = field(default_factory=dict)
    pages: dict[str, None] = field(default_factory=dict)
    """Canonical addresses of papers that no service can be asked for."""


def plan(links: Iterable[PaperLink], agencies: Mapping[str, str | None]) -> Plan:
    """Return what to ask for papers, arXiv's aside.

    ``agencies``: the agency by prefix, ``None`` for a prefix that nobody registered; DOIs of other
    agencies (mEDRA, JaLC, …) have no metadata here and are left to the handle service.
    """
    asked = Plan()
    for link in links:
        if link.kind != ARXIV and not _plan_ids(asked, link, agencies):
            asked.pages[link.url] = None
    return asked


def _plan_ids(asked: Plan, link: PaperLink, agencies: Mapping[str, str | None]) -> bool:
    """Plan a paper's ids; return whether any service takes one of them."""
    is_planned = False
    for known in link.ids:
        if known.scheme is Scheme.DOI:
            prefix = prefix_of(known.value)
            if prefix not in agencies:
                asked.prefixes[prefix] = None
            elif agencies[prefix] == CROSSREF:
                asked.crossref[known.value] = None
            elif agencies[prefix] == DATACITE:
                asked.datacite[known.value] = None
        elif known.scheme is Scheme.PII:
            asked.piis[known.value] = None
        elif known.scheme in {Scheme.PMID, Scheme.PMCID}:
            asked.pubmed[known.value] = None
        elif spelled := index_id(known):
            asked.semanticscholar[spelled] = None
        else:
            continue
        is_planned = True
    return is_planned


def best_record(records: Sequence[PaperRecord]) -> PaperRecord | None:
    """Return the record to compare titles with: the most authoritative one that has a title."""
    titled = [record for record in records if record.title]
    return min(titled, key=lambda record: AUTHORITY.index(record.source), default=None)
