"""The result of a run: what every report is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from linkcheck.model.entry import Entry
from linkcheck.model.finding import Finding
from linkcheck.model.observation import EvidenceItem, Status
from linkcheck.model.rule import RuleInfo
from linkcheck.model.run_history import History
from linkcheck.model.source_text import Span
from linkcheck.model.target import Target


class RunOutcome(StrEnum):
    """Whether the run may be believed."""

    COMPLETE = "complete"
    INCONCLUSIVE = "inconclusive"
    """Our network or credentials failed, not the links, or the run was stopped before its end: no
    verdict, nothing acted on."""


INTERRUPTED_REASON = (
    "The run was stopped before everything was asked. What was known by then is told, the rest is "
    "skipped, and nothing follows from what is missing here. Run it again for a verdict."
)
"""Why an interrupted run is inconclusive."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a link stands."""

    span: Span
    entry: str | None
    role: str


@dataclass(frozen=True, slots=True)
class LinkResult:
    """One distinct link as written, and what is known of it."""

    url: str
    target: Target | None
    status: Status
    occurrences: tuple[Occurrence, ...]
    final_url: str | None = None
    http_status: int | None = None
    checked_at: datetime | None = None
    reused: bool = False
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryResult:
    """One entry with the facts pulled for it, ready for ``observed.json``."""

    entry: Entry
    observed: Mapping[str, object] = field(default_factory=dict)
    """Neutral names (``stars``, ``license``, ``last_push``, …) to plain JSON values."""


@dataclass(frozen=True, slots=True)
class RequestCount:
    """How much was asked."""

    total: int = 0
    by_host: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader of a report should know that is no finding (a missing token, a bug)."""

    message: str
    defect: bool = False
    """Whether it is a bug of linkcheck (exit 2) and not a remark."""


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What a part of a divided run hands on, so that the parts can be joined."""

    part: int
    """Which part, from 1 …"""
    total: int
    """… of how many."""
    catalog: str
    """Fingerprint of all targets of the catalog: parts of different catalogs cannot be joined."""
    observations: tuple[Mapping[str, object], ...]
    """Every target of this part with its observations, as plain JSON values."""
    is_complete: bool = False
    """Whether the inputs were all that the configuration names."""
    offline: bool = False


@dataclass(frozen=True, slots=True)
class RunResult:
    """Everything a report may show.

    An interrupted run is inconclusive, whoever says otherwise: a result is read by many, and each
    would have to remember to look at both.
    """

    version: str
    outcome: RunOutcome
    reason: str | None
    """Why the run is inconclusive, in a paragraph for people."""
    started_at: datetime
    finished_at: datetime
    inputs: tuple[str, ...]
    requests: RequestCount
    reused: int
    """How many targets were answered from the store."""
    links: tuple[LinkResult, ...]
    entries: tuple[EntryResult, ...]
    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    """Findings silenced by an ignore."""
    proposals: tuple[Finding, ...] = ()
    """Quiet findings: nothing is wrong, yet a fix is offered."""
    notices: tuple[Notice, ...] = ()
    targets: int = 0
    rules: tuple[RuleInfo, ...] = ()
    """Every rule, whether it ran or not."""
    sandbox: bool = False
    interrupted: bool = False
    """Whether it was stopped before its end; its findings are those known by then."""
    history: History | None = None
    """Earlier runs, filled in for the reports that draw them."""
    changed_since: str | None = None
    """The revision whose difference alone was looked at; ``None`` when everything was."""
    shard: ShardResult | None = None
    """What this part of a divided run knows; ``None`` for an undivided one."""
    arguments: tuple[str, ...] | None = None
    """Paths and options with which another command looks at the same; ``None`` if not known."""

    def __post_init__(self) -> None:
        """Hold what the class says of an interrupted run."""
        if self.interrupted and self.outcome is RunOutcome.COMPLETE:
            object.__setattr__(self, "outcome", RunOutcome.INCONCLUSIVE)
            object.__setattr__(self, "reason", INTERRUPTED_REASON)

    def rule_of(self, finding: Finding) -> RuleInfo:
        """Return the rule of a finding; one with default properties if it is not known."""
        known = (rule for rule in self.rules if rule.name == finding.rule)
        return next(known, RuleInfo(finding.rule, finding.severity, finding.rule))
