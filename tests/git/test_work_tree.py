"""The files of a working tree, without ever leaving it."""

import os
import subprocess
from pathlib import Path

import pytest

from linkcheck import git as git_reader


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(("git", "-C", str(root), *identity, *arguments), check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    (root / "docs").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("# Secret\n")
    git(root, "init", "-q", "-b", "main")
    (root / "README.md").write_text("# Read\n")
    (root / "docs" / "ä b.md").write_text("# Deep\n", encoding="utf-8")
    (root / "docs" / "gone.md").write_text("# Gone\n")
    (root / "away.md").symlink_to("../secret.md")
    (root / "outside").symlink_to("..")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "one")
    (root / "docs" / "gone.md").unlink()
    (root / "new.md").write_text("# New\n")
    return root


def work_tree(root: Path) -> git_reader.WorkTree:
    tree = git_reader.find_work_tree(root)
    assert tree is not None
    return tree


@pytest.mark.parametrize(
    "path", ["README.md", "docs", "docs/ä b.md", "docs/gone.md", "new.md", "away.md"]
)
def test_what_is_in_the_index_or_on_disk_exists(root: Path, path: str) -> None:
    assert work_tree(root / "docs").has(path)


@pytest.mark.parametrize(
    "path",
    ["readme.md", "Docs", "docs/README.md", "README.md/x", ".git", ".git/config", "\0", "a" * 5000],
)
def test_everything_else_does_not(root: Path, path: str) -> None:
    assert not work_tree(root).has(path)


def test_behind_a_symbolic_link_nothing_is_known_and_nothing_is_read(root: Path) -> None:
    tree = work_tree(root)
    assert tree.has("outside/whatever.md")
    for path in ("away.md", "outside/secret.md", "../secret.md", "/etc/passwd", ".git/config"):
        assert tree.read(path) is None


def test_regular_files_are_read(root: Path) -> None:
    tree = work_tree(root)
    assert tree.read("docs/ä b.md") == "# Deep\n"
    assert tree.read("new.md") == "# New\n"
    assert tree.read("docs") is None
    assert tree.read("docs/gone.md") is None


def test_large_files_and_pipes_are_not_read(root: Path) -> None:
    (root / "large.md").write_bytes(b"#" * (git_reader.MAX_LINKED_BYTES + 1))
    os.mkfifo(root / "pipe.md")
    tree = work_tree(root)
    assert tree.read("large.md") is None
    assert tree.read("pipe.md") is None


def test_a_submodule_is_not_looked_into(root: Path) -> None:
    commit = git_reader.commit_of(root, "HEAD")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{commit},vendor/sub")
    tree = work_tree(root)
    assert tree.has("vendor/sub/README.md")
    assert not tree.has("vendor/other")


def test_outside_of_git_there_is_no_working_tree(tmp_path: Path) -> None:
    assert git_reader.find_work_tree(tmp_path) is None
    (tmp_path / ".git").mkdir()
    assert git_reader.find_work_tree(tmp_path) is None


def test_a_program_named_by_the_configuration_is_not_run(root: Path) -> None:
    program = root.parent / "monitor"
    program.write_text(f"#!/bin/sh\ntouch {root.parent}/ran\n")
    program.chmod(0o755)
    git(root, "config", "core.fsmonitor", str(program))
    assert work_tree(root).has("README.md")
    assert not (root.parent / "ran").exists()


def test_the_files_of_a_commit(root: Path) -> None:
    files = git_reader.Revision(root, git_reader.commit_of(root, "HEAD"))
    assert files.read("docs/gone.md") == "# Gone\n"
    assert files.has("docs")
    assert files.has("outside/x")
    assert not files.has("new.md")
    assert files.read("new.md") is None
    assert files.read("away.md") is None
    assert set(files.paths()) == {"README.md", "docs/ä b.md", "docs/gone.md"}
