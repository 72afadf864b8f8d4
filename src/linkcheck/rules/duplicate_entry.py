"""Two entries are the same thing.

## What it does

Reports an entry that has a name or alias in common with an earlier one, compared without case,
punctuation and character width, when both are of the same kind or link to the same thing. Things
of one name with papers of their own are taken for two things. Entries of a Markdown list are
compared within their file, and only when they share a link.

## Why

Two entries for one thing drift apart, and readers do not know which to believe.

## How to fix

Merge the two into one entry, with the other names as `aliases`. If they really are two things, add
an `ignore` with the reason.

## Fix safety

There is no automatic fix: merging needs judgment.
"""

from collections.abc import Iterable

from linkcheck.matching.duplicates import duplicate_reason, normalized_names
from linkcheck.model.finding import Confidence, Finding, Related, Severity
from linkcheck.model.rule import (
    CatalogView,
    EntryView,
    Example,
    Remedy,
    Rule,
    RuleContext,
    RuleScope,
)
from linkcheck.model.wording import one_line
from linkcheck.rules._examples import entry

_MAX_ENTRIES_OF_ONE_NAME = 20
"""A name that more entries share ("Demo", "Paper") is a generic word."""


def _check(catalog: CatalogView, context: RuleContext) -> Iterable[Finding]:
    starts: dict[str, int] = {}
    shared: dict[str, list[int]] = {}
    for position, view in enumerate(catalog.entries):
        for name in normalized_names(view.entry):
            start = starts.setdefault(name, position)
            if start != position:
                shared.setdefault(name, [start]).append(position)
    pairs = {
        (earlier, later)
        for group in shared.values()
        if len(group) <= _MAX_ENTRIES_OF_ONE_NAME
        for i, later in enumerate(group)
        for earlier in group[:i]
    }
    reported = set()
    for earlier, later in sorted(pairs):
        if later in reported:
            continue
        first, second = catalog.entries[earlier], catalog.entries[later]
        why = duplicate_reason(first, second, context.recognize)
        if why:
            reported.add(later)
            yield _finding(first, second, why)


def _finding(first: EntryView, second: EntryView, why: str) -> Finding:
    at = first.entry.name_span or first.entry.span
    return RULE.finding(
        f"“{one_line(second.entry.name)}” looks like “{one_line(first.entry.name)}” "
        f"({one_line(first.entry.id)}, {at.file}:{at.line}): {one_line(why)}. Merge the two "
        "entries.",
        span=second.entry.name_span or second.entry.span,
        entry=second.entry,
        subject=first.entry.id,
        confidence=Confidence.HIGH if "link to" in why else Confidence.MEDIUM,
        related=(Related(first.entry.id, at),),
    )


_CODE = "https://github.com/medbot/medbot"

RULE = Rule(
    name="duplicate-entry",
    severity=Severity.WARNING,
    summary="Two entries are the same thing.",
    page=__doc__ or "",
    remedy=Remedy.MERGE,
    scope=RuleScope.CATALOG,
    check=_check,
    offline=True,
    examples=(
        Example(
            "Two things",
            entry("MedBot", code=_CODE) + entry("DocBot", code="gh:docbot/docbot"),
        ),
        Example(
            "A model and its data set of nearly the same name",
            entry("MedBot", code=_CODE)
            + entry("MedBot data", kind="dataset", data="hf:datasets/medbot/talks"),
        ),
        Example(
            "One name, two papers: two things",
            entry("MedBot", paper="https://arxiv.org/abs/2303.14070")
            + entry("Med Bot", paper="https://arxiv.org/abs/2304.06975"),
        ),
        Example(
            "The same name in another spelling",
            entry("MedBot", code=_CODE) + entry("Med-Bot", homepage="https://medbot.example/"),
            finds=(
                "“Med-Bot” looks like “MedBot” (medbot, catalog.yaml:2): both are a model called",
            ),
        ),
        Example(
            "An alias in another script, and the same repository",
            entry("扁鹊", code=_CODE, extra="aliases: [BianQue]").replace("id: 扁鹊", "id: bianque")
            + entry("Bian Que", kind="tool", code=f"{_CODE}.git"),
            finds=("“Bian Que” looks like “扁鹊” (bianque, catalog.yaml:2): both are called",),
        ),
    ),
)
