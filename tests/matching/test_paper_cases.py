"""The labeled cases on papers and duplicates: that they are readable, and up to date."""

import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def bench() -> Any:
    sys.path.insert(0, str(ROOT))
    try:
        return import_module("benchmarks.matching_papers")
    finally:
        sys.path.remove(str(ROOT))


BENCH = bench()
CASES = tuple(BENCH.cases())
RULES = ("title-mismatch", "retracted-paper", "published-paper", "duplicate-entry")
RULES += ("duplicate-link", "forked-repository")


def test_what_is_generated_is_what_the_script_writes():
    script = ROOT / "tools" / "make_title_cases.py"
    done = subprocess.run([sys.executable, script, "--check"], check=False, cwd=ROOT)
    assert done.returncode == 0, "run python tools/make_title_cases.py"


def test_every_case_has_a_name_of_its_own_and_a_reason():
    assert [name for name, count in Counter(case.id for case in CASES).items() if count > 1] == []
    for case in CASES:
        assert case.given["why"].endswith(".")
        assert case.given["source"] in ("public fact", "made")
        assert ("entry" in case.given) != ("markdown" in case.given)


@pytest.mark.parametrize("rule", RULES)
def test_each_half_of_a_rule_has_both_sides(rule: str):
    mine = [case for case in CASES if rule in case.rules]
    for half in ("tune", "held"):
        labels = [case.expect is not None for case in mine if case.half == half]
        assert any(labels)
        assert not all(labels)


def test_every_case_can_be_judged():
    for case in CASES:
        for finding in BENCH.judge(case):
            assert finding.rule in case.rules
