"""``linkcheck import``, ``linkcheck render`` and the facts kept in ``observed.json``."""

import json
from pathlib import Path

from tests.cli.cli_runner import ROOT, Linkcheck

LIST = """\
# Models

- **MedBot** (2023-03-24)
  - Paper: https://arxiv.org/abs/2303.14070
  - Code: https://github.com/linkcheck-demo/medbot
  - License: Apache 2.0
"""

CATALOG = """\
- id: medbot
  name: MedBot | <b>bold</b> @someone
  kind: model
  links: {code: 'gh:linkcheck-demo/livelytool'}
"""


def test_a_list_becomes_entries_that_check_clean(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(LIST)
    done = linkcheck("import", "list.md", "-o", "drafts")
    assert done.code == 0
    assert "1 entry" in done.err
    text = (tmp_path / "drafts/models.yaml").read_text("utf-8")
    for part in ("name: MedBot", "2023-03-24", "license: Apache-2.0", "2303.14070"):
        assert part in text
    assert linkcheck("run", "drafts", "--offline").code == 0


def test_drafts_are_not_overwritten_unasked(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text(LIST)
    assert linkcheck("import", "list.md", "-o", "drafts").code == 0
    (tmp_path / "drafts/models.yaml").write_text("mine")
    again = linkcheck("import", "list.md", "-o", "drafts")
    assert again.code == 2
    assert "--force" in again.err
    assert (tmp_path / "drafts/models.yaml").read_text() == "mine"


def test_tables_go_between_the_markers_and_stay(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog/a.yaml").write_text(CATALOG)
    (tmp_path / "catalog/observed.json").write_text('{"medbot": {"stars": 1200}}')
    page = tmp_path / "README.md"
    page.write_bytes(
        b"before\r\n<!-- linkcheck:begin -->\r\nold\r\n<!-- linkcheck:end -->\r\nafter\r\n"
    )
    assert linkcheck("render", "--into", "README.md", "--check").code == 1
    assert linkcheck("render", "--into", "README.md").code == 0
    first = page.read_bytes()
    assert first.startswith(b"before\r\n")
    assert first.endswith(b"after\r\n")
    assert b"\r\nold\r\n" not in first
    assert b"1,200" in first or b"1200" in first
    assert b"<b>" not in first
    assert linkcheck("render", "--into", "README.md", "--check").code == 0
    assert page.read_bytes() == first


def test_missing_markers_come_with_a_hint(linkcheck: Linkcheck, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(CATALOG)
    (tmp_path / "README.md").write_text("nothing here")
    done = linkcheck("render", "a.yaml", "--into", "README.md")
    assert done.code == 2
    assert "linkcheck:begin" in done.err


def test_the_shipped_page_is_current(linkcheck: Linkcheck) -> None:
    assert (
        linkcheck("render", "catalog", "--into", "catalog/README.md", "--check", cwd=ROOT).code == 0
    )


def test_two_runs_over_the_same_world_write_the_same_facts(
    linkcheck: Linkcheck, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(CATALOG)
    for _ in range(2):
        done = linkcheck("run", "a.yaml", "--sandbox", "--observed", "observed.json")
        assert done.code == 0, done.out
        text = (tmp_path / "observed.json").read_text("utf-8")
        assert json.loads(text)["medbot"]["stars"] > 0
    partial = linkcheck("run", "a.yaml", "--sandbox", "--only", "web", "--observed", "x.json")
    assert partial.code == 2
