"""The entry breaks the catalog's schema.

## What it does

Reports what the reader of the catalog stumbled over: YAML that cannot be read, a missing or unknown
key, a value of the wrong type, an id used twice. Everything that could be read is still checked.

## Why

What cannot be read cannot be checked, and other programs that use the catalog will fail on it.

## How to fix

Each message says what is expected at its place. `linkcheck schema` prints the schema for editors.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import CatalogView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.rules._examples import entry


def _check(catalog: CatalogView, _context: RuleContext) -> Iterable[Finding]:
    entries = {view.entry.id: view.entry for view in catalog.entries}
    for problem in catalog.problems:
        yield RULE.finding(
            " ".join(_sentence(part) for part in (problem.message, problem.hint) if part.strip()),
            span=problem.span,
            entry=entries.get(problem.entry) if problem.entry else None,
            subject=problem.message,
        )


def _sentence(text: str) -> str:
    text = text.strip()
    stop = "" if text.endswith((".", "!", "?")) else "."
    return f"{text[0].upper()}{text[1:]}{stop}"


RULE = Rule(
    name="invalid-entry",
    severity=Severity.ERROR,
    summary="The entry breaks the schema; the rest is still checked.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    reports_problems=True,
    scope=RuleScope.CATALOG,
    check=_check,
    offline=True,
    examples=(
        Example("A complete entry", entry("MedBot", code="https://github.com/medbot/medbot")),
        Example(
            "An unknown key",
            entry("MedBot", code="https://github.com/medbot/medbot", extra="licence: MIT"),
            finds=("licence",),
        ),
        Example(
            "The same id twice",
            entry("MedBot", code="https://github.com/medbot/medbot")
            + entry("MedBot", kind="dataset", data="https://huggingface.co/datasets/medbot/talks"),
            finds=("medbot",),
        ),
    ),
)
