"""DataCite's metadata: requests for many DOIs at once, and their replies as records. Pure.

``GET /dois?query=doi:("A" OR "B")`` is an Elasticsearch query string, in which slashes,
parentheses and colons mean something: each DOI is quoted. ``page[size]`` defaults to 25. Sources:
DataCite REST API guide ("queries and filtering", "pagination") and metadata schema 4.5.
"""

from collections.abc import Iterable, Mapping, Sequence

from linkcheck.model.url import query_string
from linkcheck.providers.json_fields import as_mapping, as_sequence, as_text, parse_json
from linkcheck.providers.papers.records import (
    Lookup,
    LookupReply,
    NoticeKind,
    PaperId,
    PaperRecord,
    PublicationNotice,
    Relation,
    Scheme,
    Successor,
    UnreadableReplyError,
    batches,
)
from linkcheck.providers.papers.text_cleaning import (
    MAX_AUTHORS,
    clean_title,
    family_name,
    plain_text,
    read_date,
    with_subtitle,
)

MAX_DOIS = 100
SOURCE = "datacite"

_RELATIONS = {
    "IsPreviousVersionOf": Relation.NEW_VERSION,
    "IsObsoletedBy": Relation.NEW_VERSION,
    "IsPublishedIn": Relation.PUBLISHED_AS,
}


def lookups(dois: Iterable[str], base: str, *, mailto: str | None = None) -> list[Lookup]:
    """Return the requests for DOIs, one for each 100."""
    found = []
    for batch in batches((doi.lower() for doi in dois), MAX_DOIS):
        names = " OR ".join(f'"{_escaped(doi)}"' for doi in batch)
        pairs: list[tuple[str, str | int]] = [
            ("query", f"doi:({names})"),
            ("page[size]", len(batch)),
            ("disable-facets", "true"),
        ]
        if mailto:
            pairs.append(("mailto", mailto))
        url = f"{base}/dois?{query_string(pairs)}"
        found.append(Lookup(url, tuple(batch), headers={"accept": "application/vnd.api+json"}))
    return found


def _escaped(doi: str) -> str:
    return doi.replace("\\", "\\\\").replace('"', '\\"')


def read(body: bytes, ids: Sequence[str]) -> LookupReply:
    """Return the records of a reply to :func:`lookups`.

    Raises :class:`UnreadableReplyError` for anything but DataCite's JSON:API document.
    """
    document = as_mapping(parse_json(body))
    items = document.get("data")
    if not isinstance(items, list):
        raise UnreadableReplyError("it is not DataCite's list of DOIs")
    records: dict[str, PaperRecord] = {}
    wanted = {doi.lower(): doi for doi in ids}
    for item in items:
        record = read_item(item)
        doi = record.id_of(Scheme.DOI)
        if doi in wanted:
            records[wanted[doi]] = record
    complete = as_mapping(document.get("meta")).get("total") == len(items)
    return LookupReply(records, frozenset(ids) - records.keys() if complete else frozenset())


def read_item(item: object) -> PaperRecord:
    """Return the record of one DOI."""
    fields = as_mapping(as_mapping(item).get("attributes"))
    doi = (as_text(fields.get("doi")) or as_text(as_mapping(item).get("id")) or "").lower()
    titles = [as_mapping(title) for title in as_sequence(fields.get("titles"))]
    main, state = clean_title(_title(titles, None))
    subtitle, _ = clean_title(_title(titles, "Subtitle"))
    full = with_subtitle(main, subtitle)
    types = as_mapping(fields.get("types"))
    container = as_mapping(fields.get("container"))
    notices = _withdrawals(fields)
    if state and not notices:
        notices = (PublicationNotice(state, source="title"),)
    return PaperRecord(
        source=SOURCE,
        ids=(PaperId(Scheme.DOI, doi),) if doi else (),
        title=full,
        main_title=main if main != full else None,
        authors=_authors(fields.get("creators")),
        published=_published(fields),
        type=as_text(types.get("resourceTypeGeneral")) or as_text(types.get("resourceType")),
        venue=plain_text(container.get("title")) or _publisher(fields.get("publisher")),
        license=_license(fields.get("rightsList")),
        notices=notices,
        successors=_successors(fields, doi),
    )


def _title(titles: Sequence[Mapping[str, object]], kind: str | None) -> object:
    """Return the first title of a type; titles without a type are the main ones."""
    return next((title.get("title") for title in titles if title.get("titleType") == kind), None)


def _authors(value: object) -> tuple[str, ...] | None:
    names = []
    for creator in as_sequence(value)[:MAX_AUTHORS]:
        fields = as_mapping(creator)
        name = plain_text(fields.get("familyName")) or plain_text(fields.get("name"))
        if name and fields.get("nameType") != "Organizational":
            name = family_name(name) if not fields.get("familyName") else name
        if name:
            names.append(name)
    return tuple(names) or None


def _dates(fields: Mapping[str, object], kind: str) -> list[str]:
    dates = [as_mapping(date) for date in as_sequence(fields.get("dates"))]
    found = (read_date(date.get("date")) for date in dates if date.get("dateType") == kind)
    return [date for date in found if date]


def _published(fields: Mapping[str, object]) -> str | None:
    year = fields.get("publicationYear")
    known = [*_dates(fields, "Issued"), *_dates(fields, "Submitted"), *_dates(fields, "Available")]
    return next(iter(known), None) or (read_date(str(year)) if year else None)


def _publisher(value: object) -> str | None:
    """Return the publisher, a name or (``publisher=true``) an object with one."""
    return plain_text(value) or plain_text(as_mapping(value).get("name"))


def _license(value: object) -> str | None:
    for right in map(as_mapping, as_sequence(value)):
        found = as_text(right.get("rightsIdentifier")) or as_text(right.get("rightsUri"))
        if found:
            return found
    return None


def _withdrawals(fields: Mapping[str, object]) -> tuple[PublicationNotice, ...]:
    dates = [as_mapping(date) for date in as_sequence(fields.get("dates"))]
    return tuple(
        PublicationNotice(NoticeKind.WITHDRAWAL, read_date(date.get("date")), source="publisher")
        for date in dates
        if date.get("dateType") == "Withdrawn"
    )[:1]


def _successors(fields: Mapping[str, object], own: str) -> tuple[Successor, ...]:
    found = []
    for other in map(as_mapping, as_sequence(fields.get("relatedIdentifiers"))):
        relation = _RELATIONS.get(as_text(other.get("relationType")) or "")
        doi = (as_text(other.get("relatedIdentifier")) or "").lower()
        if relation and doi and doi != own and other.get("relatedIdentifierType") == "DOI":
            found.append(Successor(relation, PaperId(Scheme.DOI, doi)))
    return tuple(dict.fromkeys(found))
