"""The commands that act: what they print, and what they leave alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from linkcheck.app import RunEnvironment, write_fixes
from linkcheck.app.fix import Fixes
from linkcheck.model.action import FileUpdate
from linkcheck.model.errors import UsageError
from linkcheck.sandbox import Sandbox
from linkcheck.sandbox.demo import shipped_catalog
from tests.cli.cli_runner import Linkcheck

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


@pytest.fixture
def services() -> Iterator[dict[str, str]]:
    """The environment that leads to services which are taken for the real ones."""
    with Sandbox.start() as sandbox:
        yield {**sandbox.base_urls(), "GITHUB_TOKEN": "a-token-for-tests"}


def test_fix_shows_a_diff_and_writes_it_once(
    linkcheck: Linkcheck, catalog: Path, services: dict[str, str]
) -> None:
    fix = ("fix", "--allow-private", "--no-store", "catalog")
    shown = linkcheck(*fix, env=services)
    assert shown.code == 1, shown.err
    assert shown.out.startswith("--- a/catalog/a.yaml\n+++ b/catalog/a.yaml\n")
    assert catalog.read_text() == CATALOG
    written = linkcheck(*fix, "--write", env=services)
    assert written.code == 0, written.err
    wanted = CATALOG.replace("old-renamedbench", "renamedbench")
    assert catalog.read_text() == wanted
    again = linkcheck(*fix, "--write", env=services)
    assert again.code == 0
    assert "Nothing to fix" in again.err
    assert catalog.read_text() == wanted


def test_sandbox_facts_edit_no_other_files(linkcheck: Linkcheck, catalog: Path) -> None:
    shown = linkcheck("fix", "--sandbox", "catalog")
    assert shown.code == 1
    written = linkcheck("fix", "--sandbox", "--write", "catalog")
    assert written.code == 2
    assert written.out == shown.out
    output = " ".join(written.err.split())
    assert "catalog/a.yaml: " in output
    assert "made-up facts" in output
    assert "nothing was written" in output
    assert "leave out --sandbox" in output
    assert catalog.read_text() == CATALOG


def test_the_sandboxs_own_catalog_may_be_edited(tmp_path: Path) -> None:
    here, there = RunEnvironment(shipped_catalog().parent), RunEnvironment(tmp_path)
    change = FileUpdate("catalog/models.yaml", "", "")  # nothing changes: nothing is written
    write_fixes(Fixes((change,), "", sandbox=True), here)
    with pytest.raises(UsageError, match="made-up facts"):
        write_fixes(Fixes((change,), "", sandbox=True), there)
    write_fixes(Fixes((change,), ""), there)


def test_fix_is_in_color_where_wanted(linkcheck: Linkcheck, catalog: Path) -> None:
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


def test_a_missing_token_comes_with_a_hint(linkcheck: Linkcheck, catalog: Path) -> None:
    done = linkcheck("run", "--issues", "--no-store", "--repo", "octo/catalog")
    assert done.code == 2
    assert "GITHUB_TOKEN" in done.err
    assert "--dry-run" in done.err
