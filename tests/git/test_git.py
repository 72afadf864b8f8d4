"""Reading git: real repositories in a temporary folder."""

import subprocess
from pathlib import Path

import pytest

from linkcheck import git as git_reader
from linkcheck.model.errors import UsageError


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ("git", "-C", str(root), *identity, *arguments), check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "catalog").mkdir()
    (root / "catalog" / "ä b.yaml").write_text("- old\n", encoding="utf-8")
    (root / "catalog" / "note.txt").write_text("not a catalog\n")
    (root / "elsewhere.yaml").write_text("- elsewhere\n")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "one")
    return root


def test_files_of_a_commit_have_their_old_text(repository: Path) -> None:
    commit = git_reader.commit_of(repository, "HEAD")
    (repository / "catalog" / "ä b.yaml").write_text("- new\n", encoding="utf-8")
    with git_reader.files_at(repository, commit, ["catalog"], (".yaml",)) as top:
        found = {path.relative_to(top).as_posix(): path.read_text() for path in top.rglob("*.yaml")}
    assert found == {"catalog/ä b.yaml": "- old\n"}
    assert not top.exists()


def test_a_subfolder_can_be_the_root(repository: Path) -> None:
    commit = git_reader.commit_of(repository / "catalog", "main")
    with git_reader.files_at(repository / "catalog", commit, ["."], (".yaml",)) as top:
        assert [path.name for path in top.iterdir()] == ["ä b.yaml"]


def test_symbolic_links_are_not_followed(repository: Path) -> None:
    (repository / "catalog" / "link.yaml").symlink_to("/etc/hostname")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "two")
    commit = git_reader.commit_of(repository, "HEAD")
    with git_reader.files_at(repository, commit, ["catalog"], (".yaml",)) as top:
        assert not (top / "catalog" / "link.yaml").exists()


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~9", ""])
def test_an_unknown_revision_is_an_error(repository: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="no revision"):
        git_reader.commit_of(repository, revision)


def test_outside_a_repository_the_error_has_a_hint(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not inside a git repository"):
        git_reader.repository_root(tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/me/list.git",
        "git@github.com:me/list.git",
        "ssh://git@github.com/me/list",
        "https://x-access-token:secret@github.com/me/list/",
    ],
)
def test_the_remote_names_the_repository(repository: Path, address: str) -> None:
    git(repository, "remote", "add", "origin", address)
    assert git_reader.remote_repository(repository) == "me/list"


def test_without_a_remote_there_is_no_name(repository: Path) -> None:
    assert git_reader.remote_repository(repository) is None


def test_the_merge_base_of_two_branches(repository: Path) -> None:
    base = git_reader.commit_of(repository, "HEAD")
    git(repository, "checkout", "-q", "-b", "topic")
    git(repository, "commit", "-q", "--allow-empty", "-m", "topic")
    git(repository, "checkout", "-q", "main")
    git(repository, "commit", "-q", "--allow-empty", "-m", "main goes on")
    assert git_reader.merge_base(repository, "main", "topic") == base
