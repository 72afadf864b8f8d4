"""An ignore has run out.

## What it does

Reports an `ignore` whose `until` lies in the past. It silences nothing any more.

## Why

A date was set so that somebody would look again.

## How to fix

Look at what it silenced: remove the ignore, or set a later date if the reason still holds.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import Example, IgnoreView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.wording import one_line
from linkcheck.rules._examples import entry, found


def _check(view: IgnoreView, context: RuleContext) -> Iterable[Finding]:
    ignore = view.ignore
    if ignore.until is None or ignore.until >= context.now.date():
        return
    yield RULE.finding(
        f"The ignore of {one_line(ignore.rule)} ran out on {ignore.until.isoformat()} (its reason "
        f"was: {one_line(ignore.reason) or 'none given'}). Remove it, or set a later date.",
        span=view.span,
        entry=view.entry,
        subject=f"{ignore.rule} {ignore.link or ignore.url or ''}",
    )


_URL = "https://github.com/medbot/medbot"
_IGNORE = "ignore:\n  - {{rule: archived-repository, reason: finished work, until: {}}}"
_ARCHIVED = found(RepositoryFacts(archived=True))

RULE = Rule(
    name="expired-ignore",
    severity=Severity.WARNING,
    summary="An ignore has run out.",
    page=__doc__ or "",
    remedy=Remedy.TIDY,
    scope=RuleScope.IGNORE,
    check=_check,
    offline=True,
    examples=(
        Example(
            "Still valid on its last day",
            entry("MedBot", code=_URL, extra=_IGNORE.format("2026-06-15")),
            {_URL: _ARCHIVED},
        ),
        Example(
            "Run out",
            entry("MedBot", code=_URL, extra=_IGNORE.format("2026-06-14")),
            {_URL: _ARCHIVED},
            finds=("The ignore of archived-repository ran out on 2026-06-14 (its reason was: fin",),
        ),
    ),
)
