"""Source text and spans in it."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A range of one file's text.

    A named tuple because there are several for each link: creating a frozen dataclass takes four
    times as long.

    Offsets count characters (not bytes) from 0 and exclude ``end``; lines and columns count from 1,
    as editors and GitHub's annotations do. ``end_column`` is the column after the last
    character.
    """

    file: str
    """Path of the file relative to the working directory, with ``/``."""
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's decoded text, which makes spans from offsets."""

    file: str
    """See :attr:`Span.file`."""
    text: str
    """The text with its line endings (and a byte order mark, if it has one) untouched."""
    _line_starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _numbers: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """All line numbers, so that spans share them in memory."""

    def __post_init__(self) -> None:
        r"""Index the line starts; `\n`, `\r\n` and `\r` end a line."""
        starts = [0]
        text = self.text
        position = 0
        while True:
            newline = text.find("\n", position)
            if newline == -1:
                break
            starts.append(newline + 1)
            position = newline + 1
        if "\r" in text:
            starts.extend(
                i + 1 for i, c in enumerate(text) if c == "\r" and text[i + 1 : i + 2] != "\n"
            )
            starts.sort()
        object.__setattr__(self, "_line_starts", tuple(starts))
        object.__setattr__(self, "_numbers", tuple(range(len(starts) + 1)))

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and column (both from 1) of a character offset."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """Return the span of the characters from ``start`` up to, not including, ``end``."""
        starts = self._line_starts
        line = end_line = self._numbers[bisect_right(starts, start)]
        if end < start or (line < len(starts) and end >= starts[line]):
            end_line = self._numbers[bisect_right(starts, end)]
        column = start - starts[line - 1] + 1
        return Span(self.file, start, end, line, column, end_line, end - starts[end_line - 1] + 1)


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set, for constant tables."""
    return frozenset(text.split())
