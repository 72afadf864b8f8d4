"""Helpers for the tables of examples: short entries, and observations of their links."""

from datetime import UTC, datetime, timedelta

from linkcheck.model.facts import Facts, PageFacts
from linkcheck.model.observation import (
    EvidenceItem,
    Found,
    Gone,
    GoneReason,
    Observation,
    Outcome,
    Unknown,
    UnknownReason,
)
from linkcheck.model.target import Target, TargetKind

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
"""The time at which every example is evaluated."""

PLACEHOLDER_TARGET = Target(TargetKind.WEB, "https://example.org/", "https://example.org/")
"""Replaced by the target of the link when an example is run."""


def days_ago(days: float) -> datetime:
    """Return the time ``days`` before :data:`NOW`."""
    return NOW - timedelta(days=days)


def entry(name: str, *, kind: str = "model", extra: str = "", **links: str) -> str:
    """Return a short catalog entry as YAML; its id is the name in kebab-case.

    ``links`` are role and URL; ``extra`` holds further lines of the entry.
    """
    lines = [f"- id: {name.lower().replace(' ', '-')}", f"  name: {name}", f"  kind: {kind}"]
    lines.append("  links:")
    lines += [f"    {role}: {url}" for role, url in links.items()]
    lines += [f"  {line}" for line in extra.splitlines()]
    return "\n".join(lines) + "\n"


def _observed(outcome: Outcome, days: float, source: str, says: str) -> Observation:
    at = days_ago(days)
    return Observation(PLACEHOLDER_TARGET, at, outcome, (EvidenceItem(source, at, says),))


def found(
    facts: Facts | None = None,
    *,
    now_at: str | None = None,
    permanent: bool = True,
    days: float = 0,
    says: str = "it is there",
) -> Observation:
    """Return an observation that found the target, perhaps at another URL."""
    moved = permanent and now_at is not None
    return _observed(Found(facts or PageFacts(), now_at, moved), days, "example", says)


def gone(reason: GoneReason = GoneReason.NOT_FOUND, *, days: float = 0) -> Observation:
    """Return an observation that the target does not exist."""
    return _observed(Gone(reason), days, "example", "not found")


def unknown(
    reason: UnknownReason = UnknownReason.TIMEOUT, detail: str = "no answer", *, days: float = 0
) -> Observation:
    """Return an observation without an answer."""
    return _observed(Unknown(reason, detail), days, "example", detail)
