"""The generated title cases are what their script writes."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_generated_title_cases_are_current() -> None:
    script = ROOT / "tools" / "make_title_cases.py"
    done = subprocess.run([sys.executable, script, "--check"], check=False, cwd=ROOT)
    assert done.returncode == 0, "run python tools/make_title_cases.py"
