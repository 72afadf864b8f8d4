"""Load files and folders into one catalog."""

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
"""The path of standard input."""
MAX_BYTES = 20_000_000
"""Larger files are not read."""

_SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__"))
_LIST_START = re.compile(r"^-(?=\s)", re.MULTILINE)
_YAML_START = re.compile(r"(?:- +)?[A-Za-z_][\w-]*:(?:\s|$)|---\s*$")

Loader = Callable[[SourceText], tuple[tuple[Entry, ...], tuple[Problem, ...], int]]
"""Returns a text's entries, its problems, and the number of links that cannot be checked."""


@dataclass(frozen=True, slots=True)
class _CatalogFile:
    """A file to read."""

    path: Path
    display_path: str
    source: SourceSettings | None
    folder: Path | None = None
    """The folder in which it was found; ``None`` if the user named the file."""

    @property
    def is_explicit(self) -> bool:
        """Whether the user named this file, as an argument or in the configuration."""
        return self.folder is None or self.source is not None


@dataclass(frozen=True, slots=True)
class _LoadedFile:
    """The content of one file."""

    file: _CatalogFile
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: int = 0
    markdown: MarkdownFile | None = None


def load_catalog(
    paths: Sequence[Path],
    *,
    root: Path,
    sources: Sequence[SourceSettings] = (),
    stdin: bytes | None = None,
) -> Catalog:
    """Load catalog files and folders into one catalog.

    ``paths`` are as given by the user, relative to ``root``, as are the display paths. ``-`` reads
    ``stdin``. Folders are searched for YAML and Markdown in sorted order. Hidden folders,
    ``node_modules``, symbolic links out of the folder, YAML that is not a catalog (a site's
    settings), and Markdown next to YAML catalogs, from which it is generated, are skipped. Files
    that are named or have a ``[[source]]`` are always read.

    Errors in files become problems of the catalog. Raises CatalogError for a path that does not
    exist and for a named file that cannot be read.
    """
    return _load_files(_find_files(paths, root, sources), stdin)


def get_loader(file: str, sources: Sequence[SourceSettings] = ()) -> Loader:
    """Return the loader for a file with this display path, to verify edits.

    It checks that ids are unique within the file only.
    """
    source = _find_source(file, sources)
    if _is_markdown(file, source):
        return _load_markdown
    return lambda text: _load_yaml(text, source, {})


def expand_source_paths(sources: Sequence[SourceSettings], root: Path) -> tuple[Path, ...]:
    """Return the files and folders of the ``[[source]]`` tables, with globs expanded and sorted."""
    found: list[Path] = []
    for source in sources:
        pattern = source.path.removeprefix("./")
        if any(sign in pattern for sign in "*?["):
            found.extend(sorted(root.glob(pattern)))
        else:
            found.append(root / pattern)
    return tuple(dict.fromkeys(found))


def decode_text(file: str, data: bytes) -> tuple[SourceText, tuple[Problem, ...]]:
    """Decode a file as UTF-8, keeping a byte order mark; other encodings are a problem.

    Invalid bytes become U+FFFD, so that the rest of the file can be read and all places are valid
    in the returned text. Files with invalid bytes are never written.
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


def _find_files(
    paths: Sequence[Path], root: Path, sources: Sequence[SourceSettings]
) -> list[_CatalogFile]:
    files: dict[Path, _CatalogFile] = {}
    for path in paths:
        full = root / path
        if str(path) == STDIN:
            found = [_CatalogFile(path, "<stdin>", None)]
        elif full.is_dir():
            found = [
                _make_file(inner, root, sources, full) for inner in _walk(full, full.resolve())
            ]
        elif full.exists():
            found = [_make_file(full, root, sources, None)]
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
            # A symbolic link to a folder inside the tree would yield the same files twice.
            if path.name not in _SKIPPED_FOLDERS and not path.is_symlink():
                yield from _walk(path, top)
        elif path.suffix.lower() in YAML_SUFFIXES + MARKDOWN_SUFFIXES and path.is_file():
            yield path


def _make_file(
    path: Path, root: Path, sources: Sequence[SourceSettings], folder: Path | None
) -> _CatalogFile:
    shown = _make_display_path(path, root)
    return _CatalogFile(path, shown, _find_source(shown, sources), folder)


def _make_display_path(path: Path, root: Path) -> str:
    """Return a path relative to ``root`` if it is below it, with ``/``."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def _find_source(shown: str, sources: Sequence[SourceSettings]) -> SourceSettings | None:
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
    """Return whether a file is Markdown, by its source, else its suffix, else its text."""
    if source is not None and source.format is not None:
        return source.format == "markdown"
    if source is not None and source.preset is not None:
        return False
    name = file.lower()
    if name.endswith(MARKDOWN_SUFFIXES):
        return True
    return not name.endswith(YAML_SUFFIXES) and bool(text) and not _looks_like_yaml(text)


def _load_files(files: Sequence[_CatalogFile], stdin: bytes | None) -> Catalog:
    ids: dict[str, Span] = {}
    reads: dict[Path, _LoadedFile] = {}
    catalog_folders: set[Path | None] = set()  # folders with YAML catalogs
    for file in sorted(files, key=lambda file: _is_markdown(file.display_path, file.source)):
        if (
            not file.is_explicit
            and file.folder in catalog_folders
            and _is_markdown(file.display_path, None)
        ):
            continue
        read = _load_file(file, stdin, ids)
        if read is None:
            continue
        reads[file.path] = read
        if (read.entries or read.problems) and not _is_markdown(file.display_path, file.source):
            catalog_folders.add(file.folder)
    ordered = [reads[file.path] for file in files if file.path in reads]
    return Catalog(
        entries=tuple(entry for read in ordered for entry in read.entries),
        problems=tuple(problem for read in ordered for problem in read.problems),
        files=tuple(read.file.display_path for read in ordered),
        skipped_links=sum(read.skipped for read in ordered),
        markdown=tuple(
            read.markdown
            for read in ordered
            if read.markdown is not None and (read.markdown.links or read.markdown.tables)
        ),
    )


def _load_file(file: _CatalogFile, stdin: bytes | None, ids: dict[str, Span]) -> _LoadedFile | None:
    """Read one file; ``None`` if it is not a catalog and was not named."""
    text, problems = decode_text("<stdin>", stdin or b"") if _is_stdin(file) else _read_text(file)
    if _is_markdown(file.display_path, file.source, text.text):
        from linkcheck.markdown.entries import load_markdown_file

        found = load_markdown_file(text)
        return _LoadedFile(
            file, found.entries, (*problems, *found.problems), found.skipped, found.file
        )
    if not file.is_explicit and _is_not_catalog(text):
        return None
    loaded = _load_yaml(text, file.source, ids)
    return _LoadedFile(file, loaded[0], (*problems, *loaded[1]), loaded[2])


def _is_stdin(file: _CatalogFile) -> bool:
    return str(file.path) == STDIN


def _is_not_catalog(text: SourceText) -> bool:
    """Return whether a YAML file is well-formed but not a list of entries (settings)."""
    if _LIST_START.search(text.text):
        return False
    from linkcheck.catalog.yaml_entries import is_other_yaml

    return is_other_yaml(text)


def _read_text(file: _CatalogFile) -> tuple[SourceText, tuple[Problem, ...]]:
    """Read a file's text; a file in a folder that cannot be read is a problem."""
    nothing = SourceText(file.display_path, "")
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
            raise CatalogError(message, where=file.display_path, hint=hint) from None
        return nothing, (Problem(message, nothing.span(0, 0), hint),)
    return decode_text(file.display_path, data)


def _looks_like_yaml(text: str) -> bool:
    for line in text.removeprefix("\ufeff").splitlines():
        if line.strip() and not line.startswith("#"):
            return bool(_YAML_START.match(line))
    return False


def _load_yaml(
    text: SourceText, source: SourceSettings | None, ids: dict[str, Span]
) -> tuple[tuple[Entry, ...], tuple[Problem, ...], int]:
    from linkcheck.catalog.layouts import has_custom_layout, load_with_layout
    from linkcheck.catalog.yaml_entries import load_yaml

    if source is not None and has_custom_layout(source):
        return load_with_layout(text, source, ids=ids)
    return load_yaml(text, ids=ids)


def _load_markdown(text: SourceText) -> tuple[tuple[Entry, ...], tuple[Problem, ...], int]:
    from linkcheck.markdown.entries import load_markdown

    return load_markdown(text)
