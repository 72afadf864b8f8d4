"""There is nothing in the repository.

## What it does

Reports a linked repository without a single commit.

## Why

"Code coming soon" often stays empty for good; a reader expects to find something.

## How to fix

Remove the link until something is there, or link to where the work is.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import PathFacts, RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.observation import Status
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of, repositories, repository_name


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for link, latest, facts in repositories(view):
        if not facts.empty or facts.disabled or facts.blocked or link.status is Status.DEAD:
            continue
        yield RULE.finding(
            f"The repository {repository_name(link, facts)} is empty (GitHub, "
            f"{format_date(latest.at)}). Remove the link until something is there.",
            entry=view.entry,
            link=link,
            evidence=evidence_of(latest),
        )


_URL = "https://github.com/medbot/medbot"

RULE = Rule(
    name="empty-repository",
    severity=Severity.WARNING,
    summary="There is nothing in it.",
    page=__doc__ or "",
    remedy=Remedy.KNOW,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.EMPTY,
    check=_check,
    examples=(
        Example(
            "With content", entry("MedBot", code=_URL), {_URL: found(RepositoryFacts(empty=False))}
        ),
        Example(
            "A path into an empty repository is missing-path's business",
            entry("MedBot", dataset=f"{_URL}/tree/main/data"),
            {
                f"{_URL}/tree/main/data": found(
                    PathFacts(RepositoryFacts(empty=True), "data", "main", exists=False)
                )
            },
        ),
        Example(
            "Empty",
            entry("MedBot", code=_URL),
            {_URL: found(RepositoryFacts(empty=True))},
            finds=("The repository medbot/medbot is empty (GitHub, 15 June 2026)",),
        ),
    ),
)
