"""The card names another base model than the catalog.

## What it does

Compares the entry's `base_models` with those that the linked model's card names. Names are read by
family, generation and size: `LLaMA-7B` and `huggyllama/llama-7b` are one model, `LLaMA-7B` and
`meta-llama/Llama-2-7b-hf` are two. Variants (base, chat, a revision), sizes left out, names that
linkcheck does not know, and models of which one was made from the other are never reported; nor is
a card that names several base models of which one fits, or a second model of the entry where the
card of the first confirms the claim. One claim may join several names or sizes
(`Llama-2 (7B, 13B)`, `LLaMA 7B-65B`). A model that the entry calls trained from scratch, and whose
card names a base, is a note.

## Why

The base model decides which license and which languages come along.

## How to fix

Look at the card, and write the base model that it names; or tell the authors that their card is
wrong.

## Fix safety

There is no automatic fix: an entry may describe several models, of which the card is one.
"""

import re
from collections.abc import Iterable, Iterator

from linkcheck.matching.base_models import BaseModelRelation, compare_base_models, share_family
from linkcheck.matching.duplicates import normalize_name, normalized_names, own_links
from linkcheck.model.facts import ModelFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.rule import EntryView, Example, LinkView, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of

_FROM_SCRATCH = re.compile(
    r"(?:(?:trained|pre-?trained)\s+)?(?:from\s+)?scratch|none|从零(?:开始)?(?:训练)?|从头训练",
    re.IGNORECASE,
)


def _check(view: EntryView, context: RuleContext) -> Iterable[Finding]:
    claims = view.entry.claims.base_models
    if not claims:
        return
    named = [claim for claim in claims if not _is_from_scratch(claim.value)]
    cards = list(_cards(view, context))
    pairs = [(claim.value, bases) for claim in named for _, bases in cards]
    confirmed = any(_may_fit(claim, base) for claim, bases in pairs for base in bases)
    for link, bases in cards:
        facts = link.latest.model if link.latest else None
        if facts is None or link.latest is None:
            continue
        if any(_may_fit(claim.value, base) for claim in named for base in bases):
            continue
        if confirmed and any(share_family(c.value, base) for c in named for base in bases):
            continue  # the entry describes several sizes or versions, and one confirms the claim
        claimed = ", ".join(claim.value for claim in claims)
        yield RULE.finding(
            f"The entry names {one_line(claimed, 80)} as its base, but the card of "
            f"{one_line(facts.full_name or link.link.url)} names {one_line(', '.join(bases), 80)} "
            f"(Hugging Face, {format_date(link.latest.at)}). Look at the card and correct the "
            "entry.",
            span=claims[0].span,
            entry=view.entry,
            link=link,
            confidence=Confidence.MEDIUM if len(claims) > 1 else Confidence.HIGH,
            evidence=evidence_of(link.latest),
            severity=None if named else Severity.INFO,
        )


def _cards(view: EntryView, context: RuleContext) -> Iterator[tuple[LinkView, list[str]]]:
    """Yield the entry's models whose cards name base models other than the entry itself."""
    own = normalized_names(view.entry)
    for _, link in own_links(view, context.recognize):
        facts = link.latest.model if link.latest else None
        if facts is None or facts.kind not in (None, "model"):
            continue
        bases = [
            b for b in facts.base_models or () if normalize_name(b.rsplit("/", 1)[-1]) not in own
        ]
        if bases:
            yield link, bases


def _may_fit(claim: str, base: str) -> bool:
    return compare_base_models(claim, base) is not BaseModelRelation.DIFFERENT


def _is_from_scratch(claim: str) -> bool:
    """Return whether a claim is that the model has no base model."""
    return bool(_FROM_SCRATCH.fullmatch(claim.strip()))


_URL = "https://huggingface.co/medbot/medbot-7b"


def _example(title: str, claimed: str, *declared: str, finds: tuple[str, ...] = ()) -> Example:
    facts = ModelFacts(full_name="medbot/medbot-7b", kind="model", base_models=declared)
    catalog = entry("MedBot", model=_URL, extra=f"base_models: [{claimed}]")
    return Example(title, catalog, {_URL: found(facts)}, finds)


RULE = Rule(
    name="base-model-mismatch",
    severity=Severity.WARNING,
    summary="The card names another base model than the catalog.",
    page=__doc__ or "",
    remedy=Remedy.CORRECT,
    scope=RuleScope.ENTRY,
    requires_traits=EntryTrait.BASE_MODEL_CLAIM | EntryTrait.MODEL,
    check=_check,
    examples=(
        _example("Another spelling", "LLaMA-7B", "huggyllama/llama-7b"),
        _example("The organization was renamed", "ChatGLM-6B", "zai-org/chatglm-6b"),
        _example("The entry leaves the size open", "Qwen", "Qwen/Qwen2.5-7B-Instruct"),
        _example("The card names a model made from it", "LLaMA-7B", "lmsys/vicuna-7b-v1.3"),
        _example("One of several", "LLaMA-7B, ChatGLM-6B", "THUDM/chatglm-6b"),
        _example("The card names none", "LLaMA-7B"),
        _example("One of several sizes", '"Llama-2 (7B, 13B)"', "meta-llama/Llama-2-13b-hf"),
        _example("A version with hyphens", "Llama-3-2-3B", "meta-llama/Llama-3.2-3B"),
        _example(
            "Trained from nothing",
            "from scratch",
            "meta-llama/Llama-2-7b-hf",
            finds=("The entry names from scratch as its base, but the card",),
        ),
        _example(
            "Another generation",
            "LLaMA-7B",
            "meta-llama/Llama-2-7b-hf",
            finds=("The entry names LLaMA-7B as its base, but the card of medbot/medbot-7b names",),
        ),
        _example("Another size", "Baichuan-13B-Base", "baichuan-inc/Baichuan-7B", finds=("13B",)),
        _example("Another family", "BLOOMZ-7b1", "THUDM/chatglm-6b", finds=("THUDM/chatglm-6b",)),
    ),
)
