"""Reading a URL as an arXiv paper."""

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
_NEW = re.compile(r"(\d{2})(\d{2})\.(\d{4,5})(?:v(\d{1,3}))?")
_OLD = re.compile(r"([a-z][a-z-]*)(?:\.[a-z]{2})?/(\d{2})(\d{2})(\d{3})(?:v(\d{1,3}))?")
_LAST_OLD_MONTH = 703
_LAST_SHORT_MONTH = 1412


@dataclass(frozen=True, slots=True)
class ArxivId:
    """An arXiv identifier: ``id`` without version, and the version if one is pinned."""

    id: str
    version: int | None = None


def parse_id(text: str) -> ArxivId | None:
    """Return the identifier written in ``text``, or ``None`` if no paper can have it.

    Takes ``arXiv:`` in front and ``.pdf`` behind, both schemes of identifiers, and versions; the
    subject class of old ones is dropped (``math.GT/0309136`` is ``math/0309136``). Which months
    have how many digits: arXiv's help page "arXiv identifier".
    """
    name = text.strip().lower().removeprefix("arxiv:").removesuffix(".pdf")
    if match := _NEW.fullmatch(name):
        year, month, number, version = match.groups()
        digits = 4 if int(year + month) <= _LAST_SHORT_MONTH else 5
        if int(year + month) <= _LAST_OLD_MONTH or len(number) != digits:
            return None
        bare = f"{year}{month}.{number}"
    elif match := _OLD.fullmatch(name):
        archive, year, month, number, version = match.groups()
        if _LAST_OLD_MONTH < int(year + month) < 9100:
            return None
        bare = f"{archive}/{year}{month}{number}"
    else:
        return None
    if not 1 <= int(month) <= 12 or version in ("0", "00", "000"):
        return None
    return ArxivId(bare, int(version) if version else None)


def recognize(url: Url) -> ParsedLink | None:
    """Return the paper the URL names, if it is arXiv's, a reader's (ar5iv, alphaXiv) or its DOI.

    The key is the bare identifier; the pinned version goes into ``Recognized.version``. Raises
    :class:`InvalidUrlError` for a paper address whose identifier no paper can have: arXiv would
    refuse a whole batch over it.
    """
    written = _written_id(url)
    if written is None:
        return None
    found = parse_id(written)
    if found is None:
        raise InvalidUrlError(f"“{written[:60]}” is no arXiv identifier (such as 2303.14070)")
    target = Target(TargetKind.ARXIV, found.id, f"https://arxiv.org/abs/{found.id}")
    return ParsedLink(target, version=found.version, fragment=url.fragment)


def _written_id(url: Url) -> str | None:
    """Return what stands where the identifier belongs, or ``None`` where none belongs."""
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
            parts = parts[1:]  # alphaXiv puts the language in front
    else:
        return None
    if len(parts) < 2 or parts[0].lower() not in forms:
        return None
    return "/".join(parts[1:])
