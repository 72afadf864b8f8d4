"""List items that consist of a bare URL, and whether each is an entry.

By default the line holds a link of the heading above it ("### Gamma" with its repository and its
paper below). Under a heading of a category ("## Models") each line is an entry.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from linkcheck.importing.drafts import external_links, normalize_name
from linkcheck.markdown.item_kinds import detect_kind_by_words
from linkcheck.markdown.item_names import ItemName
from linkcheck.markdown.labeled_lines import get_own_inlines, get_text
from linkcheck.markdown.list_items import ItemLink, ListItem
from linkcheck.markdown.syntax_tree import Block, BlockKind, InlineKind, LinkScope, MarkdownDocument
from linkcheck.model.target import Target, TargetKind
from linkcheck.model.url import parse

_PLURAL = re.compile(r"(?:\S+\s+){0,5}[A-Za-z]{3,30}s:?\Z")
_DESCRIPTION = re.compile(r"\Z|[-–—:：(（,，]")
"""What may follow the URL in its line: nothing, or a description."""
_CJK = re.compile(r"[\u4e00-\u9fff]+\Z")
NUMBERED_KINDS = frozenset({TargetKind.ARXIV, TargetKind.DOI})
"""Kinds of targets that are named by a number, which no heading contains."""


@dataclass(slots=True)
class _Heading:
    """A heading (or the start of the file) and the bare URL items below it."""

    start: int
    level: int
    bare_urls: dict[int, str] = field(default_factory=dict)
    """Start of each link, and the description after it."""


def split_bare_url_items(
    items: Sequence[ListItem], document: MarkdownDocument, classify: Callable[[str], Target | None]
) -> list[ListItem]:
    """Return the items in order, with each bare URL that is an entry as a separate item.

    ``classify`` returns the target of a URL. An item keeps the links that are not moved.
    """
    headings = [_Heading(0, 0)]
    _collect_bare_urls(document.root, headings)
    by_start = {heading.start: heading for heading in headings if heading.bare_urls}
    groups = {
        item.section[:size]
        for item in items
        if external_links(item)
        for size in range(1, len(item.section) + 1)
    }
    result: list[ListItem] = []
    for item in items:
        heading = by_start.get(item.start)
        if heading is None or item.kind not in (BlockKind.ROOT, BlockKind.HEADING):
            result.append(item)
            continue
        bare = _classify_links(item, heading, classify)
        path = (*item.section, item.name.text)
        if not bare or not _lists_entries(item, heading.level, bare, holds_more=path in groups):
            result.append(item)
            continue
        taken = {one.link.full_span.start for one, _ in bare}
        result.append(
            replace(item, links=[o for o in item.links if o.link.full_span.start not in taken])
        )
        result += [
            _make_item(one, target, item, heading.bare_urls[one.link.full_span.start])
            for one, target in bare
        ]
    return result


def _collect_bare_urls(block: Block, headings: list[_Heading]) -> None:
    """Collect the bare URLs in ``block`` below the headings before them."""
    for child in block.children:
        if child.kind is BlockKind.HEADING:
            headings.append(_Heading(child.start, child.level))
        elif child.kind is BlockKind.LIST_ITEM:
            headings[-1].bare_urls |= _find_bare_url(child)
        else:
            _collect_bare_urls(child, headings)


def _find_bare_url(item: Block) -> dict[int, str]:
    """Return the start and the description of a list item's URL if it holds nothing else."""
    if any(child.kind is not BlockKind.PARAGRAPH for child in item.children):
        return {}
    own = get_own_inlines(item)
    nodes = [node for node in own if node.kind is not InlineKind.TEXT or node.text.strip()]
    link = nodes[0].link if nodes and nodes[0].kind is InlineKind.LINK else None
    if link is None or link.scope is not LinkScope.EXTERNAL:
        return {}
    if link.text not in (link.written, link.url) or any(node.link for node in nodes[1:]):
        return {}
    description = get_text(nodes[1:])
    return {link.full_span.start: description[:300]} if _DESCRIPTION.match(description) else {}


def _classify_links(
    item: ListItem, heading: _Heading, classify: Callable[[str], Target | None]
) -> list[tuple[ItemLink, Target]]:
    """Return an item's bare URLs with their targets; those without one are left out."""
    bare = (one for one in external_links(item) if one.link.full_span.start in heading.bare_urls)
    known = ((one, classify(one.link.intended_url)) for one in bare)
    return [(one, target) for one, target in known if target is not None]


def _lists_entries(
    item: ListItem, level: int, bare: Sequence[tuple[ItemLink, Target]], *, holds_more: bool
) -> bool:
    """Return whether the bare URLs below a heading are entries, and not links of the heading."""
    if item.kind is BlockKind.ROOT:
        return True
    if item.labeled_values or any(one.label for one in item.links):
        return False  # "License: …", "Paper: …" describe what the heading names
    heading = item.name.text
    names = [
        normalize_name(name_from_target(target))
        for _, target in bare
        if target.kind not in NUMBERED_KINDS
    ]
    heading_name = normalize_name(heading)
    if any(
        name and heading_name and (name in heading_name or heading_name in name) for name in names
    ):
        return False
    if level <= 1 or holds_more or _is_category(heading):
        return True
    kinds = [target.kind for _, target in bare]
    return any(kinds.count(kind) > 1 for kind in set(kinds) - {TargetKind.WEB})


def _is_category(heading: str) -> bool:
    """Return whether a heading is a category: "Open models", "数据集"."""
    if _CJK.match(heading):
        return detect_kind_by_words(heading) is not None
    return _PLURAL.match(heading) is not None


def _make_item(one: ItemLink, target: Target, above: ListItem, description: str) -> ListItem:
    """Return the item of a line with one bare URL; ``above`` is the heading above it."""
    at = one.link.full_span
    name = ItemName(name_from_target(target), at.start, at.end)
    section, topics = above.section, above.topics
    if above.kind is not BlockKind.ROOT:
        section, topics = (*section, above.name.text), (*topics, above.name.text)
    return ListItem(
        name,
        BlockKind.LIST_ITEM,
        at.start,
        at.end,
        section,
        [replace(one, is_primary=True)],
        text=description,
        topics=topics,
        is_listed=above.is_listed or above.kind is BlockKind.ROOT,
    )


def name_from_target(target: Target) -> str:
    """Return the name of a target that its URL contains.

    That is the name of a repository, a model or a file, the number of a paper, or the host of a
    page without a path.
    """
    if target.kind in NUMBERED_KINDS:
        return target.key
    url = parse(target.url)
    parts = url.segments
    if target.kind is TargetKind.GITHUB_PATH and len(parts) < 5:
        return parts[1]  # the last segment is a branch
    return parts[-1][:100] if parts else url.host
