"""The link is not a URL that can be asked for.

## What it does

Reports links that no browser could follow as they are meant: a misspelled scheme, a missing host, a
space or full-width punctuation inside, two addresses run together, a bracket too many. Kinds of
links that are not HTTP (`mailto:`, `tel:`) are not reported.

## Why

A damaged link leads nowhere, or to something that nobody meant.

## How to fix

Correct the address. Where exactly one mend gives a sensible URL, it is offered.

## Fix safety

Safe: only the damage is taken away, and the result is a URL that can be asked for. The next run
checks it as it does any other.
"""

from collections.abc import Iterable

from linkcheck.model.action import PullRequestGroup
from linkcheck.model.entry import Link
from linkcheck.model.finding import Edit, Finding, Fix, Severity
from linkcheck.model.observation import Status
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import one_line
from linkcheck.rules._examples import entry
from linkcheck.rules._fixes import replace_url


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for link in view.all_links:
        if link.status is not Status.INVALID:
            continue
        reason = one_line(link.invalid_reason or "it is not an address").rstrip(".")
        fix = None
        todo = "Correct it or remove it."
        if link.repair:
            todo = f"Probably meant: {one_line(link.repair)}."
            fix = _fix(link.link, link.repair)
        yield RULE.finding(
            f"“{one_line(link.link.written)}” cannot be followed: {reason}. {todo}",
            entry=view.entry,
            link=link,
            fix=fix,
            severity=Severity.WARNING if _is_text_and_address(link.link) else None,
        )


def _is_text_and_address(link: Link) -> bool:
    """Return whether GitHub shows the link as text and an address that works: ``[a] (url)``."""
    before = link.edit.before if link.edit is not None else ""
    return link.repair == link.url and before[1:2].isspace() and before.startswith("]")


def _fix(link: Link, repair: str) -> Fix | None:
    """Return the fix of a damaged link: its own repair if more than the URL must change."""
    if link.edit is not None and link.repair == repair:
        edit = Edit(link.edit.span, link.edit.before, link.edit.after)
        return Fix("Mend the damaged link", (edit,))
    return replace_url(link, repair, "Mend the damaged URL")


RULE = Rule(
    name="invalid-link",
    severity=Severity.ERROR,
    summary="The link is not a URL that can be asked for.",
    page=__doc__ or "",
    remedy=Remedy.REPLACE,
    pull_request_group=PullRequestGroup.REPAIRED,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.INVALID,
    check=_check,
    offline=True,
    examples=(
        Example("A plain URL", entry("MedBot", homepage="https://medbot.example/")),
        Example("A shorthand", entry("MedBot", code="gh:medbot/medbot")),
        Example("Another kind of link", entry("MedBot", contact="mailto:team@medbot.example")),
        Example(
            "A misspelled scheme",
            entry("MedBot", homepage="htps://medbot.example/"),
            finds=("cannot be followed",),
            fixed=entry("MedBot", homepage="https://medbot.example/"),
        ),
        Example(
            "No address at all",
            entry("MedBot", homepage="coming-soon"),
            finds=("“coming-soon” cannot be followed",),
        ),
    ),
)
