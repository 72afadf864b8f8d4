"""The catalog's license is not the one upstream declares.

## What it does

Compares the entry's `license` with what the linked repository (as GitHub detects it) and the model
card or data set card (on Hugging Face) declare. Where the entry gives a license for each part
(`license: {code: …, weights: …, data: …}`), each is held against its own source. A license for the
whole entry is wrong only if no source agrees with it; sources that disagree among themselves are
the business of `license-conflict`.

Spellings are no difference: `Apache 2.0` is `Apache-2.0`, `GPL v3` may be any of the GPL 3.0
identifiers, `BSD` may be any BSD license. What says nothing (`NOASSERTION`, `other`, a name that
linkcheck does not know) is never held against an entry. A license for weights or data (Creative
Commons, OpenRAIL, `llama3.1`) is not contradicted by the license file of a code repository; where
the kind of the entry is unknown, that is a warning. A claim that only excludes commercial use is a
warning where the card of a model or dataset allows it.

Where the license is right and written out in words, nothing is reported, and `linkcheck fix` offers
the identifier: `Apache 2.0` becomes `Apache-2.0`. It does so only where upstream declares that very
license, and where the words mean one identifier: `GPL v3` may be two, and stays.

## Why

People choose what they may use by this line. A wrong one sends them into a breach of terms, or away
from something they could have used.

## How to fix

Look at the license file upstream and write down what it says.

## Fix safety

Unsafe: the license upstream declares is put in place of yours. Upstream may be wrong, and a license
is a matter for a person to look at. Another spelling of the same license is safe.
"""

from collections.abc import Iterable

from linkcheck.matching.licenses.compare import (
    License,
    LicenseRelation,
    compare_licenses,
    excludes_commerce,
    is_identifier,
    parse_license,
)
from linkcheck.model.action import PullRequestGroup
from linkcheck.model.entry import Claim
from linkcheck.model.facts import ModelFacts, RepositoryFacts
from linkcheck.model.finding import Confidence, Edit, Finding, Fix, Safety, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import one_line
from linkcheck.rules._declared_licenses import (
    DeclaredLicense,
    declarations_by_claim,
    describe_part,
    is_license_of_contents,
)
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of


def _check(view: EntryView, _context: RuleContext) -> Iterable[Finding]:
    for part, claim, sources in declarations_by_claim(view):
        claimed = parse_license(claim.value)
        relations = [
            (_compare(claim, claimed, d), d)
            for d in sources
            if d.raw is not None and _is_comparable(view, claimed, d)
        ]
        contradicting = [(relation, d) for relation, d in relations if relation.differs]
        if not contradicting:
            yield from _spelling_findings(view, part, claim, [d for _, d in relations])
        if not contradicting or len(contradicting) < len(relations):
            continue
        relation, first = contradicting[0]
        others = "".join(f"; {d.description}" for _, d in contradicting[1:3])
        stricter = ", which asks more of its users" if relation is LicenseRelation.STRICTER else ""
        yield RULE.finding(
            f"The entry gives {one_line(claim.value, 60)} as the license{describe_part(part)}, but "
            f"{first.description}{stricter}{others}. Check the license file and correct the entry.",
            span=claim.span,
            entry=view.entry,
            subject=f"license {part}".strip(),
            confidence=Confidence.HIGH if len(contradicting) == 1 else Confidence.MEDIUM,
            evidence=evidence_of(*(d.observation for _, d in contradicting)),
            fix=_fix(claim, [d for _, d in contradicting]) if claimed else None,
            severity=None if _is_sure(view, claimed, first) else Severity.WARNING,
        )


def _compare(
    claim: Claim[str], claimed: License | None, source: DeclaredLicense
) -> LicenseRelation:
    """Compare a claim, which may only exclude commercial use, with a declared license."""
    is_permissive = source.license is not None and source.license.allows_commerce
    if claimed is None and is_permissive and source.observation.repository is None:
        excluded = excludes_commerce(claim.value)
        return LicenseRelation.DIFFERENT if excluded else LicenseRelation.UNKNOWN
    return compare_licenses(claimed, source.license)


def _is_comparable(view: EntryView, claimed: License | None, source: DeclaredLicense) -> bool:
    """Return whether a claim and a declaration are about the same part of the entry."""
    return view.entry.is_markdown or not _is_other_part(view, claimed, source)


def _is_other_part(view: EntryView, claimed: License | None, source: DeclaredLicense) -> bool:
    """Return whether the claim is about contents, and the declaration about code."""
    return bool(
        claimed
        and source.license
        and source.observation.repository
        and source.license.is_for_code
        and is_license_of_contents(view, claimed)
    )


def _is_sure(view: EntryView, claimed: License | None, source: DeclaredLicense) -> bool:
    return claimed is not None and not _is_other_part(view, claimed, source)


def _spelling_findings(
    view: EntryView, part: str, claim: Claim[str], sources: list[DeclaredLicense]
) -> Iterable[Finding]:
    """Yield a quiet finding for a license in words, if upstream declares the same."""
    claimed = parse_license(claim.value)
    agreeing = [
        d for d in sources if claimed and d.license and d.license.choices == claimed.choices
    ]
    if claimed is None or not agreeing:
        return
    identifier = claimed.identifier
    reparsed = parse_license(identifier)
    if not is_identifier(identifier) or is_identifier(claim.value):
        return
    if reparsed is None or reparsed.choices != claimed.choices or not _is_verbatim(claim):
        return
    yield RULE.finding(
        f"The entry gives the license{describe_part(part)} in words, {one_line(claim.value, 60)}, "
        f"and rightly: {agreeing[0].description}. Write the identifier, {identifier}.",
        span=claim.span,
        entry=view.entry,
        subject=f"license spelling {part}".strip(),
        evidence=evidence_of(agreeing[0].observation),
        severity=Severity.INFO,
        quiet=True,
        fix=Fix(
            f"Write {identifier}, the identifier of {one_line(claim.value, 60)}",
            (Edit(claim.span, claim.value, identifier),),
        ),
    )


def _is_verbatim(claim: Claim[str]) -> bool:
    """Return whether the file contains the claim verbatim, so that it can be replaced."""
    return claim.span.end - claim.span.start == len(claim.value)


def _fix(claim: Claim[str], sources: list[DeclaredLicense]) -> Fix | None:
    values = {d.license.identifier for d in sources if d.license}
    if len(values) != 1 or not _is_verbatim(claim):
        return None
    value = values.pop()
    return Fix(
        f"Write {value}, as {sources[0].name} declares, in place of {one_line(claim.value, 60)}",
        (Edit(claim.span, claim.value, value),),
        Safety.UNSAFE,
    )


_CODE, _MODEL = "https://github.com/medbot/medbot", "https://huggingface.co/medbot/medbot-7b"


def _repo(license_id: str | None) -> RepositoryFacts:
    return RepositoryFacts(full_name="medbot/medbot", license=license_id, archived=False)


def _card(license_id: str | None, name: str | None = None) -> ModelFacts:
    return ModelFacts(
        full_name="medbot/medbot-7b",
        kind="model",
        license=license_id,
        license_name=name,
        card_present=True,
        card_has_metadata=True,
    )


def _entry(license_text: str, **links: str) -> str:
    return entry("MedBot", extra=f"license: {license_text}", **links)


RULE = Rule(
    name="license-mismatch",
    severity=Severity.ERROR,
    summary="The catalog's license is not the one upstream declares.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    issue_title="Wrong license",
    pull_request_group=PullRequestGroup.LICENSES,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.LICENSE_CLAIM,
    check=_check,
    examples=(
        Example(
            "Another spelling of an identifier",
            _entry("apache-2.0", code=_CODE),
            {_CODE: found(_repo("Apache-2.0"))},
        ),
        Example(
            "Words that stand for two identifiers",
            _entry("GPL v3", code=_CODE),
            {_CODE: found(_repo("GPL-3.0"))},
        ),
        Example(
            "GitHub cannot tell “only” from “or later”",
            _entry("GPL-3.0-or-later", code=_CODE),
            {_CODE: found(_repo("GPL-3.0"))},
        ),
        Example(
            "Upstream has a license that GitHub does not know",
            _entry("MIT", code=_CODE),
            {_CODE: found(_repo("NOASSERTION"))},
        ),
        Example(
            "The card says “other” and a name nobody knows",
            _entry("MIT", model=_MODEL),
            {_MODEL: found(_card("other", "medbot-license"))},
        ),
        Example(
            "Each part has its own license",
            _entry("{code: MIT, weights: CC-BY-NC-4.0}", code=_CODE, model=_MODEL),
            {_CODE: found(_repo("MIT")), _MODEL: found(_card("cc-by-nc-4.0"))},
        ),
        Example(
            "A license of weights, and another of the code",
            _entry("llama3.1", code=_CODE),
            {_CODE: found(_repo("MIT"))},
        ),
        Example(
            "The same license in words",
            _entry("Apache License, Version 2.0", code=_CODE),
            {_CODE: found(_repo("Apache-2.0"))},
            finds=(
                "rightly: the repository medbot/medbot declares Apache-2.0 (GitHub, 15 June 2026).",
            ),
            fixed=_entry("Apache-2.0", code=_CODE),
        ),
        Example(
            "Another license",
            _entry("Apache-2.0", code=_CODE),
            {_CODE: found(_repo("GPL-3.0"))},
            finds=(
                "but the repository medbot/medbot declares GPL-3.0-only (GitHub, 15 June 2026)",
            ),
            fixed=_entry("GPL-3.0-only", code=_CODE),
        ),
        Example(
            "The weights are not as free as the entry says",
            _entry("{code: MIT, weights: MIT}", code=_CODE, model=_MODEL),
            {_CODE: found(_repo("MIT")), _MODEL: found(_card("cc-by-nc-4.0"))},
            finds=("MIT as the license of the weights, but the model medbot/medbot-7b declares",),
            fixed=_entry("{code: MIT, weights: CC-BY-NC-4.0}", code=_CODE, model=_MODEL),
        ),
        Example(
            "The card names a license of its own",
            _entry("Apache-2.0", model=_MODEL),
            {_MODEL: found(_card("other", "llama3.1"))},
            finds=("declares llama3.1 (Hugging Face, 15 June 2026)",),
            fixed=_entry("llama3.1", model=_MODEL),
        ),
    ),
)
