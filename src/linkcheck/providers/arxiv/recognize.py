"""Recognize the URLs of arXiv papers. Pure."""

import re
from dataclasses import dataclass

from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.model.url import InvalidUrlError, Url
from linkcheck.providers.doi.recognize import find_doi

_ARXIV_HOSTS = frozenset(
    {"arxiv.org", "www.arxiv.org", "export.arxiv.org", "browse.arxiv.org", "cn.arxiv.org"}
)
_READER_HOSTS = frozenset(
    {"ar5iv.org", "www.ar5iv.org", "ar5iv.labs.arxiv.org", "alphaxiv.org", "www.alphaxiv.org"}
)
_FORMS = frozenset({"abs", "pdf", "html", "format", "ps", "src", "e-print"})
_READER_FORMS = frozenset({"abs", "pdf", "html", "papers", "overview", "forum"})
_NEW_ID = re.compile(r"(\d{2})(\d{2})\.(\d{4,5})(?:v(\d{1,3}))?")
_OLD_ID = re.compile(r"([a-z][a-z-]*)(?:\.[a-z]{2})?/(\d{2})(\d{2})(\d{3})(?:v(\d{1,3}))?")
_LAST_OLD_MONTH = 703
"""March 2007, as ``yymm``: the last month with identifiers of the old scheme."""
_LAST_SHORT_MONTH = 1412
"""December 2014: the last month with four digits after the dot."""


@dataclass(frozen=True, slots=True)
class ArxivId:
    """An arXiv identifier: ``id`` without version, and the version if one is pinned."""

    id: str
    version: int | None = None


def parse_id(text: str) -> ArxivId | None:
    """Parse an identifier; return ``None`` if no paper can have it.

    Accepts a prefix ``arXiv:``, a suffix ``.pdf``, both schemes of identifiers, and versions. The
    subject class of old identifiers is dropped (``math.GT/0309136`` is ``math/0309136``). For the
    number of digits by month see arXiv's help page "arXiv identifier".
    """
    name = text.strip().lower().removeprefix("arxiv:").removesuffix(".pdf")
    if match := _NEW_ID.fullmatch(name):
        year, month, number, version = match.groups()
        digits = 4 if int(year + month) <= _LAST_SHORT_MONTH else 5
        if int(year + month) <= _LAST_OLD_MONTH or len(number) != digits:
            return None
        arxiv_id = f"{year}{month}.{number}"
    elif match := _OLD_ID.fullmatch(name):
        archive, year, month, number, version = match.groups()
        if _LAST_OLD_MONTH < int(year + month) < 9100:
            return None
        arxiv_id = f"{archive}/{year}{month}{number}"
    else:
        return None
    if not 1 <= int(month) <= 12 or version in ("0", "00", "000"):
        return None
    return ArxivId(arxiv_id, int(version) if version else None)


def recognize(url: Url) -> ParsedLink | None:
    """Return the paper at a URL of arXiv, of a reader (ar5iv, alphaXiv), or of arXiv's DOIs.

    The key is the identifier without version. Raises :class:`InvalidUrlError` for an identifier
    that no paper can have: arXiv would refuse a whole batch because of it.
    """
    raw_id = _find_id(url)
    if raw_id is None:
        return None
    arxiv_id = parse_id(raw_id)
    if arxiv_id is None:
        raise InvalidUrlError(f"“{raw_id[:60]}” is no arXiv identifier (such as 2303.14070)")
    target = Target(TargetKind.ARXIV, arxiv_id.id, f"https://arxiv.org/abs/{arxiv_id.id}")
    return ParsedLink(target, version=arxiv_id.version, fragment=url.fragment)


def _find_id(url: Url) -> str | None:
    """Return the part of a URL where an identifier is expected; ``None`` for other URLs."""
    if doi := find_doi(url):
        return doi[15:] if doi.lower().startswith("10.48550/arxiv.") else None
    parts = url.segments
    if url.host in _ARXIV_HOSTS:
        if parts[:2] == ("ftp", "arxiv") and parts[2:3] == ("papers",) and len(parts) == 5:
            return parts[4]
        if parts[:1] == ("ftp",) and parts[2:3] == ("papers",) and len(parts) == 5:
            return f"{parts[1]}/{parts[4]}"
        forms = _FORMS
    elif url.host in _READER_HOSTS:
        forms = _READER_FORMS
        if len(parts) > 2 and len(parts[0]) == 2 and parts[1] in forms:
            parts = parts[1:]  # alphaXiv: /zh/overview/…
    else:
        return None
    if len(parts) < 2 or parts[0].lower() not in forms:
        return None
    return "/".join(parts[1:])
