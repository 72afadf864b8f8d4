"""PubMed and PMC by NCBI's E-utilities: requests for many ids, and replies as records. Pure.

``esummary.fcgi?db=pubmed&retmode=json&id=1,2`` answers 200 with one object an id; one that is
not there holds ``error`` ("cannot get document summary"). It carries publication types, notices
and the other ids at a tenth of the size of ``efetch``'s XML. NCBI asks for ``tool`` and ``email``,
for POST above 200 ids, and for at most three requests a second (ten with a key). Source: "Entrez
Programming Utilities Help", NBK25497 and NBK25499.
"""

import re
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
from linkcheck.providers.papers.text_cleaning import MAX_AUTHORS, clean_title, plain_text, read_date

MAX_IDS = 500
"""Ids in one JSON summary."""
MAX_IDS_IN_URL = 200
TOOL = "linkcheck"
SOURCE = "pubmed"

_NOTICES = {
    "retraction in": NoticeKind.RETRACTION,
    "partial retraction in": NoticeKind.PARTIAL_RETRACTION,
    "expression of concern in": NoticeKind.EXPRESSION_OF_CONCERN,
}
_SUCCESSORS = {
    "retracted and republished in": Relation.REPUBLISHED_AS,
    "corrected and republished in": Relation.REPUBLISHED_AS,
    "republished in": Relation.REPUBLISHED_AS,
    "update in": Relation.NEW_VERSION,
}
_NOTICE_TYPES = frozenset(
    {"retraction of publication", "retraction notice", "expression of concern"}
)
_DOI = re.compile(r"\bdoi:\s*(10\.\d{4,9}/\S+?)[.,;]?(?:\s|$)", re.IGNORECASE)
_DATE = re.compile(r"\b(\d{4}(?: [A-Z][a-z]{2}(?: \d{1,2})?)?)\b")
_INITIALS = re.compile(r"\s+[A-Z][A-Z-]{0,4}(?:\s+(?:Jr|Sr|\d(?:st|nd|rd|th)|I{2,3}|IV))?$")


def lookups(
    ids: Iterable[str],
    base: str,
    *,
    email: str | None = None,
    api_key: str | None = None,
) -> list[Lookup]:
    """Return the requests for PubMed ids (digits) and PMC ids (``PMC`` and digits)."""
    known = list(ids)
    databases = {
        "pubmed": [name for name in known if name.isdigit()],
        "pmc": [name for name in known if name.startswith("PMC")],
    }
    found = []
    for database, names in databases.items():
        for batch in batches(names, MAX_IDS):
            pairs = [
                ("db", database),
                ("retmode", "json"),
                ("tool", TOOL),
                *([("email", email)] if email else []),
                *([("api_key", api_key)] if api_key else []),
                ("id", ",".join(name.removeprefix("PMC") for name in batch)),
            ]
            found.append(_lookup(f"{base}/esummary.fcgi", query_string(pairs), batch))
    return found


def _lookup(address: str, query: str, ids: Sequence[str]) -> Lookup:
    headers = {"accept": "application/json"}
    if len(ids) <= MAX_IDS_IN_URL:
        return Lookup(f"{address}?{query}", tuple(ids), headers=headers)
    headers["content-type"] = "application/x-www-form-urlencoded"
    return Lookup(address, tuple(ids), "POST", headers, query.encode())


def read(body: bytes, ids: Sequence[str]) -> LookupReply:
    """Return the records of a reply to one of :func:`lookups`.

    Raises :class:`UnreadableReplyError` for anything but a summary with its list of ids.
    """
    result = as_mapping(as_mapping(parse_json(body)).get("result"))
    if not isinstance(result.get("uids"), list):
        raise UnreadableReplyError("it is not a document summary")
    records: dict[str, PaperRecord] = {}
    missing = set()
    for name in ids:
        summary = as_mapping(result.get(name.removeprefix("PMC")))
        error = as_text(summary.get("error"))
        if error and "cannot get document summary" in error.lower():
            missing.add(name)
        elif summary and not error:
            records[name] = read_summary(summary, name)
    return LookupReply(records, frozenset(missing))


def read_summary(summary: Mapping[str, object], name: str) -> PaperRecord:
    """Return the record of one summary, asked for under ``name``."""
    title, state = clean_title(summary.get("title"))
    types = [kind for item in as_sequence(summary.get("pubtype")) if (kind := as_text(item))]
    lowered = {kind.lower() for kind in types}
    notices = _notices(summary)
    if "retracted publication" in lowered and not any(
        notice.kind is NoticeKind.RETRACTION for notice in notices
    ):
        notices += (PublicationNotice(NoticeKind.RETRACTION, source=SOURCE),)
    if state and not notices:
        notices = (PublicationNotice(state, source="title"),)
    return PaperRecord(
        source=SOURCE,
        ids=_ids(summary, name),
        title=title or plain_text(summary.get("booktitle")),
        authors=_authors(summary.get("authors")),
        published=_published(summary),
        type=types[0] if types else None,
        venue=plain_text(summary.get("fulljournalname")) or as_text(summary.get("source")),
        notices=notices,
        is_notice=bool(lowered & _NOTICE_TYPES),
        successors=tuple(
            Successor(relation, PaperId(Scheme.PMID, str(other.get("pmid"))))
            for other in map(as_mapping, as_sequence(summary.get("references")))
            if (relation := _SUCCESSORS.get(_reference_type(other))) and other.get("pmid")
        ),
    )


def _ids(summary: Mapping[str, object], name: str) -> tuple[PaperId, ...]:
    own = PaperId(Scheme.PMCID if name.startswith("PMC") else Scheme.PMID, name)
    found = {own: None}
    for item in map(as_mapping, as_sequence(summary.get("articleids"))):
        kind, value = as_text(item.get("idtype")), as_text(item.get("value"))
        if value is None or value == "0":
            continue
        if kind == "doi":
            found[PaperId(Scheme.DOI, value.lower())] = None
        elif kind in {"pubmed", "pmid"} and value.isdigit():
            found[PaperId(Scheme.PMID, value)] = None
        elif kind in {"pmc", "pmcid"} and re.fullmatch(r"PMC\d+", value):
            found[PaperId(Scheme.PMCID, value)] = None
    return tuple(found)


def _authors(value: object) -> tuple[str, ...] | None:
    """Return family names: people are listed as ``Family AB Jr``, groups by their whole name."""
    names = []
    for author in map(as_mapping, as_sequence(value)[:MAX_AUTHORS]):
        name = plain_text(author.get("name"))
        if name and author.get("authtype", "Author") != "CollectiveName":
            name = _INITIALS.sub("", name)
        if name:
            names.append(name)
    return tuple(names) or None


def _published(summary: Mapping[str, object]) -> str | None:
    """Return the earlier of the dates of the electronic and the printed version."""
    dates = [read_date(summary.get(name)) for name in ("epubdate", "pubdate", "sortpubdate")]
    known = [date for date in dates[:2] if date]
    return min(known) if known else dates[2]


def _reference_type(reference: Mapping[str, object]) -> str:
    return (as_text(reference.get("reftype")) or "").lower()


def _notices(summary: Mapping[str, object]) -> tuple[PublicationNotice, ...]:
    """Return the notices; their dates and DOIs stand in the citation, ``J. 2020 Jun 4. doi: …``."""
    found = []
    for reference in map(as_mapping, as_sequence(summary.get("references"))):
        kind = _NOTICES.get(_reference_type(reference))
        if kind is None:
            continue
        cited = as_text(reference.get("refsource")) or ""
        doi, date = _DOI.search(cited), _DATE.search(cited)
        pmid = str(reference.get("pmid") or "")
        found.append(
            PublicationNotice(
                kind,
                (read_date(date[1]) or date[1]) if date else None,
                doi[1].lower() if doi else None,
                pmid if pmid.isdigit() else None,
                SOURCE,
            )
        )
    return tuple(found)
