"""A small world behind one sandbox, git repositories, and the program as users run it."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from git_world import Repository, Run, clean_environment, repositories

from linkcheck.sandbox import Sandbox, parse_world


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The one sandbox of this folder's tests; each test counts and breaks for itself."""
    with Sandbox.start(parse_world({"repositories": repositories()})) as running:
        yield running


@pytest.fixture
def world(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, unharmed and with its counts at zero."""
    sandbox.heal()
    sandbox.hosts.github.forge.forget()
    sandbox.reset_counts()
    yield sandbox
    sandbox.heal()


@pytest.fixture
def linkcheck(world: Sandbox) -> Run:
    """``linkcheck(folder, "run", …)``: the program in a process of its own, led to the sandbox."""

    def run(
        folder: Path, *arguments: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        private = ("--allow-private",) if arguments[:1] == ("run",) else ()
        return subprocess.run(
            (sys.executable, "-m", "linkcheck", *arguments, *private),
            cwd=folder,
            env=clean_environment(**{**world.base_urls(), "GITHUB_TOKEN": "t", **(env or {})}),
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository."""
    return Repository(tmp_path / "repo")
