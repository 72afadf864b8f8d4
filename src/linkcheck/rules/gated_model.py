"""Access to the model or data set needs an agreement.

## What it does

Reports a linked model or data set on Hugging Face whose files are given out only to those who have
agreed to its terms, by a click or after a person has looked at the request.

## Why

A reader who wants to try it should know that it takes an account, and perhaps days.

## How to fix

Say so in the entry. If that is done, add an `ignore` for this rule.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import ModelFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import describe_target, format_date
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of

_HOW = {
    "auto": "its files are given out after a click of consent",
    "manual": "its owners decide on each request",
}


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    done = set()
    for link in view.links:
        facts = link.latest.model if link.latest else None
        if facts is None or link.latest is None or link.target is None or link.target in done:
            continue
        done.add(link.target)
        how = _HOW.get(facts.gated or "no")
        if how is None:
            continue
        yield RULE.finding(
            f"The {describe_target(link.target)} is gated: {how} (Hugging Face, "
            f"{format_date(link.latest.at)}). Say so in the entry.",
            entry=view.entry,
            link=link,
            evidence=evidence_of(link.latest),
        )


_URL = "https://huggingface.co/medbot/medbot-7b"

RULE = Rule(
    name="gated-model",
    severity=Severity.INFO,
    summary="Access needs an agreement.",
    page=__doc__ or "",
    remedy=Remedy.KNOW,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.GATED,
    check=_check,
    examples=(
        Example("Open", entry("MedBot", model=_URL), {_URL: found(ModelFacts(gated="no"))}),
        Example("Not known", entry("MedBot", model=_URL), {_URL: found(ModelFacts())}),
        Example(
            "Open after a click",
            entry("MedBot", model=_URL),
            {_URL: found(ModelFacts(gated="auto"))},
            finds=("The model medbot/medbot-7b is gated: its files are given out after a click",),
        ),
        Example(
            "On request",
            entry("MedBot", model=_URL),
            {_URL: found(ModelFacts(gated="manual"))},
            finds=("its owners decide on each request",),
        ),
    ),
)
