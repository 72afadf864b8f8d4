"""The commands that act: what they print, and what they leave alone."""

from pathlib import Path

import pytest
from cli_runner import Linkcheck

CATALOG = """\
# kept by hand
- id: repository-renamed  # as it is
  name: RenamedBench
  kind: benchmark
  links: {code: "https://github.com/linkcheck-demo/old-renamedbench"}
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "catalog" / "a.yaml"
    path.parent.mkdir()
    path.write_text(CATALOG)
    return path


def test_fix_shows_a_diff_writes_it_when_told_and_then_has_nothing_left(
    linkcheck: Linkcheck, catalog: Path
) -> None:
    shown = linkcheck("fix", "--sandbox", "--no-store", "catalog")
    assert shown.code == 1
    assert shown.out.startswith("--- a/catalog/a.yaml\n+++ b/catalog/a.yaml\n")
    assert catalog.read_text() == CATALOG
    written = linkcheck("fix", "--sandbox", "--no-store", "--write", "catalog")
    assert written.code == 0
    wanted = CATALOG.replace("old-renamedbench", "renamedbench")
    assert catalog.read_text() == wanted
    again = linkcheck("fix", "--sandbox", "--no-store", "--write", "catalog")
    assert again.code == 0
    assert "Nothing to fix" in again.err
    assert catalog.read_text() == wanted


def test_fix_is_in_colour_where_wanted(linkcheck: Linkcheck, catalog: Path) -> None:
    done = linkcheck("fix", "--sandbox", "--no-store", "--color", "always", "catalog")
    assert "\x1b[32m" in done.out


def test_a_dry_run_says_the_plan_within_eighty_columns(linkcheck: Linkcheck, catalog: Path) -> None:
    done = linkcheck("run", "--sandbox", "--no-store", "--dry-run", "catalog")
    assert "What would be done on the forge" in done.out
    assert "Update 1 moved link" in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines()), done.out
    aside = linkcheck("run", "--sandbox", "--no-store", "--dry-run", "--format", "json", "catalog")
    assert aside.json["schema_version"] == 1
    assert "What would be done" in aside.err


def test_without_a_token_the_way_out_is_named(linkcheck: Linkcheck, catalog: Path) -> None:
    done = linkcheck("run", "--issues", "--no-store", "--repo", "octo/catalog")
    assert done.code == 2
    assert "GITHUB_TOKEN" in done.err
    assert "--dry-run" in done.err
