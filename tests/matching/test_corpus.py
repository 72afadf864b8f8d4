"""The labeled corpus: well-formed, and no rule does worse on the held half than it did before."""

import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import matching

ROOT = Path(__file__).resolve().parents[2]


CASES = tuple(matching.cases())
SIZES = {
    "license-mismatch": 750,
    "license-undeclared": 75,
    "license-conflict": 50,
    "base-model-mismatch": 500,
    "release-date-mismatch": 180,
    "name-mismatch": 750,
}
"""The least number of cases by rule."""
FLOORS = {
    ("license-mismatch", "error"): (0.99, 0.96),
    ("license-undeclared", "warning"): (0.93, 1.0),
    ("license-conflict", "warning"): (1.0, 1.0),
    ("base-model-mismatch", "warning"): (0.96, 0.97),
    ("release-date-mismatch", "info"): (1.0, 1.0),
    ("name-mismatch", "warning"): (0.68, 0.78),
    ("duplicate-entry", "warning"): (1.0, 1.0),
    ("duplicate-link", "warning"): (1.0, 0.94),
    ("forked-repository", "info"): (0.66, 1.0),
}
"""The least precision and recall on the held half, by rule and severity."""


@pytest.mark.parametrize(("rule", "severity"), FLOORS)
def test_no_rule_does_worse_on_the_held_half(rule: str, severity: str) -> None:
    held = [case for case in CASES if rule in case.rules and case.half == "held"]
    results = [matching.run(case) for case in held]
    score = next(score for score in matching.scores(results) if score.severity == severity)
    wrong = [result.case.id for result in results if not result.is_right]
    precision, recall = FLOORS[rule, severity]
    assert score.precision >= precision, wrong
    assert score.recall >= recall, wrong


def test_each_case_has_a_unique_id() -> None:
    assert [name for name, count in Counter(case.id for case in CASES).items() if count > 1] == []


@pytest.mark.parametrize("file", sorted({case.file for case in CASES}))
def test_each_case_is_well_formed(file: str) -> None:
    for case in CASES:
        if case.file == file:
            given = case.fields
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case.id)
            assert given["expect"] in (None, "error", "warning", "info"), case.id
            assert given["source"] in ("public fact", "made"), case.id
            assert given["why"].endswith("."), case.id
            assert "\n" not in given["why"], case.id
            assert given.keys() <= matching.allowed_fields(case), case.id


@pytest.mark.parametrize("rule", SIZES)
def test_a_rule_has_many_cases_and_enough_of_both_kinds(rule: str) -> None:
    labels = [case.expect for case in CASES if rule in case.rules]
    assert len(labels) >= SIZES[rule]
    assert 0.3 <= labels.count(None) / len(labels) <= 0.8


def test_the_halves_are_alike() -> None:
    tune = sum(case.half == "tune" for case in CASES)
    assert 0.45 <= tune / len(CASES) <= 0.55
