"""Index of the texts of an entry by their sources, searched for names and words.

The context of one link is all texts of its entry except those that the link itself contributed.
The texts are indexed once per entry and not once per link.
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
"""Up to so many texts a linear search is faster than sorting their suffixes."""
_MAX_SUFFIX = 80
"""Characters of a suffix that are compared; names are shorter."""
_Sources = tuple[Hashable, ...]
"""Up to two sources: whichever of them is excluded, the other remains."""


class PassageIndex:
    """Texts and their sources; the source ``None`` (the entry itself) is never excluded."""

    def __init__(self, texts: Iterable[tuple[str, Hashable]] = ()) -> None:
        """Take (text, source) pairs; they are read at the first search."""
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
        """Return the texts without those of one source."""
        return PassageContext(self, source)

    def sources_of_name(self, name: str, least: NameMatch) -> _Sources:
        """Return up to two sources whose texts contain a name (:func:`names.find_name`)."""
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
        """Return the texts with a sequence of words that begins with the name's search prefix."""
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
        """Return up to two sources whose texts contain a distinctive word, in any inflection."""
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
        """Return the distinctive words by their stem prefixes, each with up to two sources."""
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
    """Return the prefixes of a word under which it is indexed.

    Two words of one stem share a prefix: :func:`names.same_stem` allows each to differ in at most
    three letters at its end.
    """
    return tuple(word[:length] for length in range(max(len(word) - 3, 1), len(word) + 1))


class PassageContext:
    """The texts of an entry without those that one of its links contributed."""

    __slots__ = ("_excluded", "_passages")

    def __init__(self, passages: PassageIndex, but: Hashable) -> None:
        """Take the index, and the source to exclude."""
        self._passages = passages
        self._excluded = but

    def has_name(self, name: str, *, least: NameMatch = NameMatch.PARTIAL) -> bool:
        """Return whether the texts contain a name, in any spelling.

        ``least`` is the lowest match that counts; by default that is another version of the name.
        """
        return self._has(self._passages.sources_of_name(name, least))

    def has_any_word(self, words: Iterable[str]) -> bool:
        """Return whether the texts contain one of these words, in any inflection."""
        return any(self._has(self._passages.sources_of_word(word)) for word in words)

    def _has(self, sources: _Sources) -> bool:
        return any(source is None or source != self._excluded for source in sources)


EMPTY_CONTEXT = PassageIndex().without(None)
"""A context without texts."""
