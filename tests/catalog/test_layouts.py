"""Other YAML layouts: presets, mappings and edits in place."""

import pytest

from linkcheck.catalog.layouts import PRESETS, has_custom_layout, load_with_layout
from linkcheck.catalog.load import get_loader
from linkcheck.catalog.quoting import quote_edits
from linkcheck.fixes.edits import apply_verified
from linkcheck.model.entry import EntryKind
from linkcheck.model.errors import ConfigError
from linkcheck.model.finding import Edit
from linkcheck.model.settings import SourceSettings
from linkcheck.model.source_text import SourceText

BEST_OF = """\
configuration:
  min_stars: 100
categories:
  - category: vis
    title: Visualisation
labels:
  - label: torch
    url: https://pytorch.org
projects:
  # The big one
  - name: My Tool
    github_id: owner/my-tool   # moved in May
    pypi_id: my-tool
    conda_id: conda-forge/my-tool
    npm_id: "@scope/my-tool"
    license: MIT
    category: vis
    labels: ["torch"]
  - name: My Tool
    github_id: 'other/my-tool'
    conda_id: my-tool
    docs_url: https://docs.example
    homepage:
  - github_id: no/name
"""

SELFHOSTED = """\
name: "Own Cloud"
website_url: "https://own.example"
source_code_url: https://github.com/own/cloud
description: Somebody's words.
licenses:
  - AGPL-3.0
  - MIT
platforms:
  - PHP
tags:
  - Storage
stargazers_count: 7
updated_at: '2024-01-01'
archived: false
demo_url: https://demo.own.example
commit_history:
  2024-01: 4
"""


def test_best_of() -> None:
    entries, problems, _ = load_with_layout(
        SourceText("projects.yaml", BEST_OF), SourceSettings("projects.yaml", preset="best-of")
    )
    assert [entry.id for entry in entries] == ["my-tool", "my-tool-2", "no-name"]
    assert [(link.role, link.written, link.url, link.template) for link in entries[0].links] == [
        ("code", "owner/my-tool", "https://github.com/owner/my-tool", "https://github.com/{}"),
        ("package", "my-tool", "https://pypi.org/project/my-tool", "https://pypi.org/project/{}"),
        (
            "package",
            "conda-forge/my-tool",
            "https://anaconda.org/conda-forge/my-tool",
            "https://anaconda.org/{}",
        ),
        (
            "package",
            "@scope/my-tool",
            "https://www.npmjs.com/package/@scope/my-tool",
            "https://www.npmjs.com/package/{}",
        ),
    ]
    assert entries[0].claims.licenses[""].value == "MIT"
    assert [link.url for link in entries[1].links] == [
        "https://github.com/other/my-tool",
        "https://docs.example",
        "https://anaconda.org/anaconda/my-tool",
    ]
    for entry in entries:
        for link in entry.links:
            assert BEST_OF[link.span.start : link.span.end] == link.written
    (problem,) = problems
    assert problem.message == "the entry has no 'name'"
    assert problem.span.line == 24


def test_awesome_selfhosted() -> None:
    (entry,), problems, _ = load_with_layout(
        SourceText("software/own-cloud.yml", SELFHOSTED),
        SourceSettings("software", preset="awesome-selfhosted"),
    )
    assert problems == ()
    assert (entry.id, entry.name) == ("own-cloud", "Own Cloud")
    assert [(link.role, link.url) for link in entry.links] == [
        ("homepage", "https://own.example"),
        ("code", "https://github.com/own/cloud"),
        ("demo", "https://demo.own.example"),
    ]
    assert entry.claims.licenses[""].value == "AGPL-3.0 OR MIT"


def test_the_span_of_a_list_that_ends_in_an_alias_does_not_end_before_it() -> None:
    text = "- name: A\n  text: &l MIT\n  licenses:\n    - ISC\n    - *l\n"
    settings = SourceSettings(path="a.yaml", preset="awesome-selfhosted")
    ((entry,), _, _) = load_with_layout(SourceText("a.yaml", text), settings)
    span = entry.claims.licenses[""].span
    assert span.start == text.index("- ISC")
    assert span.start <= span.end <= len(text)


def test_own_fields() -> None:
    source = SourceSettings(
        "list.yaml",
        fields={"name": "title", "kind": "type", "license": "legal.license", "released": "year"},
        links={"code": "repo -> https://git.example/{}", "homepage": "www"},
    )
    text = (
        "- title: A\n  type: dataset\n  year: 2020-01-02 10:00:00\n  legal: {license: MIT}\n"
        "  repo: [a/b, https://other.example/x]\n  www: gh:c/d\n"
    )
    (entry,), problems, _ = load_with_layout(SourceText("list.yaml", text), source)
    assert problems == ()
    assert entry.kind is EntryKind.DATASET
    assert entry.claims.released is not None
    assert entry.claims.released.value == "2020-01-02"
    assert entry.claims.licenses[""].value == "MIT"
    assert [(link.url, link.template) for link in entry.links] == [
        ("https://git.example/a/b", "https://git.example/{}"),
        ("https://other.example/x", None),
        ("https://github.com/c/d", "gh:{}"),
    ]


def test_ids_that_are_no_urls_are_edited_in_place() -> None:
    settings = SourceSettings("projects.yaml", preset="best-of")
    source = SourceText("projects.yaml", BEST_OF)
    loader = get_loader("projects.yaml", [settings])
    entries = loader(source)[0]
    edits = [
        Edit(entries[0].links[0].span, "owner/my-tool", "new-owner/my-tool"),
        Edit(entries[1].links[0].span, "other/my-tool", "third/my-tool"),
    ]
    result = apply_verified(source, edits, loader=loader, encode=quote_edits)
    assert result.dropped == ()
    assert result.text == BEST_OF.replace("owner/", "new-owner/").replace("other/", "third/")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("categories: []\n", "the file has no 'projects'"),
        ("projects: {a: b}\n", "here should be a list of entries"),
        ("projects: [x]\n", "no mapping of keys"),
        ("projects: [{name: x, name: y}]\n", "'name' stands twice"),
        ("projects: [{name: x, github_id: {a: b}}]\n", "should be a list of texts"),
        ("projects: [\n", "not valid YAML"),
    ],
)
def test_problems_in_files_of_other_layouts_are_reported(text: str, message: str) -> None:
    _, problems, _ = load_with_layout(
        SourceText("p.yaml", text), SourceSettings("p.yaml", preset="best-of")
    )
    assert any(message in problem.message for problem in problems)


@pytest.mark.parametrize(
    "source",
    [
        SourceSettings("x", fields={"colour": "c"}),
        SourceSettings("x", links={"code": "repo -> https://x"}),
        SourceSettings("x", links={"code": "-> https://x/{}"}),
        SourceSettings("x", links={"code": "repo -> {}{}"}),
    ],
)
def test_a_wrong_mapping_is_a_configuration_error(source: SourceSettings) -> None:
    with pytest.raises(ConfigError) as caught:
        load_with_layout(SourceText("x", "[]"), source)
    assert caught.value.hint


def test_sources_with_another_layout() -> None:
    assert not has_custom_layout(SourceSettings("x"))
    assert not has_custom_layout(SourceSettings("x", preset="linkcheck"))
    assert all(has_custom_layout(SourceSettings("x", preset=preset)) for preset in PRESETS)
    assert has_custom_layout(SourceSettings("x", fields={"name": "title"}))


@pytest.mark.parametrize("text", ["", "projects:\n", "# nothing\n"])
def test_an_empty_file_of_another_layout_has_no_entries(text: str) -> None:
    loaded = load_with_layout(SourceText("p", text), SourceSettings("p", preset="best-of"))
    assert loaded == ((), (), 0)
