"""Local links and broken tables of a Markdown file."""

from dataclasses import dataclass

from linkcheck.model.source_text import Span


@dataclass(frozen=True, slots=True)
class LocalLink:
    """A link or image to a file of the same repository or to a heading in one."""

    written: str
    """The text at ``span``."""
    url: str
    """The destination with escapes and entities resolved."""
    span: Span
    entry: str | None = None
    """The id of its entry, if any."""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A local link whose file or heading does not exist."""

    link: LocalLink
    path: str
    """Path of the linked file from the top of the repository; ``""`` for the top folder."""
    fragment: str | None = None
    """The fragment that has no heading; ``None`` where the file is missing."""
    nearest: str | None = None
    """The most similar existing path (as written in a link) or anchor."""


@dataclass(frozen=True, slots=True)
class BrokenTable:
    """Rows that GitHub renders as text, for lack of a matching header and delimiter row."""

    span: Span
    """The header and the delimiter row; without a header, the first row."""
    row: str
    """The header, or the first row."""
    columns: int
    """Its cells."""
    delimiters: int | None = None
    """The cells of the delimiter row; ``None`` without one."""
