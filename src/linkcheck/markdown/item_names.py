"""Names of list items, read from their first line."""

import re
from dataclasses import dataclass, replace
from itertools import takewhile

from linkcheck.markdown.labels import detect_role
from linkcheck.markdown.syntax_tree import InlineKind, InlineNode, MarkdownLink
from linkcheck.model.url import InvalidUrlError, parse

_NUMBERING = re.compile(
    r"\A[\s#]*(?:(?:\d{1,3}(?:\.\d{1,3}){0,5}[.、)）]?|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[(（]\d{1,3}[)）]|[①-⑳])(?:\s+|(?<=[、．)）]))"
    r"|\d{1,3}(?:\.\d{1,3}){1,5}(?=[A-Za-z\u4e00-\u9fff]{3}))\s*"
)
_NAME_END = re.compile(r"\s+[-–—|]+\s+|\s*[:：](?=\s|\Z|[\u4e00-\u9fff])|：|\s-\s*\Z|\s*\|\s*")
_DATE_TAIL = re.compile(r"\s*[(（]\s*\d{4}(?:[-/.年]\d{1,2}){0,2}[^()（）]{0,20}[)）]\s*\Z")
_TAGS = re.compile(
    r"[^\w(（\[【]*(?:[(（\[【][^()（）\[\]【】]{1,60}[)）\]】][\s:：,，、.|·–—-]*)+"
)
"""Brackets before a name: "[2023/05]", "(New!)", "[EMNLP'23]"."""
_TEXT_ENDS = (InlineKind.LINK, InlineKind.LINE_BREAK)
_EDGE_CHARACTERS = " \t\r\n-–—:：|,，;；、·•*_[("


@dataclass(frozen=True, slots=True)
class ItemName:
    """A name and its place."""

    text: str
    start: int
    end: int


def parse_heading_name(inlines: list[InlineNode]) -> ItemName:
    """Return a heading's name: its text without numbering, or that of a link at its start."""
    nodes = [node for node in inlines if node.kind is not InlineKind.IMAGE]
    text = "".join(node.text for node in nodes)
    start = nodes[0].start if nodes else 0
    end = nodes[-1].end if nodes else 0
    text = " ".join(text.split())
    bare = _NUMBERING.sub("", text).strip() or text
    first = next(
        (node for node in nodes if node.kind is InlineKind.LINK and _is_name_link(node)), None
    )
    if first is not None and bare.startswith(first.text):
        return ItemName(first.text, first.start, first.end)
    return ItemName(bare, start, end)


def parse_line_name(line: list[InlineNode], *, papers: bool) -> ItemName | None:
    """Return the name at the start of a list item, a table cell or a line, or ``None``.

    It is a link that is not a label, bold text, or the text up to the first link, dash or colon.
    With ``papers``, the whole text before a link to a paper is its title. Brackets before a name
    are not part of it.
    """
    nodes = [p for p in line if p.text.strip() or p.kind is InlineKind.LINK]
    nodes = _skip_tags([p for p in nodes if p.kind is not InlineKind.IMAGE])
    for number, node in enumerate(nodes):
        if node.kind is InlineKind.LINK:
            if _is_name_link(node):
                return ItemName(_strip_tags(node.text), node.start, node.end)
            if number == 0:
                return _name_from_url(node.link)
            continue
        if node.kind is InlineKind.LINE_BREAK:
            continue
        if node.is_strong and _has_alphanumeric(node.text):
            return _clean_name(node.text, node)
        found = _parse_leading_text(nodes[number:], papers=papers)
        if found is not None:
            return found
        if any(other.kind is InlineKind.LINK for other in nodes[number:]):
            continue
        return None
    return None


def _skip_tags(nodes: list[InlineNode]) -> list[InlineNode]:
    """Return the nodes of a line from its name on, without a date, number or tags before it.

    They are kept where nothing else could be the name.
    """
    texts = list(takewhile(lambda node: node.kind not in _TEXT_ENDS, nodes))
    tags = _TAGS.match("".join(node.text for node in texts))
    cut = tags.end() if tags else 0
    left: list[InlineNode] = []
    for node in texts:
        if cut < len(node.text):
            text = node.text[cut:]
            left.append(replace(node, text=text, start=node.start + cut) if cut else node)
        cut = max(0, cut - len(node.text))
    left = [node for node in left if node.text.strip()] + nodes[len(texts) :]
    if len(left) > 1 and _is_number(left[0].text) and _is_marked(left[1]):
        left = left[1:]
    return left if left and (left[0].kind is not InlineKind.LINK or _is_marked(left[0])) else nodes


def _strip_tags(text: str) -> str:
    """Return a text without the tags before it, unless nothing else is left."""
    tags = _TAGS.match(text)
    left = text[tags.end() :] if tags else ""
    return left if left.strip() else text


def _is_number(text: str) -> bool:
    return not any(char.isalpha() for char in text)


def _is_marked(node: InlineNode) -> bool:
    """Return whether a node is marked as a name: bold, or a link that is not a label."""
    return _is_name_link(node) if node.kind is InlineKind.LINK else node.is_strong


def _parse_leading_text(nodes: list[InlineNode], *, papers: bool) -> ItemName | None:
    """Return the name at the start of plain text."""
    text = ""
    link: MarkdownLink | None = None
    last = nodes[0]
    for node in nodes:
        if node.kind is InlineKind.LINE_BREAK:
            break
        if node.kind is InlineKind.LINK:
            link = node.link
            break
        text += node.text
        last = node
    text = _NUMBERING.sub("", text)
    title = papers and link is not None and detect_role(link.text) == "paper"
    cut = None if title else _NAME_END.search(text)
    head = text[: cut.start()] if cut else text
    if cut and not _has_alphanumeric(head):
        return None
    name = _clean_name(head, nodes[0])
    if name is None or detect_role(name.text) is not None:
        return None
    return ItemName(name.text, nodes[0].start, last.end)


def _clean_name(text: str, node: InlineNode) -> ItemName | None:
    name = _NUMBERING.sub("", " ".join(text.split()))
    name = _DATE_TAIL.sub("", name).strip(_EDGE_CHARACTERS).rstrip("。.!！")
    for opening, closing in ("()", "（）", "[]", "【】"):
        if name.endswith(closing) and name.count(opening) < name.count(closing):
            name = name[:-1].rstrip(_EDGE_CHARACTERS)
        if name.count(opening) > name.count(closing):
            name = name[: name.rfind(opening)].rstrip(_EDGE_CHARACTERS)
    return ItemName(name[:300], node.start, node.end) if _has_alphanumeric(name) else None


def _has_alphanumeric(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _is_name_link(node: InlineNode) -> bool:
    link = node.link
    if link is None or not _has_alphanumeric(node.text):
        return False
    return node.text not in (link.written, link.url) and detect_role(node.text) is None


def _name_from_url(link: MarkdownLink | None) -> ItemName | None:
    """Return the name of a link whose text is its URL: the last segment of its path."""
    if link is None:
        return None
    try:
        parts = parse(link.intended_url).segments
    except InvalidUrlError:
        return None
    return ItemName(parts[-1][:100], link.span.start, link.span.end) if parts else None
