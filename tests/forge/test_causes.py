"""Findings with one cause make one issue."""

from dataclasses import replace

import pytest

from linkcheck.forge.planning.causes import group_by_cause
from linkcheck.model.finding import Finding
from linkcheck.model.observation import Status
from linkcheck.model.result import LinkResult, Occurrence
from linkcheck.model.source_text import SourceText
from linkcheck.model.target import ParsedLink
from linkcheck.providers.table import recognize
from tests.forge.bot_world import finding, link, result

GITHUB = "https://github.com/"
HUB = "https://huggingface.co/"
CASES: dict[str, tuple[dict[str, str], list[str]]] = {
    "pages of a host that gives no answer": (
        {f"https://dead.example/{n}": "dead" for n in range(4)},
        ["dead.example"],
    ),
    "one page of it without any answer yet": (
        {
            "https://dead.example/0": "unreachable",
            **{f"https://dead.example/{n}": "dead" for n in (1, 2)},
        },
        ["dead.example"],
    ),
    "missing pages of a host that answers": (
        {f"https://up.example/{n}": "404" for n in range(4)},
        ["", "", "", ""],
    ),
    "a page of the host is alive": (
        {
            "https://up.example/": "alive",
            "https://up.example/1": "dead",
            "https://up.example/2": "dead",
        },
        ["", ""],
    ),
    "files of one repository": (
        {f"{GITHUB}octo/gone/blob/main/{n}.md": "dead" for n in range(4)},
        ["github.com/octo/gone"],
    ),
    "a repository and its files": (
        {f"{GITHUB}octo/gone": "dead", f"{GITHUB}octo/gone/blob/main/a.md": "dead"},
        ["github.com/octo/gone"],
    ),
    "repositories of a deleted owner": (
        {f"{GITHUB}octo/{n}": "dead" for n in range(4)},
        ["github.com/octo"],
    ),
    "models of a deleted owner": (
        {f"{HUB}octo/m{n}": "dead" for n in range(3)},
        ["huggingface.co/octo"],
    ),
    "two dead repositories": ({f"{GITHUB}octo/{n}": "dead" for n in range(2)}, ["", ""]),
    "an owner with a repository that is alive": (
        {**{f"{GITHUB}octo/{n}": "dead" for n in range(4)}, f"{GITHUB}octo/alive": "alive"},
        ["", "", "", ""],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_place_of_a_cause(case: str) -> None:
    statuses, places = CASES[case]
    source = SourceText("a.md", "".join(f"{url}\n" for url in statuses))
    links: list[LinkResult] = []
    findings: list[Finding] = []
    for number, (url, status) in enumerate(statuses.items()):
        parsed = recognize(url)
        assert isinstance(parsed, ParsedLink)
        is_missing = status == "404"
        shown = Status.DEAD if is_missing else Status(status)
        row = link(source, f"e{number}", url, shown)
        links.append(replace(row, target=parsed.target, http_status=404 if is_missing else None))
        if shown is Status.DEAD:
            findings.append(replace(finding(source, f"e{number}", url), recognized=parsed))
    causes = group_by_cause(findings, result(tuple(findings), tuple(links)))
    assert [cause.place for cause in causes] == places
    assert sum(len(cause.findings) for cause in causes) == len(findings)


def test_one_target_in_several_entries_is_one_cause() -> None:
    url = f"{GITHUB}octo/gone"
    source = SourceText("a.md", url)
    parsed = recognize(url)
    found = [replace(finding(source, f"e{n}", url), recognized=parsed) for n in range(3)]
    row = link(source, "e0", url, Status.DEAD)
    other = replace(found[0], rule="moved-link")
    places = tuple(Occurrence(row.occurrences[0].span, f"e{n}", "code") for n in range(3))
    shown = result(tuple(found), (replace(row, occurrences=places),))
    assert [len(cause.findings) for cause in group_by_cause([*found, other], shown)] == [3, 1]
