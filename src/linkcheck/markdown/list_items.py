"""What a Markdown list lists: its items, rows and sections, each with its links and facts.

A link belongs to the nearest list item, table row or heading that has a name of its own. A line
that only labels a link or a fact ("Paper: …", "[Project address](…)", "基座模型：…") belongs to the
item or heading above it.
"""

import re
from dataclasses import dataclass, field
from itertools import islice, takewhile

from linkcheck.markdown.item_names import ItemName, parse_heading_name, parse_line_name
from linkcheck.markdown.labeled_lines import (
    find_label_entries,
    get_own_inlines,
    get_text,
    is_labeled_line,
    match_label,
)
from linkcheck.markdown.labels import (
    INDEX_HEADERS,
    NAME_HEADERS,
    detect_claim,
    detect_role,
    detect_role_by_host,
    normalize_label,
)
from linkcheck.markdown.syntax_tree import (
    Block,
    BlockKind,
    InlineKind,
    InlineNode,
    LinkScope,
    MarkdownDocument,
    MarkdownLink,
)

_SEPARATOR = re.compile(r"[\n,;|/，、；·•()（）\[\]【】:：]|\.\s|\s-\s")
_MAX_LABEL_LENGTH = 60


@dataclass(slots=True)
class ItemLink:
    """A link of a unit, with its role there."""

    link: MarkdownLink
    role: str
    label: str = ""
    """The word that gave it its role, as written; ``""`` where the address did."""
    claim: str = ""
    """The claim (or ``notes``) whose text it stands in, where it does."""


@dataclass(slots=True)
class LabeledValue:
    """A labeled value of a unit: ``License: MIT``."""

    claim: str
    """The claim (see FACT_WORDS), or ``notes`` for prose."""
    label: str
    value: str
    start: int
    end: int
    """The place of the value."""
    depth: int = 0
    """How far below its label it stands: 0 on the same line, 1 in the list below it, …"""


@dataclass(slots=True)
class ListItem:
    """Something that a list lists, or a section with links of its own."""

    name: ItemName
    kind: BlockKind
    start: int
    end: int
    section: tuple[str, ...]
    """The headings above it, outermost first."""
    links: list[ItemLink] = field(default_factory=list)
    labeled_values: list[LabeledValue] = field(default_factory=list)
    column_header: str = ""
    """The header of the table's column that named it."""
    text: str = ""
    """Its own line, for whoever must judge it."""


def find_list_items(document: MarkdownDocument, title: str) -> list[ListItem]:
    """Return the units of a document in its order; ``title`` names what stands above any heading.

    Every link of the document is in exactly one unit.
    """
    walker = _ItemCollector(title, document.root)
    walker.walk(document.root, None)
    walker.assign_links(document.links)
    return [unit for unit in walker.items if unit.links or unit.kind is not BlockKind.ROOT]


@dataclass(slots=True)
class _Section:
    level: int
    name: str
    item: ListItem
    path: tuple[str, ...]
    """The headings down to this one, outermost first."""


class _ItemCollector:
    def __init__(self, title: str, root: Block) -> None:
        top = ListItem(
            ItemName(title, root.start, root.start), BlockKind.ROOT, root.start, root.end, ()
        )
        self.items: list[ListItem] = [top]
        self._sections: list[_Section] = [_Section(0, "", top, ())]
        self._assigned: set[int] = set()
        self._open_claim: tuple[str, str] | None = None
        """The claim, and its label, that the items now walked are values of."""
        self._claim_depth = 1
        self._label_entries: dict[int, ItemName] = {}
        """Names of items that look like fields and are entries, by where they start."""

    @property
    def _current_section(self) -> ListItem:
        return self._sections[-1].item

    def _open_section(self, level: int, name: str, unit: ListItem) -> None:
        path = self._sections[-1].path
        self._sections.append(_Section(level, name, unit, (*path, name) if name else path))

    def walk(self, block: Block, owner: ListItem | None) -> None:
        """Walk the blocks in ``block``; ``owner`` is the list item they are in."""
        before = None
        for number, child in enumerate(block.children):
            if owner is None and child.kind is BlockKind.LIST_ITEM is not before:
                section = self._sections[-1]
                items = takewhile(_is_list_item, islice(block.children, number, None))
                self._label_entries |= find_label_entries(items, section.name, section.level)
            before = child.kind
            match child.kind:
                case BlockKind.HEADING:
                    self._add_heading(child)
                case BlockKind.PARAGRAPH:
                    self._add_paragraph(child, owner)
                case BlockKind.LIST_ITEM:
                    self._add_list_item(child, owner)
                case BlockKind.TABLE:
                    self._add_table(child, owner)
                case BlockKind.TABLE_ROW:
                    self._add_row(child, [])
                case _:
                    self._add_line(owner or self._current_section, child.inlines)
                    self.walk(child, owner)

    def assign_links(self, links: tuple[MarkdownLink, ...]) -> None:
        """Give each link that stands in no line (a badge in a link) to the unit around it."""
        left = [link for link in links if link.full_span.start not in self._assigned]
        if not left:
            return
        homes = sorted(
            (one.link.full_span.start, number, one.role)
            for number, unit in enumerate(self.items)
            for one in unit.links
        )
        by_place = {start: number for start, number, _ in homes}
        starts = sorted((unit.start, number) for number, unit in enumerate(self.items))
        cursor = 0
        for link in left:
            while cursor + 1 < len(starts) and starts[cursor + 1][0] <= link.full_span.start:
                cursor += 1
            number = by_place.get(link.parent_start if link.parent_start is not None else -1)
            unit = self.items[starts[cursor][1] if number is None else number]
            unit.links.append(ItemLink(link, detect_role_by_host(link.url)))

    # Blocks

    def _add_heading(self, block: Block) -> None:
        name = parse_heading_name(block.inlines)
        level = block.level
        while self._sections[-1].level >= level:
            self._sections.pop()
        unit = self._add_item(name, block, "")
        self._open_section(level, name.text, unit)
        self._add_line(unit, block.inlines)

    def _add_paragraph(self, block: Block, owner: ListItem | None) -> None:
        lines = _split_lines(block.inlines)
        if owner is None and lines and _is_bold_title(lines[0]):
            name = parse_line_name(lines[0], papers=True)
            if name is not None:
                while self._sections[-1].level >= 7:
                    self._sections.pop()
                unit = self._add_item(name, block, "")
                self._open_section(7, name.text, unit)
                for line in lines:
                    self._add_line(unit, line)
                return
        for line in lines:
            unit = owner or self._current_section
            if owner is None and _starts_with_name(line):
                name = parse_line_name(line, papers=False)
                if name is not None:
                    unit = self._add_item(name, block, "")
                    unit.start, unit.end = line[0].start, line[-1].end
            self._add_line(unit, line)

    def _add_list_item(self, block: Block, owner: ListItem | None) -> None:
        own = get_own_inlines(block)
        if self._add_nested_value(block, own, owner):
            return
        if not any(True for piece in own if piece.kind is not InlineKind.LINE_BREAK):
            self.walk(block, owner)
            return
        label = self._label_entries.get(block.start) if owner is None else None
        if label is not None:
            unit = self._add_item(label, block, "")
        elif is_labeled_line(own):
            unit = owner or self._current_section
        else:
            name = parse_line_name(own, papers=True)
            unit = self._add_item(name, block, "") if name else owner or self._current_section
        for line in _split_lines(own):
            self._add_line(unit, line)
        if block.children:
            outer, self._open_claim = self._open_claim, _detect_claim_label(own)
            self._walk_children(block, unit)
            self._open_claim = outer

    def _walk_children(self, block: Block, unit: ListItem) -> None:
        """Walk the lists and tables in an item."""
        inner = Block(block.kind, block.start, block.end)
        inner.children = [c for c in block.children if c.kind is not BlockKind.PARAGRAPH]
        self.walk(inner, unit)

    def _add_nested_value(
        self, block: Block, own: list[InlineNode], owner: ListItem | None
    ) -> bool:
        """Take an item below a label of facts ("数据：") as one of its values, if it is one."""
        if self._open_claim is None or owner is None or any(piece.link for piece in own):
            return False
        name, label = self._open_claim
        text = get_text(own)
        if text:
            depth = self._claim_depth
            owner.labeled_values.append(
                LabeledValue(name, label, text, own[0].start, own[-1].end, depth)
            )
            self._claim_depth += not text.endswith((":", "："))
            self._walk_children(block, owner)
            self._claim_depth = depth
        return True

    def _add_table(self, block: Block, owner: ListItem | None) -> None:
        headers: list[str] = []
        for row in block.children:
            if row.kind is BlockKind.TABLE_HEAD:
                headers = [get_text(cell.inlines) for cell in row.children]
                for cell in row.children:
                    self._add_line(owner or self._current_section, cell.inlines)
            else:
                self._add_row(row, headers)

    def _add_row(self, row: Block, headers: list[str]) -> None:
        cells = row.children
        if not headers and all(cell.kind is not BlockKind.TABLE_CELL for cell in cells):
            self._add_line(self._current_section, row.inlines)
            self.walk(row, None)
            return
        column = _find_name_column(headers, cells)
        name = parse_line_name(cells[column].inlines, papers=True) if cells else None
        if name is None:
            name = next(
                (found for cell in cells if (found := parse_line_name(cell.inlines, papers=True))),
                None,
            )
        if name is None:
            unit = self._current_section
        else:
            header = headers[column] if column < len(headers) else ""
            unit = self._add_item(name, row, header)
        for number, cell in enumerate(cells):
            header = headers[number] if number < len(headers) else ""
            self._add_cell(unit, cell, header, is_name=number == column)

    def _add_cell(self, unit: ListItem, cell: Block, header: str, *, is_name: bool) -> None:
        role = None if is_name else detect_role(header)
        fact = detect_claim(header)
        aside = fact if fact and role is None and not is_name else ""
        for line in _split_lines(cell.inlines):
            self._add_line(unit, line, role, header if role else "", aside)
        text = get_text(cell.inlines, links=False).strip(" -—–/")
        if fact and text and not is_name:
            unit.labeled_values.append(LabeledValue(fact, header, text, cell.start, cell.end))
        for child in cell.children:
            self.walk(child, unit)

    # Lines

    def _add_item(self, name: ItemName, block: Block, header: str) -> ListItem:
        path = self._sections[-1].path
        unit = ListItem(name, block.kind, block.start, block.end, path, column_header=header)
        self.items.append(unit)
        return unit

    def _add_line(
        self,
        unit: ListItem,
        line: list[InlineNode],
        role: str | None = None,
        label: str = "",
        aside: str = "",
    ) -> None:
        """Give a line's links and labeled facts to a unit."""
        before = ""
        if role is None:
            text = get_text(line[:1], links=False) if line else ""
            match = match_label(text)
            if match and (fact := detect_claim(match["label"])):
                self._add_labeled_value(unit, line, fact, match)
                aside = aside or (fact if detect_role(match["label"]) is None else "")
        if not unit.text and unit.name.start <= (line[0].start if line else 0):
            unit.text = get_text(line)[:300]
        for piece in line:
            if piece.link is None:
                before = (before + piece.text)[-120:]
                continue
            self._assigned.add(piece.link.full_span.start)
            found, why = (
                (role, label) if role is not None else _detect_link_role(piece.link, before)
            )
            if found == "" or found is None:
                own = detect_role(piece.link.text) if piece.link.text else None
                found = own or detect_role_by_host(piece.link.repaired_url or piece.link.url)
                why = piece.link.text if own else ""
            unit.links.append(ItemLink(piece.link, found, why, aside))
            before += "\n" if piece.kind is InlineKind.IMAGE else piece.text[-40:] + "\n"

    def _add_labeled_value(
        self, unit: ListItem, line: list[InlineNode], name: str, match: re.Match[str]
    ) -> None:
        first = line[0]
        value = get_text(line)[match.end() :].strip()
        if value:
            start = min(first.start + match.end(), first.end)
            unit.labeled_values.append(
                LabeledValue(name, match["label"], value, start, line[-1].end)
            )


def _is_list_item(block: Block) -> bool:
    return block.kind is BlockKind.LIST_ITEM


def _detect_link_role(link: MarkdownLink, before: str) -> tuple[str | None, str]:
    """Return the role that a link's own words or the words right before it give."""
    named_by_address = link.text in (link.written, link.url)
    if link.text and not named_by_address:
        own = detect_role(link.text)
        if own:
            return own, link.text
    tail = before[-_MAX_LABEL_LENGTH:].rstrip(" \t[(（【<")
    colon = tail.endswith((":", "："))
    if not (colon or named_by_address):
        return None, ""
    label = _SEPARATOR.split(tail.rstrip(":： \t"))[-1].strip()
    words = label.split()[-7:]
    for count in range(len(words)):
        found = detect_role(" ".join(words[count:]))
        if found is not None:
            return found, label
    return None, ""


def _split_lines(inlines: list[InlineNode]) -> list[list[InlineNode]]:
    """Return a block's pieces split at its line breaks."""
    lines: list[list[InlineNode]] = [[]]
    for piece in inlines:
        if piece.kind is InlineKind.LINE_BREAK:
            lines.append([])
        else:
            lines[-1].append(piece)
    return [line for line in lines if line]


def _detect_claim_label(own: list[InlineNode]) -> tuple[str, str] | None:
    """Return the claim that an item's line introduces, with its label."""
    match = match_label(get_text(own, links=False))
    label = match["label"] if match else get_text(own)
    name = detect_claim(label)
    return (name, label) if name else None


def _is_bold_title(line: list[InlineNode]) -> bool:
    """Say whether a line is bold from end to end, and so stands for a heading."""
    texts = [piece for piece in line if piece.text.strip() or piece.link]
    if not texts or not all(piece.is_strong for piece in texts):
        return False
    text = get_text(line).strip()
    return 2 < len(text) < 300 and not text.endswith((":", "：")) and detect_role(text) is None


def _starts_with_name(line: list[InlineNode]) -> bool:
    """Say whether a line of prose begins with a link that names what the line is about."""
    first = next((piece for piece in line if piece.text.strip() or piece.link), None)
    if first is None or first.link is None or first.kind is not InlineKind.LINK:
        return False
    if first.link.scope is not LinkScope.EXTERNAL or detect_role(first.text) is not None:
        return False
    if first.text in (first.link.written, first.link.url, ""):
        return False
    rest = get_text(line[line.index(first) + 1 :]).lstrip()
    return rest.startswith(("-", "–", "—", ":", "：", "|"))


def _find_name_column(headers: list[str], cells: list[Block]) -> int:
    """Return the column that names a table's rows."""
    keys = [normalize_label(header) for header in headers]
    last = max(len(cells) - 1, 0)
    for number, header in enumerate(keys):
        if header in ("name", "title", "名称", "模型名称", "数据集名称", "项目名称", "标题"):
            return min(number, last)
    for number, header in enumerate(keys):
        if header in NAME_HEADERS:
            return min(number, last)
    first = 1 if keys and (keys[0] in INDEX_HEADERS or not keys[0]) and len(keys) > 1 else 0
    return min(first, last)
