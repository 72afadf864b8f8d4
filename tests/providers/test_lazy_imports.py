"""Libraries of one service are imported only by runs that check links of this service."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def imported_packages(folder: Path, *urls: str) -> set[str]:
    """Run linkcheck on a list in a subprocess; return the top-level packages it imported."""
    (folder / "README.md").write_text("".join(f"- [Name]({url})\n" for url in urls), "utf-8")
    done = subprocess.run(
        (sys.executable, "-X", "importtime", "-m", "linkcheck", "run", "README.md", "--sandbox"),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr[-2000:]
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize(
    ("url", "is_imported"),
    [
        ("https://huggingface.co/google-bert/bert-base-uncased", True),
        ("https://example.org/", False),
        ("https://github.com/octo/lost", False),
        ("https://arxiv.org/abs/2303.14070", False),
        ("https://doi.org/10.1000/182", False),
    ],
)
def test_huggingface_hub_is_imported_for_links_to_hugging_face_only(
    tmp_path: Path, url: str, is_imported: bool
) -> None:
    imported = imported_packages(tmp_path, url)
    assert "linkcheck" in imported
    assert ("huggingface_hub" in imported) == is_imported
