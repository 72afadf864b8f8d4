"""Build the JSON Schema of the catalog format from the table of keys."""

from typing import Any

from linkcheck.catalog.keys import (
    DATE_PATTERN,
    DURATION_PATTERN,
    ID_PATTERN,
    IGNORE_KEYS,
    IGNORE_REQUIRED,
    KEYS,
    LICENSE_PARTS,
    ROLE_PATTERN,
    Form,
)
from linkcheck.model.entry import EntryKind

SCHEMA_ID = (
    "https://raw.githubusercontent.com/linkcheck/linkcheck/main/docs/schema/catalog.schema.json"
)


def catalog_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft-07, which every editor's YAML plug-in knows) of a catalog file.

    It accepts exactly what the loader accepts without a problem, except that a schema cannot detect
    duplicate ids and dates that do not exist.
    """
    entry = {
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in KEYS if key.required],
        "properties": {
            key.name: {"description": f"{key.help} Example: {key.example}", **_FORMS[key.form]()}
            for key in KEYS
        },
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": SCHEMA_ID,
        "title": "linkcheck catalog",
        "description": "A list of entries; every value is a claim that linkcheck checks.",
        "type": ["array", "null"],
        "items": {"$ref": "#/definitions/entry"},
        "definitions": {"entry": entry},
    }


def key_table() -> str:
    """Return the keys of an entry as a Markdown table, for ``docs/catalog-format.md``."""
    rows = ["| key | | meaning | example |", "|---|---|---|---|"]
    for key in KEYS:
        needed = "required" if key.required else ""
        rows.append(f"| `{key.name}` | {needed} | {key.help} | `{key.example}` |")
    return "\n".join(rows)


def _full_match(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _text() -> dict[str, Any]:
    # An unquoted 2023 is a number in YAML; the loader reads it as text.
    return {"type": ["string", "number"], "pattern": r"\S"}


def _texts() -> dict[str, Any]:
    return {"type": "array", "items": _text()}


def _text_or_texts() -> dict[str, Any]:
    return {"anyOf": [_text(), _texts()]}


def _id() -> dict[str, Any]:
    return {"type": ["string", "integer"], "pattern": _full_match(ID_PATTERN), "minimum": 0}


def _kind() -> dict[str, Any]:
    return {"enum": [kind.value for kind in EntryKind]}


def _date() -> dict[str, Any]:
    year = {"type": "integer", "minimum": 1000, "maximum": 9999}
    return {"anyOf": [{"type": "string", "pattern": _full_match(DATE_PATTERN)}, year]}


def _license() -> dict[str, Any]:
    parts = {name: {"description": help_, **_text()} for name, help_ in LICENSE_PARTS.items()}
    mapping = {"type": "object", "additionalProperties": False, "properties": parts}
    return {"anyOf": [_text(), mapping]}


def _links() -> dict[str, Any]:
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": _full_match(ROLE_PATTERN)},
        "additionalProperties": _text_or_texts(),
    }


def _duration() -> dict[str, Any]:
    pattern = _full_match(f"never|0|{DURATION_PATTERN}")
    return {"anyOf": [{"type": "string", "pattern": pattern}, {"const": 0}]}


def _ignores() -> dict[str, Any]:
    properties: dict[str, dict[str, Any]] = {
        name: {"description": help_, **_text()} for name, help_ in IGNORE_KEYS.items()
    }
    properties["until"] |= {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}
    item = {
        "type": "object",
        "additionalProperties": False,
        "required": list(IGNORE_REQUIRED),
        "properties": properties,
    }
    return {"type": "array", "items": item}


_FORMS = {
    Form.ID: _id,
    Form.KIND: _kind,
    Form.TEXT: _text,
    Form.TEXTS: _texts,
    Form.TEXT_OR_TEXTS: _text_or_texts,
    Form.DATE: _date,
    Form.LICENSE: _license,
    Form.LINKS: _links,
    Form.DURATION: _duration,
    Form.IGNORES: _ignores,
}
