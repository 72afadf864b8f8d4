"""Observations: what was seen of a target at one moment, stored whole, never a verdict."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linkcheck.model.facts import (
    Facts,
    ModelFacts,
    PageFacts,
    PaperFacts,
    PathFacts,
    RepositoryFacts,
)
from linkcheck.model.target import Target


class UnknownReason(StrEnum):
    """Why nothing could be told. None of these ever means that the thing is gone."""

    DNS = "dns"
    """The name has no address. Our own resolver may be to blame: never counts towards dead."""
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    """The connection broke, before or inside the answer."""
    PROTOCOL = "protocol"
    """The answer was not HTTP, too large, or not what the service's contract says."""
    REDIRECT_LOOP = "redirect-loop"
    SERVER_ERROR = "server-error"
    """5xx."""
    CLIENT_ERROR = "client-error"
    """A 4xx that says nothing about whether the thing exists (400, 405, 408, …)."""
    RATE_LIMITED = "rate-limited"
    """429 or a service's own limit, after all the patience the run has."""
    FORBIDDEN = "forbidden"
    """401, 403, 406, 418, 999: answers, but not to programs."""
    CHALLENGE = "challenge"
    """A page that asks to prove that one is human."""
    CREDENTIALS = "credentials"
    """The service rejected our own token."""
    PRIVATE_ADDRESS = "private-address"
    """The name leads to an address that may not be asked (see ``--allow-private``)."""
    HOST_DOWN = "host-down"
    """Not asked: other links of the host had just failed to connect."""
    NOT_ASKED = "not-asked"
    """Not asked in this run: offline, out of time, or the host asked for a longer pause."""
    DEFECT = "defect"
    """linkcheck itself failed on it; the report names the bug."""


BLOCKED_REASONS = frozenset(
    {UnknownReason.RATE_LIMITED, UnknownReason.FORBIDDEN, UnknownReason.CHALLENGE}
)
"""The host answers, but not to programs."""

SKIPPED_REASONS = frozenset({UnknownReason.NOT_ASKED})

COUNTS_TOWARDS_DEAD = frozenset(
    {
        UnknownReason.CONNECT,
        UnknownReason.TLS,
        UnknownReason.TIMEOUT,
        UnknownReason.RESET,
        UnknownReason.PROTOCOL,
        UnknownReason.HOST_DOWN,
    }
)
"""Failures that, repeated over days, let a web page be called dead. 429, 5xx and DNS never do."""

TRANSPORT_REASONS = frozenset(
    {
        UnknownReason.DNS,
        UnknownReason.CONNECT,
        UnknownReason.TLS,
        UnknownReason.TIMEOUT,
        UnknownReason.RESET,
        UnknownReason.HOST_DOWN,
    }
)
"""No answer came at all; when most hosts do this at once, it is our own network."""

UNASKED_REASONS = frozenset({UnknownReason.NOT_ASKED, UnknownReason.PRIVATE_ADDRESS})
"""Nobody was asked, so that neither an answer nor a silence was heard."""


class GoneReason(StrEnum):
    """How the owner of the thing said that it is not there."""

    NOT_FOUND = "not-found"
    """The owning service does not have it (404, or absent from an answer that lists all)."""
    GONE = "gone"
    """410: removed for good."""
    GONE_OR_PRIVATE = "gone-or-private"
    """The service does not tell missing from private (Hugging Face, GitHub)."""


@dataclass(frozen=True, slots=True)
class Found:
    """The thing is there."""

    facts: Facts
    now_at: str | None = None
    """Its present address, when that is another than the one asked for."""
    permanent: bool = False
    """Whether the move to ``now_at`` is for good (301, 308, a rename) or only for now."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The service that owns the thing says that it is not there."""

    reason: GoneReason


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer to judge by."""

    reason: UnknownReason
    detail: str = ""
    """One short phrase for people: what happened, e.g. ``connect timed out after 10 s``."""


Outcome = Found | Gone | Unknown


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One thing a source said."""

    source: str
    """Who said it: ``github-graphql``, ``github-rest``, ``huggingface-api``, ``arxiv-api``, …"""
    at: datetime
    says: str
    """What it said, in words for people; may hold outside text, escape before showing."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A dated fact about one target."""

    target: Target
    at: datetime
    """When it was seen, UTC."""
    outcome: Outcome
    evidence: tuple[EvidenceItem, ...] = ()
    http_status: int | None = None
    """The last HTTP status, where one request answers for this one target."""
    requests: int = 0
    """How many requests it took; 0 when it came out of a batch counted elsewhere."""
    validator: str | None = None
    """The answer's ``ETag``, to ask "has it changed?" next time, where one answer is one target."""

    @property
    def facts(self) -> Facts | None:
        """The facts, when the thing was found."""
        return self.outcome.facts if isinstance(self.outcome, Found) else None

    @property
    def repository(self) -> RepositoryFacts | None:
        """The facts of the source repository the target is or lies in."""
        facts = self.facts
        if isinstance(facts, PathFacts):
            return facts.repository
        return facts if isinstance(facts, RepositoryFacts) else None

    @property
    def model(self) -> ModelFacts | None:
        """The facts of the model, dataset or space."""
        return self.facts if isinstance(self.facts, ModelFacts) else None

    @property
    def paper(self) -> PaperFacts | None:
        """The facts of the paper."""
        return self.facts if isinstance(self.facts, PaperFacts) else None

    @property
    def page(self) -> PageFacts | None:
        """The facts of the web page."""
        return self.facts if isinstance(self.facts, PageFacts) else None


class Status(StrEnum):
    """A link's status, as in the JSON report."""

    ALIVE = "alive"
    MOVED = "moved"
    DEAD = "dead"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    INVALID = "invalid"
    SKIPPED = "skipped"

    # Looked up for every link; enumerations compute their hash anew each time, in Python.
    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one target: its observations, newest first."""

    target: Target
    observations: tuple[Observation, ...] = ()
    reused: bool = False
    """Whether the newest observation comes from the store and not from this run."""

    @property
    def latest(self) -> Observation | None:
        """The newest observation, if there is any."""
        return self.observations[0] if self.observations else None

    @property
    def last_found(self) -> Observation | None:
        """The newest observation in which the thing was there."""
        return next((o for o in self.observations if isinstance(o.outcome, Found)), None)

    @property
    def failure_streak(self) -> tuple[Observation, ...]:
        """The unbroken row of newest observations in which the thing was not found."""
        row = []
        for observation in self.observations:
            if isinstance(observation.outcome, Found):
                break
            row.append(observation)
        return tuple(row)
