"""``linkcheck render --site`` from the command line, with a real store."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from linkcheck.cli import main
from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason, Observation, Outcome
from linkcheck.model.target import Target, TargetKind
from linkcheck.store import open_store
from tests.report.report_results import NOW

CATALOG = """\
- id: chatdoctor
  name: ChatDoctor
  kind: model
  license: Apache-2.0
  links:
    code: https://github.com/Kent0n-Li/ChatDoctor
"""
TARGET = Target(
    TargetKind.GITHUB_REPO, "kent0n-li/chatdoctor", "https://github.com/Kent0n-Li/ChatDoctor"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog/models.yaml").write_text(CATALOG, encoding="utf-8")
    return tmp_path


def remember(here: Path) -> None:
    """Record a history in which the repository changes its license and is deleted."""
    outcomes: tuple[Outcome, ...] = (
        Found(RepositoryFacts(license="MIT")),
        Found(RepositoryFacts(license="GPL-3.0")),
        Gone(GoneReason.NOT_FOUND),
    )
    with open_store(here / ".linkcheck/store.db") as store:
        store.record(
            [Observation(TARGET, NOW + timedelta(days=n), o) for n, o in enumerate(outcomes)]
        )


def test_site_from_files_alone(here: Path) -> None:
    (here / "catalog/observed.json").write_text(
        json.dumps({"chatdoctor": {"stars": 3500, "last_push": "2026-05"}}), encoding="utf-8"
    )
    assert main(["render", "--site", "out", "--title", "My list"]) == 0
    page = (here / "out/entry/chatdoctor.html").read_text(encoding="utf-8")
    assert "3,500" in page
    assert "My list" in (here / "out/index.html").read_text(encoding="utf-8")


def test_the_history_of_the_store_is_shown(here: Path) -> None:
    remember(here)
    assert main(["render", "--site", "out", "--base-url", "https://me.example/list/"]) == 0
    changes = (here / "out/changes.html").read_text(encoding="utf-8")
    assert "license: MIT became GPL-3.0" in changes
    assert "is gone" in changes
    entry = (here / "out/entry/chatdoctor.html").read_text(encoding="utf-8")
    assert "2026-11-22" in entry
    feed = (here / "out/atom.xml").read_text(encoding="utf-8")
    assert "https://me.example/list/changes.html" in feed


def test_rendering_again_removes_pages_of_removed_entries(here: Path) -> None:
    main(["render", "--site", "out"])
    text = CATALOG.replace("chatdoctor", "other").replace("ChatDoctor", "Other")
    (here / "catalog/models.yaml").write_text(text, encoding="utf-8")
    assert main(["render", "--site", "out"]) == 0
    assert sorted(path.name for path in (here / "out/entry").iterdir()) == ["other.html"]


def test_folder_with_other_things_is_left_alone(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine").mkdir()
    (here / "mine/index.html").write_text("mine", encoding="utf-8")
    assert main(["render", "--site", "mine"]) == 2
    assert "other things" in capsys.readouterr().err
    assert (here / "mine/index.html").read_text(encoding="utf-8") == "mine"


def test_the_report_plots_the_history_of_the_store(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    remember(here)
    assert main(["run", "--offline", "--no-progress", "-o", "report.html"]) in (0, 1)
    page = (here / "report.html").read_text(encoding="utf-8")
    assert "the store has followed 1 target" in page
