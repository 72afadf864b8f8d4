"""A ticked checkbox becomes an ignore in the entry or in the configuration."""

import tomllib

import pytest

from linkcheck.catalog.load import get_loader
from linkcheck.fixes.add_ignore import add_to_configuration, add_to_entry, propose_ignores
from linkcheck.model.action import FileUpdate
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.source_text import SourceText

FILE = "a.yaml"
LOAD = get_loader(FILE)


def catalog_text(count: int) -> str:
    return "".join(
        f"- id: entry-{n}  # entry {n}\n  name: Entry {n}\n  kind: tool\n"
        f"  links:\n    code: https://example.org/dead/{n}\n"
        for n in range(count)
    )


def finding(source: SourceText, entry: str, url: str, rule: str = "dead-link") -> Finding:
    start = source.text.index(url)
    span = source.span(start, start + len(url))
    return Finding(rule, Severity.ERROR, "It is not there.", span, entry=entry, url=url)


def _ignored(text: str, entry: str, url: str) -> str:
    source = SourceText(FILE, text)
    new = add_to_entry(source, finding(source, entry, url), "2027-02-19", LOAD)
    assert new is not None
    return new


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_ignore_is_added_at_the_end_of_the_entry(newline: str) -> None:
    text = catalog_text(3).replace("\n", newline)
    new = _ignored(text, "entry-1", "https://example.org/dead/1")
    entry = LOAD(SourceText(FILE, new))[0][1]
    assert [(i.rule, i.link, str(i.until)) for i in entry.ignores] == [
        ("dead-link", "https://example.org/dead/1", "2027-02-19")
    ]
    lines = new.split(newline)
    assert [line for line in lines if line in text.split(newline)] == text.split(newline)


def test_a_second_ignore_joins_the_first() -> None:
    text = catalog_text(2)
    once = _ignored(text, "entry-0", "https://example.org/dead/0")
    source = SourceText(FILE, once)
    other = finding(source, "entry-0", "https://example.org/dead/0", rule="archived-repository")
    twice = add_to_entry(source, other, "2027-02-19", LOAD)
    assert twice is not None
    assert twice.count("ignore:") == 1
    rules = [i.rule for i in LOAD(SourceText(FILE, twice))[0][0].ignores]
    assert rules == ["dead-link", "archived-repository"]


def test_the_last_line_may_lack_its_newline() -> None:
    text = catalog_text(1).rstrip("\n")
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


def test_glob_characters_in_a_url_are_escaped() -> None:
    url = "https://example.org/dead/0?a=[1]*"
    source = SourceText("README.md", f"[x]({url})\n")
    text = add_to_configuration("", finding(source, "e", url), "2027-02-19", pyproject=False)
    assert text is not None
    assert tomllib.loads(text)["ignore"][0]["url"] == "https://example.org/dead/0[?]a=[[]1][*]"


def test_a_configuration_that_cannot_hold_an_ignore_is_unchanged() -> None:
    source = SourceText("README.md", "[x](https://example.org/)\n")
    found = finding(source, "e", "https://example.org/")
    assert add_to_configuration("ignore = []\n", found, "2027-02-19", pyproject=False) is None
    assert add_to_configuration("[broken", found, "2027-02-19", pyproject=False) is None
    new = add_to_configuration("[tool.x]\na = 1\n", found, "2027-02-19", pyproject=True)
    assert new is not None
    assert tomllib.loads(new)["tool"]["linkcheck"]["ignore"]
