"""A Markdown file as blocks, lines and links, each with its exact place.

The parser is pulldown-cmark (through pyromark) with GitHub's extensions; bare URLs and damaged
links, which it does not know, are found in the runs of text that it leaves.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, cast

from linkcheck.markdown import html_tags, inline_links
from linkcheck.markdown.destinations import (
    find_definition_destination,
    find_inline_destination,
    make_link,
)
from linkcheck.markdown.html_blocks import parse_html_block
from linkcheck.markdown.offsets import char_offsets
from linkcheck.markdown.syntax_tree import (
    Block,
    BlockKind,
    HtmlComment,
    InlineKind,
    InlineNode,
    LinkForm,
    MarkdownDocument,
    MarkdownLink,
)
from linkcheck.model.source_text import SourceText

_FRONT_MATTER = re.compile(
    r"\A\ufeff?(?P<fence>---|\+\+\+)[ \t]*\r?\n(?=[ \t]*[\w\"'-]+[ \t]*[:=]|(?P=fence)|#)"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_MAX_DEPTH = 100
"""Blocks nested deeper than this count as part of the one around them."""

_CONTAINERS = {
    "Item": BlockKind.LIST_ITEM,
    "Paragraph": BlockKind.PARAGRAPH,
    "HtmlBlock": BlockKind.HTML_BLOCK,
    "TableHead": BlockKind.TABLE_HEAD,
    "TableRow": BlockKind.TABLE_ROW,
    "TableCell": BlockKind.TABLE_CELL,
    "Heading": BlockKind.HEADING,
    "Table": BlockKind.TABLE,
    "FootnoteDefinition": BlockKind.FOOTNOTE,
}
_MAX_TEXT_LENGTH = 500
"""Characters of a link's words that are kept."""

_LINK_FORMS = {
    "Inline": LinkForm.INLINE,
    "Autolink": LinkForm.AUTOLINK,
    "Email": LinkForm.AUTOLINK,
}


def parse_markdown(source: SourceText) -> MarkdownDocument:
    """Read a Markdown file. Any text is Markdown: nothing is refused, nothing raises."""
    return _TreeBuilder(source).build()


@cache
def parser_options() -> Any:
    """Return the parser's options: GitHub's extensions."""
    from pyromark import Options

    return (
        Options.ENABLE_TABLES
        | Options.ENABLE_FOOTNOTES
        | Options.ENABLE_STRIKETHROUGH
        | Options.ENABLE_TASKLISTS
        | Options.ENABLE_GFM
        | Options.ENABLE_MATH
    )


def find_markdown_start(text: str) -> int:
    """Return where the Markdown begins: behind a byte order mark and behind front matter."""
    match = _FRONT_MATTER.match(text)
    if match:
        close = re.compile(rf"^{re.escape(match['fence'])}[ \t]*\r?$", re.MULTILINE)
        end = close.search(text, match.end())
        if end:
            return end.end()
    return 1 if text.startswith("\ufeff") else 0


def _normalize_label(label: str) -> str:
    return " ".join(label.split()).casefold()


@dataclass(slots=True)
class _OpenLink:
    """A link of the parser whose end has not come yet."""

    is_image: bool
    data: Mapping[str, Any]
    start: int
    end: int
    inner_end: int
    """Byte offset behind its last inner piece."""
    parent_start: int | None
    text: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _OpenAnchor:
    """An ``<a href>`` in a line whose ``</a>`` has not come yet."""

    tag: html_tags.HtmlTag
    node: InlineNode
    text: list[str] = field(default_factory=list)


class _TreeBuilder:
    """One pass over the parser's events. Offsets of pieces are bytes until a block is settled."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._base = find_markdown_start(source.text)
        self._markdown = _SURROGATES.sub("\ufffd", source.text[self._base :])
        self._char: Callable[[int], int] = char_offsets(self._markdown)
        self._root = Block(BlockKind.ROOT, self._base, len(source.text))
        self._stack = [self._root]
        self._too_deep = 0
        self._links: list[MarkdownLink] = []
        self._absorbed: set[int] = set()
        self._comments: list[HtmlComment] = []
        self._open: list[_OpenLink] = []
        self._anchor: _OpenAnchor | None = None
        self._strong = 0
        self._code = False
        self._list_depth = 0

    def build(self) -> MarkdownDocument:
        from pyromark import events_with_range

        for event, at in events_with_range(self._markdown, options=parser_options()):
            start, end = at["start"], at["end"]
            if isinstance(event, str):
                if event in ("SoftBreak", "HardBreak"):
                    self._add_inline(InlineKind.LINE_BREAK, "\n", start, end)
                continue
            key, value = next(iter(cast("dict[str, Any]", event).items()))
            match key:
                case "Text":
                    self._add_text(value, start, end)
                case "Start":
                    self._start_tag(value, start, end)
                case "End":
                    self._end_tag(value, start, end)
                case "Code" | "InlineMath" | "DisplayMath":
                    self._add_inline(InlineKind.CODE, value, start, end)
                case "InlineHtml":
                    self._add_inline_html(start, end)
                case _:
                    pass
        self._finish_block(self._root)
        links = self._links
        if self._absorbed:
            gone = self._absorbed
            links = [
                x for x in links if x.full_span.start not in gone and x.parent_start not in gone
            ]
        links.sort(key=lambda link: (link.full_span.start, -link.full_span.end))
        return MarkdownDocument(self._root, tuple(links), tuple(self._comments))

    def _at(self, offset: int) -> int:
        return self._base + self._char(offset)

    # Blocks

    def _start_tag(self, tag: Any, start: int, end: int) -> None:
        name = tag if isinstance(tag, str) else next(iter(tag))
        if name in ("Link", "Image"):
            self._open_link(name == "Image", tag[name], start, end)
        elif name == "Strong":
            self._strong += 1
        elif name == "CodeBlock":
            self._code = True
        elif name in _CONTAINERS:
            kind = _CONTAINERS[name]
            level = 0
            if kind is BlockKind.HEADING:
                level = int(tag["Heading"]["level"][1])
            elif kind is BlockKind.LIST_ITEM:
                self._list_depth += 1
                level = self._list_depth
            elif kind is BlockKind.TABLE_CELL:
                level = len(self._stack[-1].children)
            self._open_block(kind, start, end, level)

    def _end_tag(self, tag: Any, start: int, end: int) -> None:
        name = tag if isinstance(tag, str) else next(iter(tag))
        if name in ("Link", "Image"):
            self._close_link()
        elif name == "Strong":
            self._strong -= 1
        elif name == "CodeBlock":
            self._code = False
        elif name in _CONTAINERS:
            if name == "HtmlBlock" and not self._too_deep:
                links, comments = parse_html_block(
                    self._source, self._stack[-1], self._at(start), self._at(end)
                )
                self._links.extend(links)
                self._comments.extend(comments)
            elif name == "Item":
                self._list_depth -= 1
            self._close_block()

    def _open_block(self, kind: BlockKind, start: int, end: int, level: int) -> None:
        if len(self._stack) > _MAX_DEPTH:
            self._too_deep += 1
            return
        block = Block(kind, self._at(start), self._at(end), level)
        self._stack[-1].children.append(block)
        self._stack.append(block)

    def _close_block(self) -> None:
        self._close_anchor()
        if self._too_deep:
            self._too_deep -= 1
            return
        block = self._stack.pop()
        if block.kind is not BlockKind.HTML_BLOCK:
            self._finish_block(block)

    def _finish_block(self, block: Block) -> None:
        """Turn a block's byte offsets into characters and find the links in its text."""
        self._close_anchor()
        if not block.inlines:
            return
        for piece in block.inlines:
            piece.start, piece.end = self._at(piece.start), self._at(piece.end)
            if piece.continuation is not None:
                piece.text += "".join(piece.continuation)
                piece.continuation = None
        limit = block.end if block.kind is BlockKind.TABLE_CELL else len(self._source.text)
        block.inlines, links, swallowed = inline_links.extract_inline_links(
            self._source, block.inlines, limit
        )
        self._absorbed |= swallowed
        self._links.extend(links)

    # Pieces of a line

    def _add_inline(self, kind: InlineKind, text: str, start: int, end: int) -> None:
        if self._open:
            link = self._open[-1]
            link.inner_end = max(link.inner_end, end)
            link.text.append(" " if kind is InlineKind.LINE_BREAK else text)
        elif self._anchor:
            self._anchor.text.append(" " if kind is InlineKind.LINE_BREAK else text)
        else:
            self._stack[-1].inlines.append(InlineNode(kind, text, start, end, self._strong > 0))

    def _add_text(self, text: str, start: int, end: int) -> None:
        if self._code:
            return
        if not self._open and not self._anchor and (inlines := self._stack[-1].inlines):
            last = inlines[-1]
            if (
                last.kind is InlineKind.TEXT
                and last.is_strong == (self._strong > 0)
                and 0 <= start - last.end <= 1
            ):
                # A gap of one byte is a backslash escape.
                if last.continuation is None:
                    last.continuation = []
                last.continuation.append(text)
                last.end = end
                return
        self._add_inline(InlineKind.TEXT, text, start, end)

    # Links

    def _enclosing_link_start(self) -> int | None:
        """Return where the link begins that the reader is in."""
        if self._open:
            return self._at(self._open[0].start)
        return self._anchor.tag.start if self._anchor else None

    def _open_link(self, image: bool, data: Mapping[str, Any], start: int, end: int) -> None:
        inner = start + (2 if image else 1)
        self._open.append(_OpenLink(image, data, start, end, inner, self._enclosing_link_start()))

    def _close_link(self) -> None:
        opened = self._open.pop()
        text = " ".join("".join(opened.text).split())[:_MAX_TEXT_LENGTH]
        if self._open:
            outer = self._open[-1]
            outer.inner_end = max(outer.inner_end, opened.end)
            outer.text.append(text)
        kind = opened.data["link_type"]
        url: str = opened.data["dest_url"]
        if kind == "Email":
            url = f"mailto:{url.removeprefix('mailto:')}"
        form = _LINK_FORMS.get(kind, LinkForm.REFERENCE)
        start, end = self._at(opened.start), self._at(opened.end)
        address = self._find_destination(opened, form, start, end)
        link = make_link(
            self._source,
            url,
            address,
            (start, end),
            form,
            text=text,
            image=opened.is_image,
            inside=opened.parent_start,
        )
        self._links.append(link)
        if not self._open and not self._anchor:
            piece = InlineKind.IMAGE if opened.is_image else InlineKind.LINK
            self._stack[-1].inlines.append(
                InlineNode(piece, text, opened.start, opened.end, self._strong > 0, link)
            )

    def _find_destination(
        self, opened: _OpenLink, form: LinkForm, start: int, end: int
    ) -> tuple[int, int]:
        """Return the place of the address of a link that the parser has found."""
        if form is LinkForm.AUTOLINK:
            return start + 1, end - 1
        if form is LinkForm.REFERENCE:
            return self._definition_bounds.get(_normalize_label(opened.data["id"]), (start, end))
        bracket = self._source.text.find("](", self._at(opened.inner_end), end)
        if bracket == -1:
            return start, end
        return find_inline_destination(self._source.text, bracket + 2, end)

    @cached_property
    def _definition_bounds(self) -> dict[str, tuple[int, int]]:
        """The places of the addresses in link reference definitions, by label."""
        from pyromark import reference_definitions

        places = {}
        for label, found in reference_definitions(self._markdown, options=parser_options()).items():
            low, high = self._at(found["span"]["start"]), self._at(found["span"]["end"])
            place = find_definition_destination(self._source.text, low, high)
            if place:
                places[_normalize_label(label)] = place
        return places

    # Raw HTML in a line

    def _add_inline_html(self, start: int, end: int) -> None:
        if self._open:
            self._open[-1].inner_end = max(self._open[-1].inner_end, end)
        for tag in html_tags.scan_html(self._source.text, self._at(start), self._at(end)):
            if tag.name == "!":
                self._comments.extend(html_tags.parse_comment(self._source, tag))
            elif tag.name == "br":
                self._add_inline(InlineKind.LINE_BREAK, "\n", start, end)
            elif tag.name == "img" and tag.has_url:
                link = html_tags.make_html_link(
                    self._source, tag, image=True, inside=self._enclosing_link_start()
                )
                self._links.append(link)
                if not self._open and not self._anchor:
                    self._stack[-1].inlines.append(
                        InlineNode(InlineKind.IMAGE, "", start, end, self._strong > 0, link)
                    )
            elif tag.name == "a":
                self._close_anchor()
                if tag.has_url and not self._open:
                    piece = InlineNode(InlineKind.LINK, "", start, end, self._strong > 0)
                    self._stack[-1].inlines.append(piece)
                    self._anchor = _OpenAnchor(tag, piece)

    def _close_anchor(self) -> None:
        if self._anchor is None:
            return
        anchor, self._anchor = self._anchor, None
        text = " ".join("".join(anchor.text).split())[:_MAX_TEXT_LENGTH]
        link = html_tags.make_html_link(self._source, anchor.tag, text=text)
        anchor.node.link, anchor.node.text = link, text
        self._links.append(link)
