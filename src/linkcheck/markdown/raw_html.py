"""Raw HTML in Markdown: its tags, links and comments, and blocks of it as a syntax tree."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from linkcheck.markdown.destinations import make_link
from linkcheck.markdown.syntax_tree import (
    MAX_LINK_TEXT_LENGTH,
    Block,
    BlockKind,
    HtmlComment,
    InlineKind,
    InlineNode,
    LinkForm,
    MarkdownLink,
)
from linkcheck.model.source_text import SourceText

_TOKEN = re.compile(
    r"<!--|<!\[CDATA\[|<\?"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)"
    r"""(?P<attributes>(?:[^<>"']|"[^"]{0,9999}+"|'[^']{0,9999}+')*+)>"""
)
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])(?P<name>href|src|id|name)\s{0,20}=\s{0,20}"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'=<>`]+))""",
    re.IGNORECASE,
)
_RAW_TEXT = frozenset(("script", "style", "textarea", "title", "noscript"))
_TERMINATORS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_URL_ATTRIBUTES = {"a": "href", "img": "src"}

_CONTAINERS = {
    "li": BlockKind.LIST_ITEM,
    "tr": BlockKind.TABLE_ROW,
    "td": BlockKind.TABLE_CELL,
    "th": BlockKind.TABLE_CELL,
    "p": BlockKind.PARAGRAPH,
    "summary": BlockKind.SUMMARY,
    **{f"h{level}": BlockKind.HEADING for level in range(1, 7)},
}


@dataclass(frozen=True, slots=True)
class HtmlTag:
    """A tag, a comment or a run of text."""

    name: str
    """The tag's name in lower case, ``""`` for text, ``"!"`` for a comment."""
    start: int
    end: int
    is_closing: bool = False
    url_start: int = -1
    url_end: int = -1
    """Bounds of the URL of a link or an image; negative where there is none."""

    @property
    def has_url(self) -> bool:
        """Whether the tag is a link or an image with a URL."""
        return self.url_start >= 0


def scan_html(text: str, start: int, end: int) -> Iterator[HtmlTag]:
    """Yield the tags, comments and runs of text in ``text[start:end]``, in order.

    Tolerant of malformed HTML, and linear in the length of the text.
    """
    position = start
    at = start
    while match := _TOKEN.search(text, at, end):
        if match.start() > position:
            yield HtmlTag("", position, match.start())
        name = (match["name"] or "").lower()
        if not name:
            terminator = _TERMINATORS[match.group()]
            stop = text.find(terminator, match.end(), end)
            at = position = end if stop == -1 else stop + len(terminator)
            if match.group() == "<!--":
                yield HtmlTag("!", match.start(), at)
            continue
        yield _make_tag(text, match, name)
        at = position = match.end()
        if name in _RAW_TEXT and not match["close"]:
            close = re.compile(rf"</{name}", re.IGNORECASE).search(text, at, end)
            at = position = close.start() if close else end
    if position < end:
        yield HtmlTag("", position, end)


def _make_tag(text: str, match: re.Match[str], name: str) -> HtmlTag:
    attribute = _URL_ATTRIBUTES.get(name)
    if attribute and not match["close"]:
        bounds = find_attributes(text, match.start("attributes"), match.end(), attribute)
        for start, end in bounds:
            # GitHub and browsers ignore white space around a URL.
            url = text[start:end].lstrip()
            low = end - len(url)
            high = low + len(url.rstrip())
            return HtmlTag(name, match.start(), match.end(), url_start=low, url_end=high)
    return HtmlTag(name, match.start(), match.end(), is_closing=bool(match["close"]))


def find_attributes(text: str, start: int, end: int, *names: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the values of a tag's attributes with these names.

    ``names`` are any of ``href``, ``src``, ``id`` and ``name``.
    """
    for match in _ATTRIBUTE.finditer(text, start, end):
        if match["name"].lower() in names:
            yield match.span(match.lastgroup or "bare")


def html_to_text(text: str) -> str:
    """Return raw HTML without tags as text: entities decoded, white space collapsed."""
    return " ".join(html.unescape(text).split())


def make_html_link(
    source: SourceText,
    tag: HtmlTag,
    *,
    text: str = "",
    is_image: bool = False,
    parent_start: int | None = None,
) -> MarkdownLink:
    """Return the link of a tag that has a URL."""
    bounds = (tag.url_start, tag.url_end)
    return make_link(
        source,
        html.unescape(source.text[slice(*bounds)]),
        bounds,
        (tag.start, tag.end),
        LinkForm.HTML,
        text=text,
        is_image=is_image,
        parent_start=parent_start,
    )


@dataclass(slots=True)
class OpenAnchor:
    """An ``<a href>`` before its ``</a>``."""

    tag: HtmlTag
    node: InlineNode
    texts: list[str] = field(default_factory=list)
    """The text so far, as plain text."""

    def close(self, source: SourceText) -> MarkdownLink:
        """Complete the node and return its link."""
        text = " ".join("".join(self.texts).split())[:MAX_LINK_TEXT_LENGTH]
        link = make_html_link(source, self.tag, text=text)
        self.node.link, self.node.text = link, text
        return link


def parse_comment(source: SourceText, tag: HtmlTag) -> tuple[HtmlComment, ...]:
    """Return the comment if it is addressed to linkcheck."""
    text = source.text[tag.start : tag.end].removeprefix("<!--").removesuffix("-->").strip()
    if not text.startswith("linkcheck"):
        return ()
    return (HtmlComment(text, source.span(tag.start, tag.end)),)


def parse_html_block(
    source: SourceText, block: Block, start: int, end: int
) -> tuple[list[MarkdownLink], list[HtmlComment]]:
    """Fill ``block`` from the HTML at ``start`` to ``end``; return its links and comments.

    List items, table rows, cells, paragraphs and headings become child blocks.
    """
    parser = _HtmlBlockParser(source, block)
    for tag in scan_html(source.text, start, end):
        parser.add_tag(tag)
    parser.close_anchor()
    return parser.links, parser.comments


class _HtmlBlockParser:
    def __init__(self, source: SourceText, block: Block) -> None:
        self.links: list[MarkdownLink] = []
        self.comments: list[HtmlComment] = []
        self._source = source
        self._block = block
        self._current = block
        self._anchor: OpenAnchor | None = None
        self._strong = 0

    def add_tag(self, tag: HtmlTag) -> None:
        if tag.name == "!":
            self.comments.extend(parse_comment(self._source, tag))
        elif tag.name == "":
            self._add_text(tag)
        elif tag.name in _CONTAINERS:
            self._add_block(tag)
        elif tag.name == "details" and tag.is_closing:
            self.close_anchor()
            self._current = self._block
            self._block.children.append(Block(BlockKind.DETAILS_END, tag.start, tag.end))
        elif tag.name in ("b", "strong"):
            self._strong += -1 if tag.is_closing else 1
        elif tag.name == "a":
            self.close_anchor()
            if tag.has_url:
                self._anchor = OpenAnchor(tag, self._add_inline(InlineKind.LINK, "", tag))
        elif tag.name == "img" and tag.has_url:
            parent = self._anchor.tag.start if self._anchor else None
            link = make_html_link(self._source, tag, is_image=True, parent_start=parent)
            self.links.append(link)
            if self._anchor is None:
                self._add_inline(InlineKind.IMAGE, "", tag, link)
        elif tag.name == "br":
            self._add_inline(InlineKind.LINE_BREAK, "\n", tag)

    def close_anchor(self) -> None:
        """End the open ``<a>``, if there is one, with the text up to here."""
        if self._anchor is not None:
            self.links.append(self._anchor.close(self._source))
            self._anchor = None

    def _add_text(self, tag: HtmlTag) -> None:
        text = self._source.text[tag.start : tag.end]
        if self._anchor is not None:
            self._anchor.texts.append(f"{html.unescape(text)} ")
        elif plain := html_to_text(text):
            self._add_inline(InlineKind.TEXT, plain, tag)

    def _add_inline(
        self, kind: InlineKind, text: str, tag: HtmlTag, link: MarkdownLink | None = None
    ) -> InlineNode:
        node = InlineNode(kind, text, tag.start, tag.end, self._strong > 0, link)
        self._current.inlines.append(node)
        return node

    def _add_block(self, tag: HtmlTag) -> None:
        self.close_anchor()
        if tag.is_closing:
            self._current.end = tag.end
            self._current = self._block
            return
        kind = _CONTAINERS[tag.name]
        parent = self._block
        if kind is BlockKind.TABLE_CELL:
            last = parent.children[-1] if parent.children else None
            parent = last if last and last.kind is BlockKind.TABLE_ROW else parent
            level = len(parent.children)
        else:
            level = int(tag.name[1]) if kind is BlockKind.HEADING else 0
        self._current = Block(kind, tag.start, self._block.end, level)
        parent.children.append(self._current)
