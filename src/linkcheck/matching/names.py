"""Names of systems: normalization, variants, search in texts, acronyms, distinctive words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from linkcheck.matching.stop_words import GENERIC_WORDS, NAME_AFFIXES, STOP_WORDS

_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
}
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\uf900-\ufaff]+")
_LATIN_NAME = re.compile(r"[A-Za-zΑ-ω][\w.+\-]*(?:[ /][A-Za-z0-9Α-ω][\w.+\-]*)*", re.ASCII)
_NAME_PARTS = re.compile(r"[A-Z]{2,}[a-z](?![A-Za-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
"""The parts of a name; one lower-case letter after an acronym belongs to it (``LLMs``)."""
_ROMAN = {"ii": "2", "iii": "3", "iv": "4"}
_VERSION = re.compile(r"(?:v?\d+(?:\.\d+)*[bmk]?|ii|iii|iv|v\d+)$")


class NameMatch(IntEnum):
    """How well a name matches a text; higher is better."""

    NONE = 0
    PARTIAL = 1
    """The text contains another version of the name."""
    FULL = 2
    """The text contains the name, in any spelling."""


_CACHE_SIZE = 8_192
"""Cached texts. Entries are processed in order, so repeated calls are close to each other; a larger
cache would only keep the words of a large catalog in memory."""


@lru_cache(maxsize=_CACHE_SIZE)
def normalize_text(text: str) -> str:
    """Return a text case-folded, in one width, without accents, with Greek letters spelled out."""
    if text.isascii():
        return text.casefold()
    folded = unicodedata.normalize("NFKC", text)
    for letter, name in _GREEK.items():
        folded = folded.replace(letter, name).replace(letter.upper(), name)
    apart = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


_FORMULA = re.compile(r"\$?\\[a-z]+\{[^{}]*\}\$?")
_GENITIVE = re.compile(r"['’](?=s\b)")


@lru_cache(maxsize=_CACHE_SIZE)
def tokenize(text: str) -> tuple[str, ...]:
    """Return the normalized words of a text; each run of Chinese characters is one word."""
    if "\\" in text:
        text = _FORMULA.sub("", text)
    text = normalize_text(text)
    if "'" in text or "’" in text:
        text = _GENITIVE.sub("", text)
    return tuple(_WORD.findall(text))


def alphanumeric_key(text: str) -> str:
    """Return the normalized letters and digits of a text, without separators."""
    return "".join(tokenize(text))


_SIZE_OR_VERSION = re.compile(r"v?\d[\d.]*[a-z]?\b")
_TWO_LETTERS = re.compile(r"[a-z]{2}")
_THREE_LETTERS = re.compile(r"[a-z]{3}")
_MOJIBAKE = re.compile(r"[\u0080-\u024f\u2010-\u203a\u20ac\u2122]")


def is_latin(text: str) -> bool:
    """Return whether a text has words in Latin script.

    A size or version alone does not count (``启真13B``), nor does wrongly decoded text, which has
    many letters and signs beyond ASCII.
    """
    odd = 0 if text.isascii() else len(_MOJIBAKE.findall(text))
    if odd >= 3 and odd > 0.2 * len(text):
        return False
    folded = normalize_text(text)
    # A size or version takes at most one letter off the end of a word.
    if _THREE_LETTERS.search(folded):
        return True
    return bool(_TWO_LETTERS.search(_SIZE_OR_VERSION.sub(" ", folded)))


_SPLIT = re.compile(r"\s*[:：,，;；|]\s*|\s+[-–—]+\s+|[（(\[【「《]|[)）\]】」》]|（|）")
_SEPARATOR = re.compile(r"[:：,，;；|（(\[【「《)）\]】」》]|\s[-–—]")
"""Matches every name that the pattern above splits, in a tenth of its time."""
_FORMERLY = re.compile(
    r"^(?:原名?|formerly|previously|aka|a\.k\.a\.|now|又名|即)\s*[:：]?\s*", re.IGNORECASE
)


@lru_cache(maxsize=_CACHE_SIZE)
def variants(name: str) -> tuple[str, ...]:
    """Return the names in a name field: the whole text, then its parts.

    Parts are texts in and outside of brackets, before and after colons, commas and dashes, and
    runs of Latin script.
    """
    whole = name.strip()
    if not _SEPARATOR.search(name) and not _FORMERLY.match(name):
        if name.isascii():
            return (whole,)
        pieces = []
    else:
        pieces = _SPLIT.split(name)
    found: dict[str, None] = {whole: None}
    for piece in pieces:
        cleaned = _FORMERLY.sub("", piece or "").strip()
        if cleaned in found:
            continue
        if len(alphanumeric_key(cleaned)) > 1 and not set(tokenize(cleaned)) <= GENERIC_WORDS:
            found.setdefault(cleaned)
    if not name.isascii() and _HAN.search(name):
        for run in _LATIN_NAME.findall(name):
            if len(alphanumeric_key(run)) > 2 and not set(tokenize(run)) <= GENERIC_WORDS:
                found.setdefault(run.strip(" -."))
    return tuple(found)


def all_variants(names: Iterable[str]) -> tuple[str, ...]:
    """Return the variants of several names, each once."""
    return tuple(dict.fromkeys(v for name in names for v in variants(name)))


def _strip_version(squeezed_words: Sequence[str]) -> str:
    """Return the joined words of a name without the version or size at its end."""
    kept = list(squeezed_words)
    while len(kept) > 1 and _VERSION.fullmatch(kept[-1]):
        kept.pop()
    joined = "".join(kept)
    if any(word[0] == "v" for word in squeezed_words[len(kept) :]):
        return joined  # an explicit version leaves the number before it alone: Med42-v2 is Med42
    return _TRAILING_VERSION.sub("", joined) or joined


_TRAILING_VERSION = re.compile(r"(?<=[a-z]{3})v?\d+(?:\.\d+)*[bm]?$")
_TRAILING_VERSION_OR_ROMAN = re.compile(r"(?<=[a-z]{3})(?:v?\d+(?:\.\d+)*[bm]?|ii|iii|iv)$")


class _NamePattern(NamedTuple):
    """A name prepared for search."""

    joined: str
    words: int
    core: str
    """Without its version or size; empty if the rest is a generic word."""
    stem: str
    """A prefix of every form of the name."""


@lru_cache(maxsize=_CACHE_SIZE)
def _pattern_of(name: str) -> _NamePattern:
    own = tokenize(name)
    joined = "".join(own)
    core = without_version(name)
    # The forms of a name: itself, its plural or singular (see _is_plural), another version.
    stem = joined if len(joined) < 5 else joined[:-3]
    if len(core) > 2 and core not in GENERIC_WORDS:
        return _NamePattern(joined, len(own), core, min(stem, core, key=len))
    return _NamePattern(joined, len(own), "", stem)


def without_version(name: str) -> str:
    """Return a name without its version or size, as one word."""
    own = tokenize(name)
    return _strip_version(own) if own else ""


def search_prefix(name: str) -> str:
    """Return the prefix of every sequence of words that :func:`find_name` accepts for a name.

    Empty for Chinese names, which are found inside of words.
    """
    wanted = _pattern_of(name)
    return "" if _HAN.search(wanted.joined) else wanted.stem


def find_name(name: str, text: str) -> NameMatch:
    """Return how well a text contains a name, as a whole word or sequence of words."""
    wanted = _pattern_of(name)
    joined, core = wanted.joined, wanted.core
    if len(joined) < 2:
        return NameMatch.NONE
    given = tokenize(text)
    squeezed = "".join(given)
    if wanted.stem not in squeezed:
        return NameMatch.NONE
    if _HAN.fullmatch(joined):
        return NameMatch.FULL if joined in squeezed else NameMatch.NONE
    best = NameMatch.NONE
    for start in range(len(given)):
        window = ""
        for word in given[start : start + wanted.words + 3]:
            window += word
            if window == joined or (
                -3 < len(window) - len(joined) < 3 and _is_plural(window, joined)
            ):
                return NameMatch.FULL
            if len(window) > len(joined) + 8:
                break
            if core and window.startswith(core) and core in (window, _strip_window_version(window)):
                best = NameMatch.PARTIAL
    return best


def _strip_window_version(window: str) -> str:
    return _TRAILING_VERSION_OR_ROMAN.sub("", window) or window


def _is_plural(one: str, two: str) -> bool:
    short, long = (one, two) if len(one) <= len(two) else (two, one)
    return (len(short) > 3 and long in (short + "s", short + "es")) or (
        len(short) > 4 and long == short[:-1] + "ies" and short.endswith("y")
    )


def find_any_name(names: Iterable[str], text: str) -> NameMatch:
    """Return the best match of several names in a text."""
    return max((find_name(name, text) for name in names), default=NameMatch.NONE)


_ALPHANUMERIC = re.compile(r"[A-Za-z0-9Α-ω]+")
_TRAILING_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?$")


@lru_cache(maxsize=_CACHE_SIZE)
def distinctive_words(text: str) -> frozenset[str]:
    """Return the words and parts of words of a text that are not generic in its field."""
    found: set[str] = set()
    for word in _ALPHANUMERIC.findall(unicodedata.normalize("NFKC", text)):
        whole = normalize_text(word)
        if whole in GENERIC_WORDS:
            continue
        bare = _TRAILING_NUMBER.sub("", whole)
        parts = [normalize_text(part) for part in _NAME_PARTS.findall(word)]
        rest = [part for part in parts if len(part) > 2 and part not in GENERIC_WORDS]
        rest = [kept for part in rest for kept in _strip_affixes(part)]
        for candidate in (*rest, *_strip_affixes(bare)):
            if len(candidate) > 2 and candidate not in GENERIC_WORDS and not candidate.isdigit():
                found.add(candidate)
    return frozenset(found)


_AFFIXES_LONGEST_FIRST = tuple(sorted(NAME_AFFIXES, key=len, reverse=True))
"""Longest first, so that ``MedicalNet`` is not split as Med-icalnet."""


def _strip_affixes(word: str) -> list[str]:
    """Return a word without the affixes that many names share; nothing if none is left."""
    if word in NAME_AFFIXES:
        return []
    if not word.startswith(NAME_AFFIXES) and not word.endswith(NAME_AFFIXES):
        return [word]
    for affix in _AFFIXES_LONGEST_FIRST:
        for cut in (word.removeprefix(affix), word.removesuffix(affix)):
            if cut != word:
                return _strip_affixes(cut) if len(cut) > 2 else []
    return [word]


def share_stem(one: Iterable[str], two: Iterable[str]) -> bool:
    """Return whether two sets of words have a word in common, in any inflection."""
    return any(same_stem(a, b) for a in one for b in two)


def same_stem(one: str, two: str) -> bool:
    """Return whether two words are inflections of one: summary and summarize."""
    if one == two:
        return True
    if one[:4] != two[:4]:
        return False  # the checks below need a longer common prefix
    short, long = (one, two) if len(one) <= len(two) else (two, one)
    if len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 3:
        return True
    common = 0
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        common += 1
    ends = (one[common:], two[common:])
    return common >= 5 and all(len(end) <= 3 and end not in NAME_AFFIXES for end in ends)


@lru_cache(maxsize=_CACHE_SIZE)
def name_parts(text: str) -> tuple[str, ...]:
    """Return the parts of a compound name, without numbers: ``bio``, ``gpt``."""
    folded = unicodedata.normalize("NFKC", text)
    return tuple(
        normalize_text(part) for part in _NAME_PARTS.findall(folded) if not part[0].isdigit()
    )


def abbreviates(name: str, text: str) -> bool:
    """Return whether the parts of a name are prefixes of the words of a text: ``MedDialog``."""
    own, others = name_parts(name), name_parts(text)
    if len(own) < 2 or len(own) > len(others) or (len(tokenize(text)) == 1 and own != others):
        return False
    left = list(others)
    for part in own:
        match = next((o for o in left if _is_prefix(part, o)), None)
        if match is None:
            return False
        left.remove(match)
    return all(rest in GENERIC_WORDS for rest in left)


def _is_prefix(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    return one == two or (len(short) > 2 and long.startswith(short))


def is_distinctive(text: str) -> bool:
    """Return whether a repository's name is distinctive and not a phrase of generic words."""
    given = [w for w in tokenize(text) if not _VERSION.fullmatch(w)]
    heavy = [w for w in given if w not in GENERIC_WORDS and len(w) > 2]
    if len(given) >= 3 and len(heavy) < 2:
        return False
    if len(name_parts(text)) >= 4 and set(name_parts(text)) <= GENERIC_WORDS:
        return False
    return bool(heavy)


@lru_cache(maxsize=_CACHE_SIZE)
def is_acronym(name: str, text: str) -> bool:
    """Return whether a name is an acronym of consecutive words of a text.

    Stop words may count or not.
    """
    letters = "".join(c for c in alphanumeric_key(name) if c.isalpha())
    if not 3 <= len(letters) <= 8:
        return False
    given = [w for w in tokenize(text) if not _HAN.fullmatch(w)]
    lean = [w for w in given if w not in STOP_WORDS]
    upper = any(c.isupper() for c in name[1:])
    for row in (given, lean):
        initials = "".join(word[0] for word in row)
        if letters in initials:
            return True
        if upper and _is_joined_prefixes(letters, row):
            return True
    return False


def _is_joined_prefixes(letters: str, row: Sequence[str]) -> bool:
    """Return whether letters are joined prefixes of consecutive words: ``CoDoC``, ``MedMCQA``."""
    least = max(3, (len(letters) + 1) // 2)
    for start, first in enumerate(row):
        if not letters.startswith(first[:1]):
            continue
        # All states (letters consumed, words used).
        ways = {(0, 0)}
        for word in row[start:]:
            ways = {
                (at + length, used + 1)
                for at, used in ways
                for length in range(1, min(3, len(word), len(letters) - at) + 1)
                if letters.startswith(word[:length], at)
            }
            if any(at == len(letters) and used >= least for at, used in ways):
                return True
            if not ways:
                break
    return False
