"""Fields: lines of a list that only label a link or a fact of what stands above them."""

import re
from collections.abc import Iterable

from linkcheck.markdown.item_names import Name
from linkcheck.markdown.labels import fact_of, role_of
from linkcheck.markdown.syntax_tree import Block, BlockKind, InlineKind, InlineNode

_WORDS = (InlineKind.TEXT, InlineKind.CODE, InlineKind.BREAK)

_LABEL = re.compile(r"\A[\s\-*•·]*(?P<label>[^:：\n]{1,60}?)\s*[:：]\s*")
_CATEGORY = re.compile(r"(?:[A-Za-z&,/'-]{1,30}\s){0,5}[A-Z]?[a-z]{3,30}s:?\Z")
"""A heading whose last word is a plain plural: "Tools", "Open models"."""


def label_of(text: str) -> re.Match[str] | None:
    """Return the match of the words in front of a colon that begin a line (group ``label``)."""
    return _LABEL.match(text) if ":" in text or "：" in text else None


def own_line(item: Block) -> list[InlineNode]:
    """Return the pieces of an item's own lines: not those of the lists in it."""
    if not item.children:
        return item.inlines
    own = list(item.inlines)
    for child in item.children:
        if child.kind is BlockKind.PARAGRAPH:
            if own and child.inlines:
                at = child.inlines[0].start
                own.append(InlineNode(InlineKind.BREAK, "\n", at, at))
            own.extend(child.inlines)
    return own


def text_of(inlines: list[InlineNode], *, links: bool = True) -> str:
    """Return pieces as one plain text; images say nothing."""
    return " ".join(
        "".join(
            [
                piece.text
                for piece in inlines
                if piece.kind in _WORDS or (links and piece.kind is InlineKind.LINK)
            ]
        ).split()
    )


def is_field(own: list[InlineNode]) -> bool:
    """Say whether an item only labels a link or a fact of what stands above it."""
    significant = _significant(own)
    if not significant:
        return True
    first = significant[0]
    if first.kind is InlineKind.IMAGE:
        return True
    if first.kind is InlineKind.LINK and first.link is not None:
        named_by_address = first.text in (first.link.written, first.link.url)
        return named_by_address or role_of(first.text) is not None
    text = text_of(significant[:1])
    match = label_of(text) or label_of(text_of(significant[:2]))
    if match:
        label = match["label"]
        return role_of(label) is not None or fact_of(label) is not None
    whole = text_of(significant)
    return len(significant) == 1 and (role_of(whole) is not None or fact_of(whole) is not None)


def label_name(own: list[InlineNode]) -> Name | None:
    """Return the name of an item that is one linked label word, with its description at most."""
    first = next((p for p in own if p.kind is not InlineKind.TEXT or p.text.strip()), None)
    if first is None or first.kind is not InlineKind.LINK or first.link is None:
        return None
    if first.text in (first.link.written, first.link.url) or role_of(first.text) is None:
        return None
    rest = text_of(_significant(own)[1:]).lstrip()
    if len(first.text.split()) != 1 or (rest and not rest.startswith(("- ", "– ", "— "))):
        return None
    return Name(first.text, first.start, first.end)


def label_entries(items: Iterable[Block], heading: str, level: int) -> dict[int, Name]:
    """Return the items of a list without a parent that look like fields and are entries.

    ``items`` are one list's, ``heading`` is the text above it and ``level`` its level. The answer
    holds names by the items' start. "[Paper](…)" under a heading is a link of what the heading
    names, unless the heading plainly names no single thing: a title, a plural, or one under which
    other items are named by their links.
    """
    own = [(item.start, own_line(item)) for item in items]
    found = {start: name for start, line in own if (name := label_name(line)) is not None}
    if not found:
        return found
    others = [line for start, line in own if start not in found]
    if any(_text_label(line) and is_field(line) for line in others):
        return {}  # "Introduction: …" tells of what the heading names
    if level <= 1 or _CATEGORY.match(heading):
        return found
    listed = all(_begins_with_named_link(line) for line in others)
    return found if listed and len(others) >= len(found) else {}


def _significant(own: list[InlineNode]) -> list[InlineNode]:
    return [piece for piece in own if piece.kind is not InlineKind.TEXT or piece.text.strip()]


def _text_label(own: list[InlineNode]) -> bool:
    pieces = _significant(own)
    return bool(pieces) and pieces[0].kind is InlineKind.TEXT


def _begins_with_named_link(own: list[InlineNode]) -> bool:
    pieces = _significant(own)
    return bool(pieces) and pieces[0].kind is InlineKind.LINK and not is_field(own)
