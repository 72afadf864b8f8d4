"""Read the catalog files of a run, and the same files at another revision."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.app.check_local import revision_locator, with_local_links, work_tree_locator
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.config import Config
from linkcheck.model.entry import Catalog
from linkcheck.model.errors import CatalogError

if TYPE_CHECKING:
    from linkcheck.catalog.changes import CatalogChanges


def resolve_inputs(
    paths: Sequence[str], config: Config, environment: RunEnvironment
) -> tuple[str, ...]:
    """Return the paths to read: those given, else those configured, else ``catalog``.

    Configured are ``paths`` and the ``[[source]]`` tables. Raises CatalogError if there is none.
    """
    from linkcheck.catalog.load import expand_source_paths

    if paths:
        return tuple(paths)
    sources = (str(path) for path in expand_source_paths(config.sources, environment.cwd))
    chosen = (*config.run.paths, *sources)
    if chosen:
        return chosen
    if (environment.cwd / "catalog").is_dir():
        return ("catalog",)
    raise CatalogError(
        "there is no catalog here: no PATH was given, the configuration names no 'paths', "
        "and there is no folder 'catalog'",
        where=str(environment.cwd),
        hint="Name a file or folder after the command, as in 'linkcheck run README.md' "
        "or 'linkcheck fix README.md'",
    )


def read_catalog(paths: Sequence[str], config: Config, environment: RunEnvironment) -> Catalog:
    """Read the catalog files of these paths and of the configured sources.

    Raises CatalogError if there is nothing to check in them.
    """
    from linkcheck.catalog.load import STDIN, load_catalog

    stdin = environment.stdin() if STDIN in paths else None
    files = [Path(path) for path in paths]
    root = environment.cwd
    catalog = load_catalog(files, root=root, sources=config.sources, stdin=stdin)
    catalog = with_local_links(catalog, work_tree_locator(root))
    holds_more = catalog.local_links or any(file.tables for file in catalog.markdown)
    if not catalog.entries and not catalog.problems and not holds_more:
        read = "1 file" if len(catalog.files) == 1 else f"{len(catalog.files)} files"
        raise CatalogError(
            f"no entries and no links in {', '.join(paths)} ({read} read)",
            hint=_empty_catalog_hint(catalog),
        )
    return catalog


def _empty_catalog_hint(catalog: Catalog) -> str:
    """Return a hint for files that contain nothing to check."""
    if catalog.files and all(str(file).lower().endswith(".md") for file in catalog.files):
        return (
            "In Markdown the links to http: and https: addresses are checked, and inside a git "
            "working tree those to other files: name a file that has such links"
        )
    return "linkcheck reads .yaml, .yml and .md files; see 'linkcheck schema'"


def read_changes(
    options: RunOptions,
    paths: Sequence[str],
    config: Config,
    environment: RunEnvironment,
    catalog: Catalog,
) -> "CatalogChanges | None":
    """Compare the catalog with itself at a revision; ``None`` without ``--changed-since``."""
    if options.changed_since is None:
        return None
    from linkcheck import git
    from linkcheck.catalog.changes import compare_catalogs
    from linkcheck.catalog.load import MARKDOWN_SUFFIXES, YAML_SUFFIXES, load_catalog

    root = environment.cwd
    git.repository_root(root)
    commit = git.commit_of(root, options.changed_since)
    base = git.merge_base(root, commit, "HEAD")
    folders = [Path(os.path.relpath(root / path, root)).as_posix() for path in paths if path != "-"]
    suffixes = (*YAML_SUFFIXES, *MARKDOWN_SUFFIXES, *{Path(path).suffix for path in folders} - {""})
    with git.files_at(root, base, folders, suffixes) as checkout:
        existing = [Path(folder) for folder in folders if (checkout / folder).exists()]
        old = (
            load_catalog(existing, root=checkout, sources=config.sources) if existing else Catalog()
        )
    if catalog.markdown:
        old = with_local_links(old, revision_locator(root, base))
    return compare_catalogs(old, catalog)
