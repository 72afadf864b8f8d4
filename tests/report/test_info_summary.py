"""Findings of severity ``info`` are one line a rule, unless they are asked for."""

from dataclasses import replace

import pytest

from linkcheck.model.finding import Severity
from linkcheck.model.result import RunResult
from linkcheck.report import OutputCapabilities, get_renderer
from tests.report import result_builders as build

FIXABLE = tuple(
    replace(
        build.MOVED,
        rule="insecure-link",
        severity=Severity.INFO,
        message=f"Message {number} of many.",
        subject=str(number),
    )
    for number in range(881)
)
STALE = tuple(
    replace(build.STALE, message=f"Commit {number} is old.", subject=str(number))
    for number in range(3)
)


def result(*arguments: str) -> RunResult:
    return replace(build.result(*FIXABLE, *STALE), arguments=(*arguments, "README.md"))


@pytest.mark.parametrize("name", ["text", "markdown", "github"])
def test_info_is_one_line_a_rule(name: str) -> None:
    shown = get_renderer(name)(result(), OutputCapabilities(width=120))
    words = " ".join(shown.split())
    assert "linkcheck fix --select insecure-link README.md" in words
    assert "linkcheck run --select stale-repository README.md" in words
    assert [line for line in shown.splitlines() if "insecure-link" in line and "881 ×" in line]
    assert "Message" not in shown
    assert "Commit" not in shown


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_each_is_shown_where_it_is_asked_for(name: str) -> None:
    render = get_renderer(name)
    verbose = render(result(), OutputCapabilities(width=120, verbose=True))
    assert "Message 880 of many." in verbose
    assert "Commit 2 is old." in verbose
    selected = render(result("--select", "stale-repository"), OutputCapabilities(width=120))
    assert "Commit 2 is old." in selected
    assert "Message" not in selected
