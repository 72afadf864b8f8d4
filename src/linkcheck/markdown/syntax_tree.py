"""The values that Markdown is read into: links with their places, and the blocks around them."""

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
    """``[text][label]``, ``[label][]`` or ``[label]``; the URL stands in the definition."""
    AUTOLINK = "autolink"
    """``<url>``."""
    BARE = "bare"
    """A URL in the text, which GFM turns into a link."""
    HTML = "html"
    """``<a href>`` or ``<img src>``."""
    MALFORMED = "damaged"
    """Meant as a link, and none on GitHub."""


class LinkScope(StrEnum):
    """What a link leads to, as far as checking goes."""

    EXTERNAL = "external"
    SKIPPED = "skipped"
    """``mailto:``, ``tel:`` and the like: no address that could be asked."""
    LOCAL = "local"
    """A file of the same repository, an ``#anchor``, or nothing at all."""


@dataclass(slots=True)
class MarkdownLink:
    """One link of a Markdown file; changed by nobody, though not frozen, as there are so many."""

    written: str
    """The text at ``span``: the address exactly as it stands in the file."""
    url: str
    """The address as GitHub understands it: escapes and entities resolved, ``http://`` added to
    a bare ``www.``."""
    span: Span
    """The place of the address itself; for a reference link, in its definition."""
    full_span: Span
    """The place of the whole link, from its first bracket to its last."""
    form: LinkForm
    scope: LinkScope
    text: str = ""
    """The words that a reader clicks on, or an image's description."""
    is_image: bool = False
    parent_start: int | None = None
    """For an image in a link: the start offset of that link (of its ``at``)."""
    repaired_url: str | None = None
    """The address that was meant, where the link is damaged."""
    repair: LinkRepair | None = None
    """What to write so that GitHub sees the link that was meant."""


class BlockKind(StrEnum):
    """The blocks that matter for telling entries apart."""

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


class InlineKind(StrEnum):
    """What a piece of a line is."""

    TEXT = "text"
    CODE = "code"
    LINK = "link"
    IMAGE = "image"
    LINE_BREAK = "break"


@dataclass(slots=True)
class InlineNode:
    """A piece of a line: a run of text, a link, an image, a line break."""

    kind: InlineKind
    text: str
    start: int
    end: int
    is_strong: bool = False
    link: MarkdownLink | None = None
    continuation: list[str] | None = None
    """While reading: what follows ``text`` in the same run (joined once, to stay linear)."""


@dataclass(slots=True)
class Block:
    """A block with the lines that are directly its own, and the blocks in it."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """The level of a heading, the number of a cell (from 0), the depth of a list item (from 1)."""
    children: list["Block"] = field(default_factory=list)
    inlines: list[InlineNode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HtmlComment:
    """An HTML comment that speaks to linkcheck."""

    text: str
    """Without ``<!--`` and ``-->``, stripped."""
    span: Span


@dataclass(frozen=True, slots=True)
class MarkdownDocument:
    """A whole file."""

    root: Block
    links: tuple[MarkdownLink, ...]
    """In the order of their places."""
    comments: tuple[HtmlComment, ...]
