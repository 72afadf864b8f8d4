"""Anchors of a Markdown text: the fragments that a link to it can have on GitHub."""

import html
import re
from typing import Any
from unicodedata import category

from linkcheck.markdown.events import extract_markdown, parse_events
from linkcheck.markdown.raw_html import find_attributes, scan_html

_HEADING = re.compile(r"h[1-6]")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_KEPT = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"))
_CIRCLED = re.compile(
    "[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]"
)
"""Symbols that Unicode counts as alphabetic: letters in circles and squares."""


def slugify_heading(text: str) -> str:
    """Return the id of a heading with this text, before repeats are numbered.

    Lower-cased; spaces become hyphens; of the rest only alphabetic characters, marks, decimal
    digits, connector punctuation (``_``) and hyphens stay. Markup must be gone from the text
    already, white space must not: each space counts.
    """
    return "".join(filter(_is_kept, text.lower())).replace(" ", "-")


def _is_kept(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in " -_"
    return category(character) in _KEPT or _CIRCLED.match(character) is not None


class Slugger:
    """Gives the headings of one document their ids, in order: repeats get ``-1``, ``-2``, …."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def slug(self, text: str) -> str:
        """Return the id of the next heading."""
        base = slug = slugify_heading(text)
        while slug in self._counts:
            self._counts[base] += 1
            slug = f"{base}-{self._counts[base]}"
        self._counts[slug] = 0
        return slug


def find_anchors(text: str) -> frozenset[str]:
    """Return the anchors of a Markdown text: headings, ``id`` and ``name`` attributes, footnotes.

    As GitHub spells them, without ``user-content-``. Where it is not known which of two spellings
    GitHub uses (line breaks in headings, white space around the text of an HTML heading, footnotes
    in headings), both are returned. Never raises; linear in the length of the text.
    """
    collector = _Collector()
    for name, value, _, _ in parse_events(extract_markdown(text)[0]):
        collector.add_event(name, value)
    return frozenset(collector.anchors)


class _Collector:
    """Collects anchors from the parser's events.

    A heading may begin in one HTML block and end in another.
    """

    def __init__(self) -> None:
        self.anchors: set[str] = set()
        self._slugger = Slugger()
        self._lenient_slugger = Slugger()
        self._heading: list[str] | None = None
        self._is_html = False
        self._numbers: dict[str, int] = {}
        """Numbers of the footnotes, by label."""
        self._notes = ""
        """Numbers of the footnotes in the open heading."""
        self._images = 0
        self._html: list[str] = []

    def add_event(self, event: str, value: Any) -> None:
        """Add one of the parser's events."""
        match event:
            case "SoftBreak" | "HardBreak":
                self.add_text("\n")
            case "Text" | "Code" | "InlineMath" | "DisplayMath":
                self.add_text(value)
            case "Start" | "End":
                self._add_block(
                    event, value if isinstance(value, str) else next(iter(value)), value
                )
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

    def _add_block(self, event: str, name: str, value: Any) -> None:
        if name == "Heading":
            if event == "Start":
                self._open_heading()
            else:
                self._close_heading()
        elif name == "Image":
            self._images += 1 if event == "Start" else -1
        elif name == "HtmlBlock" and event == "End":
            block, self._html = "".join(self._html), []
            self._read_html(block)
        elif name == "FootnoteDefinition" and event == "Start":
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
        for tag in scan_html(text, 0, len(text)):
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
                for low, high in find_attributes(text, tag.start, tag.end, "id", "name"):
                    self.anchors.add(html.unescape(text[low:high]).strip())
