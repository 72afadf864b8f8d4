"""A forge on loopback with a catalog in it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkcheck.sandbox import Sandbox, parse_fixtures

sys.path.insert(0, str(Path(__file__).parent))

from bot_runs import Runs


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    world = {"repositories": [{"name": "octo/catalog", "previous": ["octo/old-name"]}]}
    with Sandbox.start(parse_fixtures(world), enforce_limits=False) as running:
        yield running


@pytest.fixture
def runs(sandbox: Sandbox) -> Runs:
    return Runs(sandbox)
