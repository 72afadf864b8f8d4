"""bioRxiv's and medRxiv's own record of a preprint: its versions and its withdrawal. Pure.

``GET /details/SERVER/DOI/na/json`` answers with one item a version under ``collection``, empty
for a DOI it does not have; their pages refuse programs. How a withdrawal is marked is not
documented: the type ``withdrawn``, a title that begins with ``WITHDRAWN:``, or an abstract that
begins by saying so are each taken for one. Source: api.biorxiv.org, "content detail".
"""

import re
from collections.abc import Sequence

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
)
from linkcheck.providers.papers.text_cleaning import (
    MAX_AUTHORS,
    clean_title,
    family_name,
    read_date,
)

PREFIXES = frozenset({"10.1101", "10.64898"})
SOURCE = "biorxiv"

_WITHDRAWN = re.compile(
    r"(?:this (?:manuscript|paper|preprint|article)|the authors?) (?:has|have) (?:been )?withdrawn",
    re.IGNORECASE,
)


def lookup(doi: str, base: str, server: str = "biorxiv") -> Lookup:
    """Return the request for one preprint; ``server`` is ``biorxiv`` or ``medrxiv``."""
    url = f"{base}/details/{server}/{quote_segment(doi, safe='/')}/na/json"
    return Lookup(url, (doi.lower(),), headers={"accept": "application/json"})


def read(body: bytes, ids: Sequence[str]) -> LookupReply:
    """Return the record of a reply to :func:`lookup`.

    Raises :class:`UnreadableReplyError` for anything but the service's own envelope.
    """
    envelope = as_mapping(parse_json(body))
    versions = [as_mapping(item) for item in as_sequence(envelope.get("collection"))]
    if not isinstance(envelope.get("collection"), list) or len(ids) != 1:
        raise UnreadableReplyError("it is not a collection of versions")
    doi = ids[0]
    versions = [item for item in versions if (as_text(item.get("doi")) or "").lower() == doi]
    if not versions:
        status = as_text(
            as_mapping(next(iter(as_sequence(envelope.get("messages"))), None)).get("status")
        )
        return LookupReply(missing=frozenset(ids) if status == "no posts found" else frozenset())
    first, last = versions[0], versions[-1]
    title, state = clean_title(last.get("title"))
    withdrawn = (
        state is NoticeKind.WITHDRAWAL
        or (as_text(last.get("type")) or "").lower() == "withdrawn"
        or _WITHDRAWN.match(as_text(last.get("abstract")) or "")
    )
    published = (as_text(last.get("published")) or "NA").lower()
    names = (as_text(last.get("authors")) or "").split(";")[:MAX_AUTHORS]
    record = PaperRecord(
        source=SOURCE,
        ids=(PaperId(Scheme.DOI, doi),),
        title=title,
        authors=tuple(family_name(name) for name in names if name.strip()) or None,
        published=read_date(first.get("date")),
        type="preprint",
        venue=as_text(last.get("server")),
        license=as_text(last.get("license")),
        notices=(
            PublicationNotice(NoticeKind.WITHDRAWAL, read_date(last.get("date")), source=SOURCE),
        )
        if withdrawn
        else (),
        successors=(Successor(Relation.PUBLISHED_AS, PaperId(Scheme.DOI, published)),)
        if published.startswith("10.")
        else (),
    )
    return LookupReply({doi: record})
