"""One target stands under two different entries that are not the same thing.

## What it does

Reports a link whose target another entry claims as its own. It is a warning if the target has the
name of exactly one of the two, in its URL or at the start of the paper's title; the finding is then
on the other one. Without such an owner it is `info`.

Not reported: umbrellas (home pages, lists, competitions, documentation), entries of different kinds
(a paper often brings a model and a dataset), versions and families (`MedBot` and `MedBot-2`), an
entry that mentions the other or that the target's description names, different sections of one
page, targets that very many entries share, and badges. In a Markdown list only the links of an
item's own count, and only within one section. Where roles are but guessed, a page that two items
are about (their only link, or the one that has their name) is reported all the same, unless it is
a site's front page.

## Why

It is the most common slip in long lists: a row is copied, and one link of the row above stays.

## How to fix

Correct the link that is wrong. If both are right, add an `ignore` with the reason.

## Fix safety

There is no automatic fix: the right address is not known.
"""

import re
from collections.abc import Iterable

from linkcheck.matching.duplicates import (
    are_in_one_list,
    are_in_one_section,
    claimed_links,
    find_duplicate,
    find_owner,
    is_relisted,
    may_share_links,
    normalize_name,
    normalized_names,
)
from linkcheck.matching.names import NameMatch, all_variants, find_any_name
from linkcheck.model.entry import Entry, EntryKind
from linkcheck.model.facts import (
    ModelFacts,
    PageFacts,
    PaperFacts,
    PathFacts,
    RepositoryFacts,
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

_Claim = tuple[EntryView, LinkView]
_URL = re.compile(r"\S+://\S+")
_MIN_ENTRIES_OF_COLLECTION = 5
"""A target that so many entries share is a collection."""


def _check(catalog: CatalogView, context: RuleContext) -> Iterable[Finding]:
    for target, links in _shared(catalog, context).items():
        if not 1 < len(links) < _MIN_ENTRIES_OF_COLLECTION:
            continue
        claims = [(catalog.entries[position], link) for position, link in links.items()]
        for later, second in enumerate(claims[1:], 1):
            suspects = (_judge(catalog, target, first, second, context) for first in claims[:later])
            if found := next(filter(None, suspects), None):
                yield found


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


def _judge(
    catalog: CatalogView,
    target: Target,
    first: _Claim,
    second: _Claim,
    context: RuleContext,
) -> Finding | None:
    """Return the finding on the link of the entry that the target does not belong to."""
    if _may_share(first, second, context):
        return None
    title = _title(first[1])
    owner = find_owner(first[0].entry, second[0].entry, target, title)
    if owner is None and title:
        owner = find_owner(first[0].entry, second[0].entry, target, None)
    wrong, right = (first, second) if owner is second[0].entry else (second, first)
    if is_relisted(first[0], second[0], context.recognize):
        return _finding(catalog, target, wrong, right, is_owned=False)
    if owner is None and not _is_suspicious(first, second):
        return None
    if _mentions(wrong, right[0].entry):
        return None
    return _finding(catalog, target, wrong, right, is_owned=owner is not None)


def _title(link: LinkView) -> str | None:
    latest = link.latest
    return latest.paper.title if latest and latest.paper else None


def _may_share(first: _Claim, second: _Claim, context: RuleContext) -> bool:
    (a, _), (b, _) = first, second
    if a.entry.id == b.entry.id or not are_in_one_list(a, b):
        return True
    if not are_in_one_section(a.entry, b.entry):
        return True
    if find_duplicate(a, b, context.recognize):
        return True
    if may_share_links(a.entry, b.entry):
        return not is_relisted(a, b, context.recognize)
    parts = [link.recognized.fragment if link.recognized else "" for _, link in (first, second)]
    if all(parts) and parts[0] != parts[1]:
        return True
    return _names_other(first[1], b) or _names_other(second[1], a)


def _names_other(link: LinkView, other: EntryView) -> bool:
    """Return whether the text of a link is a name of the other entry ("based on …")."""
    return bool(link.link.text) and normalize_name(link.link.text) in normalized_names(other.entry)


def _mentions(wrong: _Claim, owner: Entry) -> bool:
    """Return whether the entry names the owner, or the target's own description the entry."""
    view, link = wrong
    said = _URL.sub(" ", f"{view.entry.text} {view.entry.notes or ''}")
    if find_any_name((owner.name, *owner.aliases), said) is NameMatch.FULL:
        return True
    facts = link.latest.facts if link.latest else None
    texts: tuple[str | None, ...] = ()
    match facts:
        case RepositoryFacts():
            texts = (facts.description, *(facts.topics or ()))
        case PathFacts():
            texts = (facts.repository.description, *(facts.repository.topics or ()))
        case ModelFacts():
            texts = (facts.title, *(facts.tags or ()))
        case PaperFacts():
            texts = (facts.title, facts.comment, *(facts.mentions or ()))
        case PageFacts():
            texts = (facts.title,)
    names = all_variants((view.entry.name, *view.entry.aliases))
    return any(find_any_name(names, text) for text in texts if text)


_MAY_SHARE_PAPERS = frozenset(
    {EntryKind.DATASET, EntryKind.BENCHMARK, EntryKind.RESOURCE, EntryKind.LIST}
)


def _is_suspicious(first: _Claim, second: _Claim) -> bool:
    """Return whether a target without an owner may be a slip; demos and papers are shared."""
    if "demo" in (first[1].link.role, second[1].link.role):
        return False
    return first[0].entry.kind not in _MAY_SHARE_PAPERS


def _finding(
    catalog: CatalogView, target: Target, wrong: _Claim, right: _Claim, *, is_owned: bool
) -> Finding:
    view, link = wrong
    other, at = right[0].entry, right[1].link.span
    neighbor = "the entry next to it, " if catalog.are_neighbors(view.entry, other) else ""
    seems = f" It seems to belong to “{one_line(other.name)}”." if is_owned else ""
    return RULE.finding(
        f"The {describe_target(target)} stands here and under {neighbor}“{one_line(other.name)}” "
        f"({at.file}:{at.line}), which is not the same thing.{seems} Correct the wrong one.",
        entry=view.entry,
        link=link,
        subject=f"{target} {other.id}",
        confidence=Confidence.HIGH if is_owned and neighbor else Confidence.MEDIUM,
        severity=Severity.WARNING if is_owned else Severity.INFO,
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
