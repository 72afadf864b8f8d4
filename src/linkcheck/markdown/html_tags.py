"""Links and comments in raw HTML, found tolerantly and in linear time."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from linkcheck.markdown.destinations import make_link
from linkcheck.markdown.syntax_tree import HtmlComment, LinkForm, MarkdownLink
from linkcheck.model.source_text import SourceText

_TOKEN = re.compile(
    r"<!--|<!\[CDATA\[|<\?"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)"
    r"""(?P<attributes>(?:[^<>"']|"[^"]{0,9999}+"|'[^']{0,9999}+')*+)>"""
)
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])(?P<name>href|src)\s{0,20}=\s{0,20}"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'=<>`]+))""",
    re.IGNORECASE,
)
_RAW_TEXT = frozenset(("script", "style", "textarea", "title", "noscript"))
_TERMINATORS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_URL_ATTRIBUTES = {"a": "href", "img": "src"}


@dataclass(frozen=True, slots=True)
class HtmlTag:
    """A tag, a comment or a piece of text of raw HTML."""

    name: str
    """The tag's name in lower case, ``""`` for text, ``"!"`` for a comment."""
    start: int
    end: int
    is_closing: bool = False
    url_start: int = -1
    url_end: int = -1
    """The place of the address, where the tag is a link or an image with one."""

    @property
    def has_url(self) -> bool:
        """Whether the tag carries an address."""
        return self.url_start >= 0


def scan_html(text: str, start: int, end: int) -> Iterator[HtmlTag]:
    """Yield the tags, comments and texts of ``text[start:end]``, in order."""
    position = start
    at = start
    while match := _TOKEN.search(text, at, end):
        if match.start() > position:
            yield HtmlTag("", position, match.start())
        name = (match["name"] or "").lower()
        if not name:
            closing = _TERMINATORS[match.group()]
            stop = text.find(closing, match.end(), end)
            at = position = end if stop == -1 else stop + len(closing)
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
    wanted = _URL_ATTRIBUTES.get(name)
    if wanted and not match["close"]:
        for attribute in _ATTRIBUTE.finditer(text, match.start("attributes"), match.end()):
            if attribute["name"].lower() == wanted:
                group = attribute.lastgroup or "bare"
                low, high = attribute.span(group)
                # GitHub drops the white space around an address; so does every browser.
                while low < high and text[low].isspace():
                    low += 1
                while high > low and text[high - 1].isspace():
                    high -= 1
                return HtmlTag(name, match.start(), match.end(), url_start=low, url_end=high)
    return HtmlTag(name, match.start(), match.end(), is_closing=bool(match["close"]))


def html_to_text(text: str) -> str:
    """Return text of raw HTML as read: entities resolved, white space collapsed."""
    return " ".join(html.unescape(text).split())


def make_html_link(
    source: SourceText,
    tag: HtmlTag,
    *,
    text: str = "",
    image: bool = False,
    inside: int | None = None,
) -> MarkdownLink:
    """Return the link that a tag with an address is."""
    url = html.unescape(source.text[tag.url_start : tag.url_end])
    address = (tag.url_start, tag.url_end)
    return make_link(
        source,
        url,
        address,
        (tag.start, tag.end),
        LinkForm.HTML,
        text=text,
        image=image,
        inside=inside,
    )


def parse_comment(source: SourceText, tag: HtmlTag) -> tuple[HtmlComment, ...]:
    """Return the comment, if it speaks to linkcheck."""
    text = source.text[tag.start : tag.end].removeprefix("<!--").removesuffix("-->").strip()
    if not text.startswith("linkcheck"):
        return ()
    return (HtmlComment(text, source.span(tag.start, tag.end)),)
