"""Check local links of Markdown files against the files of the repository."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.model.entry import Catalog

if TYPE_CHECKING:
    from linkcheck.markdown.local_links import Files
    from linkcheck.model.local import BrokenLink

Locator = Callable[[str], "tuple[str, Files | None]"]
"""Returns the path of a file (given as shown) from the top of its repository, and the files of that
repository; outside of a repository the path as shown and ``None``."""


def with_local_links(catalog: Catalog, locate: Locator) -> Catalog:
    """Return the catalog with its local links checked."""
    if not any(file.links for file in catalog.markdown):
        return catalog
    from linkcheck.markdown.local_links import check_local_links

    broken: list[BrokenLink] = []
    checked = unchecked = 0
    for file in catalog.markdown:
        path, files = locate(file.source.file)
        report = check_local_links(file.links, file.source.text, path, files)
        broken += report.broken
        checked += report.checked
        unchecked += report.unchecked
    return replace(
        catalog,
        broken_links=tuple(broken),
        local_links=checked,
        unchecked_local_links=unchecked,
    )


def work_tree_locator(root: Path) -> Locator:
    """Return a locator that finds the working tree around each file.

    ``root`` is the folder that shown paths are relative to.
    """
    from linkcheck import git

    trees: dict[Path, git.WorkTree | None] = {}

    def locate(shown: str) -> "tuple[str, Files | None]":
        path = root / shown
        if not path.is_file():  # standard input
            return shown, None
        full = path.resolve()
        if full.parent not in trees:
            known = (tree for tree in trees.values() if tree and full.is_relative_to(tree.top))
            trees[full.parent] = next(known, None) or git.find_work_tree(full.parent)
        tree = trees[full.parent]
        return (shown, None) if tree is None else (full.relative_to(tree.top).as_posix(), tree)

    return locate


def revision_locator(root: Path, commit: str) -> Locator:
    """Return a locator of files as they were at a commit."""
    from linkcheck import git

    prefix = root.resolve().relative_to(git.repository_root(root).resolve())
    files = git.Revision(root, commit)
    return lambda shown: ((prefix / shown).as_posix(), files)
