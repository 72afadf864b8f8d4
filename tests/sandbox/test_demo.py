"""Every seeded defect is found, without any other error."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from linkcheck import app
from linkcheck.app import RunEnvironment
from linkcheck.model.finding import Severity
from linkcheck.model.observation import Status
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.target import Service
from linkcheck.sandbox import compare, demo

_OPTIONAL_SERVICES = frozenset({Service.ARXIV, Service.DOI, Service.WEB})


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunResult]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("work"))
        yield app.demo(RunEnvironment(Path.cwd())).result


def test_precision(result: RunResult) -> None:
    found = compare(result.findings, [rule.name for rule in result.rules])
    assert result.outcome is RunOutcome.COMPLETE
    assert not found.unexpected
    assert found.precision == 1.0


def test_recall(result: RunResult) -> None:
    checked = {
        link.target.service
        for link in result.links
        if link.target and link.status is not Status.SKIPPED
    }
    if missing := _OPTIONAL_SERVICES - checked:
        pytest.skip(f"nobody asks {sorted(missing)} in this build")
    found = compare(result.findings, [rule.name for rule in result.rules])
    assert not found.missed
    assert found.recall == 1.0


def test_decoys_have_no_findings(result: RunResult) -> None:
    decoys = {"flapping", "guarded", "refusing", "outage", "moved-for-now", "other-case"}
    decoys |= {"branch-renamed", "license-spelling", "base-spelling", "title-with-subtitle"}
    assert not [f for f in result.findings if f.entry in decoys and f.severity is not Severity.INFO]


def test_a_comparison_has_missed_defects_and_unexpected_errors(result: RunResult) -> None:
    rules = [rule.name for rule in result.rules]
    without = [f for f in result.findings if f.rule != "missing-path"]
    assert {defect.rule for defect in compare(without, rules).missed} >= {"missing-path"}
    unexpected = [
        replace(f, entry="chatdoctor") for f in result.findings if f.rule == "missing-path"
    ]
    assert compare([*result.findings, *unexpected], rules).unexpected == tuple(unexpected)
    assert not compare(result.findings, ["missing-path"]).missed


def test_earlier_observations_are_before_now() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    assert all(observation.at < now for observation in demo.earlier_observations(now))
