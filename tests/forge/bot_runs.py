"""Runs of the bot against the sandbox's forge."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from linkcheck.app.publish import saved_state
from linkcheck.catalog.load import get_loader
from linkcheck.catalog.quoting import quote_edits
from linkcheck.fixes.grouping import make_proposals
from linkcheck.forge.execute import ExecutionResult, execute
from linkcheck.forge.github_client import ForgeAccess
from linkcheck.forge.planning.context import PlanningOptions
from linkcheck.forge.planning.plan import plan_actions
from linkcheck.forge.repository import GitHubRepository
from linkcheck.forge.saved_findings import Coverage, SavedFinding, carry_findings
from linkcheck.forge.state_branch import SavedState
from linkcheck.model.action import ForgePlan
from linkcheck.model.finding import Finding, FindingHistory, Severity
from linkcheck.model.forge_state import ForgeState
from linkcheck.model.observation import Status
from linkcheck.model.result import RunResult
from linkcheck.model.settings import ForgeSettings
from linkcheck.model.source_text import SourceText
from linkcheck.sandbox import Sandbox
from tests.forge.bot_world import NOW, catalog_text, confirmed, finding, link, result

T = TypeVar("T")

FILE = "catalog/tools.yaml"


class KilledError(BaseException):
    """The process ends here."""


class KillableRepository(GitHubRepository):
    """A repository whose client is killed at one of its writes."""

    def __init__(self, name: str, access: ForgeAccess, runs: "Runs") -> None:
        super().__init__(name, access)
        self._runs = runs
        self._writes = 0

    def _write(self, what: str, operation: Callable[[Any], T]) -> T:
        self._writes += 1
        is_last = self._writes == self._runs.kill_at
        if is_last and not self._runs.kill_after:
            raise KilledError
        done = super()._write(what, operation)
        if is_last:
            raise KilledError
        return done


@dataclass
class Runs:
    """Runs of the bot over a catalog whose links are set by the attributes."""

    sandbox: Sandbox
    dead: set[int] = field(default_factory=lambda: {1, 3})
    moved: set[int] = field(default_factory=lambda: {5, 7})
    count: int = 10
    now: datetime = NOW
    saved: SavedState = field(default_factory=SavedState)
    """The state that the runs keep, without observations."""
    keeps_state: bool = True
    coverage: Coverage = field(default_factory=Coverage)
    kill_at: int | None = None
    """Number (from 1) of the write at which the process is killed."""
    kill_after: bool = False
    """Whether it is killed after the write was made."""
    kill_state: bool = False
    """Whether it is killed before the state is saved."""
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
        self.findings_to_save: Mapping[str, SavedFinding] = {}
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
        return KillableRepository(name, self.access, self)

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
            link(source, f"entry-{n}", f"https://example.org/{kind}/{n}", self._status(n, kind))
            for n in range(self.count)
            for kind in ("dead", "old", "good", "new")
            if f"/{kind}/{n}\n" in self.text
        )
        names = {f"entry-{n}": f"Entry {n}" for n in range(self.count)}
        return result(self.findings(), links, now=self.now, names=names)

    def _status(self, n: int, kind: str) -> Status:
        if n in self.unknown:
            return Status.UNREACHABLE
        if kind == "old" and n in self.moved:
            return Status.MOVED
        return Status.DEAD if n in self.dead else Status.ALIVE

    def plan(self, state: ForgeState | None = None) -> ForgePlan:
        carried = carry_findings(
            self.result(), self.saved.findings, self.coverage, lambda _: self.text
        )
        self.findings_to_save = carried.saved
        result = carried.result
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
            saved=self.saved,
            unchecked=carried.unchecked,
            settled=carried.settled,
        )
        if state is None:
            state = self.client().fetch_state(
                self.settings.label,
                issues=self.issues_wanted,
                pulls=True,
                known=self.saved.issues.values(),
            )
            paths = {file.path for proposal in proposals for file in proposal.files}
            blobs = self.client().fetch_blobs(state.head, paths) if paths else {}
            state = replace(state, blobs=blobs)
        return plan_actions(result, state, options, self.settings)

    def run(self) -> ExecutionResult:
        plan = self.plan()
        client = self.client()
        done = execute(plan, lambda: client, label=self.settings.label)
        if self.kill_state:
            raise KilledError
        if self.keeps_state:
            self.saved = saved_state(plan, done, self.findings_to_save)
        return done

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
        return next(i for i in self.issues() if i["title"].endswith(f": Entry {n}"))

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
