"""Write edited files to disk: all of them, each in one step."""

import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from linkcheck.model.action import FileUpdate
from linkcheck.model.errors import UsageError


def write_all(changes: Sequence[FileUpdate], *, root: Path) -> None:
    """Write the changed files, with paths relative to ``root``, or none if one cannot be written.

    Each file is replaced atomically and keeps its mode: a crash leaves the old or the new text. A
    symbolic link inside ``root`` is followed and stays a link. ``before`` is the decoded text with
    its line endings and byte order mark.

    Raises UsageError, naming the file, if one is outside ``root``, has changed since it was read,
    or cannot be written.
    """
    checked = [
        (_check(change, root), change) for change in changes if change.after != change.before
    ]
    for path, change in checked:
        _replace(path, change)


def _check(change: FileUpdate, root: Path) -> Path:
    """Return the resolved path; raises UsageError if the file must not be written."""
    try:
        path = (root / change.path).resolve(strict=True)
        if not path.is_relative_to(root.resolve()):
            raise UsageError(
                "is a link to a place outside the working directory",
                where=change.path,
                hint="linkcheck writes nothing there; run it where that file belongs",
            )
        data = path.read_bytes()
    except OSError as error:
        raise _failed(change, error) from None
    if data != change.before.encode("utf-8", errors="replace"):
        raise UsageError(
            "has changed since it was read, or is not UTF-8; nothing was written",
            where=change.path,
            hint="Run linkcheck again",
        )
    return path


def _failed(change: FileUpdate, error: OSError) -> UsageError:
    return UsageError(
        f"cannot be written: {error.strerror or error}",
        where=change.path,
        hint="Check that it exists and that its folder may be written to",
    )


def _replace(path: Path, change: FileUpdate) -> None:
    temporary: str | None = None
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(change.after.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
        temporary = None
        _sync_folder(path.parent)
    except OSError as error:
        raise _failed(change, error) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()


def _sync_folder(folder: Path) -> None:
    """Sync a folder so that its new entry survives a power failure; Windows cannot do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
