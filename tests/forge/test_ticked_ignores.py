"""A ticked box becomes an ignore in the entry, or in the configuration."""

import tomllib

import pytest
from bot_world import catalog_text, finding

from linkcheck.catalog.load import get_loader
from linkcheck.fixes.add_ignore import add_to_configuration, add_to_entry, propose_ignores
from linkcheck.model.action import FileUpdate
from linkcheck.model.source_text import SourceText

FILE = "a.yaml"
LOAD = get_loader(FILE)


def _ignored(text: str, entry: str, url: str) -> str:
    source = SourceText(FILE, text)
    new = add_to_entry(source, finding(source, entry, url), "2027-02-19", LOAD)
    assert new is not None
    return new


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_ignore_is_added_at_the_end_of_the_entry(newline: str) -> None:
    text = catalog_text(3, dead={1}).replace("\n", newline)
    new = _ignored(text, "entry-1", "https://example.org/dead/1")
    entry = LOAD(SourceText(FILE, new))[0][1]
    assert [(i.rule, i.link, str(i.until)) for i in entry.ignores] == [
        ("dead-link", "https://example.org/dead/1", "2027-02-19")
    ]
    lines = new.split(newline)
    assert [line for line in lines if line in text.split(newline)] == text.split(newline)


def test_a_second_ignore_joins_the_first() -> None:
    text = catalog_text(2, dead={0})
    once = _ignored(text, "entry-0", "https://example.org/dead/0")
    source = SourceText(FILE, once)
    other = finding(source, "entry-0", "https://example.org/dead/0", rule="archived-repository")
    twice = add_to_entry(source, other, "2027-02-19", LOAD)
    assert twice is not None
    assert twice.count("ignore:") == 1
    rules = [i.rule for i in LOAD(SourceText(FILE, twice))[0][0].ignores]
    assert rules == ["dead-link", "archived-repository"]


def test_the_last_line_may_lack_its_newline() -> None:
    text = catalog_text(1, dead={0}).rstrip("\n")
    assert _ignored(text, "entry-0", "https://example.org/dead/0").startswith(text)


def test_flow_style_is_left_to_the_configuration() -> None:
    text = "- {id: entry-0, name: E, kind: tool, links: {code: https://example.org/dead/0}}\n"
    source = SourceText(FILE, text)
    found = finding(source, "entry-0", "https://example.org/dead/0")
    assert add_to_entry(source, found, "2027-02-19", LOAD) is None
    files, changes = propose_ignores(
        [found],
        {found.fingerprint: "2027-02-19"},
        {FILE: text},
        {FILE: LOAD},
        FileUpdate("linkcheck.toml", "", "", is_new=True),
    )
    assert [f.path for f in files] == ["linkcheck.toml"]
    assert len(changes) == 1
    assert tomllib.loads(files[0].after)["ignore"][0]["rule"] == "dead-link"


def test_signs_of_a_glob_in_an_address_are_taken_as_they_are() -> None:
    url = "https://example.org/dead/0?a=[1]*"
    source = SourceText("README.md", f"[x]({url})\n")
    text = add_to_configuration("", finding(source, "e", url), "2027-02-19", pyproject=False)
    assert text is not None
    assert tomllib.loads(text)["ignore"][0]["url"] == "https://example.org/dead/0[?]a=[[]1][*]"


def test_a_configuration_that_cannot_take_one_more_is_left_alone() -> None:
    source = SourceText("README.md", "[x](https://example.org/)\n")
    found = finding(source, "e", "https://example.org/")
    assert add_to_configuration("ignore = []\n", found, "2027-02-19", pyproject=False) is None
    assert add_to_configuration("[broken", found, "2027-02-19", pyproject=False) is None
    new = add_to_configuration("[tool.x]\na = 1\n", found, "2027-02-19", pyproject=True)
    assert new is not None
    assert tomllib.loads(new)["tool"]["linkcheck"]["ignore"]
