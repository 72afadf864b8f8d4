"""The text report as people see it, at two widths, plain and in colors."""

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

from linkcheck.model.finding import Safety
from linkcheck.model.observation import Status
from linkcheck.model.result import RunOutcome
from linkcheck.report import OutputCapabilities, get_renderer
from tests.report.report_results import HOSTILE, finding, result

render = get_renderer("text")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


@pytest.mark.parametrize("width", [80, 120])
def test_report_at_a_width(snapshot: SnapshotAssertion, width: int) -> None:
    assert render(result(10), OutputCapabilities(width=width)) == snapshot


def test_report_in_colors_with_links(snapshot: SnapshotAssertion) -> None:
    text = render(result(5), OutputCapabilities(color=True, hyperlinks=True))
    # The terminal joins the pieces of a link by a number that is new each time.
    assert re.sub(r"8;id=\d+;", "8;id=N;", text) == snapshot


def test_colors_change_nothing_but_colors() -> None:
    colored = render(result(10), OutputCapabilities(color=True, hyperlinks=True))
    assert ESCAPE.sub("", colored) == render(result(10), OutputCapabilities())


def test_inconclusive_and_unsafe(snapshot: SnapshotAssertion) -> None:
    one = result(5)
    fix = one.findings[1].fix
    assert fix is not None
    unsafe = replace(one.findings[1], fix=replace(fix, safety=Safety.UNSAFE))
    assert render(replace(one, findings=(unsafe,)), OutputCapabilities()) == snapshot(name="unsafe")
    doubt = replace(one, outcome=RunOutcome.INCONCLUSIVE, reason="No host answered.", findings=())
    assert render(doubt, OutputCapabilities()) == snapshot(name="inconclusive")


def test_hostile_text_sends_no_escapes() -> None:
    text = render(result(10, hostile=True), OutputCapabilities())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "onerror=alert(1)" in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_only_what_cannot_be_broken_is_wider_than_the_canvas(width: int) -> None:
    words = "An ordinary sentence that goes on and on until it has to be wrapped somewhere. " * 3
    bad = replace(result(5), findings=(finding(3, Status.DEAD, words),))
    lines = render(bad, OutputCapabilities(width=width)).splitlines()
    assert all(len(line) <= width for line in lines if "sentence" in line)
    assert HOSTILE not in lines


def test_urls_are_not_broken_and_other_text_is_wrapped() -> None:
    url = "https://github.com/" + "very-long-owner/" * 6 + "name"
    words = f"Use {url} in its place. " + "中文写作没有空格" * 20
    text = render(
        replace(result(5), findings=(finding(3, Status.DEAD, words),)), OutputCapabilities()
    )
    assert any(line.strip() == url for line in text.splitlines())
    chinese = [line for line in text.splitlines() if "中" in line]
    assert len(chinese) > 3
    assert all(cell_len(line) <= 80 for line in chinese)


def test_the_sandbox_is_named_first_and_last_and_in_the_advice() -> None:
    text = render(replace(result(5), sandbox=True), OutputCapabilities(width=120))
    assert text.startswith("sandbox: an embedded imitation")
    assert text.count("sandbox: an embedded imitation") == 2
    assert "'linkcheck fix --sandbox' shows" in text


def test_a_change_without_links_is_no_dangling_number() -> None:
    none = replace(result(0), links=(), entries=(), findings=(), changed_since="abc")
    text = render(none, OutputCapabilities())
    assert "nothing that this change adds or alters holds a link\n" in text
    assert "0 links" not in text
    assert "0 links\n" in render(replace(none, changed_since=None), OutputCapabilities())


def test_the_advice_is_quoted_for_a_shell() -> None:
    saved = replace(result(5), arguments=("--store", "my store.db", "a b.md"))
    text = " ".join(render(saved, OutputCapabilities()).split())
    assert "linkcheck fix --store 'my store.db' 'a b.md'" in text
