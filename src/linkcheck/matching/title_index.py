"""Many titles, to find those that a given one is alike without comparing it with each."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import Generic, TypeVar

from linkcheck.matching.names import alphanumeric_key, words_of
from linkcheck.matching.titles import SAME_LONG, SAME_SPELLING, same_title, stem_prefix, weights

T = TypeVar("T")

_MORE_WORDS = 8
"""A title of so many more words than another is not taken for the same."""


class TitleIndex(Generic[T]):
    """Titles with what they belong to.

    Two titles are alike (:func:`~linkcheck.matching.titles.same_title`) by their letters or by
    their words. By their letters only those of about the same length can be; by their words only
    those that share words of a certain weight, hence one of any set of words that leaves less.
    """

    def __init__(self) -> None:
        """Start with no title."""
        self._titles: list[tuple[str, T]] = []
        self._indexed = 0
        self._by_beginning: dict[str, list[int]] = defaultdict(list)
        self._by_length: list[tuple[int, int]] = []
        self._squeezed: list[str] = []

    def add(self, title: str, owner: T) -> None:
        """Add a title."""
        self._titles.append((title, owner))

    def alike(self, title: str) -> list[T]:
        """Return the owners of the titles that are surely this one, in the order of adding."""
        self._index()
        length = len(words_of(title))
        return [
            owner
            for name, owner in (
                self._titles[place]
                for place in sorted(self._like_letters(title) | self._like_words(title))
            )
            if abs(len(words_of(name)) - length) <= _MORE_WORDS and same_title(name, title)
        ]

    def _index(self) -> None:
        """Read the titles that were added since; most catalogs never ask."""
        if self._indexed == len(self._titles):
            return
        for place in range(self._indexed, len(self._titles)):
            name, _ = self._titles[place]
            for start in {stem_prefix(word) for word in weights(name)}:
                self._by_beginning[start].append(place)
            self._by_length.append((len(alphanumeric_key(name)), place))
        self._indexed = len(self._titles)
        self._by_length.sort()
        self._squeezed = [alphanumeric_key(self._titles[place][0]) for _, place in self._by_length]

    def _like_letters(self, title: str) -> set[int]:
        wanted = alphanumeric_key(title)
        # The ratio counts the letters that one has and the other lacks, against those of both.
        least = SAME_SPELLING / 100
        shortest, longest = (len(wanted) * ratio for ratio in (least / (2 - least), 2 / least - 1))
        start = bisect_left(self._by_length, (int(shortest), -1))
        end = bisect_right(self._by_length, (int(longest) + 1, len(self._titles)))
        if start == end:
            return set()
        from rapidfuzz import fuzz, process  # slow to load

        found = process.extract(
            wanted,
            self._squeezed[start:end],
            scorer=fuzz.ratio,
            score_cutoff=SAME_SPELLING - 0.1,
            limit=None,
        )
        return {self._by_length[start + at][1] for _, _, at in found}

    def _like_words(self, title: str) -> set[int]:
        weighed = weights(title)
        left = sum(weighed.values())
        enough = left * SAME_LONG - 0.001
        found: set[int] = set()
        # The rarest words first: what shares none of them cannot share enough of the rest.
        for word in sorted(weighed, key=lambda w: len(self._by_beginning.get(stem_prefix(w), ()))):
            if left < enough:
                break
            found.update(self._by_beginning.get(stem_prefix(word), ()))
            left -= weighed[word]
        return found
