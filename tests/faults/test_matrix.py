"""A sample of the fault matrix: every fault with one upstream."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="the matrix forks")
def test_no_fault_causes_a_wrong_status_a_hang_or_a_crash() -> None:
    done = subprocess.run(
        (sys.executable, "-m", "benchmarks.faults", "--sample", "--check", "--workers", "16"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 wrong, 0 late, 0 crashed" in done.stdout
