"""The repository is archived.

## What it does

Reports a linked repository that its owner has archived: it can be read, but not changed any more.

## Why

A reader should know that no bug in it will be mended and no question answered.

## How to fix

Say so in the entry, or link to what took its place. If the entry is about something finished, add
an `ignore` for this rule with the reason.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import PathFacts, RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date
from linkcheck.rules._examples import days_ago, entry, found
from linkcheck.rules._links import evidence_of, repositories, repository_name


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for link, latest, facts in repositories(view):
        if not facts.archived or facts.disabled or facts.blocked:
            continue
        last = (
            f"; its last commit is of {format_date(facts.committed_at)}"
            if facts.committed_at
            else ""
        )
        yield RULE.finding(
            f"The repository {repository_name(link, facts)} is archived: read-only, no longer "
            f"kept up (GitHub, {format_date(latest.at)}{last}). Say so in the entry, or link to "
            "what replaced it.",
            entry=view.entry,
            link=link,
            evidence=evidence_of(latest),
        )


_URL = "https://github.com/medbot/medbot"
_ARCHIVED = RepositoryFacts(
    full_name="medbot/medbot", archived=True, committed_at=days_ago(900), stars=10
)

RULE = Rule(
    name="archived-repository",
    severity=Severity.WARNING,
    summary="Upstream says archived.",
    page=__doc__ or "",
    remedy=Remedy.KNOW,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.ARCHIVED,
    check=_check,
    examples=(
        Example(
            "In use",
            entry("MedBot", code=_URL),
            {_URL: found(RepositoryFacts(archived=False))},
        ),
        Example(
            "The service did not say", entry("MedBot", code=_URL), {_URL: found(RepositoryFacts())}
        ),
        Example(
            "Archived",
            entry("MedBot", code=_URL),
            {_URL: found(_ARCHIVED)},
            finds=("The repository medbot/medbot is archived: read-only",),
        ),
        Example(
            "Two links into one archived repository are one finding",
            entry("MedBot", code=_URL, dataset=f"{_URL}/tree/main/data"),
            {
                _URL: found(_ARCHIVED),
                f"{_URL}/tree/main/data": found(PathFacts(_ARCHIVED, "data", "main", True)),
            },
            finds=("archived",),
        ),
    ),
)
