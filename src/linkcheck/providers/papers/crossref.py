"""Crossref's metadata: requests for many DOIs at once, and their replies as records. Pure.

``GET /works?filter=doi:A,doi:B&select=…&rows=N`` returns the works it has and leaves out the
others; ``rows`` defaults to 20. The values of one filter are alternatives. A comma ends a filter,
so that a DOI with a comma would break its batch: it is requested separately, at ``/works/DOI``. A
work's ``updated-by`` lists its notices; a notice has ``update-to``. Sources: Crossref REST
API documentation ("filters", "select", "rate limits") and the crossref.org blog on retractions.
"""

from collections.abc import Iterable, Sequence

from linkcheck.model.url import quote_segment
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
    date_parts,
    plain_text,
    with_subtitle,
)

MAX_DOIS = 100
"""DOIs in one request: about 5,000 characters of URL."""

SOURCE = "crossref"
FIELDS = (
    "DOI,title,subtitle,author,issued,published,posted,type,license,container-title,relation,"
    "alternative-id,updated-by,update-to"
)

_NOTICES = {
    "retraction": NoticeKind.RETRACTION,
    "withdrawal": NoticeKind.WITHDRAWAL,
    "removal": NoticeKind.REMOVAL,
    "partial_retraction": NoticeKind.PARTIAL_RETRACTION,
    "expression_of_concern": NoticeKind.EXPRESSION_OF_CONCERN,
}
_RELATIONS = {
    "is-preprint-of": Relation.PUBLISHED_AS,
    "is-replaced-by": Relation.NEW_VERSION,
}
_VERSIONS = {"new_version": Relation.NEW_VERSION, "new_edition": Relation.NEW_VERSION}


def lookups(dois: Iterable[str], base: str, *, mailto: str | None = None) -> list[Lookup]:
    """Return the requests for DOIs, one for each 100 and one for each DOI with a comma."""
    known = list(dict.fromkeys(doi.lower() for doi in dois))
    together = [doi for doi in known if "," not in doi]
    found = [_filtered("doi", batch, base, mailto) for batch in batches(together, MAX_DOIS)]
    contact = f"?mailto={quote_segment(mailto)}" if mailto else ""
    for doi in known:
        if "," in doi:
            url = f"{base}/works/{quote_segment(doi)}{contact}"
            found.append(Lookup(url, (doi,), headers={"accept": "application/json"}))
    return found


def lookups_by_pii(piis: Iterable[str], base: str, *, mailto: str | None = None) -> list[Lookup]:
    """Return the requests for works by Elsevier's item ids, which Crossref keeps as aliases."""
    return [_filtered("alternative-id", batch, base, mailto) for batch in batches(piis, MAX_DOIS)]


def _filtered(name: str, ids: Sequence[str], base: str, mailto: str | None) -> Lookup:
    # Other ids can have several works (a paper and its reprint), so more rows are requested.
    rows = len(ids) if name == "doi" else min(1_000, 4 * len(ids))
    chosen = ",".join(f"{name}:{quote_segment(value, safe='/:;()')}" for value in ids)
    url = f"{base}/works?filter={chosen}&select={FIELDS}&rows={rows}"
    if mailto:
        url += f"&mailto={quote_segment(mailto)}"
    return Lookup(url, tuple(ids), headers={"accept": "application/json"})


def read(body: bytes, ids: Sequence[str]) -> LookupReply:
    """Return the records of a reply to :func:`lookups` or :func:`lookups_by_pii`.

    Raises :class:`UnreadableReplyError` for anything but Crossref's own envelope.
    """
    envelope = as_mapping(parse_json(body))
    message = as_mapping(envelope.get("message"))
    if envelope.get("status") != "ok" or not message:
        raise UnreadableReplyError("it is not Crossref's envelope")
    if envelope.get("message-type") == "work":
        works, total = [message], 1
    else:
        works = [as_mapping(item) for item in as_sequence(message.get("items"))]
        count = message.get("total-results")
        total = count if isinstance(count, int) else -1
    records: dict[str, PaperRecord] = {}
    wanted = {value.lower(): value for value in ids}
    for work in works:
        record = read_work(work)
        for known in record.ids:
            if (asked := wanted.get(known.value.lower())) is not None:
                records.setdefault(asked, record)
    complete = total == len(works)
    return LookupReply(records, frozenset(ids) - records.keys() if complete else frozenset())


def read_work(work: object) -> PaperRecord:
    """Return the record of one work, as the registry has it."""
    fields = as_mapping(work)
    doi = (as_text(fields.get("DOI")) or "").lower()
    ids = [PaperId(Scheme.DOI, doi)] if doi else []
    for alias in as_sequence(fields.get("alternative-id")):
        name = "".join(filter(str.isalnum, as_text(alias) or "")).upper()
        if len(name) == 17 and name[0] == "S":
            ids.append(PaperId(Scheme.PII, name))
    main, state = clean_title(_first(fields.get("title")))
    subtitle, _ = clean_title(_first(fields.get("subtitle")))
    notices = _notices(fields)
    if state and not any(notice.kind is state for notice in notices):
        notices += (PublicationNotice(state, source="title"),)
    full = with_subtitle(main, subtitle)
    return PaperRecord(
        source=SOURCE,
        ids=tuple(ids),
        title=full,
        main_title=main if main != full else None,
        authors=_authors(fields.get("author")),
        published=_published(fields),
        type=as_text(fields.get("type")),
        venue=plain_text(_first(fields.get("container-title"))),
        license=_license(fields.get("license")),
        notices=notices,
        is_notice=any(_kind(update) in _NOTICES for update in as_sequence(fields.get("update-to"))),
        successors=_successors(fields),
    )


def _first(value: object) -> object:
    return next(iter(as_sequence(value)), None)


def _kind(update: object) -> str:
    name = as_text(as_mapping(update).get("type")) or ""
    return name.lower().replace("-", "_").replace(" ", "_")


def _notices(work: object) -> tuple[PublicationNotice, ...]:
    """Return the notices against a work; one kind is named once, the surest source first.

    The publisher's own assertion and Retraction Watch's are kept side by side by Crossref.
    """
    found: dict[NoticeKind, PublicationNotice] = {}
    for update in as_sequence(as_mapping(work).get("updated-by")):
        fields = as_mapping(update)
        kind = _NOTICES.get(_kind(update))
        if kind is None:
            continue
        doi = as_text(fields.get("DOI"))
        notice = PublicationNotice(
            kind,
            date_parts(fields.get("updated")),
            doi.lower() if doi else None,
            source=as_text(fields.get("source")),
        )
        held = found.get(kind)
        if held is None or (notice.doi and not held.doi):
            found[kind] = notice
    return tuple(found.values())


def _authors(value: object) -> tuple[str, ...] | None:
    names = []
    for author in as_sequence(value)[:MAX_AUTHORS]:
        fields = as_mapping(author)
        name = plain_text(fields.get("family")) or plain_text(fields.get("name"))
        if name:
            names.append(name)
    return tuple(names) or None


def _published(work: object) -> str | None:
    fields = as_mapping(work)
    dates = (date_parts(fields.get(name)) for name in ("published", "issued", "posted"))
    return next((date for date in dates if date), None)


def _license(value: object) -> str | None:
    """Return the license of the version of record; those for text mining alone do not count."""
    offers = [as_mapping(item) for item in as_sequence(value)]
    open_to_all = [o for o in offers if o.get("content-version") != "tdm"]
    urls = [url for o in open_to_all if (url := as_text(o.get("URL")))]
    return next((url for url in urls if "creativecommons.org" in url), next(iter(urls), None))


def _successors(work: object) -> tuple[Successor, ...]:
    fields = as_mapping(work)
    own = (as_text(fields.get("DOI")) or "").lower()
    found = []
    for name, items in as_mapping(fields.get("relation")).items():
        for item in as_sequence(items):
            other = as_mapping(item)
            if name in _RELATIONS and other.get("id-type") == "doi" and as_text(other.get("id")):
                found.append((_RELATIONS[name], str(other["id"]).strip().lower()))
    for update in as_sequence(fields.get("updated-by")):
        relation, doi = _VERSIONS.get(_kind(update)), as_text(as_mapping(update).get("DOI"))
        if relation and doi:
            found.append((relation, doi.lower()))
    return tuple(
        Successor(relation, PaperId(Scheme.DOI, doi))
        for relation, doi in dict.fromkeys(found)
        if doi != own
    )
