"""Rows that GitHub does not render as a table.

## What it does

Reports, in Markdown, a header row followed by a delimiter row (`|---|---|`) with another number of
cells.

## Why

GitHub then shows all rows as one paragraph with pipes in it, and the links in them belong to no
entry.

## How to fix

Give the delimiter row as many cells as the header.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.finding import Finding, Severity
from linkcheck.model.view import CatalogView, Example, Rule, RuleContext, RuleScope
from linkcheck.rules.support import one_line, plural


def _check(catalog: CatalogView, _context: RuleContext) -> Iterable[Finding]:
    for table in catalog.broken_tables:
        yield RULE.finding(
            f"GitHub shows this table as plain text: its header has "
            f"{plural(table.columns, 'cell')} and the row below it "
            f"{plural(table.delimiters, 'cell')}. Give both the same number.",
            span=table.span,
            subject=one_line(table.header),
        )


_TABLE = "| Name | Link |\n{}\n| MedBot | https://medbot.example/ |\n"

RULE = Rule(
    name="broken-table",
    severity=Severity.WARNING,
    summary="Rows that GitHub does not render as a table.",
    page=__doc__ or "",
    scope=RuleScope.CATALOG,
    check=_check,
    offline=True,
    examples=(
        Example("As many cells as the header", _TABLE.format("|---|:-:|"), format="markdown"),
        Example("Without pipes at the ends", _TABLE.format("--- | ---"), format="markdown"),
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
