"""There is no model card, or no metadata in it.

## What it does

Reports a linked model or data set on Hugging Face that has no card (`README.md`), or one without
the metadata block at its top that holds license, languages and base model.

## Why

Without a card nobody can tell what the model was made from and what it may be used for.

## How to fix

Ask its owners for a card, or tell readers in the entry where these things stand.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import ModelFacts
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.target import TargetKind
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import describe_target, format_date
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of

_KINDS = (TargetKind.HF_MODEL, TargetKind.HF_DATASET)


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    done = set()
    for link in view.links:
        facts = link.latest.model if link.latest else None
        target = link.target
        if facts is None or link.latest is None or target is None or target in done:
            continue
        done.add(target)
        if target.kind not in _KINDS or facts.disabled:
            continue
        if facts.card_present is False:
            what = "has no card"
        elif facts.card_has_metadata is False:
            what = "has a card without metadata (license, languages, base model)"
        else:
            continue
        yield RULE.finding(
            f"The {describe_target(target)} {what} (Hugging Face, {format_date(link.latest.at)}). "
            "Ask its owners to add it.",
            entry=view.entry,
            link=link,
            evidence=evidence_of(link.latest),
        )


_URL = "https://huggingface.co/medbot/medbot-7b"

RULE = Rule(
    name="missing-model-card",
    severity=Severity.WARNING,
    summary="No card or no metadata in it.",
    page=__doc__ or "",
    remedy=Remedy.UPSTREAM,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.BARE_CARD,
    check=_check,
    examples=(
        Example(
            "A card with metadata",
            entry("MedBot", model=_URL),
            {_URL: found(ModelFacts(card_present=True, card_has_metadata=True))},
        ),
        Example("Not known", entry("MedBot", model=_URL), {_URL: found(ModelFacts())}),
        Example(
            "No card",
            entry("MedBot", model=_URL),
            {_URL: found(ModelFacts(card_present=False, card_has_metadata=False))},
            finds=("The model medbot/medbot-7b has no card (Hugging Face, 15 June 2026)",),
        ),
        Example(
            "No metadata",
            entry("MedBot", model=_URL),
            {_URL: found(ModelFacts(card_present=True, card_has_metadata=False))},
            finds=("has a card without metadata",),
        ),
    ),
)
