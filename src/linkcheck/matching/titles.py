"""Comparison of a paper's title with the names of an entry.

Many titles do not contain the name of their system, so a missing name is no evidence. Evidence
against a title is that it names something else.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from linkcheck.matching.derived_names import (
    COMMA_HEAD,
    has_letter_suffix,
    is_derived_name,
    leading_name,
    other_version,
    related_leading_name,
)
from linkcheck.matching.names import (
    NameMatch,
    abbreviates,
    all_variants,
    alphanumeric_key,
    distinctive_words,
    find_any_name,
    find_name,
    is_acronym,
    is_latin,
    name_parts,
    normalize_text,
    same_stem,
    share_stem,
    tokenize,
)
from linkcheck.matching.passage_index import EMPTY_CONTEXT, PassageContext
from linkcheck.matching.stop_words import GENERIC_WORDS, STOP_WORDS
from linkcheck.matching.title_statements import TitleRelation, compare_stated_title


class TitleFit(StrEnum):
    """Whether a paper is the entry's, by its title."""

    SAME = "same"
    """It is the entry's paper."""
    UNKNOWN = "unknown"
    """The title does not decide it."""
    OTHER = "other"
    """It is another paper."""


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """The result of comparing a title, with its reason."""

    fit: TitleFit
    reason: str = ""
    """For another paper: the evidence in the title, as part of a message."""
    head: str | None = None
    """The system name that the title begins with, if any."""
    is_relative: bool = False
    """Whether it names a relative of the entry: another version, or a name made from its name."""


_HEAD = re.compile(r"^\s*([^:：]{2,60}?)\s*[:：]\s*\S")
_DASH_HEAD = re.compile(r"^\s*(\S{2,40}(?:\s\S{1,20})?)\s+[-–—]+\s+\S")
_LIKE_HEAD = re.compile(r"^\s*(\S*[a-z]\S*[A-Z]\S*)\s+(?:as|is)\s+an?\b")
_STYLED = re.compile(r"[a-z][A-Z]|[A-Z]{2}|[A-Za-z]\d|\d[A-Za-z]|[A-Za-zα-ω]-\d|[α-ω]")


def system_name(title: str) -> str | None:
    """Return the name of the system that a title begins with: ``Name: description``."""
    for pattern in (_HEAD, COMMA_HEAD, _DASH_HEAD, _LIKE_HEAD):
        match = pattern.match(title)
        if match and is_system_name(match.group(1)):
            return match.group(1).strip(" \"'“”‘’")
    return None


def is_system_name(text: str) -> bool:
    """Return whether a short text looks like the name of a system and not like a phrase."""
    given = [w for w in text.split() if not re.fullmatch(r"v?[\d.]+", w)] or text.split()
    if not given or not is_latin(text) or len(given) > 4 or text.rstrip().endswith("?"):
        return False
    heavy = [w for w in tokenize(text) if w not in GENERIC_WORDS]
    styled = [word for word in given if _STYLED.search(word)]
    if len(given) == 1:
        return bool(styled or heavy)
    if any(normalize_text(word) in STOP_WORDS for word in given):
        return False
    distinctive_styled = [word for word in styled if not set(tokenize(word)) <= GENERIC_WORDS]
    if distinctive_styled or (styled and heavy):
        return True
    return len(given) == 2 and len(heavy) == 2 and all(w[0].isupper() for w in given)


def is_titlelike(text: str, *, least: int = 5) -> bool:
    """Return whether a name is long enough to be a paper's title."""
    given = [
        w for w in tokenize(text) if (w.isascii() and not w.isdigit() and len(w) > 1) or w == "a"
    ]
    return len(given) >= least and is_latin(text)


_GENERIC_WEIGHT = 0.35


@lru_cache(maxsize=1024)
def word_weights(text: str) -> Mapping[str, float]:
    """Return the words of a title with their weights: 1, or a third for generic words."""
    return {
        w: _GENERIC_WEIGHT if w in GENERIC_WORDS else 1.0
        for w in tokenize(text)
        if w not in STOP_WORDS
    }


def stem_prefix(word: str) -> str:
    """Return the prefix that two words of one stem share (:func:`~.names.same_stem`)."""
    return word[:4]


def similarity(one: str, two: str) -> tuple[float, float]:
    """Return the shares of weight, 0 to 1, that two titles have in common, the larger first."""
    a, b = word_weights(one), word_weights(two)
    if not a or not b:
        return 0.0, 0.0
    parts = sorted((_shared_weight(a, b) / sum(a.values()), _shared_weight(b, a) / sum(b.values())))
    return parts[1], parts[0]


def _shared_weight(one: Mapping[str, float], two: Mapping[str, float]) -> float:
    """Return the weight of the words of one title that the other contains, in any inflection."""
    starts: dict[str, list[str]] = {}
    for other in two:
        starts.setdefault(stem_prefix(other), []).append(other)
    return sum(
        weight
        for word, weight in one.items()
        if any(same_stem(word, other) for other in starts.get(stem_prefix(word), ()))
    )


_MIN_SAME_SHORT = 0.75
MIN_SAME_LONG = 0.45
"""The lowest share of weight of the longer title for the same title."""
MIN_SAME_SPELLING = 88
"""The lowest spelling ratio, in percent, for the same title."""
_MIN_SIMILAR = 0.6
"""The lowest share of weight for titles that may be the same, reworded."""
_MAX_DIFFERENT = 0.34
_MAX_DIFFERENT_STRICT = 0.4


def same_title(one: str, two: str) -> bool:
    """Return whether two texts are one title: in another spelling, cut short, or without a name."""
    return compare_stated_title(one, two) is TitleRelation.SAME


_DATA_PAPER = re.compile(
    r"\b(?:data ?sets?|corpus|corpora|benchmark|collection|evaluation|database|resource|challenge"
    r"|shared task|question answering|knowledge graph|measuring|evaluating|exams?|leaderboard)\b",
    re.IGNORECASE,
)


_BENCHMARK = re.compile(
    r"\b(?:benchmark|(?:evaluation|task) suite|leaderboard)s?\b|评测基准|测评基准|处理基准",
    re.IGNORECASE,
)
_SINGLE_DATASET = re.compile(
    r"\b(?:data ?sets?|corpus|corpora|database)\b|数据集|语料", re.IGNORECASE
)


def is_about_benchmark(text: str) -> bool:
    """Return whether a text is about a benchmark, which consists of several datasets.

    A text that also mentions a dataset is about a single one.
    """
    return bool(_BENCHMARK.search(text)) and not _SINGLE_DATASET.search(text)


def compare_title(
    names: Iterable[str],
    title: str,
    *,
    context: PassageContext = EMPTY_CONTEXT,
    is_paper: bool = False,
    is_data: bool = False,
    is_part: bool = False,
) -> TitleMatch:
    """Return whether a paper of this title can be that of an entry with these names.

    ``context`` holds other texts of the entry (notes, names and descriptions of its repositories),
    which may contain the name in the title. ``is_paper``: the entry is a paper, whose name should
    be the title. ``is_data``: it is a dataset, often published with a system. ``is_part``: it may
    be part of a benchmark and link to the benchmark's paper.
    """
    given = all_variants(names)
    latin = [name for name in given if is_latin(name)]
    if (version := other_version(latin, title)) is not None:
        numbered = any(c.isdigit() for c in version)  # else it may be the paper of the family
        reason = f"names “{version}”, another version"
        return TitleMatch(TitleFit.OTHER, reason, system_name(title), is_relative=numbered)
    akin_to = None if is_data else related_leading_name(latin, title)
    if akin_to is not None and not context.has_name(akin_to):
        return TitleMatch(
            TitleFit.OTHER, f"names “{akin_to}”", system_name(title), is_relative=True
        )
    verdict = _compare_names(given, latin, title, context, is_paper=is_paper, is_data=is_data)
    if is_part and verdict.head and verdict.fit is TitleFit.OTHER and is_about_benchmark(title):
        return TitleMatch(TitleFit.UNKNOWN, head=verdict.head)
    if verdict.fit is TitleFit.UNKNOWN:
        coined = _derived_system_name(latin, title, context, is_data=is_data)
        if coined is not None:
            reason = f"names “{coined}”, made from the entry's name"
            return TitleMatch(TitleFit.OTHER, reason, verdict.head, is_relative=True)
    return verdict


def _compare_names(
    given: Iterable[str],
    latin: list[str],
    title: str,
    context: PassageContext,
    *,
    is_paper: bool,
    is_data: bool,
) -> TitleMatch:
    """Compare a title with the names of an entry."""
    head = system_name(title)
    if _has_own_name(given, title, head):
        return TitleMatch(TitleFit.SAME, head=head)
    if not latin:
        return TitleMatch(TitleFit.UNKNOWN, head=head)
    # The name of a paper is its title, so four words are enough.
    least = 4 if is_paper else 5
    titles = [name for name in latin if is_titlelike(name, least=least)]
    short = [name for name in latin if not is_titlelike(name, least=least)]
    if head is None and not (titles and (is_paper or not is_data)):
        return TitleMatch(TitleFit.UNKNOWN)
    own_words: frozenset[str] = frozenset().union(
        *(distinctive_words(name) for name in short or latin)
    )
    if head is not None:
        return _compare_system_name(head, title, short, titles, own_words, context, is_data)
    apart = not share_stem(own_words, distinctive_words(title))
    if apart and all(_are_different(name, title, strict=is_paper) for name in titles):
        return TitleMatch(TitleFit.OTHER, "has hardly a word in common with the entry's title")
    return TitleMatch(TitleFit.UNKNOWN)


def _derived_system_name(
    latin: list[str], title: str, context: PassageContext, *, is_data: bool
) -> str | None:
    """Return the name that a title begins with, if it is derived from the entry's name.

    nnU-Net is not U-Net, and GPT-4o not GPT-4. ``None`` if the rest of the title names the entry.
    """
    found = leading_name(title)
    if found is None or not any(
        is_derived_name(n, found) or has_letter_suffix(n, found) for n in latin
    ):
        return None
    rest = title[title.index(found) + len(found) :]
    if (
        context.has_name(found)
        or find_any_name(latin, rest)
        or (is_data and not _DATA_PAPER.search(rest))
    ):
        return None
    if any(similarity(name, title)[0] >= _MIN_SIMILAR for name in latin if is_titlelike(name)):
        return None
    own_words = frozenset().union(*(distinctive_words(name) for name in latin))
    if share_stem(own_words, distinctive_words(rest)) or any(
        is_acronym(name, rest) for name in latin
    ):
        return None
    return found


def _are_different(one: str, two: str, *, strict: bool) -> bool:
    """Return whether two titles surely differ: each has several words that the other lacks.

    ``strict``: the titles should be the same word for word.
    """
    short, long = similarity(one, two)
    if short < _MAX_DIFFERENT or (strict and long < _MAX_DIFFERENT_STRICT):
        return True
    a, b = ([w for w, weight in word_weights(text).items() if weight == 1] for text in (one, two))
    lacking = [
        [w for w in mine if not any(same_stem(w, other) for other in theirs)]
        for mine, theirs in ((a, b), (b, a))
    ]
    shared = len(a) - len(lacking[0])
    return min(map(len, lacking)) >= 2 and shared <= min(map(len, lacking)) // 2


def _has_own_name(given: Iterable[str], title: str, head: str | None) -> bool:
    """Return whether the title contains one of the names, or a name is an acronym of it."""
    rest = title[len(head) :] if head else title
    for name in given:
        if is_titlelike(name):
            if same_title(name, title):
                return True
        elif find_name(name, title) is NameMatch.FULL and not set(tokenize(name)) <= GENERIC_WORDS:
            if (
                head is None
                or find_name(name, head) is NameMatch.FULL
                or len(alphanumeric_key(name)) > 3
            ):
                return True
        elif is_acronym(name, rest):
            return True
    return False


def _compare_system_name(
    head: str,
    title: str,
    short: list[str],
    titles: list[str],
    own_words: frozenset[str],
    context: PassageContext,
    is_data: bool,
) -> TitleMatch:
    """Compare a title that begins with a system name which is none of the entry's names."""
    unknown = TitleMatch(TitleFit.UNKNOWN, head=head)
    if any(similarity(name, title)[0] >= _MIN_SIMILAR for name in titles):
        return unknown
    if find_any_name(short, head) or any(find_name(head, name) for name in short):
        return unknown
    if any(
        set(name_parts(head)) <= set(name_parts(name)) or abbreviates(name, head) for name in short
    ):
        return unknown
    if share_stem(own_words, distinctive_words(title)):
        return unknown
    if context.has_name(head) or context.has_any_word(distinctive_words(head)):
        return unknown
    rest = title[len(head) :]
    if any(is_acronym(name, rest) for name in short):
        return unknown
    if is_data and not _DATA_PAPER.search(rest):
        return unknown
    if not own_words and not any(_STYLED.search(name) for name in short):
        return unknown
    # Names of common parts are weak evidence: their systems often have two names.
    return TitleMatch(TitleFit.OTHER, f"names “{head}”", head)
