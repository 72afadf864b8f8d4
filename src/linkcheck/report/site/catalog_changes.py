"""Changes of targets between one observation and the next."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from linkcheck.model.facts import Facts, ModelFacts, PaperFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import Evidence, Found, Gone, Observation
from linkcheck.model.target import Target


@dataclass(frozen=True, slots=True)
class CatalogChange:
    """A change of a target."""

    at: datetime
    """Time of the first observation with the change."""
    target: Target
    description: str
    """Text of the change; may contain outside text."""
    tone: str
    """``bad``, ``good`` or ``info``."""
    entries: tuple[str, ...] = ()
    """Ids of the entries with links to the target."""


def find_changes(evidence: Evidence, entries: tuple[str, ...] = ()) -> Iterator[CatalogChange]:
    """Yield the changes of a target, oldest first.

    Each conclusive observation is compared with the one before. Numbers that change all the time
    (stars, downloads) are ignored.
    """
    settled = [o for o in reversed(evidence.observations) if isinstance(o.outcome, Found | Gone)]
    for before, after in itertools.pairwise(settled):
        for words, tone in _outcome_changes(before, after):
            yield CatalogChange(after.at, evidence.target, words, tone, entries)


def _outcome_changes(before: Observation, after: Observation) -> Iterator[tuple[str, str]]:
    was, now = isinstance(before.outcome, Found), isinstance(after.outcome, Found)
    if was and not now:
        yield "is gone", "bad"
    elif now and not was:
        yield "is there again", "good"
    elif isinstance(after.outcome, Found) and isinstance(before.outcome, Found):
        address = after.outcome.now_at
        if after.outcome.permanent and address and address != before.outcome.now_at:
            yield f"moved to {address}", "info"
        if before.facts is not None and after.facts is not None:
            yield from _fact_changes(before.facts, after.facts)


def _fact_changes(was: Facts, now: Facts) -> Iterator[tuple[str, str]]:
    match was, now:
        case PathFacts(), PathFacts():
            if was.exists != now.exists:
                yield (
                    ("the path is there again", "good")
                    if now.exists
                    else (
                        "the path is not there any more",
                        "bad",
                    )
                )
            yield from _fact_changes(was.repository, now.repository)
        case RepositoryFacts(), RepositoryFacts():
            yield from _flag_change(
                was.archived, now.archived, "was archived", "is not archived now"
            )
            yield from _value_change(was.license, now.license, "license")
            yield from _value_change(was.latest_release, now.latest_release, "latest release")
        case ModelFacts(), ModelFacts():
            yield from _value_change(was.license, now.license, "license")
            yield from _value_change(was.gated, now.gated, "gate")
            yield from _value_change(was.base_models, now.base_models, "base models", ", ".join)
        case PaperFacts(), PaperFacts():
            yield from _flag_change(was.withdrawn, now.withdrawn, "was withdrawn", "is there again")
            yield from _value_change(was.latest_version, now.latest_version, "version")
            yield from _value_change(
                was.journal_reference, now.journal_reference, "journal reference"
            )


def _flag_change(
    was: bool | None, now: bool | None, on: str, off: str
) -> Iterator[tuple[str, str]]:
    if was is not None and now is not None and was != now:
        yield (on, "bad") if now else (off, "good")


def _value_change(
    was: object, now: object, name: str, show: Callable[..., str] = str
) -> Iterator[tuple[str, str]]:
    if was and now and was != now:
        yield f"{name}: {show(was)} became {show(now)}", "info"


def newest_first(found: Iterable[CatalogChange], limit: int = 500) -> tuple[CatalogChange, ...]:
    """Return the newest changes, at most ``limit``."""
    ordered = sorted(found, key=lambda c: (c.at, str(c.target), c.description), reverse=True)
    return tuple(ordered[:limit])
