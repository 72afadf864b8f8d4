"""The card names another base model than the catalog.

## What it does

Compares the entry's `base_models` with those that the linked model's card names. Names are read by
family, generation and size: `LLaMA-7B` and `huggyllama/llama-7b` are one model, `LLaMA-7B` and
`meta-llama/Llama-2-7b-hf` are two. Variants (base, chat, a revision), sizes left out, names that
linkcheck does not know, and models of which one was made from the other are never reported; nor is
a card that names several base models of which one fits.

## Why

The base model decides which license and which languages come along.

## How to fix

Look at the card, and write the base model that it names; or tell the authors that their card is
wrong.

## Fix safety

There is no automatic fix: an entry may describe several models, of which the card is one.
"""

from collections.abc import Iterable

from linkcheck.matching.base_models import BaseModelRelation, compare_base_models
from linkcheck.matching.duplicates import normalize_name, normalized_names, own_links
from linkcheck.model.facts import ModelFacts
from linkcheck.model.finding import Confidence, Finding, Severity
from linkcheck.model.rule import EntryView, Example, Remedy, Rule, RuleContext, RuleScope
from linkcheck.model.traits import EntryTrait
from linkcheck.model.wording import format_date, one_line
from linkcheck.rules._examples import entry, found
from linkcheck.rules._links import evidence_of


def _check(view: EntryView, context: RuleContext) -> Iterable[Finding]:
    claims = view.entry.claims.base_models
    if not claims:
        return
    own = normalized_names(view.entry)
    for _, link in own_links(view, context.recognize):
        facts = link.latest.model if link.latest else None
        if facts is None or link.latest is None or facts.kind not in (None, "model"):
            continue
        bases = [
            b for b in facts.base_models or () if normalize_name(b.rsplit("/", 1)[-1]) not in own
        ]
        if not bases or any(
            compare_base_models(claim.value, base) is not BaseModelRelation.DIFFERENT
            for claim in claims
            for base in bases
        ):
            continue
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
        )


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
