"""Observations for the tests of the store."""

from datetime import UTC, datetime, timedelta

from linkcheck.model.facts import PageFacts
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

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FOUND = Found(PageFacts(title="A page"))
GONE = Gone(GoneReason.NOT_FOUND)
SILENT = Unknown(UnknownReason.TIMEOUT, "no answer within 20 s")


def page(number: int = 0) -> Target:
    address = f"https://example.org/{number}"
    return Target(TargetKind.WEB, address, address)


def seen(target: Target, day: int = 0, outcome: Outcome = FOUND) -> Observation:
    at = NOON + timedelta(days=day)
    return Observation(target, at, outcome, (EvidenceItem("http", at, "200 OK"),), 200, 1)
