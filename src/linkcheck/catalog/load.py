"""Files and folders to one catalog."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from linkcheck.model.entry import Catalog, Entry, MarkdownFile, Problem
from linkcheck.model.errors import CatalogError
from linkcheck.model.settings import SourceSettings
from linkcheck.model.source_text import SourceText, Span

YAML_SUFFIXES = (".yml", ".yaml")
MARKDOWN_SUFFIXES = (".md", ".markdown")
STDIN = "-"
"""The path that stands for standard input."""
MAX_BYTES = 20_000_000
"""Larger files are refused unread."""

_SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__"))
_LIST_START = re.compile(r"^-(?=\s)", re.MULTILINE)
_YAML_START = re.compile(r"(?:- +)?[A-Za-z_][\w-]*:(?:\s|$)|---\s*$")

Loader = Callable[[SourceText], tuple[tuple[Entry, ...], tuple[Problem, ...], int]]
"""Reads one file's text: entries, problems, and how many links are of no checkable kind."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read."""

    path: Path
    shown: str
    source: SourceSettings | None
    folder: Path | None = None
    """The folder it was found in; ``None`` when the user named the file itself."""

    @property
    def chosen(self) -> bool:
        """Whether the user asked for this very file, by name or by configuration."""
        return self.folder is None or self.source is not None


@dataclass(frozen=True, slots=True)
class _Read:
    """What one file gave."""

    file: _File
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: int = 0
    markdown: MarkdownFile | None = None


def load(
    paths: Sequence[Path],
    *,
    root: Path,
    sources: Sequence[SourceSettings] = (),
    stdin: bytes | None = None,
) -> Catalog:
    """Read catalog files, and folders of them, into one catalog.

    ``paths`` are as the user gave them; relative ones start at ``root``, which is also what shown
    paths are relative to. ``-`` reads ``stdin``. Folders are searched for YAML and Markdown in
    sorted order; hidden folders, ``node_modules``, links that lead out of the folder and YAML that
    is plainly something else (a site's settings) are left out. So is Markdown beside YAML catalogs,
    which it is made from. What is named itself, or has a ``[[source]]``, is always read.

    What is wrong inside files comes as problems of the catalog. Raises CatalogError for a path
    that does not exist or a named file that cannot be read.
    """
    return _read_all(_find(paths, root, sources), stdin)


def loader_for(file: str, sources: Sequence[SourceSettings] = ()) -> Loader:
    """Return what reads a file of this (shown) path, for checking edits by reading them again.

    Ids are looked at within the one file only.
    """
    source = _source_for(file, sources)
    if _is_markdown(file, source):
        return _markdown
    return lambda text: _yaml(text, source, {})


def source_paths(sources: Sequence[SourceSettings], root: Path) -> tuple[Path, ...]:
    """Return the files and folders that the ``[[source]]`` tables name, globs expanded, sorted."""
    found: list[Path] = []
    for source in sources:
        pattern = source.path.removeprefix("./")
        if any(sign in pattern for sign in "*?["):
            found.extend(sorted(root.glob(pattern)))
        else:
            found.append(root / pattern)
    return tuple(dict.fromkeys(found))


def decode(file: str, data: bytes) -> tuple[SourceText, tuple[Problem, ...]]:
    """Decode a file as UTF-8, keeping a byte order mark; what is not UTF-8 is a problem.

    Bad bytes come as U+FFFD so that the rest of the file can still be read and every place is
    right in the text returned; such a file is never written back.
    """
    try:
        return SourceText(file, data.decode("utf-8")), ()
    except UnicodeDecodeError as error:
        bad = error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        empty = SourceText(file, "")
        hint = "Save it as UTF-8"
        return empty, (Problem("the file is UTF-16 and not UTF-8", empty.span(0, 0), hint),)
    source = SourceText(file, data.decode("utf-8", errors="replace"))
    at = len(data[: bad.start].decode("utf-8"))
    message = f"the byte 0x{data[bad.start]:02X} is not UTF-8"
    hint = "Save the file as UTF-8; it may be in Latin-1, GBK or another older encoding"
    return source, (Problem(message, source.span(at, at + 1), hint),)


def _find(paths: Sequence[Path], root: Path, sources: Sequence[SourceSettings]) -> list[_File]:
    files: dict[Path, _File] = {}
    for path in paths:
        full = root / path
        if str(path) == STDIN:
            found = [_File(path, "<stdin>", None)]
        elif full.is_dir():
            found = [_file(inner, root, sources, full) for inner in _walk(full, full.resolve())]
        elif full.exists():
            found = [_file(full, root, sources, None)]
        else:
            raise CatalogError(
                "no such file or folder",
                where=str(path),
                hint="Name a catalog file or folder, or set 'paths' in linkcheck.toml",
            )
        for file in found:
            if file.path not in files or file.folder is None:
                files[file.path] = file
    return list(files.values())


def _walk(folder: Path, top: Path) -> Iterator[Path]:
    """Yield catalog files below a folder, sorted, files before folders of the same level."""
    try:
        inside = sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name))
    except OSError as error:
        raise CatalogError(
            f"the folder cannot be read: {error.strerror}",
            where=str(folder),
            hint="Check its permissions",
        ) from None
    for path in inside:
        if path.name.startswith("."):
            continue
        if path.is_symlink() and not path.resolve().is_relative_to(top):
            continue
        if path.is_dir():
            # A link to a folder inside the tree would only show the same files twice.
            if path.name not in _SKIPPED_FOLDERS and not path.is_symlink():
                yield from _walk(path, top)
        elif path.suffix.lower() in YAML_SUFFIXES + MARKDOWN_SUFFIXES and path.is_file():
            yield path


def _file(path: Path, root: Path, sources: Sequence[SourceSettings], folder: Path | None) -> _File:
    shown = _show(path, root)
    return _File(path, shown, _source_for(shown, sources), folder)


def _show(path: Path, root: Path) -> str:
    """Return a path as the user would write it: relative to ``root`` where it lies below it."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def _source_for(shown: str, sources: Sequence[SourceSettings]) -> SourceSettings | None:
    for source in sources:
        pattern = source.path.removeprefix("./").rstrip("/")
        if (
            shown == pattern
            or pattern == "."
            or shown.startswith(f"{pattern}/")
            or fnmatchcase(shown, pattern)
        ):
            return source
    return None


def _is_markdown(file: str, source: SourceSettings | None, text: str = "") -> bool:
    """Say how a file is written: by its source, else its suffix, else the look of its text."""
    if source is not None and source.format is not None:
        return source.format == "markdown"
    if source is not None and source.preset is not None:
        return False
    name = file.lower()
    if name.endswith(MARKDOWN_SUFFIXES):
        return True
    return not name.endswith(YAML_SUFFIXES) and bool(text) and not _looks_like_yaml(text)


def _read_all(files: Sequence[_File], stdin: bytes | None) -> Catalog:
    seen: dict[str, Span] = {}
    reads: dict[Path, _Read] = {}
    of_catalogs: set[Path | None] = set()  # folders that hold YAML catalogs
    for file in sorted(files, key=lambda file: _is_markdown(file.shown, file.source)):
        if not file.chosen and file.folder in of_catalogs and _is_markdown(file.shown, None):
            continue
        read = _read_file(file, stdin, seen)
        if read is None:
            continue
        reads[file.path] = read
        if (read.entries or read.problems) and not _is_markdown(file.shown, file.source):
            of_catalogs.add(file.folder)
    ordered = [reads[file.path] for file in files if file.path in reads]
    return Catalog(
        entries=tuple(entry for read in ordered for entry in read.entries),
        problems=tuple(problem for read in ordered for problem in read.problems),
        files=tuple(read.file.shown for read in ordered),
        skipped_links=sum(read.skipped for read in ordered),
        markdown=tuple(
            read.markdown
            for read in ordered
            if read.markdown is not None and (read.markdown.links or read.markdown.tables)
        ),
    )


def _read_file(file: _File, stdin: bytes | None, seen: dict[str, Span]) -> _Read | None:
    """Read one file; ``None`` when it turns out not to be a catalog, and nobody said it was."""
    text, problems = decode("<stdin>", stdin or b"") if _is_stdin(file) else _text(file)
    if _is_markdown(file.shown, file.source, text.text):
        from linkcheck.markdown.entries import load_markdown_file

        found = load_markdown_file(text)
        return _Read(file, found.entries, (*problems, *found.problems), found.skipped, found.file)
    if not file.chosen and _is_something_else(text):
        return None
    loaded = _yaml(text, file.source, seen)
    return _Read(file, loaded[0], (*problems, *loaded[1]), loaded[2])


def _is_stdin(file: _File) -> bool:
    return str(file.path) == STDIN


def _is_something_else(text: SourceText) -> bool:
    """Say whether a YAML file holds settings or the like: well-formed, but no list of entries."""
    if _LIST_START.search(text.text):
        return False
    from linkcheck.catalog.yaml_entries import is_settings

    return is_settings(text)


def _text(file: _File) -> tuple[SourceText, tuple[Problem, ...]]:
    """Read a file's text; in a folder, one that cannot be read is a problem like any other."""
    nothing = SourceText(file.shown, "")
    try:
        size = file.path.stat().st_size
        if size > MAX_BYTES:
            message = f"the file has {size / 1e6:.0f} MB; the limit is {MAX_BYTES / 1e6:.0f} MB"
            hint = "Split it into several files"
            return nothing, (Problem(message, nothing.span(0, 0), hint),)
        data = file.path.read_bytes()
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        hint = "Check its permissions"
        if file.folder is None:
            raise CatalogError(message, where=file.shown, hint=hint) from None
        return nothing, (Problem(message, nothing.span(0, 0), hint),)
    return decode(file.shown, data)


def _looks_like_yaml(text: str) -> bool:
    for line in text.removeprefix("\ufeff").splitlines():
        if line.strip() and not line.startswith("#"):
            return bool(_YAML_START.match(line))
    return False


def _yaml(
    text: SourceText, source: SourceSettings | None, seen: dict[str, Span]
) -> tuple[tuple[Entry, ...], tuple[Problem, ...], int]:
    from linkcheck.catalog.layouts import is_foreign, load_foreign
    from linkcheck.catalog.yaml_entries import load_yaml

    if source is not None and is_foreign(source):
        return load_foreign(text, source, seen=seen)
    return load_yaml(text, seen=seen)


def _markdown(text: SourceText) -> tuple[tuple[Entry, ...], tuple[Problem, ...], int]:
    from linkcheck.markdown.entries import load_markdown

    return load_markdown(text)
