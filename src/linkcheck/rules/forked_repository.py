"""The link is to a fork, and what it was forked from is alive and better known.

## What it does

Reports a linked repository that is a fork of one that is not archived and has more stars, unless
the entry links to that one too, calls itself a fork, or is called as the fork and not as the
original.

## Why

Lists often pick up a contributor's fork by accident; readers want the original.

## How to fix

Link to the original if it is what the entry means. If the fork is the point, add an `ignore` with
the reason.

## Fix safety

There is no automatic fix: forks can be the real thing.
"""

import re
from collections.abc import Iterable

from linkcheck.matching.entry_names import names_of
from linkcheck.matching.names import NameMatch, find_any_name
from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.rule import EntryView, Example, LinkView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import TargetKind
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date, one_line, plural
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of, repositories, repository_name


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    linked = {
        link.target.key
        for link in view.links
        if link.target and link.target.kind is TargetKind.GITHUB_REPO
    }
    for link, latest, facts in repositories(view):
        if not facts.fork or not facts.parent or facts.parent_archived:
            continue
        if facts.stars is None or facts.parent_stars is None or facts.parent_stars <= facts.stars:
            continue
        if facts.parent.casefold() in linked or _means_fork(view, link, facts):
            continue
        yield RULE.finding(
            f"The repository {repository_name(link, facts)} ({plural(facts.stars, 'star')}) is a "
            f"fork of {one_line(facts.parent)} ({plural(facts.parent_stars, 'star')}; GitHub, "
            f"{format_date(latest.at)}). Link to the original, unless the fork is what is meant.",
            entry=view.entry,
            link=link,
            confidence=Confidence.MEDIUM,
            evidence=evidence_of(latest),
        )


_FORK = re.compile(r"\bfork(?:s|ed)?\b|分支|复刻|派生", re.IGNORECASE)


def _means_fork(view: EntryView, link: LinkView, facts: RepositoryFacts) -> bool:
    """Return whether the entry is about the fork: it says so, or has the fork's own name."""
    given = view.entry
    said = (given.name, given.text, given.notes or "", link.link.text)
    if any(_FORK.search(text) for text in said):
        return True
    fork, parent = (
        name.rpartition("/")[2] for name in (repository_name(link, facts), facts.parent or "")
    )
    names = names_of(given)
    return (
        find_any_name(names, fork) is NameMatch.FULL
        and find_any_name(names, parent) is not NameMatch.FULL
    )


_URL = "https://github.com/someone/medbot"


def _fork(
    stars: int, parent_stars: int | None, parent_archived: bool | None = False
) -> RepositoryFacts:
    return RepositoryFacts(
        full_name="someone/medbot",
        fork=True,
        stars=stars,
        parent="medbot/medbot",
        parent_stars=parent_stars,
        parent_archived=parent_archived,
    )


RULE = Rule(
    name="forked-repository",
    severity=Severity.INFO,
    summary="The link is a fork whose parent is alive and better known.",
    page=__doc__ or "",
    remedy=Remedy.KNOW,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.FORK,
    check=_check,
    examples=(
        Example(
            "No fork",
            entry("MedBot", code=_URL),
            {_URL: found(RepositoryFacts(fork=False, stars=3))},
        ),
        Example(
            "A fork that outgrew its parent",
            entry("MedBot", code=_URL),
            {_URL: found(_fork(stars=900, parent_stars=40))},
        ),
        Example(
            "The parent is archived",
            entry("MedBot", code=_URL),
            {_URL: found(_fork(stars=9, parent_stars=900, parent_archived=True))},
        ),
        Example(
            "Nothing is known of the parent",
            entry("MedBot", code=_URL),
            {_URL: found(_fork(stars=9, parent_stars=None))},
        ),
        Example(
            "The original is linked beside it",
            entry("MedBot", code="https://github.com/MedBot/medbot", demo=_URL),
            {_URL: found(_fork(stars=9, parent_stars=900))},
        ),
        Example(
            "A project of its own name",
            entry("MedLLaMA", code="https://github.com/someone/med-llama"),
            {
                "https://github.com/someone/med-llama": found(
                    RepositoryFacts(
                        full_name="someone/med-llama",
                        fork=True,
                        stars=9,
                        parent="lab/llama",
                        parent_stars=900,
                        parent_archived=False,
                    )
                )
            },
        ),
        Example(
            "The entry says that it is a fork",
            entry("MedBot", code=_URL, extra="notes: a maintained fork"),
            {_URL: found(_fork(stars=9, parent_stars=900))},
        ),
        Example(
            "A fork of something better known",
            entry("MedBot", code=_URL),
            {_URL: found(_fork(stars=1, parent_stars=900))},
            finds=(
                "someone/medbot (1 star) is a fork of medbot/medbot (900 stars; GitHub, 15 June",
            ),
        ),
    ),
)
