"""Labeled lines of a list: they hold a link or a claim of the item or heading above them."""

import re
from collections.abc import Iterable

from linkcheck.markdown.item_names import ItemName
from linkcheck.markdown.labels import detect_claim, detect_role, is_package_link
from linkcheck.markdown.syntax_tree import Block, BlockKind, InlineKind, InlineNode

_TEXT_KINDS = (InlineKind.TEXT, InlineKind.CODE, InlineKind.LINE_BREAK)

_LABEL = re.compile(r"\A[\s\-*•·]*(?P<label>[^:：\n]{1,60}?)\s*[:：]\s*")
_PLURAL_HEADING = re.compile(r"(?:[A-Za-z&,/'-]{1,30}\s){0,5}[A-Z]?[a-z]{3,30}s:?\Z")
"""A heading that ends in a plural: "Tools", "Open models"."""


def match_label(text: str) -> re.Match[str] | None:
    """Match the text before the first colon of a line (group ``label``)."""
    return _LABEL.match(text) if ":" in text or "：" in text else None


def get_own_inlines(item: Block) -> list[InlineNode]:
    """Return the inline nodes of a list item without those of nested lists."""
    if not item.children:
        return item.inlines
    inlines = list(item.inlines)
    for child in item.children:
        if child.kind is BlockKind.PARAGRAPH:
            if inlines and child.inlines:
                at = child.inlines[0].start
                inlines.append(InlineNode(InlineKind.LINE_BREAK, "\n", at, at))
            inlines.extend(child.inlines)
    return inlines


def get_text(inlines: list[InlineNode], *, links: bool = True) -> str:
    """Return the nodes' text with white space collapsed; images have none."""
    return " ".join(
        "".join(
            [
                node.text
                for node in inlines
                if node.kind in _TEXT_KINDS or (links and node.kind is InlineKind.LINK)
            ]
        ).split()
    )


def is_labeled_line(inlines: list[InlineNode]) -> bool:
    """Return whether an item only holds a labeled link or claim of what is above it."""
    visible = _drop_blank(inlines)
    visible = [node for node in visible if node.kind is not InlineKind.IMAGE]
    if not visible:
        return True
    first = visible[0]
    if first.kind is InlineKind.LINK and first.link is not None:
        named_by_address = first.text in (first.link.written, first.link.url)
        is_package = is_package_link(first.text, first.link.url)
        return named_by_address or is_package or detect_role(first.text) is not None
    text = get_text(visible[:1])
    match = match_label(text) or match_label(get_text(visible[:2]))
    if match:
        label = match["label"]
        return detect_role(label) is not None or detect_claim(label) is not None
    whole = get_text(visible)
    return len(visible) == 1 and (detect_role(whole) is not None or detect_claim(whole) is not None)


def find_label_name(inlines: list[InlineNode]) -> ItemName | None:
    """Return the name of an item that is one linked label, optionally with a description."""
    first = next((p for p in inlines if p.kind is not InlineKind.TEXT or p.text.strip()), None)
    if first is None or first.kind is not InlineKind.LINK or first.link is None:
        return None
    if first.text in (first.link.written, first.link.url) or detect_role(first.text) is None:
        return None
    rest = get_text(_drop_blank(inlines)[1:]).lstrip()
    if len(first.text.split()) != 1 or (rest and not rest.startswith(("- ", "– ", "— "))):
        return None
    return ItemName(first.text, first.start, first.end)


def find_label_entries(items: Iterable[Block], heading: str, level: int) -> dict[int, ItemName]:
    """Return the items of a top-level list that look like labeled lines but are entries.

    ``items`` are those of one list, ``heading`` is the text above it and ``level`` its level.
    Returns names by the items' starts. "[Paper](…)" under a heading is a link of what the heading
    names, unless the heading does not name a single thing: a title, a plural, or a heading under
    which other items are named by their links.
    """
    lines = [(item.start, get_own_inlines(item)) for item in items]
    found = {start: name for start, line in lines if (name := find_label_name(line)) is not None}
    if not found:
        return found
    others = [line for start, line in lines if start not in found]
    if any(_starts_with_text(line) and is_labeled_line(line) for line in others):
        return {}  # "Introduction: …" describes what the heading names
    if level <= 1 or _PLURAL_HEADING.match(heading):
        return found
    listed = all(_starts_with_name_link(line) for line in others)
    return found if listed and len(others) >= len(found) else {}


def _drop_blank(inlines: list[InlineNode]) -> list[InlineNode]:
    return [node for node in inlines if node.kind is not InlineKind.TEXT or node.text.strip()]


def _starts_with_text(inlines: list[InlineNode]) -> bool:
    nodes = _drop_blank(inlines)
    return bool(nodes) and nodes[0].kind is InlineKind.TEXT


def _starts_with_name_link(inlines: list[InlineNode]) -> bool:
    nodes = _drop_blank(inlines)
    return bool(nodes) and nodes[0].kind is InlineKind.LINK and not is_labeled_line(inlines)
