"""A small world behind one sandbox, git repositories, and the program as users run it."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from linkcheck.sandbox import Sandbox, parse_fixtures
from tests.action.git_world import Repository, Run, clean_environment, repositories


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The one sandbox of this folder's tests; each test counts and breaks for itself."""
    with Sandbox.start(parse_fixtures({"repositories": repositories()})) as running:
        yield running


@pytest.fixture
def world(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, unharmed and with its counts at zero."""
    sandbox.clear_faults()
    sandbox.hosts.github.forge.forget()
    sandbox.reset_counts()
    yield sandbox
    sandbox.clear_faults()


def _environment(world: Sandbox, more: Mapping[str, str] | None) -> dict[str, str]:
    return clean_environment(
        **{**world.base_urls(), "GITHUB_TOKEN": "a-token-for-tests", **(more or {})}
    )


def _arguments(arguments: tuple[str, ...]) -> tuple[str, ...]:
    return (*arguments, "--allow-private") if arguments[:1] == ("run",) else arguments


@pytest.fixture
def program(world: Sandbox) -> Run:
    """``program(folder, "run", …)`` runs the command line in a process, routed to the sandbox."""

    def run(
        folder: Path, *arguments: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            (sys.executable, "-m", "linkcheck", *_arguments(arguments)),
            cwd=folder,
            env=_environment(world, env),
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture
def linkcheck(world: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same command line without a new process, which is what takes the time."""
    from linkcheck.cli import main

    def run(
        folder: Path, *arguments: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        out, err = io.StringIO(), io.StringIO()
        with monkeypatch.context() as changed:
            changed.chdir(folder)
            changed.setattr(sys, "excepthook", sys.excepthook)
            wanted = _environment(world, env)
            for name in set(os.environ) - set(wanted):
                changed.delenv(name)
            for name, value in wanted.items():
                changed.setenv(name, value)
            with redirect_stdout(out), redirect_stderr(err):
                code = main(_arguments(arguments))
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository."""
    return Repository(tmp_path / "repo")
