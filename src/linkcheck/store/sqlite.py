"""The store in SQLite: one file, safe under ``kill -9`` and under two runs at once.

Write-ahead logging lets readers and one writer work side by side; every batch is one transaction
that takes the write lock at its start (``BEGIN IMMEDIATE``), so it is kept whole or not at all.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from linkcheck.model.errors import StoreError
from linkcheck.model.observation import Evidence, Observation, Outcome
from linkcheck.model.target import Target, TargetKind
from linkcheck.store.codec import (
    Json,
    decode_at,
    decode_outcome,
    encode,
    format_time,
    parse_time,
)
from linkcheck.store.faults import explain, foreign, is_corrupt, is_locked, move_aside, newer
from linkcheck.store.migrations import APPLICATION_ID, MIGRATIONS, VERSION

KEEP = 50
"""Observations kept of each target, besides the first and the last in which it was there."""

BUSY_SECONDS = 30.0
"""How long another run's write is waited for."""

T = TypeVar("T")

_NEWEST = "SELECT at, body FROM observations WHERE target = ? ORDER BY at DESC LIMIT ?"
# Read from either end, so that in the usual case the very first row is the one.
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
    """One run, as it ended."""

    started: datetime
    finished: datetime
    outcome: str
    """``complete`` or ``inconclusive``."""
    by_status: Mapping[str, int]
    """How many links had which status."""
    by_host: Mapping[str, int]
    """How many requests went to which host."""


class SqliteStore:
    """Observations and their history in one SQLite file; see :class:`linkcheck.model.ports.Store`.

    May be used from several threads, one call at a time. All failures are
    :class:`~linkcheck.model.errors.StoreError`. ``notices`` says, for people, what was unusual
    (a damaged file that was moved aside).
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        """Open the file at ``path``; ``None`` keeps everything in memory."""
        self.path = path
        self.read_only = read_only
        self.notices: tuple[str, ...] = ()
        self._lock = threading.RLock()
        self._connection = self._open()

    def history(self, targets: Iterable[Target], limit: int = 20) -> Mapping[Target, Evidence]:
        """Return the stored observations of each target, newest first.

        At most ``limit`` each, and behind them the last and the first in which the target was
        there, where those are older. Every target asked for is in the answer, with no observations
        if it was never seen. Rows that this version cannot read are left out.
        """

        def read(connection: sqlite3.Connection) -> dict[Target, Evidence]:
            found: dict[Target, Evidence] = {}
            with _transaction(connection, "BEGIN"):
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
        return self._do(read)

    def all_targets_history(self) -> Iterator[Evidence]:
        """Yield everything stored, target by target in the order of their names, newest first.

        Read in pieces, so that a large store does not have to fit into memory.
        """
        last = ""
        while True:
            names = self._do(partial(_some_targets, after=last))
            if not names:
                return
            targets = [target for name, url in names if (target := _target(name, url))]
            yield from self.history(targets, limit=KEEP).values()
            last = names[-1][0]

    def record(self, observations: Sequence[Observation]) -> None:
        """Keep observations; all of them or, on failure, none. Trims the targets' history."""
        rows = [_row(observation) for observation in observations]
        names = {(row[0], KEEP - 1) for row in rows}

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "INSERT OR REPLACE INTO observations VALUES (?, ?, ?, ?, ?)", rows
            )
            connection.executemany(_TRIM, names)

        if rows:
            self._write(write)

    def not_before(self) -> Mapping[str, datetime]:
        """Return the hosts that asked for a pause that is not over, with its end."""
        now = format_time(datetime.now(UTC))
        rows = self._do(
            lambda connection: connection.execute(
                "SELECT host, until FROM pauses WHERE until > ? ORDER BY host", (now,)
            ).fetchall()
        )
        return {host: parse_time(until) for host, until in rows}

    def set_not_before(self, pauses: Mapping[str, datetime]) -> None:
        """Keep the pauses that hosts asked for, and forget those that are over."""
        rows = [(host, format_time(until)) for host, until in pauses.items()]
        now = format_time(datetime.now(UTC))

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO pauses VALUES (?, ?)", rows)
            connection.execute("DELETE FROM pauses WHERE until <= ?", (now,))

        self._write(write)

    def record_run(
        self,
        *,
        started: datetime,
        finished: datetime,
        outcome: str,
        by_status: Mapping[str, int],
        by_host: Mapping[str, int],
    ) -> None:
        """Keep how a run ended: its outcome, its links by status, its requests by host."""
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
        rows = self._do(
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
        """Let go of the file. Closing twice does nothing."""
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
        """Run a change in a transaction of its own."""
        if self.read_only:
            raise StoreError(
                "the store was opened for reading only",
                where=str(self.path),
                hint="Run without --offline to record what is seen.",
            )

        def whole(connection: sqlite3.Connection) -> None:
            with _transaction(connection, "BEGIN IMMEDIATE"):
                write(connection)

        self._do(whole)

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run work on the connection; a file found damaged is replaced, once, by a fresh one."""
        with self._lock:
            try:
                return work(self._connection)
            except sqlite3.Error as error:
                if not (is_corrupt(error) and self._replace()):
                    raise explain(error, self.path) from error
            try:
                return work(self._connection)
            except sqlite3.Error as error:
                raise explain(error, self.path) from error

    def _open(self) -> sqlite3.Connection:
        """Return a connection with the present schema."""
        try:
            return self._connect()
        except sqlite3.Error as error:
            if not is_corrupt(error) or self.read_only or self.path is None:
                raise explain(error, self.path) from error
            self._set_aside()
        try:
            return self._connect()
        except sqlite3.Error as error:
            raise explain(error, self.path) from error

    def _replace(self) -> bool:
        """Move a damaged file aside and open a fresh one; ``False`` where that may not be done."""
        if self.read_only or self.path is None:
            return False
        self._connection.close()
        self._set_aside()
        self._connection = self._open()
        return True

    def _set_aside(self) -> None:
        """Move the damaged file aside and leave a notice."""
        if self.path is not None:
            self.notices += (move_aside(self.path),)

    def _connect(self) -> sqlite3.Connection:
        """Open the file and bring its schema up to date."""
        path = self.path
        if path is None or (self.read_only and not path.exists()):
            connection = _raw_connection(":memory:", uri=False)
            _migrate(connection, path)
            return connection
        if path.is_dir():
            raise StoreError(
                "this is a folder, and the store is a file",
                where=str(path),
                hint=f"Name a file, such as --store {path / 'store.db'}.",
            )
        if self.read_only:
            return _open_for_reading(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the folder of the store cannot be made ({error.strerror})",
                where=str(path.parent),
                hint="Name another file with --store FILE, or run with --no-store.",
            ) from error
        connection = _raw_connection(str(path), uri=False)
        return _checked(connection, lambda: _prepare(connection, path))


def open_store(path: Path, *, read_only: bool = False) -> SqliteStore:
    """Open the store at ``path``, making it and its folder where they are missing.

    A damaged file is moved aside (``*.corrupt-TIME``), said so in ``notices``, and begun anew.
    ``read_only`` writes nothing at all; a missing file then reads as an empty store. Raises
    :class:`~linkcheck.model.errors.StoreError` for a folder, a file of another program or of a
    newer linkcheck, and where the file cannot be written.
    """
    return SqliteStore(path, read_only=read_only)


def memory_store() -> SqliteStore:
    """Return a store that lives as long as the process (``--no-store``)."""
    return SqliteStore(None)


def _raw_connection(database: str, *, uri: bool) -> sqlite3.Connection:
    """Connect without Python's implicit transactions."""
    return sqlite3.connect(
        database, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=uri
    )


def _open_for_reading(path: Path) -> sqlite3.Connection:
    """Open a file without writing to it or beside it."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    connection = _raw_connection(address, uri=True)
    try:
        return _checked(connection, lambda: _check_version(connection, path))
    except sqlite3.OperationalError as error:
        log = path.with_name(f"{path.name}-wal")
        if is_locked(error) or is_corrupt(error) or log.exists():
            raise
    # Readers share an index of the log beside the file. Where that may not be written, nobody else
    # can be writing either, and with no log there is nothing to miss.
    unchanging = _raw_connection(f"{address}&immutable=1", uri=True)
    return _checked(unchanging, lambda: _check_version(unchanging, path))


def _checked(connection: sqlite3.Connection, check: Callable[[], object]) -> sqlite3.Connection:
    """Return the connection if the check passes; close it otherwise."""
    try:
        check()
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make a file ours: schema, write-ahead log."""
    _migrate(connection, path)
    # A change of the journal does not wait for other connections by itself.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            break
        except sqlite3.OperationalError as error:
            if not is_locked(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    # In this mode a killed process loses nothing that was committed; a power cut may lose the last
    # transactions, and never harms the file.
    connection.execute("PRAGMA synchronous = NORMAL")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    """Return a numeric pragma."""
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _check_version(connection: sqlite3.Connection, path: Path | None) -> int:
    """Return the file's schema version; refuse other programs' files and newer versions."""
    version = _pragma(connection, "user_version")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and _pragma(connection, "application_id") != APPLICATION_ID:
        raise foreign(path)
    if version > VERSION:
        raise newer(path, version, VERSION)
    return version


def _migrate(connection: sqlite3.Connection, path: Path | None) -> None:
    """Run the migrations that the file has not seen, all of them or none."""
    if _check_version(connection, path) == VERSION:
        return
    with _transaction(connection, "BEGIN IMMEDIATE"):
        done = _check_version(connection, path)  # another run may have been faster
        for migration in MIGRATIONS[done:]:
            for statement in migration.statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    """Run the block in a transaction: committed at its end, undone if it fails."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # some failures (disk full) have undone it already
            connection.execute("ROLLBACK")
        raise


def _some_targets(connection: sqlite3.Connection, after: str) -> list[tuple[str, str]]:
    """Return the next names of targets behind ``after``, each with its newest address."""
    with closing(
        connection.execute(
            "SELECT target, url, max(at) FROM observations WHERE target > ?"
            " GROUP BY target ORDER BY target LIMIT 500",
            (after,),
        )
    ) as cursor:
        return [(target, url) for target, url, _ in cursor]


def _target(name: str, url: str) -> Target | None:
    """Return the target of a stored name; ``None`` for a kind this version does not know."""
    kind, _, key = name.partition(":")
    try:
        return Target(TargetKind(kind), key, url)
    except ValueError:
        return None


def _row(observation: Observation) -> tuple[str, str, str, str, str]:
    """Return an observation as the columns of its row."""
    body = encode(observation)
    at, outcome = body.pop("at"), body["outcome"]["is"]
    return str(observation.target), at, observation.target.url, outcome, _json(body)


def _observations(target: Target, rows: Sequence[tuple[str, str]]) -> tuple[Observation, ...]:
    """Return the observations of one target from ``(at, body)`` rows.

    Where nothing changed from one to the next, as is the rule, the outcome is shared and not read
    again: that keeps a long history cheap in time and memory.
    """
    observations = []
    seen: dict[str, tuple[dict[str, Json], Outcome]] = {}
    for at, body in rows:
        try:
            if body not in seen:
                values = json.loads(body)
                seen[body] = values, decode_outcome(values["outcome"])
            values, outcome = seen[body]
            observations.append(decode_at(values, target, parse_time(at), outcome))
        except (ValueError, KeyError, TypeError):
            continue  # written by another version of linkcheck
    return tuple(observations)


def _json(value: object) -> str:
    """Return compact JSON, in ASCII: outside text may hold what SQLite does not take."""
    return json.dumps(value, separators=(",", ":"))
