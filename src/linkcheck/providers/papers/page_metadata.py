"""What a landing page says of its paper in its ``citation_…`` tags. Pure.

Highwire Press tags, as Google Scholar's inclusion guidelines name them: ``citation_title``,
``citation_author`` (one tag an author), ``citation_doi``, ``citation_publication_date``; Dublin
Core's ``DC.title``, ``DC.creator`` and ``DC.identifier`` where those are missing.
"""

from html.parser import HTMLParser

from linkcheck.providers.papers.records import (
    PaperId,
    PaperRecord,
    PublicationNotice,
    Scheme,
    is_doi,
)
from linkcheck.providers.papers.text_cleaning import (
    MAX_AUTHORS,
    clean_title,
    family_name,
    plain_text,
    read_date,
)

SOURCE = "page"

_TITLES = ("citation_title", "dc.title")
_AUTHORS = ("citation_author", "citation_authors", "dc.creator")
_DOIS = ("citation_doi", "dc.identifier", "prism.doi", "bepress_citation_doi")
_DATES = ("citation_publication_date", "citation_online_date", "citation_date", "dc.date")
_SCHEMES = {
    "citation_pmid": Scheme.PMID,
    "citation_pmcid": Scheme.PMCID,
    "citation_arxiv_id": Scheme.ARXIV,
}


class _MetaTags(HTMLParser):
    """Collects the ``content`` of ``meta`` tags by lower-cased ``name`` or ``property``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.values: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            return
        found = dict(attrs)
        name, content = found.get("name") or found.get("property"), found.get("content")
        if name and content and content.strip():
            self.values.setdefault(name.lower(), []).append(content.strip())


def read_page(html: str) -> PaperRecord | None:
    """Return the record in a page's tags; ``None`` where they name neither title nor id."""
    parser = _MetaTags()
    parser.feed(html)
    values = parser.values

    def first(names: tuple[str, ...]) -> list[str]:
        return next((values[name] for name in names if name in values), [])

    title, state = clean_title(next(iter(first(_TITLES)), None))
    ids = [PaperId(Scheme.DOI, doi) for doi in _spelled_dois(first(_DOIS))]
    for name, scheme in _SCHEMES.items():
        ids += [PaperId(scheme, value) for value in values.get(name, [])[:1]]
    if title is None and not ids:
        return None
    dates = (read_date(value) for value in first(_DATES))
    venue = first(("citation_journal_title", "citation_conference_title"))
    return PaperRecord(
        source=SOURCE,
        ids=tuple(ids),
        title=title,
        authors=_authors(first(_AUTHORS)),
        published=next((date for date in dates if date), None),
        venue=plain_text(venue[0]) if venue else None,
        notices=(PublicationNotice(state, source="title"),) if state else (),
    )


def _spelled_dois(values: list[str]) -> list[str]:
    found = []
    for value in values:
        doi = value.lower().removeprefix("doi:").strip()
        doi = doi.removeprefix("https://doi.org/").removeprefix("http://dx.doi.org/")
        if is_doi(doi):
            found.append(doi)
    return found[:1]


def _authors(values: list[str]) -> tuple[str, ...] | None:
    names = [part for value in values for part in value.split(";")]
    plain = [name for value in names[:MAX_AUTHORS] if (name := plain_text(value))]
    return tuple(family_name(name) for name in plain) or None
