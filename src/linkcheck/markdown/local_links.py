"""Check that the files and headings that local links lead to on GitHub exist."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import basename, dirname, relpath
from typing import Protocol

from linkcheck.markdown.anchors import find_anchors
from linkcheck.model.local import BrokenLink, LocalLink
from linkcheck.model.url import percent_decode

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mkdn")
"""The files whose headings GitHub gives ids by the rules of Markdown."""

_WEB_ADDRESS = re.compile(
    r"[:：][/／]{2}|https?[^\w\s]{0,4}[/／]{2}|\bwww\.|\bgit@|\A\W{0,3}10\.\d{4,9}/"
    r"|https?\W{0,3}(?:[\w-]+\.)+(?:com|org|net|io|cn|co|ai|edu|gov|dev)\b",
    re.IGNORECASE,
)
"""A malformed web URL or a bare DOI: never a file, and reported as an invalid link."""
_GITHUB_FRAGMENT = re.compile(
    r"|top|readme|start-of-content|[\w-]*-ov-file|L\d+(?:C\d+)?(?:-L?\d+(?:C\d+)?)?",
    re.IGNORECASE | re.ASCII,
)
"""Fragments that GitHub's pages define: their top, their tabs, lines of a file."""
_MIN_LIKENESS = 80
_MAX_SUGGESTIONS = 100
"""Broken links of one file for which a suggestion is searched."""


class Files(Protocol):
    """The files of a repository; paths start at its top, have ``/`` and are case-sensitive."""

    def has(self, path: str) -> bool:
        """Return whether the file or folder exists; ``True`` if that is not known."""
        ...

    def read(self, path: str) -> str | None:
        """Return a file's text; ``None`` where it cannot or may not be read."""
        ...

    def paths(self) -> Collection[str]:
        """Return the known files, for suggestions."""
        ...


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a local link leads."""

    path: str | None
    """From the top of the repository, ``""`` for the top itself; ``None`` outside of it."""
    fragment: str


@dataclass(slots=True)
class LocalReport:
    """The result of checking local links."""

    broken: list[BrokenLink] = field(default_factory=list)
    checked: int = 0
    unchecked: int = 0
    """Number of links to files that could not be checked, as the files are not known."""


def resolve_link(url: str, file: str) -> Destination:
    """Return where a link in ``file`` leads, by GitHub's rules.

    A path that begins with ``/`` starts at the top of the repository. One that leaves it leads to
    a page of GitHub (``../../issues``) and not to a file.
    """
    address, _, fragment = url.partition("#")
    fragment = percent_decode(fragment).partition(":~:")[0]
    path = percent_decode(address.partition("?")[0])
    if _WEB_ADDRESS.search(url[:500]):
        return Destination(None, fragment)
    if not path.strip():
        return Destination(file, fragment)
    parts = [] if path.startswith("/") else file.split("/")[:-1]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return Destination(None, fragment)
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return Destination("/".join(parts), fragment)


def check_local_links(
    links: Sequence[LocalLink], text: str, file: str, files: Files | None
) -> LocalReport:
    """Check the local links of one Markdown file.

    ``text`` is that file's text and ``file`` its path from the top of its repository. ``files``
    are those of the repository; without them only links within the file itself are checked.
    """
    return _Checker(text, file, files).check(links)


class _Checker:
    def __init__(self, text: str, file: str, files: Files | None) -> None:
        self._text = text
        self._file = file
        self._files = files
        self._anchors: dict[str, dict[str, str] | None] = {}
        self._letters: dict[str, dict[str, str]] = {}
        self._folded: tuple[dict[str, list[str]], dict[str, list[str]]] | None = None
        self._suggestions = 0

    def check(self, links: Sequence[LocalLink]) -> LocalReport:
        report = LocalReport()
        for link in links:
            there = resolve_link(link.url, self._file)
            if not link.url.strip() or there.path is None:
                continue
            if there.path != self._file and self._files is None:
                report.unchecked += 1
                continue
            report.checked += 1
            broken = self._check(link, there.path, there.fragment)
            if broken is not None:
                report.broken.append(broken)
        return report

    def _check(self, link: LocalLink, path: str, fragment: str) -> BrokenLink | None:
        files = self._files
        if path and path != self._file and files is not None and not files.has(path):
            nearest = self._find_nearest_path(path, files)
            if nearest is not None:
                nearest = relpath(nearest, dirname(self._file) or ".")
            return BrokenLink(link, path, nearest=nearest)
        if _GITHUB_FRAGMENT.fullmatch(fragment):
            return None
        anchors = self._find_anchors(path)
        if anchors is None or _anchor_key(fragment) in anchors or _is_mojibake(fragment):
            return None
        return BrokenLink(link, path, fragment, self._find_nearest_anchor(fragment, path, anchors))

    def _find_anchors(self, path: str) -> dict[str, str] | None:
        """Return a file's anchors by their keys; ``None`` if they are not known."""
        if path not in self._anchors:
            text = self._text if path == self._file else self._read(path)
            self._anchors[path] = (
                None
                if text is None
                else {_anchor_key(each): each for each in sorted(find_anchors(text))}
            )
        return self._anchors[path]

    def _read(self, path: str) -> str | None:
        """Return the text of a Markdown file, or of the README of a folder."""
        if self._files is None:
            return None
        if path.lower().endswith(MARKDOWN_SUFFIXES):
            return self._files.read(path)
        return self._files.read(f"{path}/README.md".removeprefix("/"))

    def _find_nearest_anchor(
        self, fragment: str, path: str, anchors: Mapping[str, str]
    ) -> str | None:
        """Return the anchor that differs least in its letters and digits."""
        if path not in self._letters:
            self._letters[path] = {_letters(each): each for each in anchors.values()}
        by_letters = self._letters[path]
        found = self._find_nearest(_letters(fragment), by_letters.keys())
        return by_letters[found] if found is not None else None

    def _find_nearest_path(self, path: str, files: Files) -> str | None:
        """Return the probably intended file: with another case, moved, or misspelled."""
        folded = path.casefold()
        by_path, by_name = self._paths_by_case(files)
        alike = by_path.get(folded) or by_name.get(basename(folded)) or ()
        return alike[0] if len(alike) == 1 else self._find_nearest(path, files.paths())

    def _paths_by_case(self, files: Files) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Return the files by path and by name, both case-folded."""
        if self._folded is None:
            self._folded = {}, {}
            for path in sorted(files.paths()):
                folded = path.casefold()
                self._folded[0].setdefault(folded, []).append(path)
                self._folded[1].setdefault(basename(folded), []).append(path)
        return self._folded

    def _find_nearest(self, text: str, choices: Collection[str]) -> str | None:
        from rapidfuzz import fuzz, process

        self._suggestions += 1
        if self._suggestions > _MAX_SUGGESTIONS:
            return None
        found = process.extractOne(text, choices, scorer=fuzz.ratio, score_cutoff=_MIN_LIKENESS)
        return str(found[0]) if found else None


def _is_mojibake(fragment: str) -> bool:
    """Return whether the text is mojibake: the file's encoding is broken and not the link."""
    from ftfy.badness import is_bad

    return is_bad(fragment)


def _anchor_key(anchor: str) -> str:
    return anchor.casefold().removeprefix("user-content-")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold()) or text
