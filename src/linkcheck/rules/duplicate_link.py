"""One target stands under two different entries that are not the same thing.

## What it does

Reports a link whose target another entry claims as its own. Not reported: umbrellas (home pages,
lists, competitions, documentation), entries of different kinds (a paper often brings a model and a
data set), versions and families (`MedBot` and `MedBot-2`), an entry that names the other as its
base model or data set, different sections of one page, targets that very many entries share, and
badges. In a Markdown list, where roles are but guessed, a page that two items are about (their only
link, or the one that bears their name) is reported all the same, unless it is a site's front page.

## Why

It is the most common slip in long lists: a row is copied, and one link of the row above stays.

## How to fix

Correct the link that is wrong. If both are right, add an `ignore` with the reason.

## Fix safety

There is no automatic fix: the right address is not known.
"""

from collections.abc import Iterable

from linkcheck.matching.duplicates import (
    are_in_one_list,
    claimed_links,
    duplicate_reason,
    is_relisted,
    may_share_links,
    mentions_name,
    normalize_name,
    normalized_names,
)
from linkcheck.model.finding import Confidence, Finding, Related, Severity
from linkcheck.model.rule import (
    CatalogView,
    EntryView,
    Example,
    LinkView,
    Remedy,
    Rule,
    RuleContext,
    RuleScope,
)
from linkcheck.model.target import Target
from linkcheck.model.wording import describe_target, one_line
from linkcheck.rules._examples import entry

_MIN_ENTRIES_OF_COLLECTION = 5
"""A target that so many entries share is a collection."""


def _check(catalog: CatalogView, context: RuleContext) -> Iterable[Finding]:
    for target, links in _shared(catalog, context).items():
        if not 1 < len(links) < _MIN_ENTRIES_OF_COLLECTION:
            continue
        (start, first), *rest = links.items()
        for position, link in rest:
            here, there = catalog.entries[position], catalog.entries[start]
            if _may_share(there, first, here, link, context):
                continue
            yield _finding(catalog, target, (there, first), (here, link))


def _shared(catalog: CatalogView, context: RuleContext) -> dict[Target, dict[int, LinkView]]:
    """Return the targets that several links claim, with the first link of each entry.

    Entries are given by their position in the catalog.
    """
    first: dict[Target, tuple[Target, int, LinkView]] = {}
    shared: dict[Target, dict[int, LinkView]] = {}
    for position, view in enumerate(catalog.entries):
        for target, link in claimed_links(view, context.recognize):
            # Equal targets may have different spellings: messages show the first.
            spelled, start, other = first.setdefault(target, (target, position, link))
            if other is not link:
                shared.setdefault(spelled, {start: other}).setdefault(position, link)
    return shared


def _may_share(
    a: EntryView, first: LinkView, b: EntryView, second: LinkView, context: RuleContext
) -> bool:
    if a.entry.id == b.entry.id or not are_in_one_list(a, b):
        return True
    if duplicate_reason(a, b, context.recognize):
        return True
    if is_relisted(a, b, context.recognize):
        return False
    if may_share_links(a.entry, b.entry):
        return True
    parts = [link.recognized.fragment if link.recognized else "" for link in (first, second)]
    if all(parts) and parts[0] != parts[1]:
        return True
    return _names_other(first, b) or _names_other(second, a)


def _names_other(link: LinkView, other: EntryView) -> bool:
    """Return whether the text of a link is a name of the other entry ("based on …")."""
    return bool(link.link.text) and normalize_name(link.link.text) in normalized_names(other.entry)


def _finding(
    catalog: CatalogView,
    target: Target,
    first: tuple[EntryView, LinkView],
    second: tuple[EntryView, LinkView],
) -> Finding:
    """Return the finding on the link that is more likely wrong: the one with the other's name."""
    latest = first[1].latest
    paper = latest.paper if latest else None
    text = f"{target.url} {paper.title or ''}" if paper else target.url
    wrong, right = second, first
    is_named = False
    if mentions_name(second[0].entry, text) != mentions_name(first[0].entry, text):
        is_named = True
        if mentions_name(second[0].entry, text):
            wrong, right = first, second
    view, link = wrong
    other, at = right[0].entry, right[1].link.span
    neighbor = "the entry next to it, " if catalog.are_neighbors(view.entry, other) else ""
    seems = f" It seems to belong to “{one_line(other.name)}”." if is_named else ""
    return RULE.finding(
        f"The {describe_target(target)} stands here and under {neighbor}“{one_line(other.name)}” "
        f"({at.file}:{at.line}), which is not the same thing.{seems} Correct the wrong one.",
        entry=view.entry,
        link=link,
        subject=f"{target} {other.id}",
        confidence=Confidence.HIGH if is_named and neighbor else Confidence.MEDIUM,
        related=(Related(other.id, at),),
    )


_CODE = "https://github.com/medbot/medbot"
_PAPER = "https://arxiv.org/abs/2303.14070"

RULE = Rule(
    name="duplicate-link",
    severity=Severity.WARNING,
    summary="One target under two different entries that are not the same thing.",
    page=__doc__ or "",
    remedy=Remedy.MERGE,
    scope=RuleScope.CATALOG,
    check=_check,
    offline=True,
    examples=(
        Example(
            "Each has its own",
            entry("MedBot", code=_CODE) + entry("DocTalk", code="gh:doctalk/doctalk"),
        ),
        Example(
            "One paper for a model and its data set",
            entry("MedBot", paper=_PAPER) + entry("DocTalk", kind="dataset", paper=_PAPER),
        ),
        Example(
            "A shared home page",
            entry("MedBot", homepage="https://lab.example/")
            + entry("DocTalk", homepage="https://lab.example/"),
        ),
        Example(
            "Two versions in one repository",
            entry("MedBot", code=_CODE) + entry("MedBot 2", code=_CODE),
        ),
        Example(
            "Two sizes in one repository",
            entry("GLM-2b", code=_CODE) + entry("GLM-10b", code=_CODE),
        ),
        Example(
            "Parts of one benchmark",
            entry("The CBLUE data", kind="benchmark", paper=_PAPER)
            + entry("Tasks of CBLUE", kind="benchmark", paper=_PAPER),
        ),
        Example(
            "One is built on the other",
            entry("MedBot", code=_CODE)
            + entry("DocTalk", model=_CODE, extra="base_models: [MedBot]"),
        ),
        Example(
            "Different sections of one page",
            entry("MedBot", page="https://lab.example/list#one")
            + entry("DocTalk", page="https://lab.example/list#two"),
        ),
        Example(
            "A link of the row above",
            entry("MedBot", code=_CODE) + entry("DocTalk", code=f"{_CODE}/"),
            finds=("stands here and under the entry next to it, “MedBot” (catalog.yaml:5)",),
        ),
        Example(
            "The first of the two is the wrong one",
            entry("DocTalk", code=_CODE) + entry("MedBot", code=_CODE),
            finds=(
                "“MedBot” (catalog.yaml:10), which is not the same thing. It seems to belong to",
            ),
        ),
    ),
)
