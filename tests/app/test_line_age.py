"""Links whose lines are new, from the history of a real repository."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linkcheck.app.line_age import recent_links
from linkcheck.catalog.load import load_catalog
from linkcheck.engine.identify import identify
from linkcheck.model.observation import Evidence, Gone, GoneReason, Observation
from linkcheck.providers.table import recognize

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def git(root: Path, *arguments: str, days: int = 0) -> None:
    stamp = (NOW - timedelta(days=days)).isoformat()
    subprocess.run(
        ("git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments),
        cwd=root,
        check=True,
        capture_output=True,
        env={
            "GIT_AUTHOR_DATE": stamp,
            "GIT_COMMITTER_DATE": stamp,
            "HOME": str(root),
            "PATH": "/usr/bin:/bin",
        },
    )


def commit(root: Path, *dois: str, days: int) -> None:
    lines = [f"- [{doi}](https://doi.org/{doi})" for doi in dois]
    (root / "list.md").write_text("# List\n\n" + "\n".join(lines) + "\n")
    git(root, "add", "-A", days=days)
    git(root, "commit", "-qm", "x", days=days)


def recent(root: Path) -> list[str]:
    catalog = load_catalog([Path("list.md")], root=root)
    links = identify(catalog, recognize)
    evidence = {
        request.target: Evidence(
            request.target, (Observation(request.target, NOW, Gone(GoneReason.NOT_FOUND)),)
        )
        for request in links.requests
    }
    found = recent_links(catalog, links, evidence, root, NOW)
    return sorted(link.url.removeprefix("https://doi.org/") for link in found)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    return tmp_path


def test_a_line_added_within_60_days_is_recent(root: Path) -> None:
    commit(root, "10.1000/a", days=400)
    commit(root, "10.1000/a", "10.1000/b", days=90)
    commit(root, "10.1000/c", "10.1000/b", "10.1000/a", days=20)
    assert recent(root) == ["10.1000/c"]


def test_the_first_commit_of_a_young_repository_proves_nothing(root: Path) -> None:
    commit(root, "10.1000/a", days=20)
    commit(root, "10.1000/a", "10.1000/b", days=10)
    assert recent(root) == ["10.1000/b"]


def test_dated_links_are_not_looked_up(root: Path) -> None:
    commit(root, days=400)
    commit(root, "10.1101/2020.01.02.3456", "10.1000/a", days=1)
    assert recent(root) == ["10.1000/a"]


def test_without_history_nothing_is_recent(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("- [a](https://doi.org/10.1000/a)\n")
    assert recent(tmp_path) == []
    git(tmp_path, "init", "-q")
    assert recent(tmp_path) == []
    (tmp_path / "other").write_text("x")
    git(tmp_path, "add", "other", days=400)
    git(tmp_path, "commit", "-qm", "x", days=400)
    assert recent(tmp_path) == [], "the list is not part of the history"


def test_a_shallow_clone_proves_nothing(root: Path, tmp_path: Path) -> None:
    commit(root, days=400)
    commit(root, "10.1000/a", days=1)
    clone = tmp_path / "clone"
    git(root, "clone", "-q", "--depth=1", f"file://{root}", str(clone))
    assert recent(clone) == []
