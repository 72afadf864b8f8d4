"""An ignore silences nothing.

## What it does

Reports an `ignore` that matched no finding although its rule ran and its links were settled, and
one that names a rule that does not exist. Nothing is said when it could not be told: offline, when
a link did not answer, when its service was left out of the run.

## Why

A forgotten ignore will one day hide a real problem.

## How to fix

Remove it.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import Example, IgnoreView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.wording import one_line
from linkcheck.rules._examples import entry, found, unknown
from linkcheck.rules.table import NAMES, nearest


def _check(view: IgnoreView, context: RuleContext) -> Iterable[Finding]:
    ignore = view.ignore
    if view.used or (ignore.until is not None and ignore.until < context.now.date()):
        return
    if ignore.rule not in NAMES:
        suggestion = nearest(ignore.rule)
        hint = (
            f"Did you mean {suggestion}?" if suggestion else "“linkcheck explain” lists all rules."
        )
        message = f"There is no rule “{one_line(ignore.rule)}” to ignore. {hint}"
    elif view.testable:
        narrow = ignore.link or ignore.url
        where = f" for {one_line(narrow)}" if narrow else ""
        message = f"The ignore of {ignore.rule}{where} silences nothing. Remove it."
    else:
        return
    yield RULE.finding(
        message,
        span=view.span,
        entry=view.entry,
        subject=f"{ignore.rule} {ignore.link or ignore.url or ''}",
    )


_URL = "https://github.com/medbot/medbot"
_IGNORE = "ignore:\n  - {rule: archived-repository, reason: finished work}"

RULE = Rule(
    name="unused-ignore",
    severity=Severity.WARNING,
    summary="An ignore matches nothing.",
    page=__doc__ or "",
    remedy=Remedy.TIDY,
    scope=RuleScope.IGNORE,
    check=_check,
    offline=True,
    examples=(
        Example(
            "It silences a finding",
            entry("MedBot", code=_URL, extra=_IGNORE),
            {_URL: found(RepositoryFacts(archived=True))},
        ),
        Example(
            "Nobody can tell: the link did not answer",
            entry("MedBot", code=_URL, extra=_IGNORE),
            {_URL: unknown()},
        ),
        Example(
            "For one link only, by its role",
            entry(
                "MedBot",
                code=_URL,
                extra="ignore:\n  - {rule: archived-repository, link: code, reason: finished}",
            ),
            {_URL: found(RepositoryFacts(archived=True))},
        ),
        Example(
            "Nothing to silence",
            entry("MedBot", code=_URL, extra=_IGNORE),
            {_URL: found(RepositoryFacts(archived=False))},
            finds=("The ignore of archived-repository silences nothing. Remove it.",),
        ),
        Example(
            "No such rule",
            entry(
                "MedBot",
                code=_URL,
                extra="ignore:\n  - {rule: archived-repo, reason: finished work}",
            ),
            {_URL: found(RepositoryFacts())},
            finds=(
                "There is no rule “archived-repo” to ignore. Did you mean archived-repository?",
            ),
        ),
    ),
)
