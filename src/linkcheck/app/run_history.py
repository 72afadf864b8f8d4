"""What the store remembers, joined to a result for the reports that draw it."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.run_history import History, RunSummary, lifetime

if TYPE_CHECKING:
    from linkcheck.store import SqliteStore


def with_history(result: RunResult, store: Path | None) -> RunResult:
    """Return the result with the runs and lifetimes that the store at ``store`` knows.

    A sandbox run has no past; nor has one without a store, or with one that was never written.
    """
    if store is None or result.sandbox or not store.is_file():
        return result
    from linkcheck.store import open_store

    with open_store(store, read_only=True) as opened:
        return replace(result, history=history_of(opened))


def history_of(store: "SqliteStore") -> History:
    """Return what a store tells of earlier runs, oldest first, and of every target's life."""
    runs = tuple(
        RunSummary(run.finished, run.by_status)
        for run in reversed(store.runs())
        if run.outcome == RunOutcome.COMPLETE.value
    )
    lives = (lifetime(evidence) for evidence in store.all_targets_history())
    return History(runs, tuple(life for life in lives if life is not None))
