"""Reading what arXiv sends: the Atom feed of its API and the OAI-PMH record. Pure.

Sources: the arXiv API user's manual (``id_list``, ``totalResults``, error entries) and the
OAI-PMH 2.0 specification with arXiv's ``arXivRaw`` format.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

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
_BAD_ID = re.compile(r"api/errors#incorrect_id_format_for_(.{1,200})", re.DOTALL)
_VERSION = re.compile(r"v([1-9]\d{0,3})", re.ASCII)
_MAX_AUTHORS = 100


class UnreadableError(ValueError):
    """The answer is not what arXiv's contract says; ``str()`` says in which way."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of papers."""

    papers: Mapping[str, PaperFacts]
    """By bare identifier."""
    complete: bool
    """Whether it adds up: as many entries as it counts, each readable and there once. Only then
    does a missing identifier mean anything."""


@dataclass(frozen=True, slots=True)
class BadId:
    """arXiv refused the whole question over one identifier."""

    id: str | None
    """The identifier it names, in arXiv's spelling."""


def says_withdrawn(comment: str | None) -> bool:
    """Tell whether the authors' comment speaks of a withdrawal.

    A heuristic: the API has no mark for it, only this free text.
    """
    return comment is not None and _WITHDRAWN.search(comment) is not None


def is_throttled(body: bytes) -> bool:
    """Tell whether a body is arXiv's refusal for asking too fast; it comes with 200 as well."""
    return body.lstrip()[:40].lower().startswith(b"rate exceeded")


def _parse(body: bytes) -> "Element":
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise UnreadableError(f"it is not XML that can be read ({type(error).__name__})") from None
    return root


def _said(element: "Element", path: str) -> str | None:
    found = element.find(path)
    value = as_text("".join(found.itertext())) if found is not None else None
    return " ".join(value.split()) if value else None


def read_feed(body: bytes) -> Feed | BadId:
    """Return the papers of an API answer, or the identifier it was refused for.

    Raises :class:`UnreadableError` when it is no Atom feed or does not say how many papers
    it found.
    """
    root = _parse(body)
    if root.tag != f"{_ATOM}feed":
        raise UnreadableError("it is not an Atom feed")
    entries = root.findall(f"{_ATOM}entry")
    for entry in entries:
        where = _said(entry, f"{_ATOM}id") or ""
        if "api/errors" in where:
            named = _BAD_ID.search(where)
            return BadId(named[1] if named else None)
    total = _said(root, f"{_SEARCH}totalResults")
    if total is None or not (total.isascii() and total.isdigit()):
        raise UnreadableError("it does not say how many papers were found")
    papers: dict[str, PaperFacts] = {}
    complete = int(total[:9]) == len(entries)
    for entry in entries:
        paper = _paper(entry)
        if paper is None or paper.paper_id is None or paper.paper_id in papers:
            complete = False
            continue
        papers[paper.paper_id] = paper
    return Feed(papers, complete)


def _paper(entry: "Element") -> PaperFacts | None:
    where = _said(entry, f"{_ATOM}id") or ""
    _, found, name = where.partition("/abs/")
    read = parse_id(name) if found else None
    if read is None:
        return None
    authors = tuple(
        who
        for author in entry.findall(f"{_ATOM}author")[:_MAX_AUTHORS]
        if (who := _said(author, f"{_ATOM}name"))
    )
    return PaperFacts(
        paper_id=read.id,
        title=_said(entry, f"{_ATOM}title"),
        authors=authors or None,
        latest_version=read.version,
        published_at=as_datetime(_said(entry, f"{_ATOM}published")),
        updated_at=as_datetime(_said(entry, f"{_ATOM}updated")),
        comment=_said(entry, f"{_ARXIV}comment"),
        journal_reference=_said(entry, f"{_ARXIV}journal_ref"),
        doi=_said(entry, f"{_ARXIV}doi"),
    )


def read_record(body: bytes) -> PaperFacts | None:
    """Return the paper of an OAI-PMH ``GetRecord`` answer; ``None`` when arXiv has no such paper.

    Raises :class:`UnreadableError` for anything else.
    """
    root = _parse(body)
    if root.tag != f"{_OAI}OAI-PMH":
        raise UnreadableError("it is not an OAI-PMH answer")
    error = root.find(f"{_OAI}error")
    if error is not None:
        if error.get("code") == "idDoesNotExist":
            return None
        raise UnreadableError("the OAI-PMH service reports an error")
    raw = root.find(f".//{_RAW}arXivRaw")
    read = parse_id(_said(raw, f"{_RAW}id") or "") if raw is not None else None
    if raw is None or read is None:
        raise UnreadableError("it holds no record")
    versions: dict[int, datetime | None] = {}
    for version in raw.findall(f"{_RAW}version"):
        number = _VERSION.fullmatch(version.get("version") or "")
        if number:
            versions[int(number[1])] = _date(_said(version, f"{_RAW}date"))
    authors = _said(raw, f"{_RAW}authors")
    return PaperFacts(
        paper_id=read.id,
        title=_said(raw, f"{_RAW}title"),
        authors=tuple(re.split(r",\s+(?:and\s+)?|\s+and\s+", authors)) if authors else None,
        latest_version=max(versions, default=None),
        published_at=versions.get(1),
        updated_at=versions.get(max(versions, default=0)),
        comment=_said(raw, f"{_RAW}comments"),
        journal_reference=_said(raw, f"{_RAW}journal-ref"),
        doi=_said(raw, f"{_RAW}doi"),
        license=_said(raw, f"{_RAW}license"),
    )


def _date(value: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(value).astimezone(UTC) if value else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
