"""Items of a Markdown list (list items, table rows, sections) with their links and labeled values.

A link belongs to the nearest list item, table row or heading that has a name. A labeled line
("Paper: …", "[Project address](…)", "基座模型：…") belongs to the item or heading above it.
"""

import re
from collections import Counter
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
from linkcheck.markdown.primary_links import NOT_LISTED, find_prose_links, is_own_cell_link
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
_WORDS = re.compile(r"[^\W\d_]{2}")
_MAX_LABEL_LENGTH = 60
_MAX_TEXT = 300
_NO_NAME = ItemName("", -1, -1)


@dataclass(slots=True)
class ItemLink:
    """A link of an item, with its role."""

    link: MarkdownLink
    role: str
    label: str = ""
    """The label that implies the role, as written; ``""`` where the URL does."""
    claim: str = ""
    """The claim (or ``notes``) in whose value the link is, if any."""
    is_primary: bool = True
    """Whether it is the item's own, and not one of its description."""


@dataclass(slots=True)
class LabeledValue:
    """A labeled value of an item: ``License: MIT``."""

    claim: str
    """The claim (see :data:`CLAIM_LABELS`), or ``notes`` for prose."""
    label: str
    value: str
    start: int
    end: int
    """The end of the value."""
    depth: int = 0
    """Nesting below the label: 0 on the same line, 1 in the list below it, …"""


_MAX_WORDS = 1_000
"""Characters of an item's words that are kept."""


@dataclass(slots=True)
class ListItem:
    """A list item, a table row, or a section with links."""

    name: ItemName
    kind: BlockKind
    start: int
    end: int
    section: tuple[str, ...]
    """Headings above it, outermost first."""
    links: list[ItemLink] = field(default_factory=list)
    labeled_values: list[LabeledValue] = field(default_factory=list)
    column_header: str = ""
    """Header of the table column with its name."""
    text: str = ""
    """The first characters of its line."""
    words: str = ""
    """All its words, in all its lines and cells, up to a limit."""
    code_spans: list[str] = field(default_factory=list)
    """The texts of its code spans."""
    topics: tuple[str, ...] = ()
    """Headings above it without the title of the document."""
    is_listed: bool = True
    """Whether it is no section about the list itself (news, license) and in none."""


def find_list_items(document: MarkdownDocument, title: str) -> list[ListItem]:
    """Return the items of a document in order; ``title`` is the name of what precedes any heading.

    Every link of the document is in exactly one item.
    """
    walker = _ItemCollector(title, document.root)
    walker.walk(document.root, None)
    walker.assign_links(document.links)
    contents = _find_contents(walker.items)
    for item in walker.items:
        _finish(item, walker.title, contents)
    return [item for item in walker.items if item.links or item.kind is not BlockKind.ROOT]


def _finish(item: ListItem, title: str | None, contents: frozenset[str]) -> None:
    """Set what depends on the whole document; an item that lists nothing has no primary links.

    ``contents`` are the headings of the first level that only have what is directly below them.
    """
    has_title = title is not None and item.section[:1] == (title,)
    item.topics = item.section[1:] if has_title else item.section
    names = (*item.topics, item.name.text)
    if len(names) > 1 and names[0] in contents and item.topics[1:]:
        names = names[1:]
    is_title = title is not None and not item.section and item.name.text == title
    is_preamble = has_title and not item.topics and item.kind is BlockKind.PARAGRAPH
    item.is_listed = not (
        item.kind is BlockKind.ROOT
        or (item.kind is BlockKind.HEADING and is_title)
        or is_preamble
        or any(map(NOT_LISTED.match, names))
    )
    for one in item.links:
        one.is_primary = one.is_primary and item.is_listed and not one.link.is_image


def _find_contents(items: list[ListItem]) -> frozenset[str]:
    """Return the headings above most of a document that seem to list nothing.

    "Table of contents" as a heading of the first level has the whole document below it.
    """
    counts = Counter(item.section[0] for item in items if item.section and item.links)
    return frozenset(name for name, number in counts.items() if number * 2 > counts.total())


@dataclass(slots=True)
class _Section:
    level: int
    name: str
    item: ListItem
    path: tuple[str, ...]
    """Headings down to this one, outermost first."""


class _ItemCollector:
    def __init__(self, title: str, root: Block) -> None:
        top = ListItem(
            ItemName(title, root.start, root.start), BlockKind.ROOT, root.start, root.end, ()
        )
        self.items: list[ListItem] = [top]
        self._sections: list[_Section] = [_Section(0, "", top, ())]
        self._assigned: set[int] = set()
        self._open_claim: tuple[str, str] | None = None
        """Claim and label of the list whose items are being walked."""
        self._claim_depth = 1
        self._headings: list[tuple[int, str]] = []
        self._card: ListItem | None = None
        """The item of the collapsed content that is being walked."""
        self._label_entries: dict[int, ItemName] = {}
        """Names of items that look like labeled lines but are entries, by start."""

    @property
    def title(self) -> str | None:
        """The title of the document: its first heading, if no other is of the first level.

        The only heading of a document is rather the category of its items.
        """
        if not self._headings:
            return None
        (level, name), *others = self._headings
        is_awesome = "awesome" in name.casefold()
        others_at_top = [other for level, other in others if level == 1]
        if level != 1 or not (is_awesome or all(map(NOT_LISTED.match, others_at_top))):
            return None
        return name if others or is_awesome else None

    @property
    def _current_section(self) -> ListItem:
        return self._sections[-1].item

    def _open_section(self, level: int, name: str, item: ListItem) -> None:
        path = self._sections[-1].path
        self._sections.append(_Section(level, name, item, (*path, name) if name else path))

    def walk(self, block: Block, owner: ListItem | None) -> None:
        """Walk the children of ``block``; ``owner`` is the list item that contains them."""
        before = None
        for number, child in enumerate(block.children):
            if owner is None and child.kind is BlockKind.LIST_ITEM is not before:
                section = self._sections[-1]
                items = takewhile(_is_list_item, islice(block.children, number, None))
                self._label_entries |= find_label_entries(items, section.name, section.level)
            before = child.kind
            match child.kind:
                case BlockKind.HEADING:
                    self._card = None
                    self._add_heading(child)
                case BlockKind.SUMMARY:
                    self._add_summary(child, owner)
                case BlockKind.DETAILS_END:
                    self._card = None
                case BlockKind.PARAGRAPH:
                    self._add_paragraph(child, owner)
                case BlockKind.LIST_ITEM:
                    self._add_list_item(child, owner)
                case BlockKind.TABLE:
                    self._add_table(child, owner)
                case BlockKind.TABLE_ROW:
                    self._add_row(child, [])
                case _:
                    self._add_line(owner or self._card or self._current_section, child.inlines)
                    self.walk(child, owner)

    def assign_links(self, links: tuple[MarkdownLink, ...]) -> None:
        """Assign links outside of any line (a badge in a link) to the item around them."""
        unassigned = [link for link in links if link.full_span.start not in self._assigned]
        if not unassigned:
            return
        item_by_link = {
            item_link.link.full_span.start: number
            for number, item in enumerate(self.items)
            for item_link in item.links
        }
        starts = sorted((item.start, number) for number, item in enumerate(self.items))
        cursor = 0
        for link in unassigned:
            while cursor + 1 < len(starts) and starts[cursor + 1][0] <= link.full_span.start:
                cursor += 1
            number = None if link.parent_start is None else item_by_link.get(link.parent_start)
            item = self.items[starts[cursor][1] if number is None else number]
            item.links.append(ItemLink(link, detect_role_by_host(link.url)))

    # Blocks

    def _add_heading(self, block: Block) -> None:
        name = parse_heading_name(block.inlines)
        level = block.level
        self._headings.append((level, name.text))
        while self._sections[-1].level >= level:
            self._sections.pop()
        item = self._add_item(name, block, "")
        self._open_section(level, name.text, item)
        self._add_line(item, block.inlines)

    def _add_summary(self, block: Block, owner: ListItem | None) -> None:
        """Add an item for collapsed content whose summary begins with a link: a card.

        Everything in a card belongs to its item.
        """
        self._card = None
        first = next((n for n in block.inlines if any(map(str.isalpha, n.text))), None)
        link = first.link if first else None
        name = parse_line_name(block.inlines, papers=False)
        if link is None or name is None or link.scope is not LinkScope.EXTERNAL:
            self._add_line(owner or self._current_section, block.inlines)
            return
        self._card = self._add_item(name, block, "")
        self._add_line(self._card, block.inlines)

    def _add_paragraph(self, block: Block, owner: ListItem | None) -> None:
        if self._card is not None:
            owner = self._card
        lines = _split_lines(block.inlines)
        if owner is None and lines and _is_bold_title(lines[0]):
            name = parse_line_name(lines[0], papers=True)
            if name is not None:
                while self._sections[-1].level >= 7:
                    self._sections.pop()
                item = self._add_item(name, block, "")
                self._open_section(7, name.text, item)
                for line in lines:
                    self._add_line(item, line)
                return
        for line in lines:
            item = owner or self._current_section
            if owner is None and _starts_with_name(line):
                name = parse_line_name(line, papers=False)
                if name is not None:
                    item = self._add_item(name, block, "")
                    item.start, item.end = line[0].start, line[-1].end
            self._add_line(item, line)

    def _add_list_item(self, block: Block, owner: ListItem | None) -> None:
        inlines = get_own_inlines(block)
        if self._card is not None:
            known = len(self._card.links)
            for line in _split_lines(inlines):
                self._add_line(self._card, line)
            for one in self._card.links[known:]:
                one.is_primary = one.is_primary and bool(one.label)
            self._walk_children(block, self._card)
            return
        if self._add_nested_value(block, inlines, owner):
            return
        if all(node.kind is InlineKind.LINE_BREAK for node in inlines):
            self.walk(block, owner)
            return
        label = self._label_entries.get(block.start) if owner is None else None
        if label is not None:
            item = self._add_item(label, block, "")
        elif is_labeled_line(inlines):
            item = owner or self._current_section
        else:
            name = parse_line_name(inlines, papers=True)
            item = self._add_item(name, block, "") if name else owner or self._current_section
        for line in _split_lines(inlines):
            self._add_line(item, line)
        if block.children:
            outer, self._open_claim = self._open_claim, _detect_claim_label(inlines)
            self._walk_children(block, item)
            self._open_claim = outer

    def _walk_children(self, block: Block, item: ListItem) -> None:
        """Walk the lists and tables in a list item."""
        inner = Block(block.kind, block.start, block.end)
        inner.children = [c for c in block.children if c.kind is not BlockKind.PARAGRAPH]
        self.walk(inner, item)

    def _add_nested_value(
        self, block: Block, inlines: list[InlineNode], owner: ListItem | None
    ) -> bool:
        """Add a list item below a claim's label ("数据：") as a value, if it is one."""
        if self._open_claim is None or owner is None or any(node.link for node in inlines):
            return False
        claim, label = self._open_claim
        text = get_text(inlines)
        if text:
            depth = self._claim_depth
            owner.labeled_values.append(
                LabeledValue(claim, label, text, inlines[0].start, inlines[-1].end, depth)
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
            item = self._current_section
        else:
            header = headers[column] if column < len(headers) else ""
            item = self._add_item(name, row, header)
        for number, cell in enumerate(cells):
            header = headers[number] if number < len(headers) else ""
            self._add_cell(item, cell, header, is_name=number == column)

    def _add_cell(self, item: ListItem, cell: Block, header: str, *, is_name: bool) -> None:
        role = None if is_name else detect_role(header)
        claim = detect_claim(header)
        value_claim = claim if claim and role is None and not is_name else ""
        known = len(item.links)
        for line in _split_lines(cell.inlines):
            self._add_line(item, line, role, header if role else "", value_claim)
        if is_name:
            for one in item.links[known:]:
                one.is_primary = not one.claim
        elif role is None:
            is_prose = any(n.link is None and _WORDS.search(n.text) for n in cell.inlines)
            for one in item.links[known:]:
                one.is_primary = is_own_cell_link(one.link, header, is_prose=is_prose)
        text = get_text(cell.inlines, links=False).strip(" -—–/")
        if claim and text and not is_name:
            item.labeled_values.append(LabeledValue(claim, header, text, cell.start, cell.end))
        for child in cell.children:
            self.walk(child, item)

    # Lines

    def _add_item(self, name: ItemName, block: Block, header: str) -> ListItem:
        path = self._sections[-1].path
        item = ListItem(name, block.kind, block.start, block.end, path, column_header=header)
        self.items.append(item)
        return item

    def _add_line(
        self,
        item: ListItem,
        line: list[InlineNode],
        role: str | None = None,
        label: str = "",
        claim: str = "",
    ) -> None:
        """Add a line's links and labeled value to an item."""
        before = ""
        if role is None:
            text = get_text(line[:1], links=False) if line else ""
            match = match_label(text)
            if match and (label_claim := detect_claim(match["label"])):
                self._add_labeled_value(item, line, label_claim, match)
                claim = claim or (label_claim if detect_role(match["label"]) is None else "")
        if not item.text and item.name.start <= (line[0].start if line else 0):
            item.text = get_text(line)[:_MAX_TEXT]
        if len(item.words) < _MAX_WORDS:
            item.words = f"{item.words}\n{get_text(line)}".strip()[:_MAX_WORDS]
        prose = find_prose_links(line, item.name) if line else ()
        for node in line:
            if node.link is None:
                if node.kind is InlineKind.CODE:
                    item.code_spans.append(node.text)
                before = (before + node.text)[-120:]
                continue
            self._assigned.add(node.link.full_span.start)
            link_role, link_label = (
                (role, label) if role is not None else _detect_link_role(node.link, before)
            )
            if not link_role:
                link_role, link_label = _detect_own_role(node.link)
            is_primary = not claim and node.link.full_span.start not in prose
            item.links.append(ItemLink(node.link, link_role, link_label, claim, is_primary))
            before += "\n" if node.kind is InlineKind.IMAGE else node.text[-40:] + "\n"

    def _add_labeled_value(
        self, item: ListItem, line: list[InlineNode], claim: str, match: re.Match[str]
    ) -> None:
        first = line[0]
        value = get_text(line)[match.end() :].strip()
        if value:
            start = min(first.start + match.end(), first.end)
            item.labeled_values.append(
                LabeledValue(claim, match["label"], value, start, line[-1].end)
            )


def _is_list_item(block: Block) -> bool:
    return block.kind is BlockKind.LIST_ITEM


def _detect_own_role(link: MarkdownLink) -> tuple[str, str]:
    """Return the role that a link's text or else its host implies, and the label."""
    if link.text and (role := detect_role(link.text)):
        return role, link.text
    return detect_role_by_host(link.intended_url), ""


def _detect_link_role(link: MarkdownLink, before: str) -> tuple[str | None, str]:
    """Return the role that a link's text, or the text before it, implies, and the label."""
    is_url = link.text in (link.written, link.url)
    if link.text and not is_url and (role := detect_role(link.text)):
        return role, link.text
    tail = before[-_MAX_LABEL_LENGTH:].rstrip(" \t[(（【<")
    colon = tail.endswith((":", "："))
    if not (colon or is_url):
        return None, ""
    label = _SEPARATOR.split(tail.rstrip(":： \t"))[-1].strip()
    words = label.split()[-7:]
    for count in range(len(words)):
        role = detect_role(" ".join(words[count:]))
        if role is not None:
            return role, label
    return None, ""


def _split_lines(inlines: list[InlineNode]) -> list[list[InlineNode]]:
    """Return inline nodes split at line breaks."""
    lines: list[list[InlineNode]] = [[]]
    for node in inlines:
        if node.kind is InlineKind.LINE_BREAK:
            lines.append([])
        else:
            lines[-1].append(node)
    return [line for line in lines if line]


def _detect_claim_label(inlines: list[InlineNode]) -> tuple[str, str] | None:
    """Return the claim that a list item's line introduces, with its label."""
    match = match_label(get_text(inlines, links=False))
    label = match["label"] if match else get_text(inlines)
    claim = detect_claim(label)
    return (claim, label) if claim else None


def _is_bold_title(line: list[InlineNode]) -> bool:
    """Return whether a line is entirely bold and acts as a heading."""
    texts = [node for node in line if node.text.strip() or node.link]
    if not texts or not all(node.is_strong for node in texts):
        return False
    if len(texts) > 1 and find_prose_links(line, _NO_NAME):
        return False  # a sentence in bold: "Please visit …"
    text = get_text(line).strip()
    ends = (":", "：", "!", "！", "。")
    return 2 < len(text) < 300 and not text.endswith(ends) and detect_role(text) is None


def _starts_with_name(line: list[InlineNode]) -> bool:
    """Return whether a line of prose starts with a link that names its subject."""
    first = next((node for node in line if node.text.strip() or node.link), None)
    if first is None or first.link is None or first.kind is not InlineKind.LINK:
        return False
    if first.link.scope is not LinkScope.EXTERNAL or detect_role(first.text) is not None:
        return False
    if first.text in (first.link.written, first.link.url, ""):
        return False
    rest = get_text(line[line.index(first) + 1 :]).lstrip()
    return rest.startswith(("-", "–", "—", ":", "：", "|"))


def _find_name_column(headers: list[str], cells: list[Block]) -> int:
    """Return the index of the column with the names of a table's rows."""
    keys = [normalize_label(header) for header in headers]
    last = max(len(cells) - 1, 0)
    unnamed = bool(keys) and not headers[0].strip()
    if unnamed and _is_linked_name(cells):
        return 0
    for number, header in enumerate(keys):
        if header in ("name", "title", "名称", "模型名称", "数据集名称", "项目名称", "标题"):
            return min(number, last)
    for number, header in enumerate(keys):
        if header in NAME_HEADERS:
            return min(number, last)
    is_index = bool(keys) and (keys[0] in INDEX_HEADERS or not keys[0])
    is_index = is_index and not (unnamed and _has_name(cells))
    return min(int(is_index and len(keys) > 1), last)


def _has_name(cells: list[Block]) -> bool:
    """Return whether the first cell of a row has letters: below an empty header it is the name."""
    text = get_text(cells[0].inlines) if cells else ""
    return any(char.isalpha() for char in text)


def _is_linked_name(cells: list[Block]) -> bool:
    """Return whether the first cell of a row begins with a link that is no label."""
    found = next((node for node in cells[0].inlines if node.text.strip()), None) if cells else None
    return found is not None and found.link is not None and detect_role(found.text) is None
