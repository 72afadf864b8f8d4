"""Errors of the store's file, as messages."""

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from linkcheck.model.errors import StoreError
from linkcheck.store.migrations import APPLICATION_ID

_DEFAULT = (".linkcheck", "store.db")
"""Folder and name of the default file."""

_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID_OFFSET = 68
"""Offset of the application id in an SQLite file, in bytes."""

_OTHER_STORE_HINT = "Name another file with --store FILE, or run with --no-store."
_TEMPORARY_STORE = "the temporary store (there is no --store)"
_TEMPORARY_HINT = "Make room there, or let TMPDIR name another folder for temporary files."


def is_corrupt(error: sqlite3.Error) -> bool:
    """Return whether the file is damaged or no database."""
    return _code(error).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def is_locked(error: sqlite3.Error) -> bool:
    """Return whether another process has locked the file."""
    return _code(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def to_store_error(error: sqlite3.Error, path: Path | None) -> StoreError:
    """Return the StoreError of an SQLite error."""
    if path is None:
        return StoreError(f"SQLite failed ({error})", where=_TEMPORARY_STORE, hint=_TEMPORARY_HINT)
    where = str(path)
    code = _code(error)
    if is_corrupt(error):
        return StoreError(
            "the store is damaged", where=where, hint=f"Move it away. {_OTHER_STORE_HINT}"
        )
    if is_locked(error):
        message = "another run has been writing to the store for too long"
        return StoreError(message, where=where, hint=f"Wait for it to end. {_OTHER_STORE_HINT}")
    if code.startswith("SQLITE_FULL"):
        message = "the disk is full: nothing of this batch was kept, what was there before is safe"
        return StoreError(message, where=where, hint=f"Make room. {_OTHER_STORE_HINT}")
    if code.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "SQLITE_AUTH")):
        message = f"the store cannot be opened or written ({error})"
        return StoreError(
            message, where=where, hint=f"Check who may write there. {_OTHER_STORE_HINT}"
        )
    if code.startswith("SQLITE_IOERR"):
        message = "reading or writing failed (full, over quota or broken): this batch is not kept"
        return StoreError(message, where=where, hint=f"Look at the disk. {_OTHER_STORE_HINT}")
    return StoreError(f"SQLite failed ({error})", where=where, hint=_OTHER_STORE_HINT)


def is_directory_error(path: Path) -> StoreError:
    """Return the error for a folder at the path of the file."""
    return StoreError(
        "this is a folder, and the store is a file",
        where=str(path),
        hint=f"Name a file, such as --store {path / 'store.db'}.",
    )


def folder_error(path: Path, error: OSError) -> StoreError:
    """Return the error for a folder that cannot be created."""
    return StoreError(
        f"the folder of the store cannot be made ({error.strerror})",
        where=str(path),
        hint=_OTHER_STORE_HINT,
    )


def foreign_database_error(path: Path | None) -> StoreError:
    """Return the error for a database that is not a store."""
    return StoreError(
        "this is a database of another program, and is left as it is",
        where=str(path),
        hint=_OTHER_STORE_HINT,
    )


def not_a_store_error(path: Path) -> StoreError:
    """Return the error for a file that is neither a store nor a damaged one."""
    return StoreError(
        "this is no store of linkcheck (no SQLite file at all), and is left as it is",
        where=str(path),
        hint=_OTHER_STORE_HINT,
    )


def looks_like_store(path: Path) -> bool:
    """Return whether a damaged file was a store, by its path or its first bytes.

    The header is described in https://www.sqlite.org/fileformat2.html#the_database_header.
    """
    if (path.parent.name, path.name) == _DEFAULT:
        return True
    try:
        with path.open("rb") as file:
            header = file.read(_APPLICATION_ID_OFFSET + 4)
    except OSError:
        return False
    return header.startswith(_MAGIC) or header[_APPLICATION_ID_OFFSET:] == APPLICATION_ID.to_bytes(
        4, "big"
    )


def newer_schema_error(path: Path | None, found: int, known: int) -> StoreError:
    """Return the error for a store that a newer linkcheck wrote."""
    return StoreError(
        f"the store was written by a newer linkcheck (version {found}, this one knows {known})",
        where=str(path),
        hint=f"Update linkcheck. {_OTHER_STORE_HINT}",
    )


def quarantine(path: Path) -> str:
    """Move a damaged file and its log to ``*.corrupt-TIME`` and return a notice about it.

    ``TIME`` is the time of its last modification. Raises StoreError where it cannot be moved.
    """
    try:
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        moved = path.with_name(f"{path.name}.corrupt-{modified:%Y%m%dT%H%M%S%fZ}")
        path.rename(moved)
    except FileNotFoundError:
        return f"The store {path} was damaged; another run has begun it anew."
    except OSError as error:
        raise StoreError(
            f"the store is damaged and cannot be moved aside ({error.strerror})",
            where=str(path),
            hint=_OTHER_STORE_HINT,
        ) from error
    for suffix in ("-wal", "-shm"):
        # A log of the damaged file must not be replayed into the new one.
        with suppress(OSError):
            path.with_name(path.name + suffix).rename(moved.with_name(moved.name + suffix))
    return (
        f"The store {path} was damaged. It was moved to {moved.name} and begun anew: "
        "everything is looked at again, and how long links have been failing is counted afresh."
    )


def _code(error: sqlite3.Error) -> str:
    """Return SQLite's name of the error, if any."""
    return getattr(error, "sqlite_errorname", None) or ""
