"""Blocks of raw HTML: their links, and their list items and table rows as blocks."""

from linkcheck.markdown import html_tags
from linkcheck.markdown.syntax_tree import (
    Block,
    BlockKind,
    HtmlComment,
    InlineKind,
    InlineNode,
    MarkdownLink,
)
from linkcheck.model.source_text import SourceText

_CONTAINERS = {
    "li": BlockKind.LIST_ITEM,
    "tr": BlockKind.TABLE_ROW,
    "td": BlockKind.TABLE_CELL,
    "th": BlockKind.TABLE_CELL,
    "p": BlockKind.PARAGRAPH,
    **{f"h{level}": BlockKind.HEADING for level in range(1, 7)},
}


def parse_html_block(
    source: SourceText, block: Block, start: int, end: int
) -> tuple[list[MarkdownLink], list[HtmlComment]]:
    """Fill ``block`` from the HTML at ``start`` to ``end``; return its links and comments."""
    reader = _HtmlBlockParser(source, block)
    for tag in html_tags.scan_html(source.text, start, end):
        reader.add_tag(tag)
    reader.close_anchor()
    return reader.links, reader.comments


class _HtmlBlockParser:
    def __init__(self, source: SourceText, block: Block) -> None:
        self.links: list[MarkdownLink] = []
        self.comments: list[HtmlComment] = []
        self._source = source
        self._block = block
        self._current = block
        self._anchor: tuple[html_tags.HtmlTag, InlineNode, list[str]] | None = None
        self._strong = 0

    def add_tag(self, tag: html_tags.HtmlTag) -> None:
        if tag.name == "!":
            self.comments.extend(html_tags.parse_comment(self._source, tag))
        elif tag.name == "":
            self._add_text(tag)
        elif tag.name in _CONTAINERS:
            self._add_block(tag)
        elif tag.name in ("b", "strong"):
            self._strong += -1 if tag.is_closing else 1
        elif tag.name == "a":
            self.close_anchor()
            if tag.has_url:
                piece = InlineNode(InlineKind.LINK, "", tag.start, tag.end, self._strong > 0)
                self._current.inlines.append(piece)
                self._anchor = (tag, piece, [])
        elif tag.name == "img" and tag.has_url:
            inside = self._anchor[0].start if self._anchor else None
            link = html_tags.make_html_link(self._source, tag, image=True, inside=inside)
            self.links.append(link)
            if self._anchor is None:
                self._add_inline(InlineKind.IMAGE, "", tag, link)
        elif tag.name == "br":
            self._add_inline(InlineKind.LINE_BREAK, "\n", tag)

    def close_anchor(self) -> None:
        """Make a link of the open ``<a>``, with the words up to here."""
        if self._anchor is None:
            return
        (tag, piece, texts), self._anchor = self._anchor, None
        text = html_tags.html_to_text(" ".join(texts))[:500]
        piece.text = text
        piece.link = html_tags.make_html_link(self._source, tag, text=text)
        self.links.append(piece.link)

    def _add_text(self, tag: html_tags.HtmlTag) -> None:
        text = self._source.text[tag.start : tag.end]
        if self._anchor is not None:
            self._anchor[2].append(text)
        elif plain := html_tags.html_to_text(text):
            self._add_inline(InlineKind.TEXT, plain, tag)

    def _add_inline(
        self, kind: InlineKind, text: str, tag: html_tags.HtmlTag, link: MarkdownLink | None = None
    ) -> None:
        self._current.inlines.append(
            InlineNode(kind, text, tag.start, tag.end, self._strong > 0, link)
        )

    def _add_block(self, tag: html_tags.HtmlTag) -> None:
        self.close_anchor()
        if tag.is_closing:
            self._current.end = tag.end
            self._current = self._block
            return
        kind = _CONTAINERS[tag.name]
        parent = self._block
        if (
            kind is BlockKind.TABLE_CELL
            and parent.children
            and parent.children[-1].kind is BlockKind.TABLE_ROW
        ):
            parent = parent.children[-1]
        level = int(tag.name[1]) if kind is BlockKind.HEADING else 0
        if kind is BlockKind.TABLE_CELL:
            level = len(parent.children)
        self._current = Block(kind, tag.start, self._block.end, level)
        parent.children.append(self._current)
