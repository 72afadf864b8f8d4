"""List items that are nothing but an address: what each lists, and when it is an entry.

A reader of Markdown takes such a line as a link of the heading above it ("### Gamma" with its
repository and its paper below). Under a heading of many things ("## Models") each line lists one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from linkcheck.importing.drafts import detect_kind_by_words, external_links
from linkcheck.importing.drafts import normalize_name as name_key
from linkcheck.markdown.item_names import ItemName
from linkcheck.markdown.labeled_lines import get_own_inlines, get_text
from linkcheck.markdown.list_items import ItemLink, ListItem
from linkcheck.markdown.syntax_tree import Block, BlockKind, InlineKind, LinkScope, MarkdownDocument
from linkcheck.model.target import Target, TargetKind
from linkcheck.model.url import parse

_PLURAL = re.compile(r"(?:\S+\s+){0,5}[A-Za-z]{3,30}s:?\Z")
_DESCRIPTION = re.compile(r"\Z|[-–—:：(（,，]")
"""What may follow the address in its line: nothing, or words about it."""
_CJK = re.compile(r"[\u4e00-\u9fff]+\Z")
NUMBERED_KINDS = frozenset({TargetKind.ARXIV, TargetKind.DOI})
"""What is called by a number: no word of it can be in a heading."""


@dataclass(slots=True)
class _Heading:
    """A heading (or the file's top) and the lines below it that are addresses alone."""

    start: int
    level: int
    bare_urls: dict[int, str] = field(default_factory=dict)
    """Where their links stand, and the remark behind each."""


def split_bare_url_items(
    units: Sequence[ListItem], document: MarkdownDocument, classify: Callable[[str], Target | None]
) -> list[ListItem]:
    """Return the units with each address that is an entry as a unit of its own, in order.

    ``classify`` tells what an address leads to. A unit that loses links to new ones keeps the
    rest.
    """
    places = [_Heading(0, 0)]
    _collect_bare_urls(document.root, places)
    by_start = {place.start: place for place in places if place.bare_urls}
    groups = {
        unit.section[:size]
        for unit in units
        if external_links(unit)
        for size in range(1, len(unit.section) + 1)
    }
    out: list[ListItem] = []
    for unit in units:
        place = by_start.get(unit.start)
        if place is None or unit.kind not in (BlockKind.ROOT, BlockKind.HEADING):
            out.append(unit)
            continue
        lone = _classify_links(unit, place, classify)
        path = (*unit.section, unit.name.text)
        if not lone or not _lists_entries(unit, place.level, lone, holds_more=path in groups):
            out.append(unit)
            continue
        taken = {one.link.full_span.start for one, _ in lone}
        out.append(
            replace(unit, links=[o for o in unit.links if o.link.full_span.start not in taken])
        )
        section = unit.section if unit.kind is BlockKind.ROOT else path
        out += [
            _make_item(one, target, section, place.bare_urls[one.link.full_span.start])
            for one, target in lone
        ]
    return out


def _collect_bare_urls(block: Block, places: list[_Heading]) -> None:
    """Note the lone addresses in ``block``, each with the heading above it."""
    for child in block.children:
        if child.kind is BlockKind.HEADING:
            places.append(_Heading(child.start, child.level))
        elif child.kind is BlockKind.LIST_ITEM:
            places[-1].bare_urls |= _find_bare_url(child)
        else:
            _collect_bare_urls(child, places)


def _find_bare_url(item: Block) -> dict[int, str]:
    """Return where an item's address stands, and the remark beside it, if that is all there is."""
    if any(child.kind is not BlockKind.PARAGRAPH for child in item.children):
        return {}
    own = get_own_inlines(item)
    pieces = [piece for piece in own if piece.kind is not InlineKind.TEXT or piece.text.strip()]
    link = pieces[0].link if pieces and pieces[0].kind is InlineKind.LINK else None
    if link is None or link.scope is not LinkScope.EXTERNAL:
        return {}
    if link.text not in (link.written, link.url) or any(piece.link for piece in pieces[1:]):
        return {}
    remark = get_text(pieces[1:])
    return {link.full_span.start: remark[:300]} if _DESCRIPTION.match(remark) else {}


def _classify_links(
    unit: ListItem, place: _Heading, classify: Callable[[str], Target | None]
) -> list[tuple[ItemLink, Target]]:
    """Return a unit's lone addresses with what they lead to."""
    lone = (one for one in external_links(unit) if one.link.full_span.start in place.bare_urls)
    known = ((one, classify(one.link.repaired_url or one.link.url)) for one in lone)
    return [(one, target) for one, target in known if target is not None]


def _lists_entries(
    unit: ListItem, level: int, lone: Sequence[tuple[ItemLink, Target]], *, holds_more: bool
) -> bool:
    """Say whether the addresses below a heading are things of their own, and not its links."""
    if unit.kind is BlockKind.ROOT:
        return True
    if unit.labeled_values or any(one.label for one in unit.links):
        return False  # "License: …", "Paper: …" tell of one thing
    heading = unit.name.text
    names = [
        name_key(name_from_target(target))
        for _, target in lone
        if target.kind not in NUMBERED_KINDS
    ]
    said = name_key(heading)
    if any(name and said and (name in said or said in name) for name in names):
        return False
    if level <= 1 or holds_more or _is_category(heading):
        return True
    kinds = [target.kind for _, target in lone]
    return any(kinds.count(kind) > 1 for kind in set(kinds) - {TargetKind.WEB})


def _is_category(heading: str) -> bool:
    """Say whether a heading names a kind of things: "Open models", "数据集"."""
    if _CJK.match(heading):
        return detect_kind_by_words(heading) is not None
    return _PLURAL.match(heading) is not None


def _make_item(one: ItemLink, target: Target, section: tuple[str, ...], remark: str) -> ListItem:
    """Return the unit of a line that is this one address."""
    at = one.link.full_span
    name = ItemName(name_from_target(target), at.start, at.end)
    return ListItem(name, BlockKind.LIST_ITEM, at.start, at.end, section, [one], text=remark)


def name_from_target(target: Target) -> str:
    """Return what a target is called as far as its address tells.

    That is the name of a repository, a model or a file, the number of a paper, the host of a page
    without a path.
    """
    if target.kind in NUMBERED_KINDS:
        return target.key
    url = parse(target.url)
    parts = url.segments
    if target.kind is TargetKind.GITHUB_PATH and len(parts) < 5:
        return parts[1]  # a branch is no name
    return parts[-1][:100] if parts else url.host
