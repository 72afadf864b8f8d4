"""What a run reads: catalog files, and the same files at another revision."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.app.settings import RunOptions, Surroundings
from linkcheck.config import Config
from linkcheck.model.entry import Catalog
from linkcheck.model.errors import CatalogError

if TYPE_CHECKING:
    from linkcheck.catalog.changes import Changes


def chosen_paths(
    paths: Sequence[str], config: Config, surroundings: Surroundings
) -> tuple[str, ...]:
    """Return the inputs: those named, else those configured, else ``catalog``.

    Empty when only ``[[source]]`` tables say what to read. Raises CatalogError when nothing does.
    """
    chosen = tuple(paths) or config.run.paths
    if chosen or config.sources:
        return chosen
    if (surroundings.cwd / "catalog").is_dir():
        return ("catalog",)
    raise CatalogError(
        "there is no catalog here: no PATH was given, the configuration names no 'paths', "
        "and there is no folder 'catalog'",
        where=str(surroundings.cwd),
        hint="Name a file or folder: linkcheck run README.md",
    )


def read_catalog(paths: Sequence[str], config: Config, surroundings: Surroundings) -> Catalog:
    """Read the catalog files in these paths and in the configured sources.

    Raises CatalogError when they hold nothing to check.
    """
    from linkcheck.catalog.load import load

    catalog = load([Path(path) for path in paths], root=surroundings.cwd, sources=config.sources)
    if not catalog.entries and not catalog.problems:
        raise CatalogError(
            f"no entries and no links in {', '.join(paths) or 'the configured sources'} "
            f"({len(catalog.files)} files read)",
            hint="linkcheck reads .yaml, .yml and .md files; see 'linkcheck schema'",
        )
    return catalog


def read_changes(
    options: RunOptions,
    paths: Sequence[str],
    config: Config,
    surroundings: Surroundings,
    catalog: Catalog,
) -> "Changes | None":
    """Compare the catalog with itself at a revision; ``None`` when everything is wanted."""
    if options.changed_since is None:
        return None
    from linkcheck import vcs
    from linkcheck.catalog.changes import compare
    from linkcheck.catalog.load import MARKDOWN_SUFFIXES, YAML_SUFFIXES, load, source_paths

    root = surroundings.cwd
    vcs.top_of(root)
    commit = vcs.commit_of(root, options.changed_since)
    base = vcs.merge_base(root, commit, "HEAD")
    inputs = (*paths, *(str(path) for path in source_paths(config.sources, root)))
    folders = [
        Path(os.path.relpath(root / path, root)).as_posix() for path in inputs if path != "-"
    ]
    suffixes = (*YAML_SUFFIXES, *MARKDOWN_SUFFIXES, *{Path(path).suffix for path in folders} - {""})
    with vcs.files_at(root, base, folders, suffixes) as top:
        there = [Path(folder) for folder in folders if (top / folder).exists()]
        old = load(there, root=top, sources=config.sources) if there else Catalog()
    return compare(old, catalog)
