"""Rendered tables: complete, sorted, escaped and idempotent."""

import json
from pathlib import Path

import pytest

from linkcheck.catalog.load import load_catalog
from linkcheck.catalog.render_tables import (
    BEGIN_MARKER,
    END_MARKER,
    render_tables,
    replace_between_markers,
)
from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.markdown.entries import extract_links
from linkcheck.model.entry import Entry
from linkcheck.model.errors import UsageError
from linkcheck.model.source_text import SourceText

ROOT = Path(__file__).parents[2]

YAML = """
- id: beta
  name: Beta
  aliases: [B]
  kind: model
  license: MIT
  links:
    code: https://github.com/o/beta
    paper: [https://arxiv.org/abs/2301.00001, https://example.org/a_(b)|c]
- id: alpha
  name: alpha
  kind: model
  links: {model: https://huggingface.co/o/alpha}
- id: set
  name: "@everyone <script> [x](http://evil.example) | www.evil.example linkcheck:end -->"
  kind: dataset
  links: {dataset: https://example.org/set}
"""


def entries() -> tuple[Entry, ...]:
    found, problems, _ = load_yaml(SourceText("c.yaml", YAML))
    assert problems == ()
    return found


def test_tables_by_kind_sorted_by_name() -> None:
    observed = {
        "beta": {"license": "Apache-2.0", "stars": 3500, "last_push": "2025-01-31"},
        "alpha": {"model_license": "mit", "gated": "auto", "archived": True},
    }
    text = render_tables(entries(), observed, statuses={"beta": "moved"})
    lines = text.splitlines()
    assert lines[0] == "## Models (2)"
    assert lines[2] == "| Name | Links | License | Stars | Last push | Status |"
    assert lines[4].startswith("| **alpha** | [model](https://huggingface.co/o/alpha) | mit |")
    assert lines[4].endswith("| archived, gated |")
    assert lines[5].startswith("| **Beta**<br>B | [code](https://github.com/o/beta) · [paper](")
    assert "| Apache-2.0 | 3,500 | 2025-01-31 | moved |" in lines[5]
    assert "## Data sets (1)" in lines


@pytest.mark.parametrize(
    ("declared", "shown"), [("NOASSERTION", "MIT"), ("other", "MIT"), ("ISC", "ISC")]
)
def test_an_unknown_declared_license_is_replaced_by_that_of_the_catalog(
    declared: str, shown: str
) -> None:
    text = render_tables(entries(), {"beta": {"license": declared}})
    (row,) = (line for line in text.splitlines() if line.startswith("| **Beta**"))
    assert f" | {shown} | " in row


def test_without_facts_the_license_of_the_catalog_is_shown() -> None:
    assert "| MIT |  |  |  |" in render_tables(entries(), {})


def test_every_link_of_the_tables_works_and_no_name_becomes_one() -> None:
    text = render_tables(entries(), {})
    assert [link.url for link in extract_links(SourceText("r.md", text))] == [
        "https://huggingface.co/o/alpha",
        "https://github.com/o/beta",
        "https://arxiv.org/abs/2301.00001",
        "https://example.org/a%5F%28b%29%7Cc",
        "https://example.org/set",
    ]
    assert "@everyone" not in text
    assert "<script>" not in text
    assert "-->" not in text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_the_text_between_the_markers_is_replaced_and_only_once(newline: str) -> None:
    text = newline.join(["# Mine", "", BEGIN_MARKER, "old", END_MARKER, "", "after"])
    once = replace_between_markers(text, "| a |\n")
    assert once == newline.join(["# Mine", "", BEGIN_MARKER, "| a |", END_MARKER, "", "after"])
    assert replace_between_markers(once, "| a |\n") == once


@pytest.mark.parametrize(
    "text",
    [
        "nothing",
        BEGIN_MARKER,
        END_MARKER,
        f"{END_MARKER}\n{BEGIN_MARKER}",
        f"{BEGIN_MARKER}{END_MARKER}{BEGIN_MARKER}{END_MARKER}",
    ],
)
def test_markers_that_are_no_pair_are_an_error_with_a_hint(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        replace_between_markers(text, "x", file="README.md")
    assert caught.value.where == "README.md"
    assert BEGIN_MARKER in str(caught.value)


def test_the_readme_of_the_catalog_is_current() -> None:
    catalog = load_catalog([Path("catalog")], root=ROOT)
    observed_file = ROOT / "catalog" / "observed.json"
    observed = json.loads(observed_file.read_text("utf-8")) if observed_file.exists() else {}
    readme = ROOT / "catalog" / "README.md"
    text = readme.read_text("utf-8")
    made = replace_between_markers(text, render_tables(catalog.entries, observed))
    assert text == made, "catalog/README.md is old: run 'linkcheck render' on it"
