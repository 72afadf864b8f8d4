"""Each format against its own schema or grammar, and what people see of it."""

import json
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pyromark
import pytest
import xmlschema
from jsonschema import Draft4Validator, Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from linkcheck.model.finding import Confidence, Severity
from linkcheck.model.result import Notice, RunOutcome, RunResult, ServiceResult
from linkcheck.report import PROJECT_URL, OutputCapabilities, get_renderer, sarif
from linkcheck.report.check_run import build_check_run
from linkcheck.report.info_summary import listed_findings
from linkcheck.report.read_json import load_report
from tests.report import result_builders as build

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests" / "data" / "schemas"
SARIF = Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0.json").read_text("utf-8")))
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))
REPORT = Draft202012Validator(
    json.loads((ROOT / "docs/schema/report.schema.json").read_text("utf-8"))
)
COMMAND = re.compile(
    r"::(error|warning|notice) "
    r"(?:(?:file|line|endLine|col|endColumn|title)=[^:,\r\n]*(?:,|(?=::)))+"
    r"::[^\r\n]*"
)
INCONCLUSIVE = build.result(reason="12 of 14 hosts gave no answer: it is this machine.")
QUIET = build.result(entries=(build.entry_result("chatdoctor"),))
CHANGE = build.result(build.finding(1), changed_since="0123456789abcdef0123456789abcdef01234567")
BUGGY = build.result(
    notices=(Notice("the rule x failed on <b>y</b>: ::error::", defect=True), Notice("No token.")),
)
UNCHECKED = replace(
    build.USUAL,
    services={
        "github": ServiceResult(
            RunOutcome.INCONCLUSIVE,
            "GitHub could not be checked: 80 of 80 targets failed (HTTP 502: the server failed). "
            "Its links are not judged. Run again when it works.",
            80,
            80,
        ),
        "web": ServiceResult(links=40, unchecked=2),
    },
)
CASES = {
    "usual": build.USUAL,
    "quiet": QUIET,
    "change": CHANGE,
    "inconclusive": INCONCLUSIVE,
    "bug": BUGGY,
    "service": UNCHECKED,
}


def hostile() -> RunResult:
    findings = tuple(
        replace(
            build.finding(n, message=words, file=f"catalog/{words}.yaml", entry=words),
            url=words,
            fix=replace(build.MOVED.fix, description=words) if build.MOVED.fix else None,
        )
        for n, words in enumerate(build.TRIES, 1)
    )
    return build.result(
        *findings,
        suppressed=findings[:3],
        notices=tuple(Notice(words) for words in build.TRIES[:5]),
        entries=tuple(build.entry_result(words) for words in build.TRIES),
    )


EVERYTHING = {**CASES, "hostile": hostile()}


def rendered(name: str, result: RunResult) -> str:
    return get_renderer(name)(result, OutputCapabilities())


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ["markdown", "github", "junit", "text"])
def test_what_people_see(name: str, case: str, snapshot: SnapshotAssertion) -> None:
    assert rendered(name, CASES[case]) == snapshot


@pytest.mark.parametrize("case", EVERYTHING)
def test_sarif_is_valid(case: str) -> None:
    document = json.loads(rendered("sarif", EVERYTHING[case]).encode())
    assert [error.message for error in SARIF.iter_errors(document)] == []
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    for row in run["results"]:
        assert rules[row["ruleIndex"]]["id"] == row["ruleId"]
        assert row["partialFingerprints"]
        for change in (c for fix in row.get("fixes", ()) for c in fix["artifactChanges"]):
            assert change["replacements"]


def test_sarif_has_a_maximum_of_results_including_ignored_ones() -> None:
    findings = tuple(build.finding(number) for number in range(sarif.MAX_RESULTS - 1))
    ignored = tuple(build.finding(number, entry="ignored") for number in range(3))
    result = replace(build.result(), findings=findings, suppressed=ignored)
    results = json.loads(rendered("sarif", result))["runs"][0]["results"]
    assert len(results) == sarif.MAX_RESULTS
    assert ["suppressions" in row for row in results[-2:]] == [False, True]


def test_sarif_has_rules_fixes_suppressions_and_related_locations() -> None:
    (run,) = json.loads(rendered("sarif", build.USUAL))["runs"]
    by_rule = {row["ruleId"]: row for row in run["results"]}
    replacement = by_rule["moved-link"]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement == {
        "deletedRegion": {"startLine": 12, "startColumn": 11, "endLine": 12, "endColumn": 41},
        "insertedContent": {"text": "https://github.com/octo/new"},
    }
    assert (
        by_rule["duplicate-entry"]["relatedLocations"][0]["physicalLocation"]["region"]["startLine"]
        == 1
    )
    (silenced,) = [row for row in run["results"] if "suppressions" in row]
    assert silenced["suppressions"][0]["kind"] == "inSource"
    rule = next(r for r in run["tool"]["driver"]["rules"] if r["id"] == "moved-link")
    assert rule["help"]["markdown"].startswith("When moved-link fires.")
    assert rule["helpUri"].endswith("/docs/rules/moved-link.md")


@pytest.mark.parametrize("case", EVERYTHING)
def test_junit_is_valid(case: str) -> None:
    JUNIT.validate(rendered("junit", EVERYTHING[case]))


def test_junit_counts_errors_as_failures_and_the_unasked_as_skipped() -> None:
    root = ET.fromstring(rendered("junit", build.USUAL))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "0")
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert len(cases["chatdoctor"].findall("failure")) == 2
    assert cases["offline-model"].find("skipped") is not None
    assert "duplicate-entry" in (cases["chat-doctor"].findtext("system-out") or "")


@pytest.mark.parametrize("case", EVERYTHING)
def test_every_line_of_the_github_report_is_one_command(case: str) -> None:
    text = rendered("github", EVERYTHING[case])
    lines = text.split("\n")
    assert lines.pop() == ""
    for line in lines:
        assert COMMAND.fullmatch(line), line
    for level in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{level} ") for line in lines) <= 10


def test_each_link_entry_and_finding_is_one_line_of_json() -> None:
    words = ["plain", ', {"": ""}, ', '{"": ""}', ", ", '", "', "\n"]
    entries = tuple(build.entry_result(word) for word in words)
    text = rendered("json", build.result(entries=entries))
    begin = text.index('"entries": [')
    rows = text[begin : text.index("\n ]", begin)].splitlines()[1:]
    assert [json.loads(row.rstrip(","))["id"] for row in rows] == words


@pytest.mark.parametrize("case", EVERYTHING)
def test_json_is_valid_and_read_back_whole(case: str) -> None:
    text = rendered("json", EVERYTHING[case])
    document = json.loads(text)
    assert [error.message for error in REPORT.iter_errors(document)] == []
    assert json.loads(rendered("json", load_report(text, "x.json"))) == document


def test_the_most_important_come_first_and_the_rest_is_counted() -> None:
    many = [build.finding(n, severity=Severity.WARNING) for n in range(1, 14)]
    many += [build.finding(n, confidence=Confidence.LOW) for n in range(1, 12)]
    many.append(build.finding(99, message="The sure one."))
    lines = rendered("github", build.result(*many)).splitlines()
    assert len(lines) == 20
    assert lines[0].startswith("::error file=catalog/models.yaml,line=99,")
    assert "3 more like these are in the job summary" in lines[9]
    assert "4 more like these are in the job summary" in lines[19]


def test_a_long_summary_is_cut_with_a_notice() -> None:
    many = [build.finding(n, message="x" * 900) for n in range(1, 3000)]
    text = rendered("markdown", build.result(*many))
    assert len(text.encode()) < 1_000_000
    assert re.search(r"\*[\d,]+ more findings were left out", text)
    assert "How to silence it" in text


@pytest.mark.parametrize("case", EVERYTHING)
def test_outside_text_in_markdown_is_escaped(case: str) -> None:
    """Read as GitHub reads it: our tables, our links, our two HTML tags, and nothing else."""
    text = rendered("markdown", EVERYTHING[case])
    html = pyromark.html(text, options=pyromark.Options.ENABLE_TABLES)
    tags = Counter(re.findall(r"</?([a-z0-9]+)", html))
    allowed = "h2 h3 p em strong table thead tbody tr th td code a br sub blockquote ul li"
    assert set(tags) <= set(allowed.split())
    assert all(address.startswith(PROJECT_URL) for address in re.findall(r'href="([^"]*)"', html))
    assert "<img" not in html
    rows = [row for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL) if "<td>" in row]
    assert len(rows) == len(listed_findings(EVERYTHING[case]))
    assert all(row.count("<td>") == 2 for row in rows)
    shown = unescape(re.sub(r"<code>.*?</code>|<[^>]*>", "", html, flags=re.DOTALL))
    assert not re.search(r"@\w|#\d|GH-\d|://|www\.", shown, re.IGNORECASE)


@pytest.mark.parametrize(
    ("result", "code", "conclusion", "title"),
    [
        (QUIET, 0, "success", "nothing to mend in 1 entry"),
        (build.USUAL, 1, "failure", "error"),
        (INCONCLUSIVE, 3, "neutral", "could not tell"),
        (replace(build.USUAL, interrupted=True), 130, "neutral", "could not tell"),
    ],
)
def test_a_check_run_has_no_verdict_where_the_run_has_none(
    result: RunResult, code: int, conclusion: str, title: str
) -> None:
    shown = build_check_run(result, code)
    assert shown.conclusion == conclusion
    assert title in shown.title
