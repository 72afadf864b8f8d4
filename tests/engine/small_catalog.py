"""Catalogs built in code, for tests of the engine that need no file format."""

from datetime import UTC, datetime, timedelta

from linkcheck.engine.identify import LinkIndex, identify
from linkcheck.model.entry import Catalog, Entry, EntryKind, Ignore, Link
from linkcheck.model.facts import Facts, PageFacts
from linkcheck.model.observation import (
    Evidence,
    Found,
    Gone,
    GoneReason,
    Observation,
    Outcome,
    Unknown,
    UnknownReason,
)
from linkcheck.model.source_text import SourceText
from linkcheck.model.target import Target
from linkcheck.providers.table import recognize

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def catalog(entries: dict[str, dict[str, str]], **ignores: tuple[Ignore, ...]) -> Catalog:
    """Return a catalog of entry ids with their links by role; one line for each link."""
    lines: list[str] = []
    places: list[tuple[str, str, int]] = []
    for name, links in entries.items():
        for role, url in links.items():
            places.append((name, role, sum(len(line) + 1 for line in lines)))
            lines.append(url)
    source = SourceText("catalog.yaml", "\n".join(lines))
    built: dict[str, list[Link]] = {name: [] for name in entries}
    for name, role, start in places:
        url = entries[name][role]
        span = source.span(start, start + len(url))
        built[name].append(Link(url, url, span, role, badge=role == "badge"))
    return Catalog(
        tuple(
            Entry(
                name,
                name.title(),
                EntryKind.MODEL,
                links[0].span,
                links=tuple(links),
                ignores=ignores.get(name, ()),
            )
            for name, links in built.items()
        ),
        files=("catalog.yaml",),
    )


def identified(of: Catalog) -> LinkIndex:
    return identify(of, recognize)


def target(url: str) -> Target:
    return recognize(url).target


def look(url: str, outcome: Outcome, days: float = 0) -> Observation:
    return Observation(target(url), NOW - timedelta(days=days), outcome)


def there(url: str, facts: Facts | None = None, *, days: float = 0) -> Observation:
    return look(url, Found(facts or PageFacts()), days)


def gone(url: str, *, days: float = 0) -> Observation:
    return look(url, Gone(GoneReason.NOT_FOUND), days)


def silent(
    url: str, reason: UnknownReason = UnknownReason.TIMEOUT, *, days: float = 0
) -> Observation:
    return look(url, Unknown(reason), days)


def history(*observations: Observation) -> Evidence:
    return Evidence(observations[0].target, observations)


def known(*observations: Observation) -> dict[Target, Evidence]:
    """Return evidence of one observation for each target."""
    return {observation.target: history(observation) for observation in observations}
