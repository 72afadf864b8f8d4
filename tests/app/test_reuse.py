"""What a second run asks, and what it takes from the store."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linkcheck.app import RunEnvironment, RunOptions
from linkcheck.app.check import run_check
from linkcheck.config import Config
from linkcheck.model.observation import Status
from linkcheck.model.result import RunResult
from linkcheck.sandbox import Sandbox
from linkcheck.sandbox.fixtures import Behavior, Fixtures, WebHost

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOSTS = [f"there-{number}.org" for number in range(40)]
WORLD = Fixtures(
    hosts=(
        *(WebHost(name, default=Behavior(title=name)) for name in HOSTS),
        WebHost("gone.org"),
        WebHost("archived.org"),
        WebHost("broken.org", default=Behavior(status=500)),
    ),
    snapshots={"https://archived.org/page": "20240102030405"},
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(WORLD) as started:
        yield started


class Maintainer:
    """Runs on one list with one store, at the times given."""

    def __init__(self, sandbox: Sandbox, folder: Path, *, broken: bool = False) -> None:
        names = [*HOSTS, "gone.org", "archived.org", *(["broken.org"] if broken else [])]
        self._sandbox, self._folder = sandbox, folder
        self._list = folder / "list.md"
        self._list.write_text(
            "".join(f"- [Thing {n}](https://{name}/page)\n" for n, name in enumerate(names))
        )

    def run(self, *, days: float, max_age: timedelta | None = None) -> RunResult:
        now = START + timedelta(days=days)
        options = RunOptions((str(self._list),), store=self._folder / "s.db", max_age=max_age)
        return run_check(
            options, Config(), RunEnvironment(self._folder, now=lambda: now), self._sandbox
        )


CONNECTIVITY = {"api.github.com", "huggingface.co", "doi.org"}
"""Well-known services: without TLS, a few failing hosts prove nothing about the network."""


def requested(result: RunResult) -> set[str]:
    return set(result.requests.by_host) - CONNECTIVITY


def suggestions(result: RunResult) -> list[tuple[str, str | None]]:
    return [
        (finding.fingerprint, finding.fix.description if finding.fix else None)
        for finding in result.findings
    ]


def test_fresh_observations_are_reused(sandbox: Sandbox, tmp_path: Path) -> None:
    maintainer = Maintainer(sandbox, tmp_path)
    cold = maintainer.run(days=0)
    assert {link.status for link in cold.links} == {Status.ALIVE, Status.DEAD}
    assert sum(fix is not None for _, fix in suggestions(cold)) == 1  # the archive's copy
    warm = maintainer.run(days=1, max_age=timedelta(days=30))
    assert warm.requests.total == 0
    assert warm.reused == len(warm.links)
    assert suggestions(warm) == suggestions(cold)


def test_gone_links_are_rechecked_in_time_for_confirmation(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    maintainer = Maintainer(sandbox, tmp_path)
    month = timedelta(days=30)
    gone = {"gone.org", "archived.org"}
    asked = [
        gone & set(maintainer.run(days=days, max_age=month).requests.by_host)
        for days in (0, 1, 4, 8, 12)
    ]
    assert asked == [gone, set(), gone, set(), gone]  # and then every week


def test_gone_links_are_rechecked_by_default(sandbox: Sandbox, tmp_path: Path) -> None:
    maintainer = Maintainer(sandbox, tmp_path)
    maintainer.run(days=0)
    warm = maintainer.run(days=1)
    assert requested(warm) == {"gone.org", "archived.org"}


def test_unknown_observations_are_never_reused(sandbox: Sandbox, tmp_path: Path) -> None:
    maintainer = Maintainer(sandbox, tmp_path, broken=True)
    maintainer.run(days=0)
    warm = maintainer.run(days=1, max_age=timedelta(days=30))
    assert requested(warm) == {"broken.org"}


def test_archive_answers_expire(sandbox: Sandbox, tmp_path: Path) -> None:
    maintainer = Maintainer(sandbox, tmp_path)
    asked = [
        maintainer.run(days=days).requests.by_host.get("archive.org", 0)
        for days in (0, 6, 8, 14, 31)
    ]
    assert asked == [1, 0, 1, 0, 1]  # weekly what it has no copy of
