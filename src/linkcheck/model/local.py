"""What a Markdown file says of its own repository: local links, and tables that are none."""

from dataclasses import dataclass

from linkcheck.model.source_text import Span


@dataclass(frozen=True, slots=True)
class LocalLink:
    """A link or an image that leads to a file of the same repository or to a place in one."""

    written: str
    """The text at ``span``."""
    url: str
    """The destination as GitHub understands it: escapes and entities resolved."""
    span: Span
    entry: str | None = None
    """The id of the entry that it belongs to, if it belongs to one."""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A local link whose file or heading does not exist."""

    link: LocalLink
    path: str
    """The file that it leads to, from the top of the repository; ``""`` for the top itself."""
    fragment: str | None = None
    """The fragment that has no heading; ``None`` where the file is missing."""
    nearest: str | None = None
    """The existing file (as the link would name it) or anchor that is spelled most like it."""


@dataclass(frozen=True, slots=True)
class BrokenTable:
    """Rows that GitHub shows as text, because no fitting header and delimiter row are above."""

    span: Span
    """The header and the delimiter row; without a header, the first row."""
    row: str
    """The header, or the first row."""
    columns: int
    """Its cells."""
    delimiters: int | None = None
    """The cells of the delimiter row; ``None`` where there is no such row below a header."""
