"""The benchmarks run, and judge a small world rightly. Their figures are docs/performance.md's."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "command",
    [
        ("compare", "--links", "60", "--runs", "1", "--only", "linkcheck", "--time-scale", "0.01"),
        ("compare", "--links", "60", "--runs", "1", "--only", "linkcheck", "--no-limits"),
    ],
)
def test_the_comparison_runs_and_finds_nothing_wrong(command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{command[0]}", *command[1:], "--latency", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    [row] = [line for line in done.stdout.splitlines() if line.startswith("| linkcheck |")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    judged, wrong, finished = cells[6:9]
    assert (judged, wrong, finished) == ("60", "0", "1 of 1")


def test_the_targets_are_measured() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.targets", "startup", "--runs", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        "--version",
        "five links",
    ]
