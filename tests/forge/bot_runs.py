"""Runs of the bot against the sandbox's forge."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot_world import NOW, catalog_text, confirmed, finding, link, result

from linkcheck.catalog.load import get_loader
from linkcheck.catalog.quoting import quote_edits
from linkcheck.fixes.grouping import make_proposals
from linkcheck.forge.client import ForgeAccess
from linkcheck.forge.execute import ExecutionResult, execute
from linkcheck.forge.planning.context import PlanningOptions
from linkcheck.forge.planning.plan import plan_actions
from linkcheck.forge.repository import GitHubRepository
from linkcheck.model.action import FindingHistory, ForgePlan
from linkcheck.model.finding import Finding, Severity
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.observation import Status
from linkcheck.model.result import RunResult
from linkcheck.model.settings import ForgeSettings
from linkcheck.model.source_text import SourceText
from linkcheck.sandbox import Sandbox

FILE = "catalog/tools.yaml"


@dataclass
class Runs:
    """The bot, its catalog, and what the world says of it."""

    sandbox: Sandbox
    dead: set[int] = field(default_factory=lambda: {1, 3})
    moved: set[int] = field(default_factory=lambda: {5, 7})
    count: int = 10
    now: datetime = NOW
    known: dict[str, int] = field(default_factory=dict)
    settings: ForgeSettings = field(default_factory=ForgeSettings)
    unknown: set[int] = field(default_factory=set)
    """Entries whose links gave no answer this time."""
    alive: datetime | None = None
    whole: bool = True
    confirmed: bool = True
    issues_wanted: bool = True
    message: str | None = None
    """What the findings say, where it is not the usual."""

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
                found.append(finding(source, f"entry-{n}", dead, message=self.message))
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

    def plan(self, seen: ForgeState | None = None) -> ForgePlan:
        told = self.result()
        proposals = make_proposals(told, {FILE: self.text}, get_loader, lambda _: quote_edits)
        since = NOW - timedelta(days=9)
        sightings = confirmed(told.findings, since, self.alive) if self.confirmed else {}
        if not self.confirmed:
            sightings = {f.fingerprint: FindingHistory(since) for f in told.findings}
        wishes = PlanningOptions(
            self.now,
            issues=self.issues_wanted,
            is_full_run=self.whole,
            histories=sightings,
            proposals=proposals,
            known_issues=self.known,
        )
        if seen is None:
            seen = self.client().fetch_state(
                self.settings.label, issues=self.issues_wanted, pulls=True
            )
            paths = {file.path for proposal in proposals for file in proposal.files}
            blobs = self.client().fetch_blobs(seen.head, paths) if paths else {}
            seen = replace(seen, blobs=blobs)
        return plan_actions(told, seen, wishes, self.settings)

    def run(self) -> ExecutionResult:
        made = self.plan()
        return execute(made, self.client, label=self.settings.label)

    def later(self, **duration: float) -> None:
        self.now += timedelta(**duration)
        self.forge.now = self.now

    def issues(self, state: str | None = None) -> list[dict]:
        return [
            issue
            for number, issue in self.forge.issues.items()
            if number not in self.forge.pulls and state in (None, issue["state"])
        ]

    def issue_of(self, n: int) -> dict:
        return next(i for i in self.issues() if f"entry-{n} " in i["title"])

    def dashboard(self) -> dict:
        return next(i for i in self.issues() if i["title"] == "Catalog health")

    def pulls(self, state: str | None = None) -> list[dict]:
        return [p for p in self.forge.pulls.values() if state in (None, p["state"])]

    def said(self, number: int) -> str:
        return "\n".join(c["body"] for c in self.forge.comments[number])

    def pull_checkout(self) -> None:
        """Take what stands on the default branch now."""
        self.text = self.forge.text(FILE) or ""

    def heal(self) -> None:
        """All dead links answer again, and what moved has been put right by hand."""
        self.dead = set()
        self.moved = set()


def numbers(issues: Iterable[dict]) -> list[int]:
    return sorted(issue["number"] for issue in issues)
