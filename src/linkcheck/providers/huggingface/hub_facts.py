"""Convert Hugging Face's JSON and cards to neutral facts. Missing fields are ``None``."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from huggingface_hub.hf_api import DatasetInfo, ModelInfo, SpaceInfo
from huggingface_hub.repocard_data import CardData
from huggingface_hub.utils import parse_datetime  # type: ignore[attr-defined]

from linkcheck.model.facts import ModelFacts, PaperFacts
from linkcheck.providers.huggingface.card import RepositoryCard, select_card_fields
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

if TYPE_CHECKING:
    from huggingface_hub.hf_api import (
        ExpandDatasetProperty_T,
        ExpandModelProperty_T,
        ExpandSpaceProperty_T,
    )

# ``siblings`` is left out: it can list 100,000 files. A card shows in ``cardData``, or else costs
# one small request for the card itself.
_MODEL_FIELDS: "tuple[ExpandModelProperty_T, ...]" = (
    *("sha", "createdAt", "lastModified", "likes", "tags", "disabled", "private"),
    *("gated", "downloads", "pipeline_tag", "cardData"),
)
_DATASET_FIELDS: "tuple[ExpandDatasetProperty_T, ...]" = (
    *("sha", "createdAt", "lastModified", "likes", "tags", "disabled", "private"),
    *("gated", "downloads", "cardData"),
)
_SPACE_FIELDS: "tuple[ExpandSpaceProperty_T, ...]" = (
    *("sha", "createdAt", "lastModified", "likes", "tags", "disabled", "private"),
    "cardData",
)
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "model": _MODEL_FIELDS,
    "dataset": _DATASET_FIELDS,
    "space": _SPACE_FIELDS,
}
"""The fields to request with ``expand``, by kind of repository."""

MAX_TAGS = 200

RepositoryInfo = ModelInfo | DatasetInfo | SpaceInfo

_INFO_TYPES: Mapping[Kind, type[RepositoryInfo]] = {
    "model": ModelInfo,
    "dataset": DatasetInfo,
    "space": SpaceInfo,
}


def parse_info(body: Mapping[str, object], kind: Kind) -> RepositoryInfo:
    """Return the API's description of a repository as huggingface_hub's type.

    Its attributes have the declared types only if the API keeps to its contract: check them. The
    constructors raise for malformed values of fields such as ``siblings``: they get the requested
    fields only, and dates in the one format that they parse.
    """
    fields = {name: body[name] for name in FIELDS[kind] if name in body}
    fields["cardData"] = select_card_fields(as_mapping(body.get("cardData")))
    fields["id"] = body.get("id")
    try:
        return _INFO_TYPES[kind](**fields)
    except (ValueError, AttributeError):
        for name in ("createdAt", "lastModified"):
            if not _is_date(fields.get(name)):
                fields.pop(name, None)
        return _INFO_TYPES[kind](**fields)


def _is_date(value: Any) -> bool:
    try:
        parse_datetime(value)
    except (ValueError, AttributeError):
        return False
    return True


def from_info(body: Mapping[str, object], kind: Kind) -> ModelFacts:
    """Return the facts in the API's description of a repository."""
    info = parse_info(body, kind)
    tags = as_strings(info.tags)
    facts = ModelFacts(
        repository_id=as_text(body.get("_id")),
        full_name=as_text(info.id),
        kind=kind or None,
        tags=tags[:MAX_TAGS] if tags is not None else None,
        arxiv_ids=_tagged(tags, "arxiv:"),
        pipeline=as_keyword(getattr(info, "pipeline_tag", None)),
        gated=_gated(info.gated),
        disabled=as_bool(info.disabled),
        private=as_bool(info.private),
        likes=as_count(info.likes),
        downloads=as_count(getattr(info, "downloads", None)),
        modified_at=info.last_modified,
        created_at=info.created_at,
    )
    facts = _with_metadata(facts, info.card_data or CardData(), tags)
    if as_mapping(body.get("cardData")) or _has_card_tags(tags):
        return replace(facts, card_present=True, card_has_metadata=True)
    if tags is None and "cardData" not in body:
        return facts
    # The Hub takes arXiv tags from the card's text, so there is a text.
    return replace(facts, card_has_metadata=False, card_present=True if facts.arxiv_ids else None)


def from_card(card: RepositoryCard, full_name: str | None, kind: Kind) -> ModelFacts:
    """Return the facts in a card alone; those that only the API has are ``None``."""
    facts = ModelFacts(
        full_name=full_name,
        kind=kind or None,
        arxiv_ids=card.arxiv_ids,
        title=as_text(card.heading, 300),
        card_present=True,
        card_has_metadata=card.has_metadata,
    )
    if card.has_metadata is None:
        return facts
    facts = _with_metadata(facts, card.data, ())
    return replace(facts, pipeline=as_keyword(card.data.get("pipeline_tag")))


def _with_metadata(facts: ModelFacts, card: CardData, tags: Sequence[str] | None) -> ModelFacts:
    """Add the metadata of a card; where it lacks a field, the tags that the Hub derived from it."""
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
    """Return the values of the tags with a prefix, without qualified ones (``finetune:``)."""
    if tags is None:
        return None
    values = (tag.removeprefix(prefix) for tag in tags if tag.startswith(prefix))
    return tuple(dict.fromkeys(v for v in values if v and ":" not in v))


def _has_card_tags(tags: Sequence[str] | None) -> bool:
    prefixes = ("license:", "dataset:", "base_model:", "language:")
    return any(tag.startswith(prefixes) for tag in tags or ())


def _gated(value: object) -> str | None:
    if value is False:
        return "no"
    if value is True:
        return "manual"
    return value if value in ("auto", "manual") and isinstance(value, str) else None


def from_paper(body: Mapping[str, object], paper_id: str) -> PaperFacts:
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


def summarize(facts: ModelFacts) -> str:
    """Return one line of evidence for an existing repository."""
    words = [facts.full_name or "the repository", "is there"]
    if facts.disabled:
        words.append("(disabled)")
    if facts.gated in ("auto", "manual"):
        words.append("(gated)")
    if facts.license:
        words.append(f"under {facts.license}")
    return " ".join(words)
