"""Writing edited text back into files: whole, or not at all."""

import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from linkcheck.model.errors import UsageError


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file's text as it was read, and as it shall be."""

    file: str
    """Path as shown to people; relative to the root it is written under."""
    before: str
    """The decoded text, with its line endings and any byte order mark."""
    after: str


def write_all(changes: Sequence[FileChange], *, root: Path) -> None:
    """Write changed files; nothing is written unless every one of them may be.

    Each file is replaced in one step, keeps its permissions, and is always whole: a crash leaves
    the old or the new text. A link inside the tree is followed and stays a link.

    Raises UsageError, naming the file, when one lies outside ``root``, is not the text that was
    read (somebody changed it meanwhile), or cannot be written.
    """
    checked = [
        (_check(change, root), change) for change in changes if change.after != change.before
    ]
    for path, change in checked:
        _replace(path, change)


def _check(change: FileChange, root: Path) -> Path:
    """Return the real path of a file that may be written."""
    try:
        path = (root / change.file).resolve(strict=True)
        if not path.is_relative_to(root.resolve()):
            raise UsageError(
                "is a link to a place outside the working directory",
                where=change.file,
                hint="linkcheck writes nothing there; run it where that file belongs",
            )
        data = path.read_bytes()
    except OSError as error:
        raise _failed(change, error) from None
    if data != change.before.encode("utf-8", errors="replace"):
        raise UsageError(
            "has changed since it was read, or is not UTF-8; nothing was written",
            where=change.file,
            hint="Run linkcheck again",
        )
    return path


def _failed(change: FileChange, error: OSError) -> UsageError:
    return UsageError(
        f"cannot be written: {error.strerror or error}",
        where=change.file,
        hint="Check that it exists and that its folder may be written to",
    )


def _replace(path: Path, change: FileChange) -> None:
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
    """Make the new name last through a power cut, where the system lets folders be synced."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
