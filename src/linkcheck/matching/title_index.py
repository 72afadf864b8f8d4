"""Many titles, to find those that a given one is alike without comparing it with each."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import Generic, TypeVar

from linkcheck.matching.names import alphanumeric_key, tokenize
from linkcheck.matching.titles import (
    MIN_SAME_LONG,
    MIN_SAME_SPELLING,
    same_title,
    stem_prefix,
    word_weights,
)

T = TypeVar("T")

_MAX_EXTRA_WORDS = 8
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
        self._by_stem_prefix: dict[str, list[int]] = defaultdict(list)
        self._by_length: list[tuple[int, int]] = []
        self._keys: list[str] = []

    def add(self, title: str, owner: T) -> None:
        """Add a title."""
        self._titles.append((title, owner))

    def similar(self, title: str) -> list[T]:
        """Return the owners of the titles that are surely this one, in the order of adding."""
        self._update()
        length = len(tokenize(title))
        return [
            owner
            for name, owner in (
                self._titles[place]
                for place in sorted(self._similar_spelling(title) | self._similar_words(title))
            )
            if abs(len(tokenize(name)) - length) <= _MAX_EXTRA_WORDS and same_title(name, title)
        ]

    def _update(self) -> None:
        """Read the titles that were added since; most catalogs never ask."""
        if self._indexed == len(self._titles):
            return
        for place in range(self._indexed, len(self._titles)):
            name, _ = self._titles[place]
            for start in {stem_prefix(word) for word in word_weights(name)}:
                self._by_stem_prefix[start].append(place)
            self._by_length.append((len(alphanumeric_key(name)), place))
        self._indexed = len(self._titles)
        self._by_length.sort()
        self._keys = [alphanumeric_key(self._titles[place][0]) for _, place in self._by_length]

    def _similar_spelling(self, title: str) -> set[int]:
        wanted = alphanumeric_key(title)
        # The ratio counts the letters that one has and the other lacks, against those of both.
        least = MIN_SAME_SPELLING / 100
        shortest, longest = (len(wanted) * ratio for ratio in (least / (2 - least), 2 / least - 1))
        start = bisect_left(self._by_length, (int(shortest), -1))
        end = bisect_right(self._by_length, (int(longest) + 1, len(self._titles)))
        if start == end:
            return set()
        from rapidfuzz import fuzz, process  # slow to load

        found = process.extract(
            wanted,
            self._keys[start:end],
            scorer=fuzz.ratio,
            score_cutoff=MIN_SAME_SPELLING - 0.1,
            limit=None,
        )
        return {self._by_length[start + at][1] for _, _, at in found}

    def _similar_words(self, title: str) -> set[int]:
        weighed = word_weights(title)
        left = sum(weighed.values())
        enough = left * MIN_SAME_LONG - 0.001
        found: set[int] = set()
        # The rarest words first: what shares none of them cannot share enough of the rest.
        for word in sorted(
            weighed, key=lambda w: len(self._by_stem_prefix.get(stem_prefix(w), ()))
        ):
            if left < enough:
                break
            found.update(self._by_stem_prefix.get(stem_prefix(word), ()))
            left -= weighed[word]
        return found
