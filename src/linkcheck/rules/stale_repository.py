"""Nothing has happened in the repository for a long time; it is possibly no longer kept up.

## What it does

Reports a linked repository whose default branch has had no commit for `stale_after` (two years by
default; an entry can set its own). The date of the last push is not used alone: pushes to side
branches and by bots change it without anybody having worked on the project. Archived repositories
have a rule of their own.

## Why

Readers choosing between projects want to know which are alive. It is only a sign, hence "possibly":
some things are simply finished.

## How to fix

If the work goes on elsewhere, link to that. If it is finished and needs no commits, set
`stale_after: never` in the entry.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date
from linkcheck.rules._examples import days_ago, entry, found
from linkcheck.rules._links import evidence_of, repositories, repository_name


def _check(view: EntryView, context: RuleContext) -> Iterable[Finding]:
    if view.entry.never_stale:
        return
    limit = context.now - (view.entry.stale_after or context.settings.stale_after)
    for link, latest, facts in repositories(view):
        if facts.archived or facts.disabled or facts.blocked or facts.empty:
            continue
        if facts.committed_at is None or facts.committed_at >= limit:
            continue
        pushed = facts.pushed_at is not None and facts.pushed_at >= limit
        aside = (
            f", though another branch was pushed to on {format_date(facts.pushed_at)}"
            if (pushed and facts.pushed_at)
            else ""
        )
        yield RULE.finding(
            f"The repository {repository_name(link, facts)} is possibly no longer kept up: the "
            f"last commit on its default branch is of {format_date(facts.committed_at)}{aside} "
            f"(GitHub, {format_date(latest.at)}). If it is finished, set 'stale_after: never'.",
            entry=view.entry,
            link=link,
            confidence=Confidence.LOW if pushed else Confidence.MEDIUM,
            evidence=evidence_of(latest),
        )


_URL = "https://github.com/medbot/medbot"
_OLD = RepositoryFacts(committed_at=days_ago(800), pushed_at=days_ago(800))

RULE = Rule(
    name="stale-repository",
    severity=Severity.INFO,
    summary="No commit on the default branch for stale_after (default two years).",
    page=__doc__ or "",
    remedy=Remedy.KNOW,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.COMMITTED,
    check=_check,
    examples=(
        Example(
            "A commit last year",
            entry("MedBot", code=_URL),
            {_URL: found(RepositoryFacts(committed_at=days_ago(300)))},
        ),
        Example(
            "Only the date of the last push is known",
            entry("MedBot", code=_URL),
            {_URL: found(RepositoryFacts(pushed_at=days_ago(900)))},
        ),
        Example(
            "Archived",
            entry("MedBot", code=_URL),
            {_URL: found(RepositoryFacts(committed_at=days_ago(900), archived=True))},
        ),
        Example(
            "Finished",
            entry("MedBot", code=_URL, extra="stale_after: never"),
            {_URL: found(_OLD)},
        ),
        Example(
            "An entry with more patience",
            entry("MedBot", code=_URL, extra="stale_after: 1000d"),
            {_URL: found(_OLD)},
        ),
        Example(
            "No commit for more than two years",
            entry("MedBot", code=_URL),
            {_URL: found(_OLD)},
            finds=("is possibly no longer kept up: the last commit on its default branch is of 6",),
        ),
        Example(
            "A bot's branch does not make it fresh",
            entry("MedBot", code=_URL),
            {_URL: found(RepositoryFacts(committed_at=days_ago(800), pushed_at=days_ago(3)))},
            finds=("though another branch was pushed to on 12 June 2026",),
        ),
    ),
)
