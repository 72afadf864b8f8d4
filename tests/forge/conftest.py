"""A forge on loopback with a catalog in it."""

from collections.abc import Iterator

import pytest

from linkcheck.sandbox import Sandbox, parse_fixtures
from tests.forge.bot_runs import Runs


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    world = {"repositories": [{"name": "octo/catalog", "previous": ["octo/old-name"]}]}
    with Sandbox.start(parse_fixtures(world), enforce_limits=False) as running:
        yield running


@pytest.fixture
def runs(sandbox: Sandbox) -> Runs:
    return Runs(sandbox)
