"""Open the store's file: connections, transactions, the schema."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from linkcheck.store.migrations import APPLICATION_ID, FUNCTIONS, MIGRATIONS, VERSION
from linkcheck.store.store_errors import (
    folder_error,
    foreign_database_error,
    is_corrupt,
    is_locked,
    newer_schema_error,
)

BUSY_SECONDS = 30.0
"""Maximum wait for another run's write."""


def open_temporary() -> sqlite3.Connection:
    """Open a database that is deleted when its connection is closed.

    Pages beyond SQLite's cache (2 MB) go to an unnamed temporary file, so that a large run does not
    have its observations twice in memory.
    """
    import tempfile

    try:
        tempfile.gettempdir()
        name = ""  # https://www.sqlite.org/inmemorydb.html#temp_db
    except FileNotFoundError:  # no writable folder
        name = ":memory:"
    connection = _connect(name, uri=False)
    _migrate(connection, None)
    return connection


def open_for_writing(path: Path) -> sqlite3.Connection:
    """Open a file, create it and its folder if they are missing, and migrate its schema."""
    try:
        _make_folder(path.parent)
    except OSError as error:
        raise folder_error(path.parent, error) from error
    connection = _connect(str(path), uri=False)
    return _close_on_error(connection, lambda: _prepare_for_writing(connection, path))


def _make_folder(folder: Path) -> None:
    """Create the store's folder; the default one is ignored by git."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    if folder.name == ".linkcheck":
        (folder / ".gitignore").write_text("*\n", encoding="ascii")


def _connect(database: str, *, uri: bool) -> sqlite3.Connection:
    """Connect without Python's implicit transactions."""
    return sqlite3.connect(
        database, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=uri
    )


def open_for_reading(path: Path) -> sqlite3.Connection:
    """Open a file without writing to it or to its folder."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    connection = _connect(address, uri=True)
    try:
        return _close_on_error(connection, lambda: _check_version(connection, path))
    except sqlite3.OperationalError as error:
        log = path.with_name(f"{path.name}-wal")
        if is_locked(error) or is_corrupt(error) or log.exists():
            raise
    # Readers share an index of the log in the same folder. Where that is not writable, no other
    # process can write either, and without a log nothing is missed.
    unchanging = _connect(f"{address}&immutable=1", uri=True)
    return _close_on_error(unchanging, lambda: _check_version(unchanging, path))


def _close_on_error(
    connection: sqlite3.Connection, check: Callable[[], object]
) -> sqlite3.Connection:
    """Return the connection if the check passes; close it otherwise."""
    try:
        check()
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare_for_writing(connection: sqlite3.Connection, path: Path) -> None:
    """Migrate the schema and switch to the write-ahead log."""
    _migrate(connection, path)
    # Changing the journal mode does not wait for other connections.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            break
        except sqlite3.OperationalError as error:
            if not is_locked(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    # In this mode a killed process loses no committed transaction; a power failure may lose the
    # last ones and never damages the file.
    connection.execute("PRAGMA synchronous = NORMAL")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    """Return a numeric pragma."""
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _check_version(connection: sqlite3.Connection, path: Path | None) -> int:
    """Return the file's schema version; raises for other programs' files and newer versions."""
    version = _pragma(connection, "user_version")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and _pragma(connection, "application_id") != APPLICATION_ID:
        raise foreign_database_error(path)
    if version > VERSION:
        raise newer_schema_error(path, version, VERSION)
    return version


def _migrate(connection: sqlite3.Connection, path: Path | None) -> None:
    """Run the missing migrations, all of them or none."""
    if _check_version(connection, path) == VERSION:
        return
    for name, function in FUNCTIONS.items():
        connection.create_function(name, 1, function, deterministic=True)
    with transaction(connection, "BEGIN IMMEDIATE"):
        done = _check_version(connection, path)  # another run may have migrated it
        for migration in MIGRATIONS[done:]:
            for statement in migration.statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    """Run the block in a transaction: commit at its end, roll back on failure."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # some failures (disk full) roll back by themselves
            connection.execute("ROLLBACK")
        raise
