"""Texts with where each comes from, to be asked for a name or a word without reading all again.

What stands around one link of an entry is all that stands around the entry but for what that link
itself brought in. An entry with thousands of links would be read through once for each of them;
here it is read once.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterable

from linkcheck.matching.names import (
    NameMatch,
    distinctive_words,
    find_name,
    same_stem,
    search_prefix,
    tokenize,
)

_MAX_SCANNED = 24
"""So many texts are read through sooner than put in order."""
_MAX_SUFFIX = 80
"""Letters of a text by which it is put in order; a name is told by fewer."""
_Sources = tuple[Hashable, ...]
"""Up to two places where something stands: whichever of them is left out, the other remains."""


class PassageIndex:
    """Texts and what each comes from (``None``: the entry itself, which is never left out)."""

    def __init__(self, texts: Iterable[tuple[str, Hashable]] = ()) -> None:
        """Take the texts, each with its source; they are read when something is asked."""
        self._unread = texts
        self._passages: tuple[tuple[str, Hashable], ...] | None = None
        self._sources_by_name: dict[tuple[str, NameMatch], _Sources] = {}
        self._suffixes: list[tuple[str, int]] | None = None
        self._words: dict[str, dict[str, _Sources]] | None = None

    @property
    def _texts(self) -> tuple[tuple[str, Hashable], ...]:
        if self._passages is None:
            self._passages = tuple(self._unread)
        return self._passages

    def without(self, source: Hashable) -> "PassageContext":
        """Return the texts but for those of one source."""
        return PassageContext(self, source)

    def sources_of_name(self, name: str, least: NameMatch) -> _Sources:
        """Return up to two sources whose texts hold a name so well (:func:`names.find`)."""
        if (name, least) not in self._sources_by_name:
            sources: dict[Hashable, None] = {}
            for text, source in self._candidates(name):
                if source not in sources and find_name(name, text) >= least:
                    sources[source] = None
                    if len(sources) == 2:
                        break
            self._sources_by_name[name, least] = tuple(sources)
        return self._sources_by_name[name, least]

    def _candidates(self, name: str) -> Iterable[tuple[str, Hashable]]:
        """Return the texts in which some row of words begins as every form of the name does."""
        stem = search_prefix(name)
        if len(self._texts) <= _MAX_SCANNED or not stem:
            return self._texts
        if self._suffixes is None:
            self._suffixes = sorted(
                ("".join(given[start : start + _MAX_SUFFIX])[:_MAX_SUFFIX], place)
                for place, (text, _) in enumerate(self._texts)
                for given in (tokenize(text),)
                for start in range(len(given))
            )
        return self._beginning_with(self._suffixes, stem[:_MAX_SUFFIX])

    def _beginning_with(
        self, suffixes: list[tuple[str, int]], stem: str
    ) -> Iterable[tuple[str, Hashable]]:
        for at in range(bisect_left(suffixes, (stem, -1)), len(suffixes)):
            suffix, place = suffixes[at]
            if not suffix.startswith(stem):
                return
            yield self._texts[place]

    def sources_of_word(self, word: str) -> _Sources:
        """Return up to two sources whose texts hold a telling word, in any of its forms."""
        if self._words is None:
            self._words = self._index_words()
        sources: dict[Hashable, None] = {}
        for start in _stem_prefixes(word):
            for other, found in self._words.get(start, {}).items():
                if same_stem(word, other):
                    sources.update(dict.fromkeys(found))
                    if len(sources) > 1:
                        return tuple(sources)[:2]
        return tuple(sources)

    def _index_words(self) -> dict[str, dict[str, _Sources]]:
        """Return the telling words by how they begin, each with up to two sources."""
        said: dict[str, dict[Hashable, None]] = {}
        for text, source in self._texts:
            for word in distinctive_words(text):
                sources = said.setdefault(word, {})
                if len(sources) < 2:
                    sources[source] = None
        found: dict[str, dict[str, _Sources]] = {}
        for word, sources in said.items():
            for start in _stem_prefixes(word):
                found.setdefault(start, {})[word] = tuple(sources)
        return found


def _stem_prefixes(word: str) -> tuple[str, ...]:
    """Return beginnings of a word of which two that are akin have one in common.

    :func:`names.akin` lets each differ in no more than three letters at its end.
    """
    return tuple(word[:length] for length in range(max(len(word) - 3, 1), len(word) + 1))


class PassageContext:
    """What stands around one link: the passages of its entry but for those it brought in."""

    __slots__ = ("_excluded", "_passages")

    def __init__(self, passages: PassageIndex, but: Hashable) -> None:
        """Take the passages, and the source to leave out."""
        self._passages = passages
        self._excluded = but

    def has_name(self, name: str, *, least: NameMatch = NameMatch.PARTIAL) -> bool:
        """Return whether a name stands there in whatever spelling, and unless told in any version.

        ``least`` is how well it must be found.
        """
        return self._has(self._passages.sources_of_name(name, least))

    def has_any_word(self, words: Iterable[str]) -> bool:
        """Return whether one of these telling words stands there, in one of its forms."""
        return any(self._has(self._passages.sources_of_word(word)) for word in words)

    def _has(self, sources: _Sources) -> bool:
        return any(source is None or source != self._excluded for source in sources)


EMPTY_CONTEXT = PassageIndex().without(None)
"""Where nothing is said."""
