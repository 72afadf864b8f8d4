"""What somebody writes into a catalog cannot speak to the runner."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.action.git_world import Repository, Run
from tests.action.runner import Command, commands, read_variables
from tests.report.result_builders import TRIES

ALLOWED = {"error", "warning", "notice"}


def actions(folder: Path) -> dict[str, str]:
    names = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
    for name in names:
        (folder / name).touch()
    return {"GITHUB_ACTIONS": "true", **{name: str(folder / name) for name in names}}


def obeyed(out: str, err: str) -> list[Command]:
    found = commands(out) + commands(err)
    assert {command.name for command in found} <= ALLOWED
    for command in found:
        assert set(command.properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert command.properties["title"].startswith("linkcheck")
    return found


def hostile_catalog(repository: Repository) -> None:
    entries = []
    for number, words in enumerate(TRIES):
        said = json.dumps(words)
        entries.append(
            f"- id: entry-{number}\n  name: {said}\n  kind: {said}\n  aliases: [{said}]\n"
            f"  license: {said}\n  notes: {said}\n  {said}: 1\n"
            f"  links:\n    code: {said}\n    {said}: https://github.com/nobody/x{number}\n"
            f"  ignore: [{{rule: dead-link, reason: {said}, until: 2020-01-01}}]\n"
        )
    repository.write("catalog/a.yaml", "".join(entries))
    for number, words in enumerate(TRIES):
        name = words.replace("/", "_").replace("\0", "_")[:60]
        (repository.root / "catalog" / f"{name}.md").write_bytes(
            f"- [{number}](https://github.com/nobody/y{number})\n- [b](htps://b.example)\n".encode()
        ) if _writable(name) else None


def _writable(name: str) -> bool:
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return name.strip() not in ("", ".", "..")


@pytest.mark.skipif(os.name == "nt", reason="such file names do not exist there")
def test_catalog_text_becomes_no_command_output_or_environment_line(
    repository: Repository, program: Run, tmp_path: Path
) -> None:
    hostile_catalog(repository)
    env = actions(tmp_path)
    done = program(
        repository.root, "run", "--offline", "-v", "-o", "out.json", "-o", "out.sarif", env=env
    )
    assert done.returncode == 1, done.stderr
    assert len(obeyed(done.stdout, done.stderr)) >= 10
    outputs = read_variables((tmp_path / "GITHUB_OUTPUT").read_text("utf-8"))
    assert set(outputs) == {"outcome", "findings", "report"}
    assert (outputs["outcome"], outputs["report"]) == ("complete", "out.json")
    assert outputs["findings"].isdigit()
    assert (tmp_path / "GITHUB_ENV").read_bytes() == b""
    assert (tmp_path / "GITHUB_PATH").read_bytes() == b""
    for name in ("out.json", "out.sarif"):
        text = (repository.root / name).read_text("utf-8")
        json.loads(text)
        assert commands(text) == []


@pytest.mark.parametrize("words", TRIES)
def test_text_quoted_in_errors_is_no_command(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from linkcheck.cli import main

    for name, value in actions(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "linkcheck.toml").write_text(
        f"{json.dumps(words)} = 1\n", encoding="utf-8", errors="replace"
    )
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    assert main(["run", "--no-store"]) == 2
    captured = capsys.readouterr()
    assert len(obeyed(captured.out, captured.err)) == 1
    assert (tmp_path / "GITHUB_OUTPUT").read_bytes() == b""


def test_the_traceback_of_a_bug_is_no_command(tmp_path: Path) -> None:
    import subprocess

    from tests.action.git_world import clean_environment

    program = (
        "from linkcheck.cli import github_actions\n"
        "github_actions.quote_tracebacks()\n"
        "raise ValueError('x\\n::set-env name=A::b\\n##[add-path]/tmp')\n"
    )
    done = subprocess.run(
        (sys.executable, "-c", program),
        env=clean_environment(GITHUB_ACTIONS="true"),
        capture_output=True,
        text=True,
    )
    assert "::set-env" in done.stderr
    assert commands(done.stdout) + commands(done.stderr) == []
