"""Results to render: a small one for people's eyes, and hostile ones."""

from datetime import UTC, datetime

from linkcheck.model.entry import Entry, EntryKind
from linkcheck.model.finding import (
    Confidence,
    Edit,
    Finding,
    Fix,
    Related,
    Safety,
    Severity,
)
from linkcheck.model.observation import EvidenceItem, Status
from linkcheck.model.result import (
    EntryResult,
    LinkResult,
    Notice,
    Occurrence,
    RequestCount,
    RunOutcome,
    RunResult,
)
from linkcheck.model.rule import RuleInfo
from linkcheck.model.source_text import Span

AT = datetime(2026, 11, 20, 6, 17, 5, tzinfo=UTC)
FILE = "catalog/models.yaml"


def span(line: int, *, file: str = FILE, end_line: int | None = None) -> Span:
    return Span(file, line * 100, line * 100 + 30, line, 11, end_line or line, 41)


def finding(
    number: int = 1,
    *,
    severity: Severity = Severity.ERROR,
    confidence: Confidence = Confidence.HIGH,
    message: str = "",
    file: str = FILE,
    entry: str | None = "chatdoctor",
) -> Finding:
    return Finding(
        rule="dead-link",
        severity=severity,
        message=message or f"The repository octo/repo{number} is gone, says GitHub. Remove it.",
        span=span(number, file=file),
        confidence=confidence,
        entry=entry,
        url=f"https://github.com/octo/repo{number}",
        evidence=(EvidenceItem("github-graphql", AT, "GitHub has no such repository"),),
    )


MOVED = Finding(
    rule="moved-link",
    severity=Severity.WARNING,
    message="The repository octo/old has moved for good to octo/new. Use that address.",
    span=span(12),
    entry="chatdoctor",
    url="https://github.com/octo/old",
    evidence=(EvidenceItem("github-graphql", AT, "it is now called octo/new"),),
    fix=Fix(
        "Use the new address",
        (Edit(span(12), "https://github.com/octo/old", "https://github.com/octo/new"),),
    ),
)
LICENSE = Finding(
    rule="license-mismatch",
    severity=Severity.ERROR,
    message="The entry gives MIT as the licence, but the card declares GPL-3.0-only.",
    span=span(14),
    entry="chatdoctor",
    subject="license",
    fix=Fix("Write GPL-3.0-only", (Edit(span(14), "MIT", "GPL-3.0-only"),), Safety.UNSAFE),
)
TWIN = Finding(
    rule="duplicate-entry",
    severity=Severity.WARNING,
    message="“Chat Doctor” looks like “ChatDoctor” (chatdoctor, catalog/models.yaml:1). Merge.",
    span=span(30, end_line=32),
    confidence=Confidence.MEDIUM,
    entry="chat-doctor",
    related=(Related("chatdoctor", span(1)),),
)
STALE = Finding(
    rule="stale-repository",
    severity=Severity.INFO,
    message="The last commit of octo/new is of 4 May 2021.",
    span=span(13),
    entry="chatdoctor",
    url="https://github.com/octo/new",
)


def entry_result(name: str, *, file: str = FILE, line: int = 1) -> EntryResult:
    return EntryResult(Entry(name, name.title(), EntryKind.MODEL, span(line, file=file)), {})


def link(number: int, status: Status, entry: str) -> LinkResult:
    return LinkResult(
        f"https://github.com/octo/repo{number}",
        None,
        status,
        (Occurrence(span(number), entry, "code"),),
    )


def result(
    *findings: Finding,
    suppressed: tuple[Finding, ...] = (),
    notices: tuple[Notice, ...] = (),
    reason: str | None = None,
    changed_since: str | None = None,
    entries: tuple[EntryResult, ...] | None = None,
) -> RunResult:
    names = sorted({f.rule for f in (*findings, *suppressed)} | {"dead-link"})
    return RunResult(
        version="0.1.0",
        outcome=RunOutcome.INCONCLUSIVE if reason else RunOutcome.COMPLETE,
        reason=reason,
        started_at=AT,
        finished_at=AT.replace(second=17),
        inputs=("catalog",),
        requests=RequestCount(3, {"api.github.com": 3}),
        reused=0,
        links=(
            link(1, Status.DEAD, "chatdoctor"),
            link(12, Status.MOVED, "chatdoctor"),
            link(13, Status.ALIVE, "chatdoctor"),
            link(40, Status.SKIPPED, "offline-model"),
        ),
        entries=(
            entries
            if entries is not None
            else (
                entry_result("chatdoctor"),
                entry_result("chat-doctor", line=30),
                entry_result("offline-model", line=40),
            )
        ),
        findings=findings,
        suppressed=suppressed,
        notices=notices,
        targets=4,
        rules=tuple(
            RuleInfo(name, Severity.ERROR, f"When {name} fires.", f"When {name} fires.\n\n## Why\n")
            for name in names
        ),
        changed_since=changed_since,
    )


USUAL = result(finding(1), LICENSE, MOVED, TWIN, STALE, suppressed=(finding(9),))
TRIES = (
    "::error file=x::owned",
    "\n::set-output name=outcome::complete",
    "\r\n::add-mask::secret",
    "\r::stop-commands::x",
    "  ::save-state name=a::b",
    "##[error]owned",
    "##[set-env name=PATH]/tmp",
    "\n##[add-path]/tmp",
    "%0A::warning::owned",
    "%25%0A%0D::debug::owned",
    "a,line=1,title=x::y",
    "a:b,col=1",
    "\u2028::error::owned",
    "\u0085::error::owned",
    "\x0b::error::owned\x0c::error::owned",
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "\x00::error::",
    "EOF\noutcome=complete\nEOF",
    "end_\nreport<<x\n/etc/passwd\nx",
    "PATH=/tmp/evil",
    "\nLD_PRELOAD=/tmp/evil.so",
    "${{ secrets.GITHUB_TOKEN }}",
    "$(touch owned) `touch owned`",
    "'; touch owned; '",
    "@everyone #1 octo/repo#1 GH-1",
    "</td></table><script>alert(1)</script>",
    "]]><failure>owned</failure><![CDATA[",
    "| a | b |\n| - | - |",
    "[x](javascript:alert(1)) ![x](https://evil.example/p.png)",
    "\u202egnp.exe\u200b\ufeff",
    "\ud800 lone surrogate",
    "--output=/etc/passwd",
    "-o",
    "…" * 3,
)
"""What somebody may write into a name, a title, a model card or a file name."""
