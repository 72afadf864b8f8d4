"""Write catalog, facts and history as a static site (``linkcheck render --site``)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from linkcheck import __version__
from linkcheck.app.check import run_check
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.app.inputs import read_catalog, resolve_inputs
from linkcheck.app.render import OBSERVED, read_observed
from linkcheck.app.results import history_of, last_result_file, load_result
from linkcheck.config import Config
from linkcheck.model.entry import Entry
from linkcheck.model.errors import UsageError
from linkcheck.model.observation import Status
from linkcheck.model.result import LinkResult, RunResult
from linkcheck.model.run_history import History
from linkcheck.model.target import Target
from linkcheck.report.site import SiteData, SiteEntry, SiteLink, site_files
from linkcheck.report.site.catalog_changes import CatalogChange, find_changes, newest_first
from linkcheck.report.site.data import page_slugs

MARKER_FILE = ".linkcheck-site"
"""Marks a folder as a site of ours; only a marked folder is overwritten."""


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """Inputs, title and base URL of a site."""

    paths: tuple[str, ...] = ()
    observed: Path | None = None
    result: Path | None = None
    """A saved JSON report; ``None`` takes the last result."""
    store: Path | None = None
    sandbox: bool = False
    """Check against the embedded sandbox instead of reading an earlier result."""
    title: str = "Catalog"
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class _StoredHistory:
    history: History | None
    last_alive: Mapping[Target, datetime]
    changes: tuple[CatalogChange, ...]


def write_site(
    folder: Path, options: SiteOptions, config: Config, environment: RunEnvironment
) -> int:
    """Write the site into ``folder`` and return the number of files.

    The folder may be new, empty or an earlier site; pages of removed entries are deleted. Raises
    UsageError for any other folder, and CatalogError if the catalog cannot be read.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError("is a file, not a folder", where=str(folder), hint="Name a new folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER_FILE).is_file():
        raise UsageError(
            "is a folder with other things in it, and a site would be mixed with them",
            where=str(folder),
            hint="Name a new or empty folder",
        )
    pages = dict(site_files(site_data(options, config, environment)))
    pages[MARKER_FILE] = "Made by linkcheck render --site; everything in here is written over.\n"
    try:
        for old in folder.rglob("*.html"):
            if old.relative_to(folder).as_posix() not in pages:
                old.unlink()
        for path, text in pages.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(
            f"the site cannot be written: {error.strerror}",
            where=str(folder),
            hint="Name a folder that you may write to",
        ) from None
    return len(pages)


def site_data(options: SiteOptions, config: Config, environment: RunEnvironment) -> SiteData:
    """Return the data of the site: catalog, newest result, observed facts, history."""
    chosen = resolve_inputs(options.paths, config, environment)
    catalog = read_catalog(chosen, config, environment)
    result = _result(options, config, environment)
    facts = dict(_observed(options, chosen, environment))
    for known in result.entries:
        if known.observed:
            facts[known.entry.id] = known.observed
    links = _links(result)
    stored = _read_store(options, result)
    names = page_slugs([entry.id for entry in catalog.entries])
    return SiteData(
        title=options.title,
        version=__version__,
        made_at=result.finished_at,
        entries=tuple(
            SiteEntry(
                entry,
                slug,
                facts.get(entry.id, {}),
                tuple(_site_links(entry, links, stored.last_alive)),
            )
            for entry, slug in zip(catalog.entries, names, strict=True)
        ),
        changes=stored.changes,
        history=stored.history,
        base_url=options.base_url.rstrip("/") if options.base_url else None,
        sandbox=result.sandbox,
    )


def _result(options: SiteOptions, config: Config, environment: RunEnvironment) -> RunResult:
    """Return the result with the links' statuses: a saved one, else that of an offline run."""
    if options.sandbox:
        return run_check(RunOptions(options.paths, sandbox=True), config, environment)
    saved = options.result
    if saved is None and options.store is not None:
        last = last_result_file(options.store)
        saved = last if last.is_file() else None
    if saved is None:
        return run_check(RunOptions(options.paths, offline=True), config, environment)
    try:
        return load_result(saved.read_text(encoding="utf-8"), str(saved))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot be read: {error}",
            where=str(saved),
            hint="Name a file written by 'linkcheck run -o FILE.json'",
        ) from None


def _observed(
    options: SiteOptions, chosen: Sequence[str], environment: RunEnvironment
) -> Mapping[str, Mapping[str, object]]:
    if options.observed is not None:
        return read_observed(options.observed)
    folders = (environment.cwd / path / OBSERVED for path in chosen)
    return read_observed(next((path for path in folders if path.is_file()), None))


_LinkResults = Mapping[tuple[str | None, str], Sequence[LinkResult]]


def _links(result: RunResult) -> _LinkResults:
    """Return the links' results by entry and text as written."""
    found: dict[tuple[str | None, str], list[LinkResult]] = defaultdict(list)
    for link in result.links:
        for place in link.occurrences:
            found[place.entry, link.url].append(link)
    return found


def _site_links(
    entry: Entry, results: _LinkResults, last_seen: Mapping[Target, datetime]
) -> Iterator[SiteLink]:
    for link in entry.links:
        if link.badge:
            continue
        result = next(iter(results.get((entry.id, link.written), ())), None)
        if result is None:
            yield SiteLink(link.role, link.url, Status.SKIPPED)
            continue
        last_alive = last_seen.get(result.target) if result.target else None
        if last_alive is None and result.status in (Status.ALIVE, Status.MOVED):
            last_alive = result.checked_at
        yield SiteLink(
            link.role, link.url, result.status, result.final_url, last_alive, result.checked_at
        )


def _read_store(options: SiteOptions, result: RunResult) -> _StoredHistory:
    """Return history, last seen alive and changes of the targets that the catalog links to."""
    if options.sandbox or options.store is None or not options.store.is_file():
        return _StoredHistory(None, {}, ())
    from linkcheck.store import open_store

    entries: dict[Target, list[str]] = defaultdict(list)
    for link in result.links:
        if link.target is not None:
            entries[link.target] += [place.entry for place in link.occurrences if place.entry]
    last_alive: dict[Target, datetime] = {}
    catalog_changes: list[CatalogChange] = []
    with open_store(options.store, read_only=True) as store:
        history = history_of(store)
        for target, evidence in store.history(entries, limit=50).items():
            if evidence.last_found is not None:
                last_alive[target] = evidence.last_found.at
            catalog_changes.extend(find_changes(evidence, tuple(dict.fromkeys(entries[target]))))
    return _StoredHistory(history, last_alive, newest_first(catalog_changes))
