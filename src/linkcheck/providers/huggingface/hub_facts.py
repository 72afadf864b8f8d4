"""Hugging Face's JSON and cards, read into neutral facts. What is not said is ``None``."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from linkcheck.model.facts import ModelFacts, PaperFacts
from linkcheck.providers.huggingface.card import ModelCard
from linkcheck.providers.huggingface.recognize import Kind
from linkcheck.providers.json_fields import (
    as_bool,
    as_count,
    as_datetime,
    as_keyword,
    as_mapping,
    as_sequence,
    as_strings,
    as_text,
)

SHARED_FIELDS = ("sha", "createdAt", "lastModified", "likes", "tags", "disabled", "private")

FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "model": (*SHARED_FIELDS, "gated", "downloads", "pipeline_tag", "cardData"),
    "dataset": (*SHARED_FIELDS, "gated", "downloads", "cardData"),
    "space": (*SHARED_FIELDS, "cardData"),
}
"""What ``expand[]`` asks for (names as huggingface_hub 2.4.0 lists them).

``siblings`` is left out: whether there is a card shows in ``cardData``, or else costs one small
request for the card itself."""

MAX_TAGS = 200


def from_info(info: Mapping[str, object], kind: Kind) -> ModelFacts:
    """Return the facts in what the API tells of a repository."""
    tags = as_strings(info.get("tags"))
    facts = ModelFacts(
        repository_id=as_text(info.get("_id")),
        full_name=as_text(info.get("id")),
        kind=kind or None,
        tags=tags[:MAX_TAGS] if tags is not None else None,
        arxiv_ids=_tagged(tags, "arxiv:"),
        pipeline=as_keyword(info.get("pipeline_tag")),
        gated=_gated(info.get("gated")),
        disabled=as_bool(info.get("disabled")),
        private=as_bool(info.get("private")),
        likes=as_count(info.get("likes")),
        downloads=as_count(info.get("downloads")),
        modified_at=as_datetime(info.get("lastModified")),
        created_at=as_datetime(info.get("createdAt")),
    )
    card = as_mapping(info.get("cardData"))
    facts = _with_metadata(facts, card, tags)
    declared = bool(card) or _declares(tags)
    if declared:
        return replace(facts, card_present=True, card_has_metadata=True)
    if tags is None and "cardData" not in info:
        return facts
    # arXiv tags are taken from the card's text, so there is a text.
    return replace(facts, card_has_metadata=False, card_present=True if facts.arxiv_ids else None)


def from_card(card: ModelCard, full_name: str | None, kind: Kind) -> ModelFacts:
    """Return the facts in a card that was read by itself; the API's own facts stay unsaid."""
    facts = ModelFacts(
        full_name=full_name,
        kind=kind or None,
        arxiv_ids=card.arxiv_ids,
        title=as_text(card.heading, 300),
        card_present=True,
        card_has_metadata=None if card.metadata is None else bool(card.metadata),
    )
    if card.metadata is None:
        return facts
    facts = _with_metadata(facts, card.metadata, ())
    return replace(facts, pipeline=as_keyword(card.metadata.get("pipeline_tag")))


def _with_metadata(
    facts: ModelFacts, card: Mapping[str, object], tags: Sequence[str] | None
) -> ModelFacts:
    """Add what the card's metadata declares, else what the tags that the Hub made of it say."""
    license_ids = as_strings(card.get("license")) or _tagged(tags, "license:")
    return replace(
        facts,
        # Several licenses in one card have no defined meaning; as one text they match nothing.
        license=sys.intern(", ".join(license_ids)) if license_ids else None,
        license_name=as_text(card.get("license_name"), 200),
        license_link=as_text(card.get("license_link"), 500),
        base_models=_first(as_strings(card.get("base_model")), _tagged(tags, "base_model:")),
        datasets=_first(as_strings(card.get("datasets")), _tagged(tags, "dataset:")),
        languages=_first(as_strings(card.get("language")), _tagged(tags, "language:") or None),
        title=as_text(card.get("pretty_name"), 300)
        or as_text(card.get("title"), 300)
        or facts.title,
    )


def _first(
    declared: tuple[str, ...] | None, tagged: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    return declared if declared is not None else tagged


def _tagged(tags: Sequence[str] | None, prefix: str) -> tuple[str, ...] | None:
    """Return the values of the tags with a prefix; qualified ones (``finetune:``) repeat others."""
    if tags is None:
        return None
    values = (tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix))
    return tuple(dict.fromkeys(v for v in values if v and ":" not in v))


def _declares(tags: Sequence[str] | None) -> bool:
    prefixes = ("license:", "dataset:", "base_model:", "language:")
    return any(tag.startswith(prefixes) for tag in tags or ())


def _gated(value: object) -> str | None:
    if value is False:
        return "no"
    if value is True:
        return "manual"
    return value if value in ("auto", "manual") and isinstance(value, str) else None


def paper_facts(body: Mapping[str, object], paper_id: str) -> PaperFacts:
    """Return the facts in ``GET /api/papers/{id}``."""
    authors = [
        as_text(as_mapping(author).get("name"), 200) for author in as_sequence(body.get("authors"))
    ]
    return PaperFacts(
        paper_id=as_text(body.get("id")) or paper_id,
        title=as_text(body.get("title")),
        authors=tuple(name for name in authors[:200] if name) or None,
        published_at=as_datetime(body.get("publishedAt")),
    )


def summary(facts: ModelFacts) -> str:
    """Return one line of evidence about a repository that is there."""
    said = [facts.full_name or "the repository", "is there"]
    if facts.disabled:
        said.append("(disabled)")
    if facts.gated in ("auto", "manual"):
        said.append("(gated)")
    if facts.license:
        said.append(f"under {facts.license}")
    return " ".join(said)
