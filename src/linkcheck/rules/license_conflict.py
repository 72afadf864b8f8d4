"""The code repository and the model card disagree on the license.

## What it does

Reports an entry whose repository and whose model or data set card declare licenses that contradict
each other, while the entry gives no license or one for everything. An entry that gives each part
its own license, or names both in one line, has said all there is to say. It is a warning where the
entry gives the license of the code only; where it gives that of the weights or data, or none, it is
a note. Nothing is reported of a tool that gives the license of its code.

## Why

Code and weights often come under different terms. That is fine, but one line for both is then wrong
for one of them.

## How to fix

Give each part its own license: `license: {code: MIT, weights: CC-BY-NC-4.0}`.

## Fix safety

Unsafe: the entry's license is replaced by what each source declares.
"""

from collections.abc import Iterable

from linkcheck.matching.licenses.compare import LicenseRelation, compare_licenses
from linkcheck.model.action import PullRequestGroup
from linkcheck.model.entry import Claim, EntryKind
from linkcheck.model.facts import ModelFacts, RepositoryFacts
from linkcheck.model.finding import Confidence, Edit, Finding, Fix, Safety, Severity
from linkcheck.model.observation import Observation
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.rules._declared_licenses import DeclaredLicense, declared_licenses
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    claims = view.entry.claims.licenses
    if set(claims) - {""}:
        return
    sources = [d for d in declared_licenses(view) if d.license is not None]
    codes = [d for d in sources if d.observation.repository]
    cards = [d for d in sources if d.observation.model]
    for card in cards:
        contradicting = [
            code for code in codes if compare_licenses(code.license, card.license).differs
        ]
        if not contradicting or len(contradicting) < len(codes):
            continue
        claim = claims.get("")
        if claim and view.entry.kind is EntryKind.TOOL and _fits(claim, contradicting[0]):
            return  # a tool is its code
        if claim and _fits(claim, card) and _fits(claim, contradicting[0]):
            return  # the claim names both
        if claim and all(compare_licenses(claim.value, d.license).differs for d in (card, *codes)):
            return  # a claim that agrees with nothing is a mismatch, which has a separate rule
        code = contradicting[0]
        parts = f"license: {{{code.part}: {_id(code)}, {card.part}: {_id(card)}}}"
        yield RULE.finding(
            f"Two licenses: {code.description}, {card.description}. Give each part its own "
            f"({parts}).",
            span=claim.span if claim else None,
            entry=view.entry,
            link=None if claim else card.link,
            subject=f"license {code.part} {card.part}",
            confidence=Confidence.HIGH,
            evidence=evidence_of(code.observation, card.observation),
            fix=_fix(claim, code, card),
            severity=Severity.INFO if claim is None or _fits(claim, card) else None,
        )
        return


def _fits(claim: Claim[str], source: DeclaredLicense) -> bool:
    """Return whether a claim names the license that a source declares."""
    relation = compare_licenses(claim.value, source.license)
    return relation in (LicenseRelation.EQUAL, LicenseRelation.SPELLING)


def _id(source: DeclaredLicense) -> str:
    return source.license.identifier if source.license else "…"


def _fix(claim: Claim[str] | None, code: DeclaredLicense, card: DeclaredLicense) -> Fix | None:
    if claim is None or code.license is None or card.license is None or code.part == card.part:
        return None
    span = claim.span
    if not span.file.endswith((".yaml", ".yml")) or span.end - span.start != len(claim.value):
        return None
    value = f"{{{code.part}: {code.license.identifier}, {card.part}: {card.license.identifier}}}"
    return Fix(
        f"Give code and {card.part} their own licenses, as their sources declare",
        (Edit(span, claim.value, value),),
        Safety.UNSAFE,
    )


_CODE, _MODEL = "https://github.com/medbot/medbot", "https://huggingface.co/medbot/medbot-7b"


def _known(code: str, card: str) -> dict[str, Observation]:
    return {
        _CODE: found(RepositoryFacts(full_name="medbot/medbot", license=code, archived=False)),
        _MODEL: found(ModelFacts(full_name="medbot/medbot-7b", kind="model", license=card)),
    }


def _example(
    title: str, code: str, card: str, extra: str = "", finds: str = "", fixed: str | None = None
) -> Example:
    catalog = entry("MedBot", code=_CODE, model=_MODEL, extra=extra)
    return Example(title, catalog, _known(code, card), (finds,) if finds else (), fixed)


RULE = Rule(
    name="license-conflict",
    severity=Severity.WARNING,
    summary="Code repository and model card disagree.",
    page=__doc__ or "",
    remedy=Remedy.UPSTREAM,
    pull_request_group=PullRequestGroup.LICENSES,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.REPOSITORY | EntryTrait.MODEL,
    check=_check,
    examples=(
        _example("They agree", "Apache-2.0", "apache-2.0"),
        _example("One of them says nothing", "MIT", "other"),
        _example(
            "The entry tells them apart",
            "MIT",
            "cc-by-nc-4.0",
            "license: {code: MIT, weights: CC-BY-NC-4.0}",
        ),
        _example(
            "The entry names both",
            "MIT",
            "cc-by-nc-4.0",
            "license: MIT (code), CC BY-NC 4.0 (weights)",
        ),
        _example(
            "They disagree",
            "MIT",
            "cc-by-nc-4.0",
            finds="Two licenses: the repository medbot/medbot declares MIT (GitHub, 15 June 2026)",
        ),
        _example(
            "The entry knows one license only",
            "MIT",
            "cc-by-nc-4.0",
            "license: MIT",
            finds="the model medbot/medbot-7b declares CC-BY-NC-4.0 (Hugging Face",
            fixed=entry(
                "MedBot",
                code=_CODE,
                model=_MODEL,
                extra="license: {code: MIT, weights: CC-BY-NC-4.0}",
            ),
        ),
    ),
)
