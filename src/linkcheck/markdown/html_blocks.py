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
    "li": BlockKind.ITEM,
    "tr": BlockKind.ROW,
    "td": BlockKind.CELL,
    "th": BlockKind.CELL,
    "p": BlockKind.PARAGRAPH,
    **{f"h{level}": BlockKind.HEADING for level in range(1, 7)},
}


def read_block(
    source: SourceText, block: Block, start: int, end: int
) -> tuple[list[MarkdownLink], list[HtmlComment]]:
    """Fill ``block`` from the HTML at ``start`` to ``end``; return its links and comments."""
    reader = _HtmlReader(source, block)
    for tag in html_tags.scan(source.text, start, end):
        reader.take(tag)
    reader.close_anchor()
    return reader.links, reader.comments


class _HtmlReader:
    def __init__(self, source: SourceText, block: Block) -> None:
        self.links: list[MarkdownLink] = []
        self.comments: list[HtmlComment] = []
        self._source = source
        self._block = block
        self._target = block
        self._anchor: tuple[html_tags.Tag, InlineNode, list[str]] | None = None
        self._strong = 0

    def take(self, tag: html_tags.Tag) -> None:
        if tag.name == "!":
            self.comments.extend(html_tags.comment(self._source, tag))
        elif tag.name == "":
            self._text(tag)
        elif tag.name in _CONTAINERS:
            self._container(tag)
        elif tag.name in ("b", "strong"):
            self._strong += -1 if tag.closing else 1
        elif tag.name == "a":
            self.close_anchor()
            if tag.has_url:
                piece = InlineNode(InlineKind.LINK, "", tag.start, tag.end, self._strong > 0)
                self._target.inlines.append(piece)
                self._anchor = (tag, piece, [])
        elif tag.name == "img" and tag.has_url:
            inside = self._anchor[0].start if self._anchor else None
            link = html_tags.link(self._source, tag, image=True, inside=inside)
            self.links.append(link)
            if self._anchor is None:
                self._piece(InlineKind.IMAGE, "", tag, link)
        elif tag.name == "br":
            self._piece(InlineKind.BREAK, "\n", tag)

    def close_anchor(self) -> None:
        """Make a link of the open ``<a>``, with the words up to here."""
        if self._anchor is None:
            return
        (tag, piece, texts), self._anchor = self._anchor, None
        text = html_tags.plain(" ".join(texts))[:500]
        piece.text = text
        piece.link = html_tags.link(self._source, tag, text=text)
        self.links.append(piece.link)

    def _text(self, tag: html_tags.Tag) -> None:
        text = self._source.text[tag.start : tag.end]
        if self._anchor is not None:
            self._anchor[2].append(text)
        elif plain := html_tags.plain(text):
            self._piece(InlineKind.TEXT, plain, tag)

    def _piece(
        self, kind: InlineKind, text: str, tag: html_tags.Tag, link: MarkdownLink | None = None
    ) -> None:
        self._target.inlines.append(
            InlineNode(kind, text, tag.start, tag.end, self._strong > 0, link)
        )

    def _container(self, tag: html_tags.Tag) -> None:
        self.close_anchor()
        if tag.closing:
            self._target.end = tag.end
            self._target = self._block
            return
        kind = _CONTAINERS[tag.name]
        parent = self._block
        if kind is BlockKind.CELL and parent.children and parent.children[-1].kind is BlockKind.ROW:
            parent = parent.children[-1]
        level = int(tag.name[1]) if kind is BlockKind.HEADING else 0
        if kind is BlockKind.CELL:
            level = len(parent.children)
        self._target = Block(kind, tag.start, self._block.end, level)
        parent.children.append(self._target)
