"""Tables that GitHub does not render as such."""

import re
from collections.abc import Iterator

from linkcheck.catalog.md.values import Block, BlockKind
from linkcheck.model.local import BrokenTable
from linkcheck.model.text import SourceText

_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")
_CELL_END = re.compile(r"(?<!\\)\|")
_LINE = re.compile(r"[^\r\n]*")
_INDENT = " \t>"


def find_broken_tables(source: SourceText, root: Block) -> Iterator[BrokenTable]:
    """Yield the tables whose delimiter row has another number of cells than their header row.

    Such rows are a paragraph (https://github.github.com/gfm/#example-203). ``root`` is the
    document's root block.
    """
    blocks = [root]
    while blocks:
        block = blocks.pop()
        blocks.extend(reversed(block.children))
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and block.inlines:
            start, end = block.inlines[0].start, block.inlines[-1].end
            if "|" in source.text[start:end]:
                yield from _in_paragraph(source, start, end)


def _in_paragraph(source: SourceText, start: int, end: int) -> Iterator[BrokenTable]:
    header: re.Match[str] | None = None
    for line in _LINE.finditer(source.text, start, end):
        text = line.group().strip(_INDENT)
        if not text:
            continue
        if header is not None and "|" in text and _DELIMITER_ROW.fullmatch(text):
            above = header.group().strip(_INDENT)
            columns, delimiters = _count_cells(above), _count_cells(text)
            if "|" in above and columns != delimiters:
                span = source.span(header.start(), line.end())
                yield BrokenTable(span, above, columns, delimiters)
                return
        header = line


def _count_cells(row: str) -> int:
    """Return the number of cells of a row; a pipe at either end opens or closes a cell."""
    inner = row.removeprefix("|")
    return len(
        _CELL_END.split(inner[:-1] if inner.endswith("|") and inner[-2:] != "\\|" else inner)
    )
