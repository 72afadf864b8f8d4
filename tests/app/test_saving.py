"""Reports reach their files whole, or leave them as they were."""

import os
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import cast

import pytest

from linkcheck.app import save_report
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.result import RequestCount, RunOutcome, RunResult
from linkcheck.model.source_text import Span
from linkcheck.report import OutputCapabilities, get_renderer

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FINDING = Finding("dead-link", Severity.ERROR, "It is gone.", Span("a.md", 0, 1, 1, 1, 1, 2))
RESULT = RunResult(
    version="1",
    outcome=RunOutcome.COMPLETE,
    reason=None,
    started_at=NOW,
    finished_at=NOW,
    inputs=("a.md",),
    requests=RequestCount(0, {}),
    reused=0,
    links=(),
    entries=(),
    findings=(FINDING,) * 300,
)
TEXT = get_renderer("json")(RESULT, OutputCapabilities())
NOT_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


NOTHING = cast("Finding", None)
UNRENDERABLE = replace(RESULT, findings=(*RESULT.findings, NOTHING))
"""A result whose last finding cannot be rendered."""


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def test_a_report_is_written_and_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    save_report("json", RESULT, file)
    save_report("json", RESULT, file)
    assert file.read_text("utf-8") == TEXT
    assert names(tmp_path) == ["report.json"]


def test_a_failed_write_leaves_the_previous_file(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    with pytest.raises(AttributeError):
        save_report("json", UNRENDERABLE, file)
    assert names(tmp_path) == []
    file.write_text("former", "utf-8")
    with pytest.raises(AttributeError):
        save_report("json", UNRENDERABLE, file)
    assert file.read_text("utf-8") == "former"
    assert names(tmp_path) == ["report.json"]


@NOT_WINDOWS
def test_a_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "report.json", tmp_path / "link.json"
    file.touch(0o640)
    file.chmod(0o640)
    link.symlink_to(file.name)
    save_report("json", RESULT, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    file.write_text("former", "utf-8")
    save_report("json", RESULT, link)
    assert link.is_symlink()
    assert file.read_text("utf-8") == TEXT


@NOT_WINDOWS
def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[str] = []
    reader = Thread(target=lambda: received.append(pipe.read_text("utf-8")))
    reader.start()
    save_report("json", RESULT, pipe)
    reader.join(30)
    assert received == [TEXT]
