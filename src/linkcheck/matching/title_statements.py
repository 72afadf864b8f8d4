"""Comparison of a title that a list states with the title of the linked paper.

Lists write titles in any case, cut them short, leave out names and subtitles, and retell them. Two
titles of one field share most of their words, so words in common prove nothing: what counts is
which words each title has that the other lacks.
"""

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from linkcheck.matching.names import is_acronym, is_latin, normalize_text, same_stem
from linkcheck.matching.stop_words import GENERIC_WORDS
from linkcheck.model.source_text import word_set


class TitleRelation(IntEnum):
    """The relation of a stated title to a paper's title, from the best to the worst."""

    SAME = 3
    """The same title, also cut short or in another spelling."""
    UNKNOWN = 2
    """Undecided: retold, in another language, or too little is stated."""
    NEAR = 1
    """Apart in one or two words or a negation: another paper, or a slip."""
    OTHER = 0
    """Another title."""


_FUNCTION_WORDS = word_set(
    "a an the of for from to in on by with via using use and or as at is are be do does its it"
    " their our into towards toward through within over under between how what which when this that"
    " based vs versus you your we they all about across also s"
)
_NEGATIONS = word_set("not no never cannot without t")
_FOREIGN_WORDS = word_set(
    "le la les des du une un sur et pour dans avec der die das und ein eine fur mit von zur el los"
    " las del para con una sobre os um uma nos em della dei il gli per"
)
_EXPANSIONS = (
    (re.compile(r"\blarge[\s-]*(?:scale[\s-]+)?language[\s-]+models?\b", re.IGNORECASE), "llm"),
    (re.compile(r"\bsmall[\s-]+language[\s-]+models?\b", re.IGNORECASE), "slm"),
    (re.compile(r"\b(m?llm|vlm|plm|gan|cnn|rnn|slm)s\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bnatural[\s-]+language[\s-]+processing\b", re.IGNORECASE), "nlp"),
    (re.compile(r"\bartificial[\s-]+intelligence\b", re.IGNORECASE), "ai"),
    (re.compile(r"\bquestion[\s-]+answering\b", re.IGNORECASE), "qa"),
)
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\uf900-\ufaff]+")
_FORMULA = re.compile(r"\$?\\[a-z]+\{[^{}]*\}\$?")
_GENITIVE = re.compile(r"['’](?=s\b)")
_ELLIPSIS = re.compile(r"\s*(?:…|\.{3,})[\s.]*$")
_BOUNDARY = re.compile(r"[:：.,，。;；!！?？|/()（）\[\]“”\"*_]|\s[-–—]+\s|--|—")


class _Word(NamedTuple):
    """A word of a title with its place."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def _expand(text: str) -> str:
    """Return a text in normal form, with common phrases abbreviated."""
    text = normalize_text(_GENITIVE.sub("", _FORMULA.sub("", text)))
    for pattern, short in _EXPANSIONS:
        text = pattern.sub(short, text)
    return text


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[_Word, ...]:
    return tuple(_Word(m.group(), m.start(), m.end()) for m in _WORD.finditer(_expand(text)))


_ABBREVIATED = {"llm": 3, "slm": 3, "nlp": 3}


def _size(words: Iterable[str]) -> int:
    """Return the number of words, before phrases were abbreviated."""
    return sum(_ABBREVIATED.get(word, 1) for word in words)


@lru_cache(maxsize=4096)
def content_words(text: str) -> tuple[str, ...]:
    """Return the words of a title that have a meaning, negations among them."""
    return tuple(word.text for word in _words(text) if word.text not in _FUNCTION_WORDS)


def compare_stated_title(stated: str, title: str) -> TitleRelation:
    """Return the relation of a stated title to the title of a paper."""
    cut = bool(_ELLIPSIS.search(stated))
    stated = _ELLIPSIS.sub("", stated).strip()
    one, two = content_words(stated), content_words(title)
    if not one or not two or not is_latin(stated) or not is_latin(title):
        return TitleRelation.UNKNOWN
    if "".join(one) == "".join(two):
        return TitleRelation.SAME
    if cut and "".join(two).startswith("".join(one)):
        return TitleRelation.SAME
    mine, theirs = _unmatched(one, two)
    if not mine and not theirs:
        return TitleRelation.SAME
    if _is_segment(stated, title) or _is_segment(title, stated) or _same_subtitle(stated, title):
        return TitleRelation.SAME
    if cut or len(set(one) & _FOREIGN_WORDS) > 1 or len(set(two) & _FOREIGN_WORDS) > 1:
        return TitleRelation.UNKNOWN
    return _relation(one, two, mine, theirs, stated=stated, title=title)


def _relation(
    one: Sequence[str],
    two: Sequence[str],
    mine: Sequence[str],
    theirs: Sequence[str],
    *,
    stated: str,
    title: str,
) -> TitleRelation:
    """Return the relation of two titles by the words that each has and the other lacks."""
    shared = [word for word in one if word not in mine]
    if _NEGATIONS & {*mine, *theirs} and max(len(mine), len(theirs)) <= 2 and len(shared) > 1:
        return TitleRelation.NEAR
    if not mine:
        return TitleRelation.UNKNOWN  # a part of the title, or its topic
    if not theirs:
        return TitleRelation.UNKNOWN  # with words added
    if _same_main_title(stated, title):
        return TitleRelation.UNKNOWN  # an earlier version may have had another subtitle
    if any(is_acronym(word.upper(), title) for word in mine) or any(
        is_acronym(word.upper(), stated) for word in theirs
    ):
        return TitleRelation.UNKNOWN
    most = max(len(mine), len(theirs))
    enough = _size(shared) >= (1 if most == 1 else 2 * most)
    if min(_size(one), _size(two)) > 2 and most <= 2 and enough:
        return TitleRelation.NEAR
    return TitleRelation.OTHER if _are_apart(one, two, mine, theirs) else TitleRelation.UNKNOWN


def _are_apart(
    one: Sequence[str], two: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> bool:
    """Return whether two titles have hardly a word in common that means something."""
    shared = [word for word in one if word not in mine]
    least = min(len(mine), len(theirs))
    weight = sum(0.35 if word in GENERIC_WORDS else 1.0 for word in shared)
    if min(len(one), len(two)) < 4:  # a short title, or a topic
        return not shared or (weight <= 0.5 and (least > 1 or len(mine) > 3))
    return least > 1 and weight <= 0.5 * least


def _unmatched(one: Sequence[str], two: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words of each title that the other lacks, but for inflections and typos."""
    mine, theirs = list(one), list(two)
    for is_same in (str.__eq__, same_stem, _is_misspelled):
        for word in tuple(mine):
            match = next((other for other in theirs if is_same(word, other)), None)
            if match is not None:
                mine.remove(word)
                theirs.remove(match)
    _remove_compounds(mine, theirs)
    _remove_compounds(theirs, mine)
    return mine, theirs


def _is_misspelled(one: str, two: str) -> bool:
    """Return whether two long words are spellings of one; ``un-`` and the like make another."""
    if min(len(one), len(two)) < 5 or one.endswith(two) or two.endswith(one):
        return False
    from rapidfuzz import fuzz

    return fuzz.ratio(one, two) >= 85


def _remove_compounds(parts: list[str], wholes: list[str]) -> None:
    """Remove words that are written apart in one title and together in the other."""
    for whole in tuple(wholes):
        for start in range(len(parts)):
            for end in range(start + 2, min(start + 4, len(parts)) + 1):
                if "".join(parts[start:end]) == whole and whole in wholes:
                    del parts[start:end]
                    wholes.remove(whole)
                    break


def _is_segment(part: str, whole: str) -> bool:
    """Return whether a title is a part of another one that punctuation sets off.

    A subtitle or a name before a colon is often left out.
    """
    wanted, given = _words(part), _words(whole)
    if len([w for w in wanted if w.text not in _FUNCTION_WORDS]) < 2:
        return False
    text = _expand(whole)
    for start, end in _occurrences([w.text for w in wanted], [w.text for w in given]):
        before = text[given[start - 1].end : given[start].start] if start else ":"
        behind = text[given[end - 1].end : given[end].start] if end < len(given) else ":"
        if _BOUNDARY.search(before) and _BOUNDARY.search(behind):
            return True
    return False


_HEAD = re.compile(r"\s*[:：]\s+|[：]")
_MIN_MAIN_TITLE = 3
"""Words of a title before its colon that are more than a name."""


def _same_main_title(one: str, two: str) -> bool:
    """Return whether the parts of two titles before their colons are the same."""
    (a, _, more), (b, _, other) = (_partition(text) for text in (one, two))
    words = content_words(a)
    return bool(more and other and _size(words) >= _MIN_MAIN_TITLE and words == content_words(b))


def _same_subtitle(one: str, two: str) -> bool:
    """Return whether two titles differ only in the name before their colons."""
    (_, _, a), (_, _, b) = (_partition(text) for text in (one, two))
    words = content_words(a)
    return _size(words) >= _MIN_MAIN_TITLE and words == content_words(b)


def _partition(text: str) -> tuple[str, str, str]:
    parts = _HEAD.split(text, maxsplit=1)
    return (parts[0], ":", parts[1]) if len(parts) > 1 else (text, "", "")


def _occurrences(wanted: list[str], given: list[str]) -> Iterable[tuple[int, int]]:
    """Yield the places where words occur in a row, also written together or apart."""
    joined = "".join(wanted)
    for start in range(len(given)):
        run = ""
        for end in range(start, len(given)):
            run += given[end]
            if run == joined:
                yield start, end + 1
            if not joined.startswith(run):
                break


def find_statement(text: str, title: str) -> str | None:
    """Return the part of a text that has most words of a title in a row, if it has most of them."""
    wanted = [word.text for word in _words(title)]
    given = _words(text)
    if len(wanted) < 2 or not given:
        return None
    size = len(wanted)
    best, at = 0, 0
    counts = {word: wanted.count(word) for word in wanted}
    for start in range(max(1, len(given) - size + 1)):
        left = dict(counts)
        found = 0
        for word in given[start : start + size]:
            if left.get(word.text, 0):
                left[word.text] -= 1
                found += 1
        if found > best:
            best, at = found, start
    if best < 0.6 * size:
        return None
    window = given[at : at + size]
    return _expand(text)[window[0].start : window[-1].end]


def states_title(text: str, title: str) -> bool:
    """Return whether a text contains a title, in any spelling."""
    joined = "".join(content_words(title))
    if len(content_words(title)) < 2:
        return False
    if joined in "".join(content_words(text)):
        return True
    statement = find_statement(text, title)
    return statement is not None and (compare_stated_title(statement, title) is TitleRelation.SAME)
