"""The catalog states a license, upstream declares none.

## What it does

Reports a license in the entry when none of the linked repositories, models and data sets that it
could come from declares one: GitHub finds no license file, the model card has no `license` field.
A license file that GitHub cannot name counts as declared, and so does `other` on a card.

## Why

Without a license nobody may use the work, whatever a catalog says of it. The license often stands
only in the text of the README, which is easily lost.

## How to fix

Find out where the license comes from. If it stands upstream in words only, ask for a license file
and add an `ignore` with that reason; if it does not, remove it from the entry.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable

from linkcheck.model.facts import ModelFacts, RepositoryFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._declared_licenses import declarations_by_claim, describe_part
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for part, claim, sources in declarations_by_claim(view):
        if not sources or any(d.raw is not None for d in sources):
            continue
        first = sources[0]
        more = f", nor {sources[1].name}" if len(sources) > 1 else ""
        yield RULE.finding(
            f"The entry gives {one_line(claim.value, 60)} as the license{describe_part(part)}, "
            f"but {first.name}{' does not declare one' if not more else f'{more}, declares one'} "
            f"(seen on {format_date(first.observation.at)}). Find out where the license comes "
            "from, or remove it.",
            span=claim.span,
            entry=view.entry,
            subject=f"license {part}".strip(),
            confidence=Confidence.MEDIUM,
            evidence=evidence_of(*(d.observation for d in sources)),
        )


_CODE, _MODEL = "https://github.com/medbot/medbot", "https://huggingface.co/medbot/medbot-7b"
_BARE = RepositoryFacts(full_name="medbot/medbot", archived=False)
_CARD = ModelFacts(
    full_name="medbot/medbot-7b", kind="model", card_present=True, card_has_metadata=True
)
_ENTRY = entry("MedBot", code=_CODE, extra="license: MIT")

RULE = Rule(
    name="license-undeclared",
    severity=Severity.WARNING,
    summary="The catalog states one, upstream declares none.",
    page=__doc__ or "",
    remedy=Remedy.UPSTREAM,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.LICENSE_CLAIM,
    check=_check,
    examples=(
        Example(
            "Declared",
            _ENTRY,
            {_CODE: found(RepositoryFacts(license="MIT", archived=False))},
        ),
        Example(
            "There is a license file that GitHub cannot name",
            _ENTRY,
            {_CODE: found(RepositoryFacts(license="NOASSERTION", archived=False))},
        ),
        Example("The service was not asked for it", _ENTRY, {_CODE: found(RepositoryFacts())}),
        Example(
            "The code has none, the model card has",
            entry("MedBot", code=_CODE, model=_MODEL, extra="license: MIT"),
            {_CODE: found(_BARE), _MODEL: found(ModelFacts(kind="model", license="mit"))},
        ),
        Example(
            "No license file",
            _ENTRY,
            {_CODE: found(_BARE)},
            finds=("MIT as the license, but the repository medbot/medbot does not declare one",),
        ),
        Example(
            "Neither the code nor the card names one",
            entry("MedBot", code=_CODE, model=_MODEL, extra="license: MIT"),
            {_CODE: found(_BARE), _MODEL: found(_CARD)},
            finds=("the repository medbot/medbot, nor the model medbot/medbot-7b, declares one",),
        ),
    ),
)
