"""Parse Markdown into blocks, inline nodes and links, each with its exact place.

The parser is pulldown-cmark with GitHub's extensions. It does not find bare URLs and malformed
links: these are searched for in the runs of text that it leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from linkcheck.markdown.destinations import (
    find_definition_destination,
    find_inline_destination,
    make_link,
)
from linkcheck.markdown.events import extract_markdown, parse_definitions, parse_events
from linkcheck.markdown.inline_links import extract_inline_links
from linkcheck.markdown.raw_html import (
    OpenAnchor,
    make_html_link,
    parse_comment,
    parse_html_block,
    scan_html,
)
from linkcheck.markdown.syntax_tree import (
    MAX_LINK_TEXT_LENGTH,
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

_MAX_DEPTH = 100
"""Blocks nested deeper than this are merged into the one around them."""

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
_LINK_FORMS = {
    "Inline": LinkForm.INLINE,
    "Autolink": LinkForm.AUTOLINK,
    "Email": LinkForm.AUTOLINK,
}


def parse_markdown(source: SourceText) -> MarkdownDocument:
    """Parse a Markdown file. Never raises: any text is Markdown."""
    return _TreeBuilder(source).build()


def _normalize_label(label: str) -> str:
    return " ".join(label.split()).casefold()


@dataclass(slots=True)
class _OpenLink:
    """A link or an image before its end event."""

    is_image: bool
    data: Mapping[str, Any]
    start: int
    end: int
    inner_end: int
    """End of its last inner node."""
    parent_start: int | None
    texts: list[str] = field(default_factory=list)


class _TreeBuilder:
    """Builds the syntax tree in one pass over the parser's events."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._markdown, self._offset = extract_markdown(source.text)
        self._root = Block(BlockKind.ROOT, self._offset, len(source.text))
        self._stack = [self._root]
        self._too_deep = 0
        self._links: list[MarkdownLink] = []
        self._absorbed: set[int] = set()
        """Starts of links that are part of a bare URL before them."""
        self._comments: list[HtmlComment] = []
        self._open: list[_OpenLink] = []
        self._anchor: OpenAnchor | None = None
        self._strong = 0
        self._in_code_block = False
        self._list_depth = 0

    def build(self) -> MarkdownDocument:
        for name, value, start, end in parse_events(self._markdown, offset=self._offset):
            match name:
                case "Text":
                    self._add_text(value, start, end)
                case "Start":
                    self._start_tag(value, start, end)
                case "End":
                    self._end_tag(value, start, end)
                case "SoftBreak" | "HardBreak":
                    self._add_inline(InlineKind.LINE_BREAK, "\n", start, end)
                case "Code" | "InlineMath" | "DisplayMath":
                    self._add_inline(InlineKind.CODE, value, start, end)
                case "InlineHtml":
                    self._add_inline_html(start, end)
                case _:
                    pass
        self._finish_block(self._root)
        absorbed = self._absorbed
        links = [
            link
            for link in self._links
            if link.full_span.start not in absorbed and link.parent_start not in absorbed
        ]
        links.sort(key=lambda link: (link.full_span.start, -link.full_span.end))
        return MarkdownDocument(self._root, tuple(links), tuple(self._comments))

    # Blocks

    def _start_tag(self, tag: Any, start: int, end: int) -> None:
        name = tag if isinstance(tag, str) else next(iter(tag))
        if name in ("Link", "Image"):
            self._open_link(name == "Image", tag[name], start, end)
        elif name == "Strong":
            self._strong += 1
        elif name == "CodeBlock":
            self._in_code_block = True
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
            self._open_block(Block(kind, start, end, level))

    def _end_tag(self, tag: Any, start: int, end: int) -> None:
        name = tag if isinstance(tag, str) else next(iter(tag))
        if name in ("Link", "Image"):
            self._close_link()
        elif name == "Strong":
            self._strong -= 1
        elif name == "CodeBlock":
            self._in_code_block = False
        elif name in _CONTAINERS:
            if name == "HtmlBlock" and not self._too_deep:
                links, comments = parse_html_block(self._source, self._stack[-1], start, end)
                self._links.extend(links)
                self._comments.extend(comments)
            elif name == "Item":
                self._list_depth -= 1
            self._close_block()

    def _open_block(self, block: Block) -> None:
        if len(self._stack) > _MAX_DEPTH:
            self._too_deep += 1
            return
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
        """Join the block's runs of text and find the links in them."""
        self._close_anchor()
        if not block.inlines:
            return
        for node in block.inlines:
            if node.continuation is not None:
                node.text += "".join(node.continuation)
                node.continuation = None
        limit = block.end if block.kind is BlockKind.TABLE_CELL else len(self._source.text)
        block.inlines, links, absorbed = extract_inline_links(self._source, block.inlines, limit)
        self._absorbed |= absorbed
        self._links.extend(links)

    # Inlines

    def _append(
        self, kind: InlineKind, text: str, start: int, end: int, link: MarkdownLink | None = None
    ) -> InlineNode:
        node = InlineNode(kind, text, start, end, self._strong > 0, link)
        self._stack[-1].inlines.append(node)
        return node

    def _add_inline(self, kind: InlineKind, text: str, start: int, end: int) -> None:
        """Add a node to the block, or its text to the link that it is in."""
        if self._open:
            link = self._open[-1]
            link.inner_end = max(link.inner_end, end)
            link.texts.append(" " if kind is InlineKind.LINE_BREAK else text)
        elif self._anchor:
            self._anchor.texts.append(" " if kind is InlineKind.LINE_BREAK else text)
        else:
            self._append(kind, text, start, end)

    def _add_text(self, text: str, start: int, end: int) -> None:
        if self._in_code_block:
            return
        if not self._open and not self._anchor and (inlines := self._stack[-1].inlines):
            last = inlines[-1]
            if (
                last.kind is InlineKind.TEXT
                and last.is_strong == (self._strong > 0)
                and 0 <= start - last.end <= 1
            ):
                # A gap of one character is a backslash escape.
                if last.continuation is None:
                    last.continuation = []
                last.continuation.append(text)
                last.end = end
                return
        self._add_inline(InlineKind.TEXT, text, start, end)

    # Links

    def _enclosing_link_start(self) -> int | None:
        if self._open:
            return self._open[0].start
        return self._anchor.tag.start if self._anchor else None

    def _open_link(self, is_image: bool, data: Mapping[str, Any], start: int, end: int) -> None:
        inner = start + (2 if is_image else 1)
        parent = self._enclosing_link_start()
        self._open.append(_OpenLink(is_image, data, start, end, inner, parent))

    def _close_link(self) -> None:
        opened = self._open.pop()
        text = " ".join("".join(opened.texts).split())[:MAX_LINK_TEXT_LENGTH]
        if self._open:
            outer = self._open[-1]
            outer.inner_end = max(outer.inner_end, opened.end)
            outer.texts.append(text)
        kind = opened.data["link_type"]
        url: str = opened.data["dest_url"]
        if kind == "Email":
            url = f"mailto:{url.removeprefix('mailto:')}"
        form = _LINK_FORMS.get(kind, LinkForm.REFERENCE)
        link = make_link(
            self._source,
            url,
            self._find_destination(opened, form),
            (opened.start, opened.end),
            form,
            text=text,
            is_image=opened.is_image,
            parent_start=opened.parent_start,
        )
        self._links.append(link)
        if not self._open and not self._anchor:
            node_kind = InlineKind.IMAGE if opened.is_image else InlineKind.LINK
            self._append(node_kind, text, opened.start, opened.end, link)

    def _find_destination(self, link: _OpenLink, form: LinkForm) -> tuple[int, int]:
        """Return the bounds of a link's destination; those of the link where it is not found."""
        if form is LinkForm.AUTOLINK:
            return link.start + 1, link.end - 1
        if form is LinkForm.REFERENCE:
            label = _normalize_label(link.data["id"])
            return self._definition_bounds.get(label, (link.start, link.end))
        bracket = self._source.text.find("](", link.inner_end, link.end)
        if bracket == -1:
            return link.start, link.end
        return find_inline_destination(self._source.text, bracket + 2, link.end)

    @cached_property
    def _definition_bounds(self) -> dict[str, tuple[int, int]]:
        """The destinations' bounds in link reference definitions, by label."""
        bounds = {}
        for label, start, end in parse_definitions(self._markdown, offset=self._offset):
            if found := find_definition_destination(self._source.text, start, end):
                bounds[_normalize_label(label)] = found
        return bounds

    # Raw HTML in a line

    def _add_inline_html(self, start: int, end: int) -> None:
        if self._open:
            self._open[-1].inner_end = max(self._open[-1].inner_end, end)
        for tag in scan_html(self._source.text, start, end):
            if tag.name == "!":
                self._comments.extend(parse_comment(self._source, tag))
            elif tag.name == "br":
                self._add_inline(InlineKind.LINE_BREAK, "\n", start, end)
            elif tag.name == "img" and tag.has_url:
                parent = self._enclosing_link_start()
                link = make_html_link(self._source, tag, is_image=True, parent_start=parent)
                self._links.append(link)
                if not self._open and not self._anchor:
                    self._append(InlineKind.IMAGE, "", start, end, link)
            elif tag.name == "a":
                self._close_anchor()
                if tag.has_url and not self._open:
                    self._anchor = OpenAnchor(tag, self._append(InlineKind.LINK, "", start, end))

    def _close_anchor(self) -> None:
        if self._anchor is not None:
            self._links.append(self._anchor.close(self._source))
            self._anchor = None
