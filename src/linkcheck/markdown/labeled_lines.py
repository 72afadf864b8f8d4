"""Fields: lines of a list that only label a link or a fact of what stands above them."""

import re
from collections.abc import Iterable

from linkcheck.markdown.item_names import ItemName
from linkcheck.markdown.labels import detect_claim, detect_role
from linkcheck.markdown.syntax_tree import Block, BlockKind, InlineKind, InlineNode

_TEXT_KINDS = (InlineKind.TEXT, InlineKind.CODE, InlineKind.LINE_BREAK)

_LABEL = re.compile(r"\A[\s\-*•·]*(?P<label>[^:：\n]{1,60}?)\s*[:：]\s*")
_PLURAL_HEADING = re.compile(r"(?:[A-Za-z&,/'-]{1,30}\s){0,5}[A-Z]?[a-z]{3,30}s:?\Z")
"""A heading whose last word is a plain plural: "Tools", "Open models"."""


def match_label(text: str) -> re.Match[str] | None:
    """Return the match of the words in front of a colon that begin a line (group ``label``)."""
    return _LABEL.match(text) if ":" in text or "：" in text else None


def get_own_inlines(item: Block) -> list[InlineNode]:
    """Return the pieces of an item's own lines: not those of the lists in it."""
    if not item.children:
        return item.inlines
    own = list(item.inlines)
    for child in item.children:
        if child.kind is BlockKind.PARAGRAPH:
            if own and child.inlines:
                at = child.inlines[0].start
                own.append(InlineNode(InlineKind.LINE_BREAK, "\n", at, at))
            own.extend(child.inlines)
    return own


def get_text(inlines: list[InlineNode], *, links: bool = True) -> str:
    """Return pieces as one plain text; images say nothing."""
    return " ".join(
        "".join(
            [
                piece.text
                for piece in inlines
                if piece.kind in _TEXT_KINDS or (links and piece.kind is InlineKind.LINK)
            ]
        ).split()
    )


def is_labeled_line(own: list[InlineNode]) -> bool:
    """Say whether an item only labels a link or a fact of what stands above it."""
    significant = _drop_blank(own)
    if not significant:
        return True
    first = significant[0]
    if first.kind is InlineKind.IMAGE:
        return True
    if first.kind is InlineKind.LINK and first.link is not None:
        named_by_address = first.text in (first.link.written, first.link.url)
        return named_by_address or detect_role(first.text) is not None
    text = get_text(significant[:1])
    match = match_label(text) or match_label(get_text(significant[:2]))
    if match:
        label = match["label"]
        return detect_role(label) is not None or detect_claim(label) is not None
    whole = get_text(significant)
    return len(significant) == 1 and (
        detect_role(whole) is not None or detect_claim(whole) is not None
    )


def find_label_name(own: list[InlineNode]) -> ItemName | None:
    """Return the name of an item that is one linked label word, with its description at most."""
    first = next((p for p in own if p.kind is not InlineKind.TEXT or p.text.strip()), None)
    if first is None or first.kind is not InlineKind.LINK or first.link is None:
        return None
    if first.text in (first.link.written, first.link.url) or detect_role(first.text) is None:
        return None
    rest = get_text(_drop_blank(own)[1:]).lstrip()
    if len(first.text.split()) != 1 or (rest and not rest.startswith(("- ", "– ", "— "))):
        return None
    return ItemName(first.text, first.start, first.end)


def find_label_entries(items: Iterable[Block], heading: str, level: int) -> dict[int, ItemName]:
    """Return the items of a list without a parent that look like fields and are entries.

    ``items`` are one list's, ``heading`` is the text above it and ``level`` its level. The answer
    holds names by the items' start. "[Paper](…)" under a heading is a link of what the heading
    names, unless the heading plainly names no single thing: a title, a plural, or one under which
    other items are named by their links.
    """
    own = [(item.start, get_own_inlines(item)) for item in items]
    found = {start: name for start, line in own if (name := find_label_name(line)) is not None}
    if not found:
        return found
    others = [line for start, line in own if start not in found]
    if any(_starts_with_text(line) and is_labeled_line(line) for line in others):
        return {}  # "Introduction: …" tells of what the heading names
    if level <= 1 or _PLURAL_HEADING.match(heading):
        return found
    listed = all(_starts_with_name_link(line) for line in others)
    return found if listed and len(others) >= len(found) else {}


def _drop_blank(own: list[InlineNode]) -> list[InlineNode]:
    return [piece for piece in own if piece.kind is not InlineKind.TEXT or piece.text.strip()]


def _starts_with_text(own: list[InlineNode]) -> bool:
    pieces = _drop_blank(own)
    return bool(pieces) and pieces[0].kind is InlineKind.TEXT


def _starts_with_name_link(own: list[InlineNode]) -> bool:
    pieces = _drop_blank(own)
    return bool(pieces) and pieces[0].kind is InlineKind.LINK and not is_labeled_line(own)
