"""Ctrl-C after the last link, while the archive is asked what it has of the dead ones."""

import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

from linkcheck.app import RunEnvironment, RunOptions, exit_code
from linkcheck.app.check import run_check
from linkcheck.config import Config
from linkcheck.model.protocols import SilentProgress
from linkcheck.model.result import RunOutcome
from linkcheck.sandbox import Sandbox
from linkcheck.sandbox.fixtures import Behavior, Fixtures, WebHost

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
THERE = [f"there-{number}.org" for number in range(20)]
WORLD = Fixtures(
    hosts=(*(WebHost(name, default=Behavior()) for name in THERE), WebHost("gone.org"))
)


class Impatient(SilentProgress):
    """Presses Ctrl-C as soon as the archive is asked."""

    def requested(self, host: str) -> None:
        if host == "archive.org":
            signal.raise_signal(signal.SIGINT)


def test_an_interrupted_archive_lookup_keeps_the_results(tmp_path: Path) -> None:
    assert threading.current_thread() is threading.main_thread()
    hosts = [*THERE, "gone.org"]
    (tmp_path / "list.md").write_text(
        "".join(f"- [Thing {n}](https://{host}/page)\n" for n, host in enumerate(hosts))
    )
    options = RunOptions((str(tmp_path / "list.md"),), store=tmp_path / "s.db")
    here = RunEnvironment(tmp_path, now=lambda: NOW, progress=Impatient())
    with Sandbox.start(WORLD) as sandbox:
        stopped = run_check(options, Config(), here, sandbox)
    assert stopped.interrupted
    assert stopped.outcome is RunOutcome.INCONCLUSIVE
    assert [finding.rule for finding in stopped.findings] == ["dead-link"]
    assert exit_code(stopped, "error") == 130
