"""Runs of the bot against the sandbox's forge."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from linkcheck.catalog.load import get_loader
from linkcheck.catalog.quoting import quote_edits
from linkcheck.fixes.grouping import make_proposals
from linkcheck.forge.execute import ExecutionResult, execute
from linkcheck.forge.github_client import ForgeAccess
from linkcheck.forge.planning.context import PlanningOptions
from linkcheck.forge.planning.plan import plan_actions
from linkcheck.forge.repository import GitHubRepository
from linkcheck.model.action import ForgePlan
from linkcheck.model.finding import Finding, FindingHistory, Severity
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.observation import Status
from linkcheck.model.result import RunResult
from linkcheck.model.settings import ForgeSettings
from linkcheck.model.source_text import SourceText
from linkcheck.sandbox import Sandbox
from tests.forge.bot_world import NOW, catalog_text, confirmed, finding, link, result

FILE = "catalog/tools.yaml"


@dataclass
class Runs:
    """Runs of the bot over a catalog whose links are set by the attributes."""

    sandbox: Sandbox
    dead: set[int] = field(default_factory=lambda: {1, 3})
    moved: set[int] = field(default_factory=lambda: {5, 7})
    count: int = 10
    now: datetime = NOW
    known: dict[str, int] = field(default_factory=dict)
    settings: ForgeSettings = field(default_factory=ForgeSettings)
    unknown: set[int] = field(default_factory=set)
    """Entries whose links did not respond."""
    outside_entries: set[int] = field(default_factory=set)
    """Entries whose dead links are reported without the entry."""
    alive: datetime | None = None
    whole: bool = True
    confirmed: bool = True
    issues_wanted: bool = True
    message: str | None = None
    """Message of all findings, if set."""

    def __post_init__(self) -> None:
        self.forge = self.sandbox.hosts.github.forge.open("octo/catalog")
        self.forge.now = self.now
        self.begin()

    def begin(self) -> None:
        self.text = catalog_text(self.count, self.dead, self.moved)
        self.forge.put({FILE: self.text})

    @property
    def access(self) -> ForgeAccess:
        base = self.sandbox.base_urls()["GITHUB_API_URL"]
        return ForgeAccess(base, "token", write_interval=0, sleep=lambda _: None)

    def client(self, name: str = "octo/catalog") -> GitHubRepository:
        return GitHubRepository(name, self.access)

    def findings(self) -> tuple[Finding, ...]:
        source = SourceText(FILE, self.text)
        found = []
        for n in range(self.count):
            dead, old = f"https://example.org/dead/{n}", f"https://example.org/old/{n}"
            if f"{dead}\n" in self.text and n in self.dead and n not in self.unknown:
                entry = None if n in self.outside_entries else f"entry-{n}"
                found.append(finding(source, entry, dead, message=self.message))
            if f"{old}\n" in self.text and n in self.moved and n not in self.unknown:
                found.append(
                    finding(
                        source,
                        f"entry-{n}",
                        old,
                        rule="moved-link",
                        severity=Severity.WARNING,
                        after=f"https://example.org/new/{n}",
                        message=self.message,
                    )
                )
        return tuple(found)

    def result(self) -> RunResult:
        source = SourceText(FILE, self.text)
        links = tuple(
            link(source, f"entry-{n}", f"https://example.org/dead/{n}", self._status(n))
            for n in range(self.count)
            if f"/dead/{n}\n" in self.text
        )
        return result(self.findings(), links, now=self.now)

    def _status(self, n: int) -> Status:
        if n in self.unknown:
            return Status.UNREACHABLE
        return Status.DEAD if n in self.dead else Status.ALIVE

    def plan(self, state: ForgeState | None = None) -> ForgePlan:
        result = self.result()
        proposals = make_proposals(result, {FILE: self.text}, get_loader, lambda _: quote_edits)
        since = NOW - timedelta(days=9)
        histories = confirmed(result.findings, since, self.alive) if self.confirmed else {}
        if not self.confirmed:
            histories = {f.fingerprint: FindingHistory(since) for f in result.findings}
        options = PlanningOptions(
            self.now,
            issues=self.issues_wanted,
            is_full_run=self.whole,
            histories=histories,
            proposals=proposals,
            known_issues=self.known,
        )
        if state is None:
            state = self.client().fetch_state(
                self.settings.label, issues=self.issues_wanted, pulls=True
            )
            paths = {file.path for proposal in proposals for file in proposal.files}
            blobs = self.client().fetch_blobs(state.head, paths) if paths else {}
            state = replace(state, blobs=blobs)
        return plan_actions(result, state, options, self.settings)

    def run(self) -> ExecutionResult:
        plan = self.plan()
        return execute(plan, self.client, label=self.settings.label)

    def later(self, **duration: float) -> None:
        self.now += timedelta(**duration)
        self.forge.now = self.now

    def issues(self, state: str | None = None) -> list[dict[str, Any]]:
        return [
            issue
            for number, issue in self.forge.issues.items()
            if number not in self.forge.pulls and state in (None, issue["state"])
        ]

    def issue_of(self, n: int) -> dict[str, Any]:
        return next(i for i in self.issues() if f"entry-{n} " in i["title"])

    def dashboard(self) -> dict[str, Any]:
        return next(i for i in self.issues() if i["title"] == "Catalog health")

    def pulls(self, state: str | None = None) -> list[dict[str, Any]]:
        return [p for p in self.forge.pulls.values() if state in (None, p["state"])]

    def comments_on(self, number: int) -> str:
        return "\n".join(c["body"] for c in self.forge.comments[number])

    def pull_checkout(self) -> None:
        """Read the catalog from the default branch."""
        self.text = self.forge.text(FILE) or ""

    def heal(self) -> None:
        """Let all links be alive and none moved."""
        self.dead = set()
        self.moved = set()


def numbers(issues: Iterable[dict[str, Any]]) -> list[int]:
    return sorted(issue["number"] for issue in issues)
