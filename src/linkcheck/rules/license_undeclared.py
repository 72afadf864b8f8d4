"""The catalog states a license, upstream declares none.

## What it does

Reports a license in the entry when none of the linked repositories, models and data sets that it
could come from declares one: GitHub finds no license file, the model card has no `license` field.
A license file that GitHub cannot name counts as declared, and so does `other` on a card.

Text that names no license (`TBD`, `custom`, `research only`) claims none. Nothing is reported where
the entry links to its license, or to a page that declares it (Zenodo, PhysioNet, Kaggle). A license
for weights or data that only lacks in a code repository is a note: it may be declared with the
weights.

## Why

Without a license nobody may use the work, whatever a catalog says of it. The license often stands
only in the text of the README, which is easily lost.

## How to fix

Find out where the license comes from. If it stands upstream in words only, ask for a license file
and add an `ignore` with that reason; if it does not, remove it from the entry.

## Fix safety

There is no automatic fix.
"""

from collections.abc import Iterable, Sequence

from linkcheck.matching.licenses.compare import parse_license
from linkcheck.model.entry import EntryKind
from linkcheck.model.facts import ModelFacts, RepositoryFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._declared_licenses import (
    DeclaredLicense,
    declarations_by_claim,
    describe_part,
    is_declared_elsewhere,
    is_license_of_contents,
)
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of

_PAPER_ROLES = frozenset({"paper", "article", "preprint", "publication", "arxiv", "doi"})


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for part, claim, sources in declarations_by_claim(view):
        if not sources or any(d.raw is not None for d in sources):
            continue
        claimed = parse_license(claim.value)
        if claimed is None or is_declared_elsewhere(view):
            continue
        only_code = all(d.observation.repository for d in sources)
        contents = only_code and (
            is_license_of_contents(view, claimed) or _has_data_elsewhere(view, sources)
        )
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
            severity=Severity.INFO if contents else None,
        )


def _has_data_elsewhere(view: EntryView, sources: Sequence[DeclaredLicense]) -> bool:
    """Return whether an entry of data links to more than repositories of code and papers."""
    if view.entry.kind not in (EntryKind.DATASET, EntryKind.BENCHMARK):
        return False
    known = {d.link.target for d in sources}
    return any(
        link.target not in known and link.link.role not in _PAPER_ROLES
        for link in view.links
        if not link.link.badge
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
            "The text names no license",
            entry("MedBot", code=_CODE, extra="license: research only"),
            {_CODE: found(_BARE)},
        ),
        Example(
            "A license of weights, and no license file beside the code",
            entry("MedBot", code=_CODE, extra="license: llama3.1"),
            {_CODE: found(_BARE)},
            finds=("llama3.1 as the license, but the repository medbot/medbot does not",),
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
