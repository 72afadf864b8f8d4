"""Parse and compare licenses.

Understands SPDX identifiers and expressions, the ids of GitHub and Hugging Face, and English and
Chinese names. Texts that cannot be parsed compare as unknown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from linkcheck.matching.licenses.aliases import MODEL_LICENSES, SPDX_BY_ALIAS
from linkcheck.matching.licenses.parse import (
    LicenseTerm,
    is_placeholder,
    normalize_case,
    parse_term,
    spdx_exceptions,
    spdx_ids,
)


class LicenseRelation(StrEnum):
    """The relation of a second license to a first."""

    EQUAL = "equal"
    """The same license."""
    SPELLING = "compatible-spelling"
    """Possibly the same license: one of them is less exact, or names one of several."""
    STRICTER = "stricter"
    """Another license, with more obligations for users."""
    DIFFERENT = "different"
    """Another license."""
    UNKNOWN = "unknown"
    """One of them is empty or cannot be parsed."""

    @property
    def differs(self) -> bool:
        """Whether the two contradict each other."""
        return self in (LicenseRelation.STRICTER, LicenseRelation.DIFFERENT)


@dataclass(frozen=True, slots=True)
class License:
    """A parsed license text."""

    text: str
    """As written."""
    choices: frozenset[frozenset[LicenseTerm]]
    """The alternatives; each is a set of licenses that apply together (``A AND B``)."""
    listed: bool = False
    """Whether several are listed without saying whether all apply or one may be chosen."""

    @property
    def is_for_code(self) -> bool:
        """Whether one of the alternatives is a license for software."""
        return any(any(map(_is_for_code, choice)) for choice in self.choices)

    @property
    def allows_commerce(self) -> bool:
        """Whether one of the alternatives is a known license that allows commercial use."""
        return any(
            all(term.known and _strictness_of(term) < _RESTRICTED for term in choice)
            for choice in self.choices
        )

    @property
    def identifier(self) -> str:
        """The SPDX expression, or the name of a model license."""
        parts = sorted(" AND ".join(sorted(map(identifier_of, c))) for c in self.choices)
        if len(parts) > 1:
            parts = [f"({part})" if " AND " in part else part for part in parts]
        return " OR ".join(parts)


_OPERATOR = re.compile(r"(?i)\s(?:and|or|with)\s|[()]")
_SPLIT = re.compile(
    r"\s*(?:[,;|&、，；]|\s/\s|\s\+\s|(?<=[A-Za-z0-9])/(?=[A-Za-z])|\s(?:and|or)\s(?!later|newer|any)|或者?|以及|和)\s*",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^\s*(?:(?:spdx-)?licen[sc]e(?:-identifier)?|协议|许可证?)\s*(?:::?|：)\s*"
    r"(?:osi approved\s*(?:::\s*|$))?|^\s*osi approved\s*::\s*|\s*[+|]\s*file licen[sc]e\s*$",
    re.IGNORECASE,
)
"""Labels in front of a license, as in Python's classifiers, and R's reference to a file."""


@lru_cache(maxsize=4096)
def parse_license(text: str, name: str | None = None, link: str | None = None) -> License | None:
    """Return a parsed license, or ``None`` if the text names none or cannot be parsed.

    ``name`` and ``link`` are a model card's ``license_name`` and ``license_link``, which explain
    the license ``other``.
    """
    if is_placeholder(text):
        for detail in (name, link):
            if detail and not is_placeholder(detail):
                found = parse_license(detail)
                if found is not None:
                    return found
        return _unknown_license(name) if name and not is_placeholder(name) else None
    text = _LABELLED.sub("", text)[:400]
    if text.casefold().startswith("licenseref-") and not _OPERATOR.search(text):
        return parse_license(text[11:]) or _unknown_license(text[11:])
    term = parse_term(text)
    if term is not None:
        return License(text, frozenset({frozenset({term})}))
    return _parse_spdx_expression(text) or _parse_list(text)


def _unknown_license(name: str) -> License:
    """Return a license of which only the name is known."""
    plain = re.sub(r"[^a-z0-9]+", "-", normalize_case(name)).strip("-")
    return License(
        name, frozenset({frozenset({LicenseTerm(plain or normalize_case(name), known=False)})})
    )


def _parse_spdx_expression(text: str) -> License | None:
    """Parse an SPDX expression."""
    if not _OPERATOR.search(text) or text.count("(") > 8 or len(text.split()) > 24:
        return None
    from license_expression import (  # type: ignore[import-untyped]
        ExpressionError,
        ExpressionParseError,
        Licensing,
    )

    licensing = Licensing()
    try:
        parsed = licensing.parse(text)
        if parsed is None:
            return None
        choices = _choices(licensing.dnf(parsed))
    except (ExpressionError, ExpressionParseError, _UnreadableError):
        return None
    return License(text, choices)


class _UnreadableError(Exception):
    """A part of an expression is not a known license."""


def _choices(node: Any) -> frozenset[frozenset[LicenseTerm]]:
    """Return the alternatives of an expression in disjunctive form."""
    kind = type(node).__name__
    if kind == "OR":
        return frozenset(choice for part in node.args for choice in _choices(part))
    if kind == "AND":
        return frozenset(
            {frozenset(term for part in node.args for c in _choices(part) for term in c)}
        )
    if kind == "LicenseWithExceptionSymbol":
        term = _parse_symbol(node.license_symbol.key)
        exception = spdx_exceptions().get(node.exception_symbol.key.casefold())
        if exception is None:
            raise _UnreadableError(node.exception_symbol.key)
        with_exception = LicenseTerm(term.base, term.version, term.later, exception)
        return frozenset({frozenset({with_exception})})
    return frozenset({frozenset({_parse_symbol(node.key)})})


def _parse_symbol(key: str) -> LicenseTerm:
    term = parse_term(key)
    if term is None:
        raise _UnreadableError(key)
    return term


def _parse_list(text: str) -> License | None:
    """Parse a list of licenses; each of them must be known."""
    parts = [part for part in _SPLIT.split(text) if part.strip()]
    if not 1 < len(parts) <= 6:
        return None
    terms = [parse_term(part) for part in parts]
    known = [term for term in terms if term is not None]
    if len(known) != len(parts):
        return None
    return License(text, frozenset(frozenset({term}) for term in known), listed=True)


def identifier_of(term: LicenseTerm) -> str:
    """Return the SPDX identifier of a term, or its name if SPDX does not list it."""
    suffix = f" WITH {term.exception}" if term.exception else ""
    gnu = {None: "-only", False: "-only", True: "-or-later"}[term.later]
    for version in (term.version, f"{term.version}.0"):
        for tail in (gnu, ""):
            key = f"{term.base}-{version}{tail}" if term.version else term.base
            found = spdx_ids().get(key.casefold())
            if found is not None:
                return found[0] + suffix
    if not term.version:
        return term.base + suffix
    dash = "" if term.base == "llama" else "-"
    tail = (
        ".0"
        if term.base in ("bigscience-bloom-rail", "openmdw") and "." not in term.version
        else ""
    )
    return f"{term.base}{dash}{term.version}{tail}{suffix}"


def compare_licenses(
    claimed: str | License | None, declared: str | License | None
) -> LicenseRelation:
    """Return the relation of the declared license to the claimed one.

    Each is a text or a result of :func:`parse_license`.
    """
    one = parse_license(claimed) if isinstance(claimed, str) else claimed
    two = parse_license(declared) if isinstance(declared, str) else declared
    if one is None or two is None:
        return _compare_unparsed(claimed, declared)
    if one.choices == two.choices:
        identifiers = is_identifier(one.text) and is_identifier(two.text)
        same_words = identifiers or normalize_case(one.text) == normalize_case(two.text)
        return LicenseRelation.EQUAL if same_words else LicenseRelation.SPELLING
    if any(not t.known for c in one.choices | two.choices for t in c):
        return LicenseRelation.UNKNOWN
    pairs = [(a, b) for a in one.choices for b in two.choices]
    if any(_covers(a, b) and _covers(b, a) for a, b in pairs):
        return LicenseRelation.SPELLING
    if any(_covers(a, b) for a, b in pairs):
        return LicenseRelation.SPELLING  # upstream declares one part of the combination
    if two.listed or one.listed:
        return LicenseRelation.DIFFERENT
    laxest_claimed = min(map(_strictness, one.choices))
    laxest_declared = min(map(_strictness, two.choices))
    return (
        LicenseRelation.STRICTER if laxest_declared > laxest_claimed else LicenseRelation.DIFFERENT
    )


_NOT_FOR_CODE = ("CC", "ODbL", "ODC-By", "PDDL", "CDLA", "C-UDA", "OGL", "etalab", "GFDL", "OFL")


def _is_for_code(term: LicenseTerm) -> bool:
    """Return whether a license is written for software and not for models, data or texts."""
    if not term.known or term.base in MODEL_LICENSES or term.base == "OpenRAIL":
        return False
    return not term.base.startswith(_NOT_FOR_CODE)


_EXCLUDES_COMMERCE = re.compile(
    r"(?:for )?(?:non-?\s?commercial|no commercial)(?: use| purposes?| usage)?(?: only)?"
    r"|非商业(?:性|用途|使用)*|(?:不可|不得|禁止)商用",
    re.IGNORECASE,
)


def excludes_commerce(text: str) -> bool:
    """Return whether a text says only that commercial use is excluded."""
    return bool(_EXCLUDES_COMMERCE.fullmatch(text.strip()))


def is_identifier(text: str) -> bool:
    """Return whether a text is an identifier of SPDX or Hugging Face, in any case."""
    return (
        normalize_case(text) in spdx_ids()
        or normalize_case(text) in MODEL_LICENSES
        or normalize_case(text) in SPDX_BY_ALIAS
    )


def _compare_unparsed(one: str | License | None, two: str | License | None) -> LicenseRelation:
    """Compare two licenses by their names alone, when one of them cannot be parsed."""
    names = [_bare_name(side) for side in (one, two)]
    return LicenseRelation.EQUAL if names[0] and names[0] == names[1] else LicenseRelation.UNKNOWN


def _bare_name(side: str | License | None) -> str:
    text = side.text if isinstance(side, License) else side or ""
    if is_placeholder(text):
        return ""
    return re.sub(r"licen[sc]es?|[\W_]+", "", normalize_case(text))


def _covers(whole: Iterable[LicenseTerm], part: Iterable[LicenseTerm]) -> bool:
    """Return whether each term of ``part`` may be the same license as one of ``whole``."""
    whole = tuple(whole)
    return all(any(may_be_same(one, other) for one in whole) for other in part)


_PUBLIC_DOMAIN = frozenset({"PublicDomain", "CC0", "Unlicense", "0BSD", "PDDL"})


def may_be_same(one: LicenseTerm, two: LicenseTerm) -> bool:
    """Return whether two terms may be the same license."""
    if "PublicDomain" in (one.base, two.base):
        return one.base in _PUBLIC_DOMAIN and two.base in _PUBLIC_DOMAIN
    if one.base != two.base:
        return _in_family(one, two) or _in_family(two, one)
    if one.version == two.version or not one.version or not two.version:
        return True
    return _newer_allowed(one, two) or _newer_allowed(two, one)


def _in_family(family: LicenseTerm, member: LicenseTerm) -> bool:
    if family.base == "OpenRAIL":
        return "rail" in member.base  # the members have versions of their own
    if family.version:
        return False
    match family.base:
        case "CC":
            return member.base.startswith("CC")
        case "BSD":
            return "BSD" in member.base
        case _:
            return False


def _newer_allowed(one: LicenseTerm, two: LicenseTerm) -> bool:
    """Return whether ``one`` allows the newer version ``two``."""
    return bool(one.later) and _number(two.version) > _number(one.version)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


_CATEGORIES = {
    "Public Domain": 0,
    "Permissive": 1,
    "Copyleft Limited": 2,
    "Copyleft": 3,
}
_RESTRICTED = 5
_NON_COMMERCIAL = 6


def _strictness(choice: Iterable[LicenseTerm]) -> int:
    """Return the strictness of a license, from 0 (public domain) to 7 (BY-NC-ND)."""
    return max(map(_strictness_of, choice))


def _strictness_of(term: LicenseTerm) -> int:
    parts = term.base.split("-")
    if parts[0] == "CC" and len(parts) > 1:
        if "ND" in parts:
            return _NON_COMMERCIAL + ("NC" in parts)
        return _NON_COMMERCIAL if "NC" in parts else 2 if "SA" in parts else 1
    if term.base in ("AGPL", "GPL", "LGPL"):
        return {"LGPL": 2, "GPL": 3, "AGPL": 4}[term.base]
    if term.base == "PublicDomain" or term.base == "CC0":
        return 0
    if term.base in ("BSD", "CC"):
        return 1
    if re.search(r"research|non-?commercial|\bnc\b", term.base):
        return _NON_COMMERCIAL
    found = spdx_ids().get(identifier_of(term).casefold())
    return _CATEGORIES.get(found[1], _RESTRICTED) if found else _RESTRICTED
