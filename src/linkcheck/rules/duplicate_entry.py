"""Two entries are the same thing.

## What it does

Reports an entry that has a name or alias in common with an earlier one, compared without case,
punctuation and character width, when both are of the same kind or link to the same thing. Things
of one name with a paper, a repository, a model or a dataset of their own are different things, and
so are a model and its paper or dataset.

Entries of a Markdown list are compared within their file, and only when they share a link. Rows
that differ in a link or a size are different things. Two entries in one section are a warning;
entries that a list has in several sections are counted in one finding of severity `info`, because
that is a way of organizing a list.

## Why

Two entries for one thing drift apart, and readers do not know which to believe.

## How to fix

Merge the two into one entry, with the other names as `aliases`. If they really are two things, add
an `ignore` with the reason.

## Fix safety

There is no automatic fix: merging needs judgment.
"""

from collections.abc import Iterable, Sequence

from linkcheck.matching.duplicates import Duplicate, find_duplicate, normalized_names
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
from linkcheck.model.wording import one_line, plural
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
    cross_listed: dict[str, list[tuple[EntryView, EntryView]]] = {}
    for earlier, later in sorted(pairs, key=lambda pair: (pair[1], pair[0])):
        if later in reported:
            continue
        first, second = catalog.entries[earlier], catalog.entries[later]
        duplicate = find_duplicate(first, second, context.recognize)
        if duplicate is None:
            continue
        if duplicate.is_cross_listed:
            cross_listed.setdefault(second.entry.span.file, []).append((first, second))
            continue
        reported.add(later)
        yield _finding(first, second, duplicate)
    for found in cross_listed.values():
        last = {id(second): (first, second) for first, second in found}
        kept = [pair for pair in last.values() if not _is_reported(pair[1], catalog, reported)]
        if kept:
            yield _summary(kept)


def _is_reported(view: EntryView, catalog: CatalogView, reported: set[int]) -> bool:
    return any(catalog.entries[position] is view for position in reported)


def _finding(first: EntryView, second: EntryView, duplicate: Duplicate) -> Finding:
    at = first.entry.name_span or first.entry.span
    return RULE.finding(
        f"“{one_line(second.entry.name)}” looks like “{one_line(first.entry.name)}” "
        f"({one_line(first.entry.id)}, {at.file}:{at.line}): {one_line(duplicate.reason)}. Merge "
        "the two entries.",
        span=second.entry.name_span or second.entry.span,
        entry=second.entry,
        subject=first.entry.id,
        confidence=Confidence.HIGH if duplicate.shares_link else Confidence.MEDIUM,
        related=(Related(first.entry.id, at),),
    )


def _summary(found: Sequence[tuple[EntryView, EntryView]]) -> Finding:
    """Return the one finding on all entries of a file that are listed in several sections."""
    first, second = (view.entry for view in found[0])
    here, there = (entry.name_span or entry.span for entry in (second, first))
    also = "is also" if len(found) == 1 else "are also"
    return RULE.finding(
        f"{plural(len(found), 'entry', 'entries')} {also} in another section: "
        f"“{one_line(second.name)}” (lines {there.line} and {here.line})"
        f"{' and others' if len(found) > 1 else ''}.",
        span=here,
        subject="other sections",
        confidence=Confidence.MEDIUM,
        severity=Severity.INFO,
        related=(Related(first.id, there),),
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
