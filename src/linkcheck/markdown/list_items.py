"""What a Markdown list lists: its items, rows and sections, each with its links and facts.

A link belongs to the nearest list item, table row or heading that has a name of its own. A line
that only labels a link or a fact ("Paper: …", "[Project address](…)", "基座模型：…") belongs to the
item or heading above it.
"""

import re
from dataclasses import dataclass, field
from itertools import islice, takewhile

from linkcheck.markdown.item_names import Name, heading_name, line_name
from linkcheck.markdown.labeled_lines import is_field, label_entries, label_of, own_line, text_of
from linkcheck.markdown.labels import (
    INDEX_HEADERS,
    NAME_HEADERS,
    fact_of,
    normalize_label,
    role_by_host,
    role_of,
)
from linkcheck.markdown.syntax_tree import (
    Block,
    BlockKind,
    InlineKind,
    InlineNode,
    MarkdownDocument,
    MarkdownLink,
    Scope,
)

_SEPARATOR = re.compile(r"[\n,;|/，、；·•()（）\[\]【】:：]|\.\s|\s-\s")
_LONGEST_LABEL = 60


@dataclass(slots=True)
class UnitLink:
    """A link of a unit, with its role there."""

    link: MarkdownLink
    role: str
    label: str = ""
    """The word that gave it its role, as written; ``""`` where the address did."""
    aside: str = ""
    """The claim (or ``notes``) whose text it stands in, where it does."""


@dataclass(slots=True)
class LabeledValue:
    """A labeled value of a unit: ``License: MIT``."""

    name: str
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

    name: Name
    kind: BlockKind
    start: int
    end: int
    section: tuple[str, ...]
    """The headings above it, outermost first."""
    links: list[UnitLink] = field(default_factory=list)
    facts: list[LabeledValue] = field(default_factory=list)
    header: str = ""
    """The header of the table's column that named it."""
    text: str = ""
    """Its own line, for whoever must judge it."""


def units_of(document: MarkdownDocument, title: str) -> list[ListItem]:
    """Return the units of a document in its order; ``title`` names what stands above any heading.

    Every link of the document is in exactly one unit.
    """
    walker = _Walker(title, document.root)
    walker.walk(document.root, None)
    walker.assign_links(document.links)
    return [unit for unit in walker.units if unit.links or unit.kind is not BlockKind.ROOT]


@dataclass(slots=True)
class _Section:
    level: int
    name: str
    unit: ListItem
    path: tuple[str, ...]
    """The headings down to this one, outermost first."""


class _Walker:
    def __init__(self, title: str, root: Block) -> None:
        top = ListItem(
            Name(title, root.start, root.start), BlockKind.ROOT, root.start, root.end, ()
        )
        self.units: list[ListItem] = [top]
        self._sections: list[_Section] = [_Section(0, "", top, ())]
        self._seen: set[int] = set()
        self._fact_above: tuple[str, str] | None = None
        """The claim, and its label, that the items now walked are values of."""
        self._fact_depth = 1
        self._label_entries: dict[int, Name] = {}
        """Names of items that look like fields and are entries, by where they start."""

    @property
    def _section(self) -> ListItem:
        return self._sections[-1].unit

    def _open_section(self, level: int, name: str, unit: ListItem) -> None:
        path = self._sections[-1].path
        self._sections.append(_Section(level, name, unit, (*path, name) if name else path))

    def walk(self, block: Block, owner: ListItem | None) -> None:
        """Walk the blocks in ``block``; ``owner`` is the list item they are in."""
        before = None
        for number, child in enumerate(block.children):
            if owner is None and child.kind is BlockKind.ITEM is not before:
                section = self._sections[-1]
                items = takewhile(_is_item, islice(block.children, number, None))
                self._label_entries |= label_entries(items, section.name, section.level)
            before = child.kind
            match child.kind:
                case BlockKind.HEADING:
                    self._heading(child)
                case BlockKind.PARAGRAPH:
                    self._paragraph(child, owner)
                case BlockKind.ITEM:
                    self._item(child, owner)
                case BlockKind.TABLE:
                    self._table(child, owner)
                case BlockKind.ROW:
                    self._row(child, [])
                case _:
                    self._take(owner or self._section, child.inlines)
                    self.walk(child, owner)

    def assign_links(self, links: tuple[MarkdownLink, ...]) -> None:
        """Give each link that stands in no line (a badge in a link) to the unit around it."""
        left = [link for link in links if link.at.start not in self._seen]
        if not left:
            return
        homes = sorted(
            (one.link.at.start, number, one.role)
            for number, unit in enumerate(self.units)
            for one in unit.links
        )
        by_place = {start: number for start, number, _ in homes}
        starts = sorted((unit.start, number) for number, unit in enumerate(self.units))
        cursor = 0
        for link in left:
            while cursor + 1 < len(starts) and starts[cursor + 1][0] <= link.at.start:
                cursor += 1
            number = by_place.get(link.inside if link.inside is not None else -1)
            unit = self.units[starts[cursor][1] if number is None else number]
            unit.links.append(UnitLink(link, role_by_host(link.url)))

    # Blocks

    def _heading(self, block: Block) -> None:
        name = heading_name(block.inlines)
        level = block.level
        while self._sections[-1].level >= level:
            self._sections.pop()
        unit = self._new(name, block, "")
        self._open_section(level, name.text, unit)
        self._take(unit, block.inlines)

    def _paragraph(self, block: Block, owner: ListItem | None) -> None:
        lines = _lines(block.inlines)
        if owner is None and lines and _is_title(lines[0]):
            name = line_name(lines[0], papers=True)
            if name is not None:
                while self._sections[-1].level >= 7:
                    self._sections.pop()
                unit = self._new(name, block, "")
                self._open_section(7, name.text, unit)
                for line in lines:
                    self._take(unit, line)
                return
        for line in lines:
            unit = owner or self._section
            if owner is None and _starts_with_name(line):
                name = line_name(line, papers=False)
                if name is not None:
                    unit = self._new(name, block, "")
                    unit.start, unit.end = line[0].start, line[-1].end
            self._take(unit, line)

    def _item(self, block: Block, owner: ListItem | None) -> None:
        own = own_line(block)
        if self._value(block, own, owner):
            return
        if not any(True for piece in own if piece.kind is not InlineKind.BREAK):
            self.walk(block, owner)
            return
        label = self._label_entries.get(block.start) if owner is None else None
        if label is not None:
            unit = self._new(label, block, "")
        elif is_field(own):
            unit = owner or self._section
        else:
            name = line_name(own, papers=True)
            unit = self._new(name, block, "") if name else owner or self._section
        for line in _lines(own):
            self._take(unit, line)
        if block.children:
            outer, self._fact_above = self._fact_above, _fact_label(own)
            self._walk_inner(block, unit)
            self._fact_above = outer

    def _walk_inner(self, block: Block, unit: ListItem) -> None:
        """Walk the lists and tables in an item."""
        inner = Block(block.kind, block.start, block.end)
        inner.children = [c for c in block.children if c.kind is not BlockKind.PARAGRAPH]
        self.walk(inner, unit)

    def _value(self, block: Block, own: list[InlineNode], owner: ListItem | None) -> bool:
        """Take an item below a label of facts ("数据：") as one of its values, if it is one."""
        if self._fact_above is None or owner is None or any(piece.link for piece in own):
            return False
        name, label = self._fact_above
        text = text_of(own)
        if text:
            depth = self._fact_depth
            owner.facts.append(LabeledValue(name, label, text, own[0].start, own[-1].end, depth))
            self._fact_depth += not text.endswith((":", "："))
            self._walk_inner(block, owner)
            self._fact_depth = depth
        return True

    def _table(self, block: Block, owner: ListItem | None) -> None:
        headers: list[str] = []
        for row in block.children:
            if row.kind is BlockKind.HEAD:
                headers = [text_of(cell.inlines) for cell in row.children]
                for cell in row.children:
                    self._take(owner or self._section, cell.inlines)
            else:
                self._row(row, headers)

    def _row(self, row: Block, headers: list[str]) -> None:
        cells = row.children
        if not headers and all(cell.kind is not BlockKind.CELL for cell in cells):
            self._take(self._section, row.inlines)
            self.walk(row, None)
            return
        column = _name_column(headers, cells)
        name = line_name(cells[column].inlines, papers=True) if cells else None
        if name is None:
            name = next(
                (found for cell in cells if (found := line_name(cell.inlines, papers=True))), None
            )
        if name is None:
            unit = self._section
        else:
            header = headers[column] if column < len(headers) else ""
            unit = self._new(name, row, header)
        for number, cell in enumerate(cells):
            header = headers[number] if number < len(headers) else ""
            self._cell(unit, cell, header, is_name=number == column)

    def _cell(self, unit: ListItem, cell: Block, header: str, *, is_name: bool) -> None:
        role = None if is_name else role_of(header)
        fact = fact_of(header)
        aside = fact if fact and role is None and not is_name else ""
        for line in _lines(cell.inlines):
            self._take(unit, line, role, header if role else "", aside)
        text = text_of(cell.inlines, links=False).strip(" -—–/")
        if fact and text and not is_name:
            unit.facts.append(LabeledValue(fact, header, text, cell.start, cell.end))
        for child in cell.children:
            self.walk(child, unit)

    # Lines

    def _new(self, name: Name, block: Block, header: str) -> ListItem:
        path = self._sections[-1].path
        unit = ListItem(name, block.kind, block.start, block.end, path, header=header)
        self.units.append(unit)
        return unit

    def _take(
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
            text = text_of(line[:1], links=False) if line else ""
            match = label_of(text)
            if match and (fact := fact_of(match["label"])):
                self._fact(unit, line, fact, match)
                aside = aside or (fact if role_of(match["label"]) is None else "")
        if not unit.text and unit.name.start <= (line[0].start if line else 0):
            unit.text = text_of(line)[:300]
        for piece in line:
            if piece.link is None:
                before = (before + piece.text)[-120:]
                continue
            self._seen.add(piece.link.at.start)
            found, why = (role, label) if role is not None else _role(piece.link, before)
            if found == "" or found is None:
                own = role_of(piece.link.text) if piece.link.text else None
                found = own or role_by_host(piece.link.repair or piece.link.url)
                why = piece.link.text if own else ""
            unit.links.append(UnitLink(piece.link, found, why, aside))
            before += "\n" if piece.kind is InlineKind.IMAGE else piece.text[-40:] + "\n"

    def _fact(
        self, unit: ListItem, line: list[InlineNode], name: str, match: re.Match[str]
    ) -> None:
        first = line[0]
        value = text_of(line)[match.end() :].strip()
        if value:
            start = min(first.start + match.end(), first.end)
            unit.facts.append(LabeledValue(name, match["label"], value, start, line[-1].end))


def _is_item(block: Block) -> bool:
    return block.kind is BlockKind.ITEM


def _role(link: MarkdownLink, before: str) -> tuple[str | None, str]:
    """Return the role that a link's own words or the words right before it give."""
    named_by_address = link.text in (link.written, link.url)
    if link.text and not named_by_address:
        own = role_of(link.text)
        if own:
            return own, link.text
    tail = before[-_LONGEST_LABEL:].rstrip(" \t[(（【<")
    colon = tail.endswith((":", "："))
    if not (colon or named_by_address):
        return None, ""
    label = _SEPARATOR.split(tail.rstrip(":： \t"))[-1].strip()
    words = label.split()[-7:]
    for count in range(len(words)):
        found = role_of(" ".join(words[count:]))
        if found is not None:
            return found, label
    return None, ""


def _lines(inlines: list[InlineNode]) -> list[list[InlineNode]]:
    """Return a block's pieces split at its line breaks."""
    lines: list[list[InlineNode]] = [[]]
    for piece in inlines:
        if piece.kind is InlineKind.BREAK:
            lines.append([])
        else:
            lines[-1].append(piece)
    return [line for line in lines if line]


def _fact_label(own: list[InlineNode]) -> tuple[str, str] | None:
    """Return the claim that an item's line introduces, with its label."""
    match = label_of(text_of(own, links=False))
    label = match["label"] if match else text_of(own)
    name = fact_of(label)
    return (name, label) if name else None


def _is_title(line: list[InlineNode]) -> bool:
    """Say whether a line is bold from end to end, and so stands for a heading."""
    texts = [piece for piece in line if piece.text.strip() or piece.link]
    if not texts or not all(piece.strong for piece in texts):
        return False
    text = text_of(line).strip()
    return 2 < len(text) < 300 and not text.endswith((":", "：")) and role_of(text) is None


def _starts_with_name(line: list[InlineNode]) -> bool:
    """Say whether a line of prose begins with a link that names what the line is about."""
    first = next((piece for piece in line if piece.text.strip() or piece.link), None)
    if first is None or first.link is None or first.kind is not InlineKind.LINK:
        return False
    if first.link.scope is not Scope.EXTERNAL or role_of(first.text) is not None:
        return False
    if first.text in (first.link.written, first.link.url, ""):
        return False
    rest = text_of(line[line.index(first) + 1 :]).lstrip()
    return rest.startswith(("-", "–", "—", ":", "：", "|"))


def _name_column(headers: list[str], cells: list[Block]) -> int:
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
