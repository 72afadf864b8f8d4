"""Save and load results; compute exit codes."""

import os
import shutil
import stat
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.model.errors import UsageError
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.run_history import History, RunSummary, lifetime

if TYPE_CHECKING:
    from linkcheck.store import SqliteStore


def last_result_file(store: Path) -> Path:
    """Return the file of the last result, in the folder of the store."""
    return store.parent / "last.json"


def keep_last_result(result: RunResult, store: Path) -> None:
    """Save a result for ``linkcheck report``; ignore a folder that cannot be written."""
    path = last_result_file(store)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        save_report("json", result, path)


def save_report(name: str, result: RunResult, path: Path) -> None:
    """Write a report to a file, in UTF-8.

    The file is replaced only by a complete report: a full disk, a bug or Ctrl-C leaves the previous
    one. Files that cannot be replaced this way (a pipe, a link, another user's file, one in a
    read-only folder) are written in place. Raises OSError for a file that cannot be written and
    KeyError for an unknown format.
    """
    from linkcheck.report import OutputCapabilities, iter_report

    temporary = path.with_name(f".{path.name}.{os.getpid()}") if _is_replaceable(path) else None
    try:
        with (temporary or path).open("w", encoding="utf-8") as file:
            file.writelines(iter_report(name, result, OutputCapabilities()))
        if temporary is not None:
            _move_into_place(temporary, path)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _is_replaceable(path: Path) -> bool:
    """Return whether a file can be replaced by another one with no visible side effect."""
    if not os.access(path.parent, os.W_OK):
        return False
    try:
        status = path.lstat()
    except FileNotFoundError:
        return True
    is_owned = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    is_plain = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
    return is_plain and is_owned and os.access(path, os.W_OK)


def _move_into_place(temporary: Path, path: Path) -> None:
    with suppress(FileNotFoundError):
        temporary.chmod(stat.S_IMODE(path.stat().st_mode))
    try:
        temporary.replace(path)
    except OSError:  # a file mounted into a container cannot be replaced
        shutil.copyfile(temporary, path)


def write_observed(result: RunResult, path: Path) -> None:
    """Write the facts observed by a complete run to a catalog's ``observed.json``.

    Counts keep their previous rounded value until they leave its band, so that diffs stay small. An
    inconclusive run writes nothing. Raises UsageError if the file cannot be written.
    """
    if result.outcome is not RunOutcome.COMPLETE:
        return
    from linkcheck.report.observed import observed_json

    try:
        previous = path.read_text(encoding="utf-8") if path.is_file() else None
        text = observed_json(result.entries, previous)
        if text != previous:
            path.write_text(text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the observed facts cannot be written: {error}",
            where=str(path),
            hint="Name a file that you may write to with --observed",
        ) from None


def load_result(text: str, where: str) -> RunResult:
    """Return the result of a saved JSON report, with the properties of this version's rules.

    A report carries only the names of the rules. Raises UsageError if the text is no report.
    """
    from linkcheck.report.read_json import load_report
    from linkcheck.rules.table import NAMES, all_rules

    result = load_report(text, where)
    unknown = (rule for rule in result.rules if rule.name not in NAMES)
    return replace(result, rules=(*all_rules(), *unknown))


def exit_code(result: RunResult, fail_on: str) -> int:
    """Return the exit code of a result (0, 1, 2, 3 or 130)."""
    from linkcheck.model.finding import Severity

    if result.interrupted:
        return 130
    if result.outcome is RunOutcome.INCONCLUSIVE:
        return 3
    if any(notice.defect for notice in result.notices):
        return 2
    if not result.entries and not result.links and _is_unreadable(result):
        return 2
    if fail_on != "never":
        lowest = Severity(fail_on).rank
        if any(
            finding.severity.rank >= lowest and not result.is_unchecked(finding.target)
            for finding in result.findings
        ):
            return 1
    return 3 if result.service_failures else 0


def _is_unreadable(result: RunResult) -> bool:
    """Return whether all findings are problems of reading the catalog."""
    return bool(result.findings) and all(
        result.rule_of(finding).reports_problems for finding in result.findings
    )


def with_history(result: RunResult, store: Path | None) -> RunResult:
    """Return the result with the earlier runs and the lifetimes in the store.

    There are none for a sandbox run, without a store, or before the first run.
    """
    if store is None or result.sandbox or not store.is_file():
        return result
    from linkcheck.store import open_store

    with open_store(store, read_only=True) as opened:
        return replace(result, history=history_of(opened))


def history_of(store: "SqliteStore") -> History:
    """Return the complete runs in a store, oldest first, and the lifetime of every target."""
    runs = tuple(
        RunSummary(run.finished, run.by_status)
        for run in reversed(store.runs())
        if run.outcome == RunOutcome.COMPLETE.value
    )
    lives = (lifetime(evidence) for evidence in store.all_targets_history())
    return History(runs, tuple(life for life in lives if life is not None))
