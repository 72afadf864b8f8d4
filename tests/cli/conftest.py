"""Fixtures that run the command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.cli_runner import Done, Linkcheck, run_linkcheck


@pytest.fixture
def linkcheck(tmp_path: Path) -> Linkcheck:
    """The command, run in an empty folder."""

    def run(*arguments: str, cwd: Path = tmp_path, env: Mapping[str, str] | None = None) -> Done:
        return run_linkcheck(*arguments, cwd=cwd, env=env)

    return run


@pytest.fixture(scope="session")
def demo_report(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The JSON report of ``linkcheck run --sandbox``, made once."""
    done = run_linkcheck(
        "run", "--sandbox", "--format", "json", cwd=tmp_path_factory.mktemp("sandbox")
    )
    assert done.code == 1, done.err
    return done.json
