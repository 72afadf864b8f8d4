"""Find tables that GitHub does not render as tables."""

import re
from collections.abc import Iterator
from itertools import pairwise

from linkcheck.markdown.syntax_tree import Block, BlockKind
from linkcheck.model.local import BrokenTable
from linkcheck.model.source_text import SourceText

_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_CELL_END = re.compile(r"(?<!\\)\|")
_LINE = re.compile(r"[^\r\n]+")
_INDENT = " \t>"
_Line = tuple[str, int, int]
"""A line without its indentation, and its place."""


def find_broken_tables(source: SourceText, root: Block) -> Iterator[BrokenTable]:
    """Yield the tables that are paragraphs on GitHub, in order.

    Their delimiter row has another number of cells than their header row
    (https://github.github.com/gfm/#example-203), or there is none. ``root`` is the document's root
    block.
    """
    before: Block | None = None
    for block in root.children:
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) and block.inlines:
            table = _find_in_paragraph(source, block, before)
            if table is not None:
                yield table
        if block.kind is not BlockKind.TABLE:
            yield from find_broken_tables(source, block)
        before = block


def _find_in_paragraph(
    source: SourceText, block: Block, before: Block | None
) -> BrokenTable | None:
    start, end = block.inlines[0].start, block.inlines[-1].end
    if "|" not in source.text[start:end]:
        return None
    lines = [
        (text, at := match.start() + match.group().index(text), at + len(text))
        for match in _LINE.finditer(source.text, start, end)
        if (text := match.group().strip(_INDENT))
    ]
    for (above, at, _), (text, _, stop) in pairwise(lines):
        if "|" in above and "|" in text and _DELIMITER_ROW.fullmatch(text):
            columns, delimiters = _count_cells(above), _count_cells(text)
            if columns != delimiters:
                return BrokenTable(source.span(at, stop), above, columns, delimiters)
    return _find_without_header(source, lines, before)


def _find_without_header(
    source: SourceText, lines: list[_Line], before: Block | None
) -> BrokenTable | None:
    """Return a table without a header if the paragraph consists of rows only."""
    row, start, end = lines[0]
    columns = _count_cells(row)
    is_cut_off = before is not None and before.kind is BlockKind.TABLE
    if columns < 2 or (len(lines) < 2 and not is_cut_off):
        return None
    if not all(
        text[0] == "|" == text[-1] and _count_cells(text) == columns for text, _, _ in lines
    ):
        return None
    return BrokenTable(source.span(start, end), row, columns)


def _count_cells(row: str) -> int:
    """Return the number of cells of a row; a pipe at either end opens or closes a cell."""
    cells = _CELL_END.split(row.removeprefix("|"))
    return len(cells) - (len(cells) > 1 and not cells[-1].strip())
