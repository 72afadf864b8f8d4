"""Reads the metadata block of a repository card (README.md). Pure.

Cards come from strangers: the block is read with a limit on its size, its nesting and without
aliases, so that no few lines can unfold into gigabytes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_BLOCK = 64_000
"""Characters of metadata that are read; longer blocks are left unread."""

_MAX_EVENTS = 20_000
_BLOCK = re.compile(r"\ufeff?\s*---[ \t]*\r?\n(.*?)(?:^---[ \t]*\r?$|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(\S.*?)[ \t#]*\r?$", re.MULTILINE)
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a README says about its repository."""

    metadata: Mapping[str, object] | None
    """The metadata block; empty where there is none, ``None`` where it cannot be read."""
    heading: str | None = None
    """The first top-level heading."""
    arxiv_ids: tuple[str, ...] = ()
    """The papers that it links to."""


def read_card(body: bytes) -> ModelCard:
    """Return what a README (or its beginning) says."""
    text = body.decode("utf-8", "replace")
    block = _BLOCK.match(text)
    rest = text[block.end() :] if block else text
    heading = _HEADING.search(rest)
    papers = tuple(dict.fromkeys(_ARXIV.findall(rest)))[:50]
    metadata = _metadata(block[1]) if block else {}
    return ModelCard(metadata, heading[1][:300] if heading else None, papers)


def _metadata(block: str) -> Mapping[str, object] | None:
    import yaml

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
