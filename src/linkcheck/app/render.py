"""Render catalog and observed facts as Markdown tables (``linkcheck render``)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from linkcheck.app.environment import RunEnvironment
from linkcheck.app.inputs import read_catalog, resolve_inputs
from linkcheck.config import Config
from linkcheck.model.errors import UsageError

OBSERVED = "observed.json"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file before and after rendering."""

    path: Path
    before: str
    after: str


def read_observed(path: Path | None) -> Mapping[str, Mapping[str, object]]:
    """Return the observed facts by entry id; an empty mapping if there is no file.

    Raises UsageError for a file with other content.
    """
    if path is None or not path.is_file():
        return {}
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict) or not all(isinstance(v, dict) for v in facts.values()):
        raise UsageError(
            "is not a file of observed facts",
            where=str(path),
            hint="It is written by 'linkcheck run --observed FILE'; make it anew",
        )
    return facts


def render_block(
    paths: Sequence[str], config: Config, environment: RunEnvironment, observed: Path | None
) -> str:
    """Return the tables of the catalog. Raises CatalogError if it cannot be read."""
    from linkcheck.catalog.render_tables import render_tables

    chosen = resolve_inputs(paths, config, environment)
    catalog = read_catalog(chosen, config, environment)
    if observed is None:
        folders = [environment.cwd / path for path in chosen]
        observed = next((f / OBSERVED for f in folders if (f / OBSERVED).is_file()), None)
    return render_tables(catalog.entries, read_observed(observed))


def render_into(path: Path, block: str) -> Rendered:
    """Return a file with the tables between its markers; raises UsageError without markers."""
    from linkcheck.catalog.render_tables import replace_between_markers

    try:
        before = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}",
            where=str(path),
            hint="Name a Markdown file with the two markers; 'linkcheck render --help' shows them",
        ) from None
    except UnicodeDecodeError:
        raise UsageError("is not UTF-8 text", where=str(path)) from None
    return Rendered(path, before, replace_between_markers(before, block, file=str(path)))
