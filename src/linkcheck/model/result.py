"""The result of a run, from which all reports are rendered."""

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
    """Whether the run has a verdict."""

    COMPLETE = "complete"
    INCONCLUSIVE = "inconclusive"
    """Our network or credentials failed, or the run was interrupted: no verdict and no actions."""


INTERRUPTED_REASON = (
    "The run was stopped before everything was asked. What was known by then is told, the rest is "
    "skipped, and nothing follows from what is missing here. Run it again for a verdict."
)
"""The reason of an interrupted run."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence of a link."""

    span: Span
    entry: str | None
    role: str


@dataclass(frozen=True, slots=True)
class LinkResult:
    """A distinct link as written, with its status."""

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
    """An entry with its observed facts, as in ``observed.json``."""

    entry: Entry
    observed: Mapping[str, object] = field(default_factory=dict)
    """JSON values by name (``stars``, ``license``, ``last_push``, …)."""


@dataclass(frozen=True, slots=True)
class RequestCount:
    """The number of requests."""

    total: int = 0
    by_host: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServiceResult:
    """How far a run could check the links of one service."""

    outcome: RunOutcome = RunOutcome.COMPLETE
    """Inconclusive if the service failed or refused nearly all of its targets."""
    reason: str | None = None
    """What failed and what to do about it, as a paragraph for messages; ``None`` if nothing did."""
    links: int = 0
    unchecked: int = 0
    """Links without a conclusive response in this run."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message about the run itself (a missing token, a bug)."""

    message: str
    defect: bool = False
    """Whether it is a bug in linkcheck (exit 2)."""


@dataclass(frozen=True, slots=True)
class ShardResult:
    """The data of one shard, from which ``linkcheck merge`` makes the whole result."""

    part: int
    """The number of the shard, from 1."""
    total: int
    """The number of shards."""
    catalog: str
    """Fingerprint of all targets of the catalog: shards of different catalogs cannot be merged."""
    observations: tuple[Mapping[str, object], ...]
    """Every target of this shard with its observations, as JSON values."""
    is_complete: bool = False
    """Whether the inputs were all of the configured paths."""
    offline: bool = False


@dataclass(frozen=True, slots=True)
class RunResult:
    """Everything a report may show. An interrupted run is always inconclusive."""

    version: str
    outcome: RunOutcome
    reason: str | None
    """Why the run is inconclusive, as a paragraph for messages."""
    started_at: datetime
    finished_at: datetime
    inputs: tuple[str, ...]
    requests: RequestCount
    reused: int
    """Number of targets with a reused observation."""
    links: tuple[LinkResult, ...]
    entries: tuple[EntryResult, ...]
    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    """Findings suppressed by an ignore."""
    proposals: tuple[Finding, ...] = ()
    """Quiet findings: nothing is wrong, yet a fix is offered."""
    notices: tuple[Notice, ...] = ()
    targets: int = 0
    rules: tuple[RuleInfo, ...] = ()
    """Every rule, whether it ran or not."""
    sandbox: bool = False
    interrupted: bool = False
    """Whether it was stopped early; it has the findings known by then."""
    history: History | None = None
    """Earlier runs, for reports with plots."""
    changed_since: str | None = None
    """The git revision of a run limited to changes; ``None`` for a full run."""
    shard: ShardResult | None = None
    """The data of a shard; ``None`` for a run without shards."""
    arguments: tuple[str, ...] | None = None
    """Paths and options for another command on the same inputs; ``None`` if not known."""
    services: Mapping[str, ServiceResult] = field(default_factory=dict)
    """How far each service with links in this run could be checked, by its name."""

    def __post_init__(self) -> None:
        """Make an interrupted run inconclusive."""
        if self.interrupted and self.outcome is RunOutcome.COMPLETE:
            object.__setattr__(self, "outcome", RunOutcome.INCONCLUSIVE)
            object.__setattr__(self, "reason", INTERRUPTED_REASON)

    @property
    def service_failures(self) -> Mapping[str, str]:
        """The reasons of the services that this run could not check, by name."""
        return {
            name: service.reason or ""
            for name, service in self.services.items()
            if service.outcome is RunOutcome.INCONCLUSIVE
        }

    def is_unchecked(self, target: Target | None) -> bool:
        """Return whether a target belongs to a service that this run could not check."""
        if target is None:
            return False
        service = self.services.get(target.service)
        return service is not None and service.outcome is RunOutcome.INCONCLUSIVE

    def rule_of(self, finding: Finding) -> RuleInfo:
        """Return the rule of a finding; one with default properties if it is not known."""
        known = (rule for rule in self.rules if rule.name == finding.rule)
        return next(known, RuleInfo(finding.rule, finding.severity, finding.rule))
