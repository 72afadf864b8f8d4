"""The pictures of the README show what linkcheck prints today."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_pictures_were_made_from_todays_data() -> None:
    tool = ROOT / "tools/make_pictures.py"
    done = subprocess.run(
        [sys.executable, tool, "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_pictures_load_nothing() -> None:
    svg = (ROOT / "docs/images/terminal.svg").read_text(encoding="utf-8")
    assert "@font-face" not in svg
    assert "url(" not in svg.replace("url(#", "")
