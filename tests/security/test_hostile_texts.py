"""Hostile external text in every field and format: shown, never interpreted."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import defusedxml.ElementTree
import pytest

from linkcheck.model.entry import Entry, EntryKind
from linkcheck.model.escape import escape_csv_cell
from linkcheck.model.finding import Confidence, Edit, Finding, Fix, Safety, Severity
from linkcheck.model.observation import EvidenceItem, Status
from linkcheck.model.result import (
    EntryResult,
    LinkResult,
    Notice,
    Occurrence,
    RequestCount,
    RunOutcome,
    RunResult,
)
from linkcheck.model.rule import RuleInfo
from linkcheck.model.source_text import Span
from linkcheck.report import FORMATS, OutputCapabilities, get_renderer

TABLE = json.loads((Path(__file__).parents[1] / "data" / "hostile.json").read_text("utf-8"))
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
INVISIBLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")
HARMLESS = "nothing special"

each = pytest.mark.parametrize(
    "text", [row["text"] for row in TABLE], ids=[r["name"] for r in TABLE]
)


def result(text: str) -> RunResult:
    """Return a result with the text in every field with external text."""
    file = f"catalog/{text}.yaml".replace("\0", "")
    span = Span(file, 0, 10, 3, 5, 3, 15)
    url = f"https://h.example/{text}"
    evidence = (EvidenceItem("web", NOW, text),)
    finding = Finding(
        rule="dead-link",
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        message=f"It says {text}",
        span=span,
        entry=text,
        url=url,
        evidence=evidence,
        fix=Fix(f"Take {text}", (Edit(span, text, text),), Safety.SAFE),
    )
    link = LinkResult(
        url=url,
        target=None,
        status=Status.DEAD,
        occurrences=(Occurrence(span, text, text),),
        final_url=url,
        checked_at=NOW,
        evidence=evidence,
    )
    entry = EntryResult(
        Entry(text, text, EntryKind.MODEL, span), {"description": text, "topics": [text]}
    )
    return RunResult(
        version="0.1.0",
        outcome=RunOutcome.COMPLETE,
        reason=None,
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=3),
        inputs=(text,),
        requests=RequestCount(1, {"h.example": 1}),
        reused=0,
        links=(link,),
        entries=(entry,),
        findings=(finding, replace(finding, severity=Severity.WARNING)),
        notices=(Notice(text),),
        targets=1,
        rules=(RuleInfo("dead-link", Severity.ERROR, "Gone.", "# dead-link\n"),),
    )


def rendered(name: str, text: str, canvas: OutputCapabilities | None = None) -> str:
    page = get_renderer(name)(result(text), canvas or OutputCapabilities(80))
    page.encode("utf-8")  # raises for unpaired surrogates
    return page


@each
@pytest.mark.parametrize("name", FORMATS)
def test_control_and_invisible_characters_are_escaped(name: str, text: str) -> None:
    page = rendered(name, text)
    if name in ("json", "sarif"):
        json.loads(page)
        assert not re.search("[\x00-\x09\x0b-\x1f]", page)
    else:
        found = INVISIBLE.search(page.replace("\t", " "))
        assert found is None, ascii(page[max(found.start() - 40, 0) : found.end() + 10])


@each
def test_a_colored_terminal_gets_only_our_escape_sequences(text: str) -> None:
    page = rendered(
        "text", text, OutputCapabilities(80, color=True, hyperlinks=False, verbose=True)
    )
    assert not INVISIBLE.search(re.sub(r"\x1b\[[0-9;]*m", "", page))
    assert "\x1b]" not in page


@each
def test_no_text_is_a_workflow_command(text: str) -> None:
    ours = [line.split(" ")[0].split("::")[1] for line in commands(rendered("github", HARMLESS))]
    theirs = [line.split(" ")[0].split("::")[1] for line in commands(rendered("github", text))]
    assert theirs == ours
    # Workflow commands are off while the text report is printed (linkcheck.cli.github_actions).
    for name in ("markdown", "json"):
        assert not re.search(r"^\s*::", rendered(name, text), re.MULTILINE)
        assert "##[" not in rendered(name, text)


def commands(page: str) -> list[str]:
    return [line for line in page.splitlines() if line.lstrip().startswith("::")]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = tuple(sorted(name for name, _ in attrs))
        self.seen.append((tag, names))
        for name, value in attrs:
            assert not name.startswith("on")
            if name in ("href", "src"):
                assert not (value or "").strip().lower().startswith(("javascript:", "data:text"))


def tags(page: str) -> set[tuple[str, tuple[str, ...]]]:
    parser = _Tags()
    parser.feed(page)
    parser.close()
    return set(parser.seen)


@each
@pytest.mark.skipif("html" not in FORMATS, reason="no HTML report")
def test_no_text_is_an_html_element(text: str) -> None:
    assert tags(rendered("html", text)) <= tags(rendered("html", HARMLESS))


@each
def test_markdown_shows_the_text(text: str) -> None:
    from pyromark import Options, html

    options = Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS
    page = rendered("markdown", text)
    made = html(page, options=options)
    allowed = {"a", "br", "blockquote"} | {
        tag for tag, _ in tags(html(rendered("markdown", HARMLESS), options=options))
    }
    assert {tag for tag, _ in tags(made)} <= allowed
    assert "evil.example" not in "".join(re.findall(r'(?:href|src)="([^"]*)', made))
    words = re.sub(r"<code>.*?</code>|<[^>]*>", "", made, flags=re.DOTALL)
    assert not re.search(r"@(?=[A-Za-z])|#(?=\d)", words)


@each
def test_xml_and_sarif_are_valid(text: str) -> None:
    tree = defusedxml.ElementTree.fromstring(rendered("junit", text))
    assert {node.tag for node in tree.iter()} <= {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "error",
        "skipped",
        "system-out",
    }
    log = json.loads(rendered("sarif", text))
    for row in log["runs"][0]["results"]:
        uri = row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9._~!$&'()*+,;=:@/%-]+", uri), uri


@each
def test_no_cell_is_a_formula(text: str) -> None:
    assert not escape_csv_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert not re.match(r"\s*[=+@-]", escape_csv_cell(text))
