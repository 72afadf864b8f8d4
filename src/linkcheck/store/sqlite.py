"""The store in SQLite: one file, safe under ``kill -9`` and under two runs at once.

Write-ahead logging allows readers during writes; every batch is one transaction that takes the
write lock at its start (``BEGIN IMMEDIATE``), so it is stored whole or not at all.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from linkcheck.model.errors import StoreError
from linkcheck.model.observation import Evidence, Observation, Outcome
from linkcheck.model.target import Target, TargetKind
from linkcheck.model.wayback import ArchivedCopy
from linkcheck.store.codec import (
    Json,
    decode_outcome,
    decode_with_outcome,
    encode,
    format_time,
    parse_time,
)
from linkcheck.store.sqlite_connection import (
    open_for_reading,
    open_for_writing,
    open_temporary,
    transaction,
)
from linkcheck.store.store_errors import (
    is_corrupt,
    is_directory_error,
    looks_like_store,
    not_a_store_error,
    quarantine,
    to_store_error,
)
from linkcheck.store.wayback import ArchiveAnswer, read_archived_copies, write_archived_copies

MAX_OBSERVATIONS = 50
"""Observations kept of each target, besides the first and the last in which it was found."""

T = TypeVar("T")

_NEWEST = "SELECT at, body FROM observations WHERE target = ? ORDER BY at DESC LIMIT ?"
# Searched from both ends: usually the first row matches.
_FOUND = """
    SELECT at, body FROM observations WHERE target = ?1 AND at IN (
        SELECT at FROM (SELECT at FROM observations
            WHERE target = ?1 AND outcome = 'found' ORDER BY at LIMIT 1)
        UNION ALL SELECT at FROM (SELECT at FROM observations
            WHERE target = ?1 AND outcome = 'found' ORDER BY at DESC LIMIT 1)
    ) ORDER BY at DESC
"""
_TRIM = """
    DELETE FROM observations WHERE target = ?1 AND at < (
        SELECT at FROM observations WHERE target = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2
    ) AND at NOT IN (
        SELECT at FROM (SELECT at FROM observations
            WHERE target = ?1 AND outcome = 'found' ORDER BY at LIMIT 1)
        UNION ALL SELECT at FROM (SELECT at FROM observations
            WHERE target = ?1 AND outcome = 'found' ORDER BY at DESC LIMIT 1)
    )
"""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A recorded run."""

    started: datetime
    finished: datetime
    outcome: str
    """``complete`` or ``inconclusive``."""
    by_status: Mapping[str, int]
    """Number of links by status."""
    by_host: Mapping[str, int]
    """Number of requests by host."""


class SqliteStore:
    """Observations in one SQLite file; implements :class:`linkcheck.model.protocols.Store`.

    Thread-safe; calls are serialized. All failures are
    :class:`~linkcheck.model.errors.StoreError`. ``notices`` are messages for the report (about a
    damaged file that was moved aside).
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        """Open the file at ``path``; ``None`` opens a temporary database."""
        self.path = path
        self.read_only = read_only
        self.notices: tuple[str, ...] = ()
        self._lock = threading.RLock()
        self._connection = self._open()

    def history(self, targets: Iterable[Target], limit: int = 20) -> Mapping[Target, Evidence]:
        """Return the stored observations of each target, newest first.

        At most ``limit`` each, followed by the last and the first one in which the target was
        found, where those are older. Targets without observations are included. Rows that this
        version cannot decode are left out.
        """

        def read(connection: sqlite3.Connection) -> dict[Target, Evidence]:
            found: dict[Target, Evidence] = {}
            with transaction(connection, "BEGIN"):
                for target in targets:
                    if target in found:
                        continue
                    name = str(target)
                    rows = connection.execute(_NEWEST, (name, limit)).fetchall()
                    if len(rows) == limit:
                        oldest = rows[-1][0] if rows else "~"
                        extremes = connection.execute(_FOUND, (name,)).fetchall()
                        rows += [row for row in extremes if row[0] < oldest]
                    found[target] = Evidence(target, _observations(target, rows))
            return found

        targets = tuple(targets)
        return self._execute(read)

    def all_targets_history(self) -> Iterator[Evidence]:
        """Yield the observations of all targets, ordered by target, newest first.

        Read in chunks, so that a large store does not have to fit into memory.
        """
        last = ""
        while True:
            names = self._execute(partial(_read_target_names, after=last))
            if not names:
                return
            targets = [target for name, url in names if (target := _target(name, url))]
            yield from self.history(targets, limit=MAX_OBSERVATIONS).values()
            last = names[-1][0]

    def record(self, observations: Sequence[Observation]) -> None:
        """Record observations; all of them or, on failure, none. Trims the targets' history."""

        def write(connection: sqlite3.Connection) -> None:
            # Row by row: all rows of a large run take as much memory as the run.
            connection.executemany(
                "INSERT OR REPLACE INTO observations VALUES (?, ?, ?, ?, ?)",
                map(_row, observations),
            )
            connection.executemany(
                _TRIM,
                ((str(observation.target), MAX_OBSERVATIONS - 1) for observation in observations),
            )

        if observations:
            self._write(write)

    def cooldowns(self, now: datetime) -> Mapping[str, datetime]:
        """Return the end of each host's cooldown that lasts beyond ``now``, by host."""
        rows = self._execute(
            lambda connection: connection.execute(
                "SELECT host, until FROM pauses WHERE until > ? ORDER BY host", (format_time(now),)
            ).fetchall()
        )
        return {host: parse_time(until) for host, until in rows}

    def record_cooldowns(self, cooldowns: Mapping[str, datetime], now: datetime) -> None:
        """Record the end of each host's cooldown, and delete those that ended before ``now``."""
        rows = [(host, format_time(until)) for host, until in cooldowns.items()]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO pauses VALUES (?, ?)", rows)
            connection.execute("DELETE FROM pauses WHERE until <= ?", (format_time(now),))

        self._write(write)

    def archived_copies(self, urls: Sequence[str]) -> Mapping[str, ArchiveAnswer]:
        """Return the recorded answers of the web archive by URL: time and copy, if any."""
        return self._execute(lambda connection: read_archived_copies(connection, urls))

    def record_archived_copies(
        self, copies: Mapping[str, ArchivedCopy | None], at: datetime
    ) -> None:
        """Record answers of the web archive by URL; ``None`` for no copy."""
        if copies:
            self._write(lambda connection: write_archived_copies(connection, copies, at))

    def record_run(
        self,
        *,
        started: datetime,
        finished: datetime,
        outcome: str,
        by_status: Mapping[str, int],
        by_host: Mapping[str, int],
    ) -> None:
        """Record a run: its outcome, links by status, requests by host."""
        row = (
            format_time(started),
            format_time(finished),
            str(outcome),
            _json({str(status): count for status, count in by_status.items()}),
            _json(dict(by_host)),
        )
        self._write(
            lambda connection: connection.execute(
                "INSERT INTO runs (started, finished, outcome, by_status, by_host)"
                " VALUES (?, ?, ?, ?, ?)",
                row,
            )
        )

    def runs(self, limit: int = 1_000) -> tuple[RunRecord, ...]:
        """Return the recorded runs, newest first."""
        rows = self._execute(
            lambda connection: connection.execute(
                "SELECT started, finished, outcome, by_status, by_host FROM runs"
                " ORDER BY started DESC, id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        )
        return tuple(
            RunRecord(
                started=parse_time(started),
                finished=parse_time(finished),
                outcome=outcome,
                by_status=json.loads(by_status),
                by_host=json.loads(by_host),
            )
            for started, finished, outcome, by_status, by_host in rows
        )

    def close(self) -> None:
        """Close the file. Closing twice does nothing."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the store."""
        self.close()

    def _write(self, write: Callable[[sqlite3.Connection], object]) -> None:
        """Run a change in a transaction."""
        if self.read_only:
            raise StoreError(
                "the store was opened for reading only",
                where=str(self.path),
                hint="Run without --offline to record what is seen.",
            )

        def whole(connection: sqlite3.Connection) -> None:
            with transaction(connection, "BEGIN IMMEDIATE"):
                write(connection)

        self._execute(whole)

    def _execute(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run work on the connection; a damaged file is replaced once by a new one."""
        with self._lock:
            try:
                return work(self._connection)
            except sqlite3.Error as error:
                if not (is_corrupt(error) and self._replace()):
                    raise to_store_error(error, self.path) from error
            try:
                return work(self._connection)
            except sqlite3.Error as error:
                raise to_store_error(error, self.path) from error

    def _open(self) -> sqlite3.Connection:
        """Return a connection with the current schema."""
        try:
            return self._connect()
        except sqlite3.Error as error:
            if not is_corrupt(error) or self.read_only or self.path is None:
                raise to_store_error(error, self.path) from error
            if not looks_like_store(self.path):
                raise not_a_store_error(self.path) from error
            self._quarantine()
        try:
            return self._connect()
        except sqlite3.Error as error:
            raise to_store_error(error, self.path) from error

    def _replace(self) -> bool:
        """Move a damaged file aside and open a new one; ``False`` where that is not allowed."""
        if self.read_only or self.path is None:
            return False
        self._connection.close()
        self._quarantine()
        self._connection = self._open()
        return True

    def _quarantine(self) -> None:
        """Move the damaged file aside and add a notice."""
        if self.path is not None:
            self.notices += (quarantine(self.path),)

    def _connect(self) -> sqlite3.Connection:
        """Open the file and bring its schema up to date."""
        if self.path is None or (self.read_only and not self.path.exists()):
            return open_temporary()
        if self.path.is_dir():
            raise is_directory_error(self.path)
        return open_for_reading(self.path) if self.read_only else open_for_writing(self.path)


def open_store(path: Path, *, read_only: bool = False) -> SqliteStore:
    """Open the store at ``path``; creates it and its folder if they are missing.

    A damaged file is moved aside (``*.corrupt-TIME``), with a notice, and replaced by a new one.
    ``read_only`` writes nothing; a missing file is then an empty store. Raises
    :class:`~linkcheck.model.errors.StoreError` for a folder, a file of another program or of a
    newer linkcheck, and where the file cannot be written.
    """
    return SqliteStore(path, read_only=read_only)


def memory_store() -> SqliteStore:
    """Return a store that lives as long as the process (``--no-store``)."""
    return SqliteStore(None)


def _read_target_names(connection: sqlite3.Connection, after: str) -> list[tuple[str, str]]:
    """Return the next names of targets after ``after``, each with its newest URL."""
    with closing(
        connection.execute(
            "SELECT target, url, max(at) FROM observations WHERE target > ?"
            " GROUP BY target ORDER BY target LIMIT 500",
            (after,),
        )
    ) as cursor:
        return [(target, url) for target, url, _ in cursor]


def _target(name: str, url: str) -> Target | None:
    """Return the target of a stored name; ``None`` for an unknown kind."""
    kind, _, key = name.partition(":")
    try:
        return Target(TargetKind(kind), key, url)
    except ValueError:
        return None


def _row(observation: Observation) -> tuple[str, str, str, str, str]:
    """Encode an observation as the columns of its row."""
    body = encode(observation)
    at, outcome = body.pop("at"), body["outcome"]["is"]
    return str(observation.target), at, observation.target.url, outcome, _json(body)


def _observations(target: Target, rows: Sequence[tuple[str, str]]) -> tuple[Observation, ...]:
    """Decode the observations of one target from ``(at, body)`` rows.

    Equal bodies, which are usual, share one decoded outcome: this saves time and memory.
    """
    observations = []
    seen: dict[str, tuple[dict[str, Json], Outcome]] = {}
    for at, body in rows:
        try:
            if body not in seen:
                values = json.loads(body)
                seen[body] = values, decode_outcome(values["outcome"])
            values, outcome = seen[body]
            observations.append(decode_with_outcome(values, target, parse_time(at), outcome))
        except (ValueError, KeyError, TypeError):
            continue  # written by another version of linkcheck
    return tuple(observations)


def _json(value: object) -> str:
    """Return compact ASCII JSON: outside text may contain characters that SQLite rejects."""
    return json.dumps(value, separators=(",", ":"))
