"""Results for the tests of reports: made up in full, with a fixed clock."""

from datetime import UTC, datetime, timedelta

from linkcheck.model.entry import Entry, EntryKind
from linkcheck.model.finding import Confidence, Edit, Finding, Fix, Safety, Severity
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
from linkcheck.model.run_history import History, Lifetime, RunSummary
from linkcheck.model.source_text import Span
from linkcheck.model.target import Target, TargetKind

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOSTILE = "</script><img src=x onerror=alert(1)>\u202e@everyone \x1b[31m{{7*7}}"
KINDS = (EntryKind.MODEL, EntryKind.DATASET, EntryKind.PAPER)
STATUSES = (Status.ALIVE, Status.ALIVE, Status.ALIVE, Status.DEAD, Status.MOVED)
RULES = {Status.DEAD: "dead-link", Status.MOVED: "moved-link"}


def span(line: int) -> Span:
    return Span("catalog/models.yaml", 0, 0, line, 9, line, 50)


def entry(number: int, name: str | None = None) -> EntryResult:
    named = name or f"Model {number:05d}"
    made = Entry(f"model-{number}", named, KINDS[number % 3], span(10 * number + 1))
    pushed = NOW - timedelta(days=number * 37 % 1500)
    return EntryResult(
        made,
        {
            "stars": number * 7919 % 5000,
            "license": ("MIT", "Apache-2.0", "GPL-3.0")[number % 3],
            "last_push": pushed.date().isoformat(),
            "created": (pushed - timedelta(days=400)).date().isoformat(),
        },
    )


def link(number: int, status: Status) -> LinkResult:
    url = f"https://github.com/owner/model-{number}"
    return LinkResult(
        url=url,
        target=Target(TargetKind.GITHUB_REPO, f"owner/model-{number}", url),
        status=status,
        occurrences=(Occurrence(span(10 * number + 5), f"model-{number}", "code"),),
        checked_at=NOW + timedelta(seconds=number % 30),
    )


def finding(number: int, status: Status, message: str | None = None) -> Finding:
    url = f"https://github.com/owner/model-{number}"
    fix = None
    if status is Status.MOVED:
        edit = Edit(span(10 * number + 5), url, f"{url}-new")
        fix = Fix("Use the new address", (edit,), Safety.SAFE)
    return Finding(
        rule=RULES[status],
        severity=Severity.ERROR if status is Status.DEAD else Severity.WARNING,
        message=message or f"The repository owner/model-{number} is not what it was.",
        span=span(10 * number + 5),
        confidence=Confidence.HIGH,
        entry=f"model-{number}",
        url=url,
        evidence=(EvidenceItem("github-graphql", NOW, "no such repository"),),
        fix=fix,
    )


def result(entries: int = 25, *, hostile: bool = False, history: bool = True) -> RunResult:
    """Return a result with a finding on two of five entries; hostile texts where asked for."""
    statuses = [STATUSES[n % len(STATUSES)] for n in range(entries)]
    wrong = [(n, status) for n, status in enumerate(statuses) if status in RULES]
    text = HOSTILE if hostile else None
    return RunResult(
        version="0.1.0",
        outcome=RunOutcome.COMPLETE,
        reason=None,
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=31),
        inputs=("catalog",),
        requests=RequestCount(5, {"api.github.com": 3, "export.arxiv.org": 2}),
        reused=1,
        links=tuple(link(n, status) for n, status in enumerate(statuses)),
        entries=tuple(entry(n, text) for n in range(entries)),
        findings=tuple(finding(n, status, text) for n, status in wrong),
        notices=(Notice(text or "No GITHUB_TOKEN: one request for each repository."),),
        targets=entries,
        rules=(
            RuleInfo(
                "dead-link", Severity.ERROR, "Gone.", "# dead-link\n\n## What it does\n\nA.\n"
            ),
            RuleInfo("moved-link", Severity.WARNING, "Moved.", "# moved-link\n\nB.\n"),
        ),
        history=past() if history else None,
    )


def past() -> History:
    """Return twelve runs and forty lives, eight of them over."""
    runs = tuple(
        RunSummary(NOW - timedelta(days=7 * (12 - n)), {"alive": 100 - n, "dead": n, "moved": 3})
        for n in range(12)
    )
    lives = tuple(Lifetime(10.0 + n * 3, ended=n % 5 == 0) for n in range(40))
    return History(runs, lives)
