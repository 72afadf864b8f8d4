"""Rows that GitHub does not render as a table.

## What it does

Reports, in Markdown, a header row followed by a delimiter row (`|---|---|`) with another number of
cells, and rows without a header and a delimiter row right above: two or more of them, or one that a
blank line cuts off from its table.

## Why

GitHub then shows all rows as one paragraph with pipes in it, and the links in them belong to no
entry.

## How to fix

Give the delimiter row as many cells as the header, add the missing row, or remove the blank line.

## Fix safety

There is no automatic fix.
"""

from collections import Counter
from collections.abc import Iterable

from linkcheck.model.finding import Finding, Severity
from linkcheck.model.local import BrokenTable
from linkcheck.model.rule import CatalogView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.wording import one_line, plural


def _check(catalog: CatalogView, _context: RuleContext) -> Iterable[Finding]:
    repeats: Counter[tuple[str, str]] = Counter()
    for table in catalog.broken_tables:
        key = (table.span.file, one_line(table.row))
        repeats[key] += 1
        subject = f"{key[1]} {repeats[key]}" if repeats[key] > 1 else key[1]
        yield RULE.finding(_message(table), span=table.span, subject=subject)


def _message(table: BrokenTable) -> str:
    if table.delimiters is None:
        return (
            "GitHub shows these rows as plain text: there is no header with a row like |---|---| "
            "right above them. Add it, or remove the blank line that cuts them off."
        )
    return (
        f"GitHub shows this table as plain text: its header has {plural(table.columns, 'cell')} "
        f"and the row below it {plural(table.delimiters, 'cell')}. Give both the same number."
    )


_TABLE = "| Name | Link |\n{}\n| MedBot | https://medbot.example/ |\n"

RULE = Rule(
    name="broken-table",
    severity=Severity.WARNING,
    summary="Rows that GitHub does not render as a table.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    scope=RuleScope.CATALOG,
    check=_check,
    offline=True,
    examples=(
        Example("As many cells as the header", _TABLE.format("|---|:-:|"), format="markdown"),
        Example("Without pipes at the ends", _TABLE.format("--- | ---"), format="markdown"),
        Example(
            "Pipes in prose",
            "Either a | b or | c: see [MedBot](https://medbot.example/).\n",
            format="markdown",
        ),
        Example(
            "A blank line in the table",
            _TABLE.format("|---|---|") + "\n| TalkBot | https://talkbot.example/ |\n",
            format="markdown",
            finds=("Add it, or remove the blank line",),
        ),
        Example(
            "One cell too few",
            _TABLE.format("|---|"),
            format="markdown",
            finds=("its header has 2 cells and the row below it 1 cell",),
        ),
        Example(
            "One cell too many",
            _TABLE.format("|---|---|---|"),
            format="markdown",
            finds=("its header has 2 cells and the row below it 3 cells",),
        ),
    ),
)
