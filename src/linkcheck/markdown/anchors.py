"""The anchors of a Markdown text: what a ``#fragment`` can lead to on GitHub."""

import html
import re
from typing import Any, cast

from linkcheck.markdown import html_tags
from linkcheck.markdown.parser import find_markdown_start, parser_options
from linkcheck.markdown.slugs import Slugger, slugify_heading

_ID = re.compile(
    r"""(?<![^\s"'/])(?:id|name)\s{0,20}=\s{0,20}"""
    r"""(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""",
    re.IGNORECASE,
)
_HEADING = re.compile(r"h[1-6]")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_SURROGATES = re.compile("[\ud800-\udfff]")


def find_anchors(text: str) -> frozenset[str]:
    """Return the anchors of a Markdown text: headings, ``id`` and ``name`` attributes, footnotes.

    As GitHub spells them, without ``user-content-``. Where it is not known which of two spellings
    GitHub uses (line breaks in headings, white space around the text of an HTML heading, footnotes
    in headings), both are returned. Never raises; linear in the length of the text.
    """
    from pyromark import events

    markdown = _SURROGATES.sub("\ufffd", text[find_markdown_start(text) :])
    collector = _Collector()
    for event in events(markdown, options=parser_options()):
        if isinstance(event, str):
            if event in ("SoftBreak", "HardBreak"):
                collector.add_text("\n")
            continue
        key, value = next(iter(cast("dict[str, Any]", event).items()))
        collector.add_event(key, value)
    return frozenset(collector.anchors)


class _Collector:
    """Follows the parser's events; a heading may begin in one HTML block and end in another."""

    def __init__(self) -> None:
        self.anchors: set[str] = set()
        self._slugger = Slugger()
        self._lenient_slugger = Slugger()
        self._heading: list[str] | None = None
        self._is_html = False
        self._numbers: dict[str, int] = {}
        """The numbers of the footnotes, by their labels."""
        self._notes = ""
        """The numbers of the footnotes in the open heading."""
        self._images = 0
        self._html: list[str] = []

    def add_event(self, key: str, value: Any) -> None:
        """Take an event of the parser, other than a line break."""
        match key:
            case "Text" | "Code" | "InlineMath" | "DisplayMath":
                self.add_text(value)
            case "Start" | "End":
                self._add_block(key, value if isinstance(value, str) else next(iter(value)), value)
            case "Html":
                self._html.append(value)
            case "InlineHtml":
                self._read_html(value)
            case "FootnoteReference":
                self.anchors.add(f"fnref-{value}")
                self._notes += str(self._numbers.setdefault(value, len(self._numbers) + 1))
            case _:
                pass

    def add_text(self, text: str) -> None:
        """Add to the text of the open heading; the description of an image is no part of it."""
        if self._heading is not None and not self._images:
            self._heading.append(text)

    def _add_block(self, key: str, name: str, value: Any) -> None:
        if name == "Heading":
            if key == "Start":
                self._open_heading()
            else:
                self._close_heading()
        elif name == "Image":
            self._images += 1 if key == "Start" else -1
        elif name == "HtmlBlock" and key == "End":
            block, self._html = "".join(self._html), []
            self._read_html(block)
        elif name == "FootnoteDefinition" and key == "Start":
            self.anchors |= {f"fn-{value[name]}", "footnote-label"}

    def _open_heading(self, *, is_html: bool = False) -> None:
        self._heading, self._notes, self._is_html = [], "", is_html

    def _close_heading(self) -> None:
        if self._heading is None:
            return
        text, self._heading = "".join(self._heading), None
        self.anchors.add(self._slugger.slug(text))
        lenient = " ".join(text.split()) if self._is_html else _LINE_BREAK.sub(" ", text)
        self.anchors.add(self._lenient_slugger.slug(lenient))
        if self._notes:
            self.anchors.add(slugify_heading(text + self._notes))

    def _read_html(self, text: str) -> None:
        for tag in html_tags.scan_html(text, 0, len(text)):
            if tag.name == "":
                self.add_text(html.unescape(text[tag.start : tag.end]))
                continue
            if tag.name == "!":
                continue
            if _HEADING.fullmatch(tag.name):
                self._close_heading()
                if not tag.is_closing:
                    self._open_heading(is_html=True)
            if not tag.is_closing:
                for match in _ID.finditer(text, tag.start, tag.end):
                    self.anchors.add(html.unescape(match[match.lastindex or 0]).strip())
