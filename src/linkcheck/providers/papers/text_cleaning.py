"""Titles, names and dates as services send them, turned into plain text. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from html import unescape

from linkcheck.model.source_text import word_set
from linkcheck.providers.json_fields import as_mapping, as_sequence
from linkcheck.providers.papers.records import NoticeKind

MAX_AUTHORS = 200

_BREAK = re.compile(r"<(?:br|/?(?:jats:)?(?:p|title|sec|break))\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][\w:.-]{0,60}(?:\s[^<>]{0,500})?/?>")
_COMMENT = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
_PREFIX = re.compile(
    r"\[?(?P<word>(?i:retracted)(?: (?i:article|paper|chapter|publication))?"
    r"|(?i:partially retracted)|WITHDRAWN(?: ARTICLE)?|Withdrawn(?= ?\])|REMOVED"
    r"|TEMPORARY REMOVAL|Temporary removal)"
    r"\s*(?:\]\s*:?|:)\s*(?=\S)"
)
_SUFFIX = re.compile(r"\s*[\[(](retracted|withdrawn)(?: article| paper)?[\])]\s*$", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?(?!\d)")
_PUBMED_DATE = re.compile(r"(\d{4})(?:\s+([A-Z][a-z]{2})\w*(?:\s+(\d{1,2}))?)?(?!\d)")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_STATE = {
    "retracted": NoticeKind.RETRACTION,
    "partially": NoticeKind.PARTIAL_RETRACTION,
    "withdrawn": NoticeKind.WITHDRAWAL,
    "removed": NoticeKind.REMOVAL,
    "temporary": NoticeKind.REMOVAL,
}
_PARTICLES = word_set(
    "al bin da dal de del della den der di do dos du el la le les lo mac st ten ter van vande"
    " vander vom von zu zum zur"
)


def plain_text(value: object, limit: int = 2_000) -> str | None:
    """Return text without markup, entities and line breaks; ``None`` when nothing is left.

    Entities are undone twice: publishers send ``&amp;lt;i&amp;gt;`` as well as ``<i>``.
    """
    if not isinstance(value, str):
        return None
    text = value[: 4 * limit]
    for _ in range(3):
        text = _TAG.sub("", _BREAK.sub(" ", _COMMENT.sub("", text)))
        plain = unescape(text)
        if plain == text:
            break
        text = plain
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return text[:limit] or None


def clean_title(value: object) -> tuple[str | None, NoticeKind | None]:
    """Return a plain title, and what a mark such as ``RETRACTED:`` in or behind it states.

    The mark, a final dot, and the brackets that PubMed puts around translated titles are removed.
    """
    title = plain_text(value)
    if title is None:
        return None, None
    state = None
    if found := _PREFIX.match(title):
        state = _STATE[found["word"].split()[0].lower()]
        title = title[found.end() :]
    elif found := _SUFFIX.search(title):
        state = _STATE[found[1].lower()]
        title = title[: found.start()]
    title = title.removesuffix(".") if not title.endswith("..") else title
    if title.startswith("[") and title.endswith("]") and title.count("[") == 1:
        title = title[1:-1].removesuffix(".")
    return title.strip() or None, state


def with_subtitle(title: str | None, subtitle: str | None) -> str | None:
    """Return ``title: subtitle``, or the title alone where it already holds the subtitle."""
    if not title or not subtitle or subtitle.casefold() in title.casefold():
        return title or subtitle
    return f"{title}{'' if title.endswith((':', '?', '!')) else ':'} {subtitle}"


def family_name(name: str) -> str:
    """Return the family name of ``Family, Given`` or ``Given van Family``."""
    family, comma, _ = name.partition(",")
    if comma:
        return family.strip()
    word_set = name.split()
    start = len(word_set) - 1
    while start > 1 and word_set[start - 1].lower() in _PARTICLES:
        start -= 1
    return " ".join(word_set[max(start, 0) :])


def iso_date(parts: Sequence[object]) -> str | None:
    """Return ``YYYY[-MM[-DD]]`` of year, month and day (numbers or digits), as far as they go."""
    numbers: list[int] = []
    for part, (low, high) in zip(parts, ((1000, 2999), (1, 12), (1, 31)), strict=False):
        digits = str(part)
        number = int(digits) if digits.isdecimal() and len(digits) <= 4 else 0
        if not low <= number <= high:
            break
        numbers.append(number)
    return "-".join(f"{number:02d}" for number in numbers) or None


def date_parts(value: object) -> str | None:
    """Return the date of Crossref's ``{"date-parts": [[2023, 5]]}`` or ``{"date-time": …}``."""
    date = as_mapping(value)
    outer = as_sequence(date.get("date-parts"))
    inner = as_sequence(outer[0]) if outer else ()
    return iso_date(inner) or read_date(date.get("date-time"))


def read_date(value: object) -> str | None:
    """Return the date at the start of ``2023-05-01T…``, ``2023/05`` or PubMed's ``2023 May 1``."""
    text = value.strip() if isinstance(value, str) else ""
    if (found := _YEAR_FIRST.match(text)) and found[2]:
        return iso_date([part for part in found.groups() if part])
    if found := _PUBMED_DATE.match(text):
        year, month, day = found.groups()
        number = _MONTHS.index(month) + 1 if month in _MONTHS else None
        return iso_date([part for part in (year, number, day if number else None) if part])
    return None
