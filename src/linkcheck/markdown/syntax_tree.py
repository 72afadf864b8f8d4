"""Syntax tree of a Markdown file: blocks, inline nodes and links, each with its place."""

from dataclasses import dataclass, field
from enum import StrEnum

from linkcheck.model.entry import LinkRepair
from linkcheck.model.source_text import Span

MAX_LINK_TEXT_LENGTH = 500
"""Characters of a link's text that are kept."""


class LinkForm(StrEnum):
    """How a link is written."""

    INLINE = "inline"
    """``[text](url)`` or ``![alt](url)``."""
    REFERENCE = "reference"
    """``[text][label]``, ``[label][]`` or ``[label]``; the URL is in the definition."""
    AUTOLINK = "autolink"
    """``<url>``."""
    BARE = "bare"
    """A URL in the text, which GFM turns into a link."""
    HTML = "html"
    """``<a href>`` or ``<img src>``."""
    MALFORMED = "damaged"
    """Intended as a link, but not rendered as one by GitHub."""


class LinkScope(StrEnum):
    """Where a link leads, as far as checking is concerned."""

    EXTERNAL = "external"
    SKIPPED = "skipped"
    """``mailto:``, ``tel:`` and other schemes that cannot be requested."""
    LOCAL = "local"
    """A file of the same repository, an ``#anchor``, or an empty destination."""


@dataclass(slots=True)
class MarkdownLink:
    """A link of a Markdown file. Treat as immutable; not frozen because creation is faster."""

    written: str
    """The text at ``span``: the destination exactly as in the file."""
    url: str
    """The URL as GitHub reads it: escapes and entities decoded, ``http://`` added to a bare
    ``www.``."""
    span: Span
    """The place of the destination; for a reference link, in its definition."""
    full_span: Span
    """The place of the whole link, including its brackets."""
    form: LinkForm
    scope: LinkScope
    text: str = ""
    """The link text, or the alternative text of an image."""
    is_image: bool = False
    parent_start: int | None = None
    """For an image in a link: the start of that link's ``full_span``."""
    repaired_url: str | None = None
    """The URL that was probably intended, where the link is malformed."""
    repair: LinkRepair | None = None
    """The edit that makes GitHub render the intended link."""

    @property
    def intended_url(self) -> str:
        """The URL that was probably intended."""
        return self.repaired_url or self.url


class BlockKind(StrEnum):
    """Kinds of blocks; others are merged into the block around them."""

    ROOT = "root"
    HEADING = "heading"
    LIST_ITEM = "item"
    TABLE = "table"
    TABLE_HEAD = "head"
    TABLE_ROW = "row"
    TABLE_CELL = "cell"
    PARAGRAPH = "paragraph"
    HTML_BLOCK = "html"
    FOOTNOTE = "footnote"
    SUMMARY = "summary"
    """``<summary>``: what is seen of collapsed content."""
    DETAILS_END = "details-end"
    """``</details>``."""


class InlineKind(StrEnum):
    """Kinds of inline nodes."""

    TEXT = "text"
    CODE = "code"
    LINK = "link"
    IMAGE = "image"
    LINE_BREAK = "break"


@dataclass(slots=True)
class InlineNode:
    """A run of text, code, a link, an image or a line break."""

    kind: InlineKind
    text: str
    start: int
    end: int
    is_strong: bool = False
    link: MarkdownLink | None = None
    continuation: list[str] | None = None
    """During parsing: texts to append to ``text`` (joined once, so that the work is linear)."""


@dataclass(slots=True)
class Block:
    """A block with its own inline nodes and its child blocks."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """Level of a heading, index of a cell (from 0) or depth of a list item (from 1)."""
    children: list["Block"] = field(default_factory=list)
    inlines: list[InlineNode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HtmlComment:
    """An HTML comment addressed to linkcheck."""

    text: str
    """Without ``<!--`` and ``-->``, stripped."""
    span: Span


@dataclass(frozen=True, slots=True)
class MarkdownDocument:
    """A parsed file."""

    root: Block
    links: tuple[MarkdownLink, ...]
    """In document order."""
    comments: tuple[HtmlComment, ...]
