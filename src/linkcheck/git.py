"""Read git: files at a revision, the files of a working tree, the name of the remote repository.

Runs the ``git`` command without a shell; no revision or path can be parsed as an option.
"""

import os
import re
import stat
import subprocess
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from linkcheck.model.errors import UsageError

_REMOTE = re.compile(r"(?:[:/])(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?$")
MAX_FILES = 20_000
"""Maximum number of catalog files at a revision."""
MAX_LINKED_BYTES = 5_000_000
"""Maximum size of a linked file that is read."""
_REGULAR_FILE = "100"


def _git(root: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """Run git and return its output. Raises UsageError with the last line of its error output."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and no argument from outside unguarded
            ("git", "-C", str(root), *arguments),  # noqa: S607 - git is looked up like any command
            input=stdin,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError(
            "the command 'git' is not installed", hint="Install git, or leave out --changed-since"
        ) from None
    if done.returncode != 0:
        message = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(f"git: {message[-1] if message else 'failed without a word'}")
    return done.stdout


def repository_root(root: Path) -> Path:
    """Return the top folder of the working tree of ``root``."""
    try:
        return Path(_git(root, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    except UsageError as error:
        if "dubious ownership" in str(error):
            raise UsageError(
                "belongs to another user, so git refuses to read it",
                where=str(root),
                hint=f"git config --global --add safe.directory '{root}'",
            ) from None
        raise UsageError(
            "is not inside a git repository",
            where=str(root),
            hint="--changed-since compares with a git revision; run it inside a clone",
        ) from None


def commit_of(root: Path, revision: str) -> str:
    """Return the commit id of a revision. Raises UsageError for an unknown one."""
    try:
        name = _git(
            root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
    except UsageError:
        if is_shallow(root):
            raise _shallow_clone_error(revision) from None
        raise UsageError(
            f"there is no revision '{revision}' here",
            where="--changed-since",
            hint="Check its spelling, or fetch it first (git fetch origin)",
        ) from None
    return name.decode().strip()


def is_shallow(root: Path) -> bool:
    """Return whether the clone is shallow."""
    return _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def _shallow_clone_error(revision: str) -> UsageError:
    return UsageError(
        f"this is a shallow clone, and it does not reach back to '{revision[:40]}', so what the "
        "change adds cannot be told",
        where="--changed-since",
        hint="Fetch more history: git fetch --unshallow, or in GitHub Actions 'with: "
        "{fetch-depth: 0}' at the step that uses actions/checkout",
    )


def merge_base(root: Path, one: str, other: str) -> str:
    """Return the merge base of two revisions; ``one`` where they have no common ancestor.

    Raises UsageError in a shallow clone, where a common ancestor may be missing.
    """
    try:
        return _git(root, "merge-base", one, other).decode().strip()
    except UsageError:
        if is_shallow(root):
            raise _shallow_clone_error(one) from None
        return one


def merge_first_parent(root: Path, merge: str) -> str | None:
    """Return the first parent of a merge commit, if HEAD is that commit; else ``None``.

    GitHub checks out ``refs/pull/N/merge`` for a pull request. Its first parent is the base at
    the time of the merge, which may be newer than the base in the event.
    """
    try:
        ids = _git(root, "rev-list", "--parents", "--max-count=1", "HEAD").decode().split()
    except UsageError:
        return None
    if len(ids) != 3 or ids[0] != merge:
        return None
    return ids[1]


def commit_before(root: Path, moment: datetime) -> str | None:
    """Return the newest commit of HEAD's history before a time, or else its first commit.

    ``None`` in a shallow clone that does not reach back so far, and outside of a repository.
    """
    try:
        before = _git(
            root, "rev-list", "--max-count=1", f"--before={moment.isoformat()}", "HEAD"
        ).decode()
        if not before and not is_shallow(root):
            before = _git(root, "rev-list", "--max-parents=0", "HEAD").decode()
    except UsageError:
        return None
    return before.split()[-1] if before else None


@contextmanager
def files_at(
    root: Path, commit: str, folders: Sequence[str], suffixes: tuple[str, ...]
) -> Iterator[Path]:
    """Yield a temporary folder with the files of a commit below ``root``.

    Only regular files with one of the suffixes, inside one of ``folders`` (paths relative to
    ``root``; ``.`` for all), are written. The folder is deleted at the end of the block.
    """
    listing = _git(root, "ls-tree", "-r", "-z", commit, "--", ".").decode(errors="surrogateescape")
    selected: list[tuple[str, str]] = []
    for line in filter(None, listing.split("\0")):
        meta, _, name = line.partition("\t")
        mode, _kind, blob = meta.split(" ")[:3]
        inside = any(
            folder == "." or name == folder or name.startswith(f"{folder.rstrip('/')}/")
            for folder in folders
        )
        # Symbolic links and submodules have other modes and are skipped.
        if mode.startswith("100") and inside and name.lower().endswith(suffixes):
            selected.append((name, blob))
    if len(selected) > MAX_FILES:
        raise UsageError(f"{len(selected)} catalog files at {commit[:12]} are too many to compare")
    with TemporaryDirectory(prefix="linkcheck-") as folder:
        top = Path(folder)
        for (name, _blob), data in zip(
            selected, _blobs(root, [b for _n, b in selected]), strict=True
        ):
            path = top.joinpath(*PurePosixPath(name).parts)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        yield top


def _blobs(root: Path, ids: Sequence[str]) -> Iterator[bytes]:
    """Yield the contents of blobs, with one git process."""
    if not ids:
        return
    out = _git(root, "cat-file", "--batch", stdin="\n".join(ids).encode() + b"\n")
    position = 0
    for _ in ids:
        newline = out.index(b"\n", position)
        size = int(out[position:newline].split(b" ")[2])
        yield out[newline + 1 : newline + 1 + size]
        position = newline + 1 + size + 1


def head_branch(root: Path) -> str | None:
    """Return the branch of HEAD, empty for a detached one; ``None`` without git."""
    try:
        return _git(root, "rev-parse", "--abbrev-ref", "HEAD").decode().strip().removeprefix("HEAD")
    except UsageError:
        pass
    try:  # a branch without a commit
        return _git(root, "symbolic-ref", "--short", "HEAD").decode().strip()
    except UsageError:
        return None


def remote_repository(root: Path) -> str | None:
    """Return ``OWNER/NAME`` from the URL of the remote ``origin``; ``None`` without one."""
    try:
        address = _git(root, "remote", "get-url", "origin").decode(errors="replace").strip()
    except UsageError:
        return None
    match = _REMOTE.search(address)
    return f"{match['owner']}/{match['name']}" if match else None


class Revision:
    """The files of one commit, by path from the top of the repository, with ``/``."""

    def __init__(self, root: Path, commit: str) -> None:
        """List the files of ``commit``. Raises UsageError where git refuses."""
        self._root = root
        self._commit = commit
        self._listing = _Listing(_entries(_git(root, "ls-tree", "-rz", "--full-tree", commit)))

    def has(self, path: str) -> bool:
        """Return whether the path is a file or folder, or inside a submodule."""
        return self._listing.has(path)

    def read(self, path: str) -> str | None:
        """Return the text of a regular file; ``None`` for anything else."""
        if path not in self._listing.files:
            return None
        try:
            size = int(_git(self._root, "cat-file", "-s", f"{self._commit}:{path}"))
            if size > MAX_LINKED_BYTES:
                return None
            data = _git(self._root, "cat-file", "blob", f"{self._commit}:{path}")
        except UsageError:
            return None
        return data.decode(errors="replace")

    def paths(self) -> Collection[str]:
        """Return all files."""
        return self._listing.files


class WorkTree:
    """The files of a working tree: those in the index, and those on disk.

    Paths start at :attr:`top`, have ``/`` and are case-sensitive on every system. No symbolic link
    is followed and nothing outside :attr:`top` is opened: only names from folder listings are
    opened.
    """

    def __init__(self, top: Path) -> None:
        """List the index of the working tree at ``top``. Raises UsageError where git refuses."""
        self.top = top
        # A hostile configuration may name a program as file system monitor.
        listed = _git(top, "-c", "core.fsmonitor=false", "ls-files", "-z", "--stage")
        self._listing = _Listing(_entries(listed))
        self._folders: dict[Path, dict[str, os.DirEntry[str]]] = {}

    def has(self, path: str) -> bool:
        """Return whether the path is a file or folder, in the index or on disk.

        ``True`` also behind a symbolic link and in a submodule, which are not read.
        """
        if self._listing.has(path):
            return True
        folder = self.top
        for part in path.split("/"):
            entry = self._names(folder).get(part)
            if entry is None:
                return False
            if entry.is_symlink():
                return True
            folder = folder / part
        return True

    def read(self, path: str) -> str | None:
        """Return the text of a regular file on disk; ``None`` for anything else."""
        folder, entry = self.top, None
        for part in path.split("/"):
            entry = self._names(folder).get(part)
            if entry is None or entry.is_symlink():
                return None
            folder = folder / part
        return _read_regular(folder) if entry is not None else None

    def paths(self) -> Collection[str]:
        """Return the files of the index."""
        return self._listing.files

    def _names(self, folder: Path) -> dict[str, os.DirEntry[str]]:
        if folder not in self._folders:
            try:
                with os.scandir(folder) as inside:
                    found = {entry.name: entry for entry in inside if entry.name != ".git"}
            except OSError:
                found = {}
            self._folders[folder] = found
        return self._folders[folder]


def find_work_tree(folder: Path) -> WorkTree | None:
    """Return the working tree of a folder; ``None`` outside of one, or without git."""
    full = folder.resolve()
    top = next((each for each in (full, *full.parents) if (each / ".git").exists()), None)
    if top is None:
        return None
    try:
        return WorkTree(top)
    except UsageError:
        return None


class _Listing:
    """The paths of a git listing, by type."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self.files: set[str] = set()
        self._opaque: set[str] = set()
        self._folders: set[str] = set()
        for mode, path in entries:
            (self.files if mode.startswith(_REGULAR_FILE) else self._opaque).add(path)
            folder = path.rpartition("/")[0]
            while folder and folder not in self._folders:
                self._folders.add(folder)
                folder = folder.rpartition("/")[0]

    def has(self, path: str) -> bool:
        """Return whether a path is listed, or behind a symbolic link or in a submodule."""
        if path in self.files or path in self._folders:
            return True
        while path:
            if path in self._opaque:
                return True
            path = path.rpartition("/")[0]
        return False


def _entries(listed: bytes) -> Iterator[tuple[str, str]]:
    """Yield the mode and the path of each line of ``ls-files --stage -z`` or ``ls-tree -z``."""
    for line in listed.decode(errors="surrogateescape").split("\0"):
        meta, tab, path = line.partition("\t")
        if tab:
            yield meta.partition(" ")[0], path


def _read_regular(path: Path) -> str | None:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - a descriptor is no path
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_LINKED_BYTES:
                return None
            return file.read(MAX_LINKED_BYTES).decode(errors="replace")
    except OSError:
        return None
