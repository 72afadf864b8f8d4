"""Index of titles for similarity search without comparing every pair."""

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
"""Titles whose lengths differ by more words are not the same."""


class TitleIndex(Generic[T]):
    """Titles with their owners.

    Two titles are the same (:func:`~linkcheck.matching.titles.same_title`) by spelling or by words.
    Candidates by spelling have about the same length. Candidates by words share a certain weight,
    and so at least one word of every set whose complement weighs less.
    """

    def __init__(self) -> None:
        """Create an empty index."""
        self._titles: list[tuple[str, T]] = []
        self._indexed = 0
        self._by_stem_prefix: dict[str, list[int]] = defaultdict(list)
        self._by_length: list[tuple[int, int]] = []
        self._keys: list[str] = []

    def add(self, title: str, owner: T) -> None:
        """Add a title."""
        self._titles.append((title, owner))

    def similar(self, title: str) -> list[T]:
        """Return the owners of titles that are the same as this one, in the order of adding."""
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
        """Index the titles added since the last search; most catalogs are never searched."""
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
        # The ratio relates insertions and deletions to the sum of both lengths.
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
        # Rarest words first: a title without any of them cannot share enough weight.
        for word in sorted(
            weighed, key=lambda w: len(self._by_stem_prefix.get(stem_prefix(w), ()))
        ):
            if left < enough:
                break
            found.update(self._by_stem_prefix.get(stem_prefix(word), ()))
            left -= weighed[word]
        return found
