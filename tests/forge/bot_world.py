"""Findings and results for the tests of the bot."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta

from linkcheck.model.entry import Entry, EntryKind
from linkcheck.model.finding import Confidence, Edit, Finding, FindingHistory, Fix, Safety, Severity
from linkcheck.model.observation import EvidenceItem, Status
from linkcheck.model.result import (
    EntryResult,
    LinkResult,
    Occurrence,
    RequestCount,
    RunOutcome,
    RunResult,
)
from linkcheck.model.source_text import SourceText, Span
from linkcheck.rules.table import all_rules

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def catalog_text(
    count: int, dead: AbstractSet[int] = frozenset(), moved: AbstractSet[int] = frozenset()
) -> str:
    """Return a catalog of ``count`` entries; the URL shows whether a link is dead or moved."""
    lines = ["# kept by hand\n"]
    for n in range(count):
        kind = "dead" if n in dead else "old" if n in moved else "good"
        lines.append(
            f"- id: entry-{n}  # entry {n}\n  name: Entry {n}\n  kind: tool\n"
            f"  links:\n    code: https://example.org/{kind}/{n}\n"
        )
    return "".join(lines)


def span_of(source: SourceText, needle: str) -> Span:
    start = source.text.index(needle)
    return source.span(start, start + len(needle))


def finding(
    source: SourceText,
    entry: str | None,
    url: str,
    rule: str = "dead-link",
    severity: Severity = Severity.ERROR,
    after: str | None = None,
    safety: Safety = Safety.SAFE,
    message: str | None = None,
    confidence: Confidence = Confidence.HIGH,
) -> Finding:
    span = span_of(source, url)
    fix = Fix("the new address", (Edit(span, url, after),), safety) if after else None
    return Finding(
        rule=rule,
        severity=severity,
        message=message or f"The page {url} is not there.",
        span=span,
        confidence=confidence,
        entry=entry,
        url=url,
        evidence=(EvidenceItem("web", NOW, "HTTP 404"),),
        fix=fix,
    )


def link(source: SourceText, entry: str, url: str, status: Status) -> LinkResult:
    return LinkResult(url, None, status, (Occurrence(span_of(source, url), entry, "code"),))


def result(
    findings: tuple[Finding, ...] = (),
    links: tuple[LinkResult, ...] = (),
    suppressed: tuple[Finding, ...] = (),
    now: datetime = NOW,
    outcome: RunOutcome = RunOutcome.COMPLETE,
    names: Mapping[str, str] | None = None,
) -> RunResult:
    return RunResult(
        version="0",
        outcome=outcome,
        reason=None,
        started_at=now - timedelta(minutes=1),
        finished_at=now,
        inputs=("catalog",),
        requests=RequestCount(),
        reused=0,
        links=links,
        entries=tuple(
            EntryResult(Entry(key, name, EntryKind.TOOL, SourceText("c.yaml", "").span(0, 0)))
            for key, name in (names or {}).items()
        ),
        findings=findings,
        suppressed=suppressed,
        rules=all_rules(),
    )


def confirmed(
    findings: tuple[Finding, ...],
    since: datetime = NOW - timedelta(days=9),
    alive: datetime | None = None,
) -> dict[str, FindingHistory]:
    return {f.fingerprint: FindingHistory(since, alive, is_confirmed=True) for f in findings}
