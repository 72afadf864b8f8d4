"""What 'linkcheck init' writes, asks and leaves alone."""

import io
import json
import sys
from pathlib import Path

import pytest

from linkcheck.cli import github_actions
from linkcheck.config import load
from tests.action.git_world import Repository, Run

FILES = {
    "catalog/catalog.yaml",
    "linkcheck.toml",
    ".github/workflows/linkcheck.yml",
    ".github/workflows/linkcheck-pull-request.yml",
}


def files(root: Path) -> dict[str, str]:
    found = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in found}


def test_existing_files_are_kept_and_reported(linkcheck: Run, tmp_path: Path) -> None:
    (tmp_path / "linkcheck.toml").write_text("# mine\n")
    done = linkcheck(tmp_path, "init", "--yes")
    assert done.returncode == 0
    assert files(tmp_path)["linkcheck.toml"] == "# mine\n"
    assert "linkcheck.toml: exists and was left as it is (--force overwrites it)" in done.stdout
    done = linkcheck(tmp_path, "init", "--force")
    assert "linkcheck.toml: overwritten" in done.stdout
    assert set(files(tmp_path)) == FILES
    before = files(tmp_path)
    assert linkcheck(tmp_path, "init", "--yes").stdout.count("is there already") == 3
    assert files(tmp_path) == before


def test_each_file_is_confirmed(
    linkcheck: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "linkcheck.toml").write_text("# mine\n")
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\nn\ny\nn\n"))
    done = linkcheck(tmp_path, "init")
    assert done.returncode == 0, done.stderr
    assert "linkcheck.toml exists. Overwrite it? [y/N]" in done.stdout
    written = files(tmp_path)
    assert set(written) == FILES - {".github/workflows/linkcheck-pull-request.yml"}
    assert written["linkcheck.toml"] == "# mine\n"


def test_without_a_terminal_yes_is_suggested(
    linkcheck: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    done = linkcheck(tmp_path, "init")
    assert done.returncode == 2
    assert "'linkcheck init --yes' asks nothing" in done.stderr
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    ("there", "paths"),
    [
        ({}, ("catalog",)),
        ({"catalog/x.yaml": "[]"}, ("catalog",)),
        ({"README.md": "- [a](https://a.example)"}, ("README.md",)),
        ({"README.md": "no links"}, ("catalog",)),
    ],
)
def test_the_settings_name_what_there_is_to_check(
    linkcheck: Run, tmp_path: Path, there: dict[str, str], paths: tuple[str, ...]
) -> None:
    for name, text in there.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    linkcheck(tmp_path, "init", "--yes")
    assert load(tmp_path / "linkcheck.toml").run.paths == paths


@pytest.mark.parametrize(
    ("event", "payload", "base"),
    [
        ("pull_request", {"pull_request": {"base": {"sha": "abc"}}}, "abc"),
        ("merge_group", {"merge_group": {"base_sha": "def"}}, "def"),
        ("push", {"before": "abc"}, None),
        ("schedule", {}, None),
        ("pull_request", {"pull_request": None}, None),
        ("pull_request", [], None),
    ],
)
def test_the_base_comes_from_the_event(
    repository: Repository, tmp_path: Path, event: str, payload: object, base: str | None
) -> None:
    (tmp_path / "event.json").write_text(json.dumps(payload))
    env = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
    }
    assert github_actions.base_of_change(env, repository.root) == base
