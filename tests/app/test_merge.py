"""A divided run, joined again, equals the undivided one, field by field."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from linkcheck.app import RunEnvironment, RunOptions, exit_code, load_result, merge
from linkcheck.app.check import run_check
from linkcheck.config import Config
from linkcheck.model.errors import UsageError
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.report import OutputCapabilities, get_renderer
from linkcheck.report.json import build_document
from linkcheck.sandbox import Sandbox
from linkcheck.sandbox.faults import Fault, Kind
from linkcheck.sandbox.fixtures import Behavior, Fixtures, WebHost

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/schema/report.schema.json").read_text("utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
HERE = RunEnvironment(Path.cwd(), now=lambda: NOW)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start() as started:
        yield started


@pytest.fixture(scope="module")
def undivided(sandbox: Sandbox) -> RunResult:
    return run_check(RunOptions(), Config(), HERE, sandbox)


def part(sandbox: Sandbox, number: int, of: int) -> tuple[str, RunResult]:
    """Run one part and read its result back from JSON, as ``linkcheck merge`` does."""
    result = run_check(RunOptions(shard=(number, of)), Config(), HERE, sandbox)
    name = f"part-{number}.json"
    return name, load_result(get_renderer("json")(result, OutputCapabilities()), name)


def without_requests(result: RunResult) -> dict[str, Any]:
    """Return the JSON report less the number of requests: smaller batches make more of them."""
    report = build_document(result)
    del report["run"]["requests"]
    return report


@pytest.fixture(scope="module")
def of_three(sandbox: Sandbox) -> list[tuple[str, RunResult]]:
    return [part(sandbox, number, 3) for number in (1, 2, 3)]


@pytest.mark.parametrize("of", [1, 2, 7])
def test_joined_parts_equal_the_undivided_run(
    sandbox: Sandbox, undivided: RunResult, of: int
) -> None:
    parts = [part(sandbox, number, of) for number in range(1, of + 1)]
    merged = merge(list(reversed(parts)), Config(), HERE)
    assert merged.outcome is RunOutcome.COMPLETE
    assert without_requests(merged) == without_requests(undivided)
    assert merged.findings == undivided.findings  # places, fixes and fingerprints included
    total = sum(result.requests.total for _, result in parts)
    assert merged.requests.total == total


def test_three_parts_equal_the_undivided_run(
    of_three: list[tuple[str, RunResult]], undivided: RunResult
) -> None:
    assert without_requests(merge(of_three, Config(), HERE)) == without_requests(undivided)


def test_a_part_keeps_to_the_schema(of_three: list[tuple[str, RunResult]]) -> None:
    outcomes = set()
    for _, result in of_three:
        report = json.loads(get_renderer("json")(result, OutputCapabilities()))
        VALIDATOR.validate(report)
        assert report.keys() <= SCHEMA["properties"].keys()
        assert {"shard", "seen"} <= report.keys()
        observations = [seen for known in report["seen"] for seen in known["observations"]]
        outcomes |= {seen["outcome"]["is"] for seen in observations}
    assert outcomes == {"found", "gone", "unknown"}


def test_the_joined_report_keeps_to_the_schema(of_three: list[tuple[str, RunResult]]) -> None:
    report = json.loads(get_renderer("json")(merge(of_three, Config(), HERE), OutputCapabilities()))
    VALIDATOR.validate(report)
    assert report.keys() < SCHEMA["properties"].keys()
    assert report.keys().isdisjoint({"shard", "seen"})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda report: report.pop("seen"),
        lambda report: report.pop("shard"),
        lambda report: report["shard"].update(part=0),
        lambda report: report["shard"].pop("catalog"),
        lambda report: report["seen"][0].update(target=["github-repo", "o/n"]),
        lambda report: report["seen"][0]["target"].__setitem__(0, "gitlab-repo"),
        lambda report: report["seen"][0]["observations"][0].update(at="yesterday"),
        lambda report: report["seen"][0]["observations"][0].update(outcome={"is": "gone"}),
    ],
)
def test_the_schema_knows_a_damaged_part(
    of_three: list[tuple[str, RunResult]], spoil: Callable[[dict[str, Any]], object]
) -> None:
    report = json.loads(get_renderer("json")(of_three[0][1], OutputCapabilities()))
    spoil(report)
    assert not VALIDATOR.is_valid(report)


def test_a_missing_part_makes_the_whole_inconclusive(
    of_three: list[tuple[str, RunResult]],
) -> None:
    merged = merge([of_three[0], of_three[2]], Config(), HERE)
    assert merged.outcome is RunOutcome.INCONCLUSIVE
    assert merged.findings == ()
    assert "Part 2 of 3" in (merged.reason or "")
    assert exit_code(merged, "error") == 3
    missing = {str(o.target) for o in merged.links if o.status.value == "skipped"}
    assert missing
    assert {link.status.value for link in merged.links} > {"skipped"}


def test_an_inconclusive_part_makes_the_whole_inconclusive(sandbox: Sandbox) -> None:
    sandbox.set_fault("*", Fault(Kind.REFUSED))
    try:
        parts = [part(sandbox, number, 2) for number in (1, 2)]
    finally:
        sandbox.clear_faults()
    merged = merge(parts, Config(), HERE)
    assert merged.outcome is RunOutcome.INCONCLUSIVE
    assert merged.reason


def test_a_part_that_was_stopped_makes_the_whole_inconclusive(
    of_three: list[tuple[str, RunResult]],
) -> None:
    stopped = replace(of_three[1][1], interrupted=True)
    read_again = load_result(get_renderer("json")(stopped, OutputCapabilities()), "part-2.json")
    merged = merge([of_three[0], ("part-2.json", read_again), of_three[2]], Config(), HERE)
    assert merged.outcome is RunOutcome.INCONCLUSIVE
    assert "Part 2 of 3" in (merged.reason or "")
    assert merged.findings == ()
    assert exit_code(merged, "error") == 3


def test_parts_that_do_not_belong_together_are_refused(
    sandbox: Sandbox, undivided: RunResult, of_three: list[tuple[str, RunResult]]
) -> None:
    with pytest.raises(UsageError, match="undivided"):
        merge([("whole.json", undivided)], Config(), HERE)
    with pytest.raises(UsageError, match=r"so is part-1\.json"):
        merge([of_three[0], ("again.json", of_three[0][1])], Config(), HERE)
    with pytest.raises(UsageError, match="another run"):
        merge([of_three[0], part(sandbox, 2, 2)], Config(), HERE)


def test_a_catalog_that_has_changed_since_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "list.md"
    file.write_text("- [A](https://github.com/ymcui/Chinese-LLaMA-Alpaca)\n", "utf-8")
    options = RunOptions(paths=(str(file),), shard=(1, 1))
    result = run_check(options, Config(), HERE, sandbox)
    assert merge([("one.json", result)], Config(), HERE).targets == 1
    file.write_text("- [B](https://github.com/someone/else)\n", "utf-8")
    with pytest.raises(UsageError, match="another state of the catalog"):
        merge([("one.json", result)], Config(), HERE)


def test_a_suggestion_of_a_shard_is_in_the_merged_result(tmp_path: Path) -> None:
    names = [f"gone-{n}.org" for n in range(4)]
    there = [f"there-{n}.org" for n in range(60)]
    world = Fixtures(
        hosts=(*map(WebHost, names), *(WebHost(name, default=Behavior()) for name in there)),
        snapshots={f"https://{name}/page": "20240102030405" for name in names[:3]},
    )
    file = tmp_path / "list.md"
    urls = [f"https://{name}/page" for name in (*names, *there)]
    file.write_text("".join(f"- [Thing {n}]({url})\n" for n, url in enumerate(urls)), "utf-8")
    paths = (str(file),)
    with Sandbox.start(world) as sandbox:
        whole = run_check(RunOptions(paths=paths), Config(), HERE, sandbox)
        parts = []
        for number in (1, 2, 3):
            result = run_check(RunOptions(paths=paths, shard=(number, 3)), Config(), HERE, sandbox)
            text = get_renderer("json")(result, OutputCapabilities())
            parts.append((f"{number}.json", load_result(text, f"{number}.json")))
    assert sum(finding.fix is not None for finding in whole.findings) == 3
    assert without_requests(merge(parts, Config(), HERE)) == without_requests(whole)
