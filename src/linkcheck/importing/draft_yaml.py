"""Write draft entries as YAML in the catalog format."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from linkcheck.importing.drafts import DraftEntry
from linkcheck.model.entry import EntryKind
from linkcheck.model.entry_ids import slugify, unique_id

_MAX_ID_LENGTH = 60


def dump_drafts(
    drafts: Sequence[DraftEntry], folders: Mapping[EntryKind, str], file: str, listed_in: str
) -> dict[str, str]:
    """Return YAML by file name, one file per kind, with the source lines of each entry."""
    texts: dict[str, list[str]] = {}
    taken: set[str] = set()
    for draft in drafts:
        kind = draft.kind or EntryKind.RESOURCE
        entry_id = unique_id(_make_id(draft), taken)
        taken.add(entry_id)
        lines = ", ".join(str(line) for line in (draft.line, *draft.repeat_lines[:20]))
        body = _dump(_make_mapping(draft, entry_id, kind, listed_in))
        texts.setdefault(f"{folders[kind]}.yaml", []).append(f"# {_one_line(file)}:{lines}\n{body}")
    return {name: "\n".join(parts) for name, parts in sorted(texts.items())}


def _make_id(draft: DraftEntry) -> str:
    """Return an ASCII id made from the name, else from an alias or the end of a URL."""
    tails = (
        part
        for urls in draft.links.values()
        for url in urls
        for part in reversed(re.split(r"[/?#=&]+", url)[2:])
    )
    for text in (draft.name, *draft.aliases, *tails):
        entry_id = slugify(text)[:_MAX_ID_LENGTH].strip("-")
        if entry_id.isascii() and any(char.isalpha() for char in entry_id):
            return entry_id
    return "entry"


def _make_mapping(
    draft: DraftEntry, entry_id: str, kind: EntryKind, listed_in: str
) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": entry_id, "name": draft.name}
    if draft.aliases:
        entry["aliases"] = draft.aliases
    entry["kind"] = kind.value
    for name in ("released", "license"):
        if value := getattr(draft, name):
            entry[name] = value
    for name in ("base_models", "datasets", "parameters", "institutions"):
        if value := getattr(draft, name):
            entry[name] = value
    if draft.size:
        entry["size"] = draft.size
    if draft.hardware:
        entry["hardware"] = draft.hardware
    entry["links"] = {
        role: urls[0] if len(urls) == 1 else urls for role, urls in draft.links.items()
    }
    entry["listed_in"] = [listed_in]
    return entry


def _dump(entry: dict[str, Any]) -> str:
    import yaml

    text: str = yaml.safe_dump(
        [entry], allow_unicode=True, sort_keys=False, width=10**9, default_flow_style=False
    )
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())
