"""The JSON Schema: current, and consistent with the loader."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml

from linkcheck.catalog.keys import KEYS
from linkcheck.catalog.layouts import preset_table
from linkcheck.catalog.schema import catalog_schema, key_table
from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.model.source_text import SourceText

COMMITTED = Path(__file__).parents[2] / "docs" / "schema" / "catalog.schema.json"
ENTRY = "- id: x\n  name: X\n  kind: tool\n  links: {code: gh:a/b}\n"

VALID = [
    "",
    "[]",
    ENTRY,
    ENTRY.replace("gh:a/b", "[gh:a/b, https://x.example]"),
    ENTRY.replace("X", "2023"),
    ENTRY.replace("X", "华佗"),
    ENTRY.replace("id: x", "id: 4d-bert-2"),
    *(
        f"{ENTRY}  {line}\n"
        for line in (
            "aliases: []",
            "aliases: [A, 1.0]",
            "released: 2023",
            "released: 2023-03",
            "released: 2023-03-24",
            "license: MIT",
            "license: {code: MIT, weights: LLaMA, data: CC0-1.0}",
            "parameters: 7B",
            "parameters: [7B, 13B]",
            "hardware: 8 x A100",
            "size: 9000",
            "languages: [zh, en]",
            "notes: a sentence",
            "stale_after: never",
            "stale_after: 18mo",
            "stale_after: 2.5y",
            "stale_after: 0",
            "ignore: []",
            "ignore: [{rule: a, reason: b}]",
            "ignore: [{rule: a, reason: b, link: code, until: 2027-01-31}]",
        )
    ),
]

INVALID = [
    "id: x",
    "- x",
    "- []",
    ENTRY.replace("id: x", "id: X"),
    ENTRY.replace("id: x", "id: -x"),
    ENTRY.replace("id: x", "id: x_y"),
    ENTRY.replace("  name: X\n", ""),
    ENTRY.replace("  kind: tool\n", ""),
    ENTRY.replace("  links: {code: gh:a/b}\n", ""),
    ENTRY.replace("tool", "toll"),
    ENTRY.replace("X", "''"),
    ENTRY.replace("X", "null"),
    ENTRY.replace("X", "true"),
    ENTRY.replace("X", "[X]"),
    ENTRY.replace("{code: gh:a/b}", "{}"),
    ENTRY.replace("{code: gh:a/b}", "gh:a/b"),
    ENTRY.replace("gh:a/b", "{url: gh:a/b}"),
    ENTRY.replace("gh:a/b", "[[gh:a/b]]"),
    ENTRY.replace("code", "'Source code'"),
    *(
        f"{ENTRY}  {line}\n"
        for line in (
            "licence: MIT",
            "aliases: A",
            "aliases: {A: B}",
            "aliases: [null]",
            "released: soon",
            "released: 2023-13",
            "released: 20230324",
            "license: [MIT]",
            "license: {weight: MIT}",
            "parameters: {a: b}",
            "size: [1]",
            "notes:",
            "stale_after: soon",
            "stale_after: [never]",
            "ignore: dead-link",
            "ignore: [dead-link]",
            "ignore: [{rule: a}]",
            "ignore: [{reason: a}]",
            "ignore: [{rule: a, reason: b, until: soon}]",
            "ignore: [{rule: a, reason: b, before: c}]",
        )
    ),
]


def as_json(value: object) -> object:
    """Return YAML values as an editor's validator reads them: YAML 1.2 has no dates."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [as_json(item) for item in value]
    return value


def schema_accepts(text: str) -> bool:
    validator = jsonschema.Draft7Validator(catalog_schema())
    return bool(validator.is_valid(as_json(yaml.safe_load(text))))


def test_the_committed_schema_is_current() -> None:
    wanted = json.dumps(catalog_schema(), indent=2, ensure_ascii=False) + "\n"
    assert COMMITTED.read_text(encoding="utf-8") == wanted, (
        "write the output of `linkcheck schema` to docs/schema/catalog.schema.json"
    )


@pytest.mark.parametrize(("name", "table"), [("keys", key_table()), ("presets", preset_table())])
def test_the_page_contains_the_current_tables(name: str, table: str) -> None:
    page = (COMMITTED.parents[1] / "catalog-format.md").read_text(encoding="utf-8")
    _, _, rest = page.partition(f"<!-- {name}: made from the code -->\n")
    shown, _, _ = rest.partition(f"\n<!-- end of {name} -->")
    assert shown == table


def test_the_schema_is_valid_and_describes_every_key() -> None:
    schema = catalog_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    properties = schema["definitions"]["entry"]["properties"]
    assert list(properties) == [key.name for key in KEYS]
    assert all(value["description"] for value in properties.values())


@pytest.mark.parametrize("text", VALID)
def test_loader_and_schema_accept(text: str) -> None:
    assert load_yaml(SourceText("f", text))[1] == ()
    assert schema_accepts(text)


@pytest.mark.parametrize("text", INVALID)
def test_loader_and_schema_reject(text: str) -> None:
    assert load_yaml(SourceText("f", text))[1] != ()
    assert not schema_accepts(text)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_every_example_is_valid(key: object) -> None:
    assert hasattr(key, "name")
    assert hasattr(key, "example")
    lines = [line for line in ENTRY.splitlines() if f" {key.name}:" not in line]
    text = "\n".join([*lines, f"  {key.name}: {key.example}"])
    if key.name == "id":
        text = text.replace("  name", "- name", 1)
    assert load_yaml(SourceText("f", text))[1] == ()
    assert schema_accepts(text)


SHIPPED = sorted((Path(__file__).parents[2] / "catalog").rglob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_the_shipped_catalog_is_valid(path: Path) -> None:
    assert schema_accepts(path.read_text(encoding="utf-8"))
