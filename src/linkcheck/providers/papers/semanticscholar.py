"""Semantic Scholar's paper index: requests for many ids, and replies as records. Pure.

``POST /graph/v1/paper/batch?fields=…`` with ``{"ids": […]}`` takes 500 ids of any kind and answers
with a list in the order of the ids, ``null`` for one it does not know. When it knows none of them
it answers 400 "No valid paper ids given", and an empty or malformed id spoils the whole batch.
It is an index, no registry: a ``null`` proves nothing about a paper. Without a key it often
throttles (429). Source: Semantic Scholar Academic Graph API documentation, "paper batch".
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from linkcheck.providers.json_fields import as_mapping, as_sequence, as_text, parse_json
from linkcheck.providers.papers.records import (
    Lookup,
    LookupReply,
    PaperId,
    PaperRecord,
    Scheme,
    UnreadableReplyError,
    batches,
)
from linkcheck.providers.papers.text_cleaning import (
    MAX_AUTHORS,
    clean_title,
    family_name,
    plain_text,
    read_date,
)

MAX_IDS = 500
SOURCE = "semanticscholar"
FIELDS = "title,externalIds,authors.name,year,publicationDate,publicationTypes,venue"

_PREFIXES = {
    Scheme.DOI: "DOI:",
    Scheme.ARXIV: "ARXIV:",
    Scheme.ACL: "ACL:",
    Scheme.PMID: "PMID:",
    Scheme.PMCID: "PMCID:",
    Scheme.CORPUS: "CorpusId:",
    Scheme.S2: "",
}
_EXTERNAL = {
    "DOI": Scheme.DOI,
    "ArXiv": Scheme.ARXIV,
    "ACL": Scheme.ACL,
    "PubMed": Scheme.PMID,
    "PubMedCentral": Scheme.PMCID,
    "CorpusId": Scheme.CORPUS,
}
_FORMS = {
    Scheme.PMID: r"\d{1,8}",
    Scheme.PMCID: r"PMC\d{1,9}",
    Scheme.CORPUS: r"\d{1,12}",
    Scheme.S2: r"[0-9a-f]{40}",
}


def index_id(paper: PaperId) -> str | None:
    """Return how the index spells an id; ``None`` for schemes and forms it does not take."""
    prefix = _PREFIXES.get(paper.scheme)
    if prefix is None or not re.fullmatch(_FORMS.get(paper.scheme, r"\S+"), paper.value):
        return None
    return prefix + paper.value.removeprefix("PMC")


def lookups(ids: Iterable[str], base: str, *, api_key: str | None = None) -> list[Lookup]:
    """Return the requests for ids as :func:`index_id` spells them, one for each 500."""
    headers = {"accept": "application/json", "content-type": "application/json"}
    if api_key:
        headers["x-api-key"] = api_key
    return [
        Lookup(
            f"{base}/graph/v1/paper/batch?fields={FIELDS}",
            tuple(batch),
            "POST",
            headers,
            json.dumps({"ids": batch}).encode(),
        )
        for batch in batches(ids, MAX_IDS)
    ]


def read(body: bytes, ids: Sequence[str]) -> LookupReply:
    """Return the records of a reply to one of :func:`lookups`, be its status 200 or 400.

    Raises :class:`UnreadableReplyError` for anything but the index's own list or refusal.
    """
    items = parse_json(body)
    if "no valid paper ids" in (as_text(as_mapping(items).get("error")) or "").lower():
        return LookupReply(missing=frozenset(ids))
    if not isinstance(items, list) or len(items) != len(ids):
        raise UnreadableReplyError("it is not a list with a place for each id")
    pairs = list(zip(ids, items, strict=True))
    return LookupReply(
        {name: read_paper(item) for name, item in pairs if isinstance(item, dict)},
        frozenset(name for name, item in pairs if item is None),
    )


def read_paper(item: Mapping[str, object]) -> PaperRecord:
    """Return the record of one paper."""
    title, _ = clean_title(item.get("title"))
    year = item.get("year")
    types = as_sequence(item.get("publicationTypes"))
    return PaperRecord(
        source=SOURCE,
        ids=_ids(item),
        title=title,
        authors=tuple(
            family_name(name)
            for author in as_sequence(item.get("authors"))[:MAX_AUTHORS]
            if (name := plain_text(as_mapping(author).get("name")))
        )
        or None,
        published=read_date(item.get("publicationDate"))
        or (read_date(str(year)) if year else None),
        type=as_text(types[0]) if types else None,
        venue=plain_text(item.get("venue")),
    )


def _ids(item: Mapping[str, object]) -> tuple[PaperId, ...]:
    own = as_text(item.get("paperId"))
    found = [PaperId(Scheme.S2, own)] if own else []
    for name, value in as_mapping(item.get("externalIds")).items():
        scheme = _EXTERNAL.get(name)
        spelled = str(value).strip() if isinstance(value, str | int) else ""
        if scheme is None or not spelled:
            continue
        if scheme is Scheme.PMCID and not spelled.startswith("PMC"):
            spelled = f"PMC{spelled}"
        found.append(PaperId(scheme, spelled.lower() if scheme is Scheme.DOI else spelled))
    return tuple(found)
