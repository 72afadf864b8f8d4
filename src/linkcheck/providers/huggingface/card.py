"""Parse the README.md of a repository: metadata block, heading, papers. Pure.

:class:`huggingface_hub.RepoCard` is not used: it expands YAML aliases without a limit, so that a
few lines unfold into gigabytes. Here size, nesting and number of nodes are limited.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from huggingface_hub.repocard_data import CardData, DatasetCardData, ModelCardData, SpaceCardData

from linkcheck.providers.huggingface.recognize import Kind

MAX_BLOCK = 64_000
"""Maximum length of a metadata block in characters; longer blocks are not parsed."""

_MAX_EVENTS = 20_000
_MAX_HEADING = 300
_MAX_PAPERS = 50
_BLOCK = re.compile(r"\ufeff?\s*---[ \t]*\r?\n(.*?)(?:^---[ \t]*\r?$|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(\S.*?)[ \t#]*\r?$", re.MULTILINE)
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})", re.IGNORECASE)

_CARD_TYPES: Mapping[Kind, type[CardData]] = {
    "model": ModelCardData,
    "dataset": DatasetCardData,
    "space": SpaceCardData,
}
_CARD_FIELDS = frozenset(
    {
        "base_model",
        "datasets",
        "language",
        "license",
        "license_link",
        "license_name",
        "pipeline_tag",
        "pretty_name",
        "title",
    }
)


@dataclass(frozen=True, slots=True)
class RepositoryCard:
    """The parsed README of a repository."""

    data: CardData
    has_metadata: bool | None
    """Whether there is metadata; ``None`` where the block cannot be parsed."""
    heading: str | None = None
    """The first top-level heading."""
    arxiv_ids: tuple[str, ...] = ()
    """The papers that the text links to."""


def parse_card(body: bytes, kind: Kind) -> RepositoryCard:
    """Return the card in a README, or in its beginning."""
    text = body.decode("utf-8", "replace")
    block = _BLOCK.match(text)
    rest = text[block.end() :] if block else text
    heading = _HEADING.search(rest)
    metadata = parse_metadata(block[1]) if block else {}
    return RepositoryCard(
        _CARD_TYPES[kind](**select_card_fields(metadata or {})),
        None if metadata is None else bool(metadata),
        heading[1][:_MAX_HEADING] if heading else None,
        tuple(dict.fromkeys(_ARXIV.findall(rest)))[:_MAX_PAPERS],
    )


def select_card_fields(metadata: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields of a card's metadata that facts are made of.

    huggingface_hub's card types must not get the others: the key ``self`` makes them raise, ``get``
    replaces their method, ``tags`` takes quadratic time, and ``model-index`` raises or logs.
    """
    return {name: value for name, value in metadata.items() if name in _CARD_FIELDS}


def parse_metadata(block: str) -> Mapping[str, object] | None:
    """Return a metadata block as a mapping; ``None`` if it is invalid or exceeds a limit."""
    if len(block) > MAX_BLOCK:
        return None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for number, event in enumerate(yaml.parse(block, Loader=loader)):
            if isinstance(event, yaml.AliasEvent) or number > _MAX_EVENTS:
                return None
        data = yaml.load(block, Loader=loader)  # noqa: S506  # a safe loader, by another name
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        return None
    if data is None:
        return {}
    return {str(key): value for key, value in data.items()} if isinstance(data, dict) else None
