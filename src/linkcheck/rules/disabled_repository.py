"""The service has disabled the repository or blocks access to it.

## What it does

Reports a linked repository or model that is disabled, or that its service blocks, for example
after a copyright complaint or for a breach of its terms.

## Why

Readers get a notice instead of the thing, and it seldom comes back.

## How to fix

Remove the link, or link to another copy that its authors keep.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import ModelFacts, RepositoryFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import display_name
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import describe_target, format_date, service_name
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of, repositories, repository_name

_WHY = {
    "dmca": " after a copyright complaint (DMCA)",
    "tos": " for a breach of its terms of service",
}


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for link, latest, facts in repositories(view):
        if not facts.disabled and not facts.blocked:
            continue
        why = _WHY.get(facts.blocked or "", "")
        verb = "blocks access to" if facts.blocked else "has disabled"
        yield RULE.finding(
            f"GitHub {verb} the repository {repository_name(link, facts)}{why}, as seen on "
            f"{format_date(latest.at)}. Remove the link, or link to a copy its authors keep.",
            entry=view.entry,
            link=link,
            evidence=evidence_of(latest),
        )
    for link in view.all_links:
        if link.latest and link.target and link.latest.model and link.latest.model.disabled:
            yield RULE.finding(
                f"{service_name(link.target)} has disabled the {describe_target(link.target)}, as "
                f"seen on {format_date(link.latest.at)}. Remove the link, or link to a copy its "
                "authors keep.",
                entry=view.entry,
                link=link,
                subject=display_name(link.target),
                evidence=evidence_of(link.latest),
            )


_URL, _MODEL = "https://github.com/medbot/medbot", "https://huggingface.co/medbot/medbot-7b"

RULE = Rule(
    name="disabled-repository",
    severity=Severity.ERROR,
    summary="Disabled or blocked upstream.",
    page=__doc__ or "",
    remedy=Remedy.REPLACE,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.DISABLED,
    check=_check,
    examples=(
        Example(
            "In use",
            entry("MedBot", code=_URL, model=_MODEL),
            {
                _URL: found(RepositoryFacts(disabled=False)),
                _MODEL: found(ModelFacts(disabled=False)),
            },
        ),
        Example(
            "Blocked after a complaint",
            entry("MedBot", code=_URL),
            {_URL: found(RepositoryFacts(blocked="dmca"))},
            finds=("GitHub blocks access to the repository medbot/medbot after a copyright",),
        ),
        Example(
            "Disabled",
            entry("MedBot", code=_URL),
            {_URL: found(RepositoryFacts(disabled=True))},
            finds=("GitHub has disabled the repository medbot/medbot, as seen on 15 June 2026",),
        ),
        Example(
            "A disabled model",
            entry("MedBot", model=_MODEL),
            {_MODEL: found(ModelFacts(disabled=True))},
            finds=("Hugging Face has disabled the model medbot/medbot-7b",),
        ),
    ),
)
