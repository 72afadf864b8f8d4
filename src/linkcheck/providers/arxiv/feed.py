"""Parse arXiv's responses: the Atom feed of its API and OAI-PMH records. Pure.

Sources: the arXiv API user's manual (``id_list``, ``totalResults``, error entries) and the
OAI-PMH 2.0 specification with arXiv's ``arXivRaw`` format.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from linkcheck.matching.mentions import find_mentions
from linkcheck.model.facts import PaperFacts
from linkcheck.providers.arxiv.recognize import parse_id
from linkcheck.providers.json_fields import as_datetime, as_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"

_WITHDRAWN = re.compile(r"\bwithdrawn\b", re.IGNORECASE)
_INVALID_ID = re.compile(r"api/errors#incorrect_id_format_for_(.{1,200})", re.DOTALL)
_VERSION = re.compile(r"v([1-9]\d{0,3})", re.ASCII)
_MAX_AUTHORS = 100


class MalformedResponseError(ValueError):
    """A response does not follow arXiv's documentation; the message says how."""


@dataclass(frozen=True, slots=True)
class Feed:
    """The papers of an Atom feed."""

    papers: Mapping[str, PaperFacts]
    """By identifier without version."""
    is_complete: bool
    """Whether there are as many entries as ``totalResults``, all valid and distinct. Only then is a
    missing identifier evidence."""


@dataclass(frozen=True, slots=True)
class InvalidId:
    """arXiv refused a batch because of one identifier."""

    id: str | None
    """The identifier in arXiv's spelling; ``None`` if the response does not name it."""


def mentions_withdrawal(comment: str | None) -> bool:
    """Return whether the authors' comment mentions a withdrawal.

    A heuristic: the API has no field for withdrawals, only this free text.
    """
    return comment is not None and _WITHDRAWN.search(comment) is not None


def _parse(body: bytes) -> "Element":
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise MalformedResponseError(
            f"it is not XML that can be read ({type(error).__name__})"
        ) from None
    return root


def _text(element: "Element", path: str) -> str | None:
    """Return the text of a descendant on one line."""
    found = element.find(path)
    value = as_text("".join(found.itertext())) if found is not None else None
    return " ".join(value.split()) if value else None


def parse_feed(body: bytes) -> Feed | InvalidId:
    """Return the papers of an API response, or the identifier that it refuses.

    Raises :class:`MalformedResponseError` if it is not an Atom feed or lacks ``totalResults``.
    """
    root = _parse(body)
    if root.tag != f"{_ATOM}feed":
        raise MalformedResponseError("it is not an Atom feed")
    entries = root.findall(f"{_ATOM}entry")
    for entry in entries:
        entry_id = _text(entry, f"{_ATOM}id") or ""
        if "api/errors" in entry_id:
            match = _INVALID_ID.search(entry_id)
            return InvalidId(match[1] if match else None)
    total = _text(root, f"{_SEARCH}totalResults")
    if total is None or not (total.isascii() and total.isdigit()):
        raise MalformedResponseError("it does not say how many papers were found")
    papers: dict[str, PaperFacts] = {}
    is_complete = int(total[:9]) == len(entries)
    for entry in entries:
        paper = _parse_entry(entry)
        if paper is None or paper.paper_id is None or paper.paper_id in papers:
            is_complete = False
            continue
        papers[paper.paper_id] = paper
    return Feed(papers, is_complete)


def _parse_entry(entry: "Element") -> PaperFacts | None:
    _, separator, name = (_text(entry, f"{_ATOM}id") or "").partition("/abs/")
    arxiv_id = parse_id(name) if separator else None
    if arxiv_id is None:
        return None
    authors = tuple(
        author_name
        for author in entry.findall(f"{_ATOM}author")[:_MAX_AUTHORS]
        if (author_name := _text(author, f"{_ATOM}name"))
    )
    return PaperFacts(
        paper_id=arxiv_id.id,
        title=_text(entry, f"{_ATOM}title"),
        authors=authors or None,
        latest_version=arxiv_id.version,
        published_at=as_datetime(_text(entry, f"{_ATOM}published")),
        updated_at=as_datetime(_text(entry, f"{_ATOM}updated")),
        comment=_text(entry, f"{_ARXIV}comment"),
        journal_reference=_text(entry, f"{_ARXIV}journal_ref"),
        doi=_text(entry, f"{_ARXIV}doi"),
        mentions=find_mentions(_text(entry, f"{_ATOM}summary"), _text(entry, f"{_ARXIV}comment")),
    )


def parse_record(body: bytes) -> PaperFacts | None:
    """Return the paper of an OAI-PMH ``GetRecord`` response; ``None`` if it does not exist.

    Raises :class:`MalformedResponseError` for anything else.
    """
    root = _parse(body)
    if root.tag != f"{_OAI}OAI-PMH":
        raise MalformedResponseError("it is not an OAI-PMH answer")
    error = root.find(f"{_OAI}error")
    if error is not None:
        if error.get("code") == "idDoesNotExist":
            return None
        raise MalformedResponseError("the OAI-PMH service reports an error")
    raw = root.find(f".//{_RAW}arXivRaw")
    arxiv_id = parse_id(_text(raw, f"{_RAW}id") or "") if raw is not None else None
    if raw is None or arxiv_id is None:
        raise MalformedResponseError("it holds no record")
    versions: dict[int, datetime | None] = {}
    for version in raw.findall(f"{_RAW}version"):
        number = _VERSION.fullmatch(version.get("version") or "")
        if number:
            versions[int(number[1])] = _parse_date(_text(version, f"{_RAW}date"))
    authors = _text(raw, f"{_RAW}authors")
    return PaperFacts(
        paper_id=arxiv_id.id,
        title=_text(raw, f"{_RAW}title"),
        authors=tuple(re.split(r",\s+(?:and\s+)?|\s+and\s+", authors)) if authors else None,
        latest_version=max(versions, default=None),
        published_at=versions.get(1),
        updated_at=versions.get(max(versions, default=0)),
        comment=_text(raw, f"{_RAW}comments"),
        journal_reference=_text(raw, f"{_RAW}journal-ref"),
        doi=_text(raw, f"{_RAW}doi"),
        license=_text(raw, f"{_RAW}license"),
        mentions=find_mentions(_text(raw, f"{_RAW}abstract"), _text(raw, f"{_RAW}comments")),
    )


def _parse_date(value: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(value).astimezone(UTC) if value else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
