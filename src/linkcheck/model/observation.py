"""Observations: the dated result of checking a target, without a verdict."""

from dataclasses import dataclass, field
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
    """Why a check was inconclusive. No reason means that the target is gone."""

    DNS = "dns"
    """The name did not resolve. Never counts towards dead: the cause may be our resolver."""
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    """The connection broke before or during the response."""
    PROTOCOL = "protocol"
    """The response was not HTTP, too large, or not of the documented form."""
    REDIRECT_LOOP = "redirect-loop"
    SERVER_ERROR = "server-error"
    """5xx."""
    CLIENT_ERROR = "client-error"
    """A 4xx that does not mean that the target is missing (400, 405, 408, …)."""
    RATE_LIMITED = "rate-limited"
    """429 or a service's own limit, after all retries."""
    FORBIDDEN = "forbidden"
    """401, 403, 406, 418, 999: the host rejects programs."""
    CHALLENGE = "challenge"
    """A bot challenge page."""
    HIDDEN = "hidden"
    """The service answers alike for a missing, a private and a disabled target, and no second
    source distinguishes them."""
    INTERCEPTED = "intercepted"
    """The response is not the host's own: that of a filter, a hijacked DNS or a parking site."""
    CREDENTIALS = "credentials"
    """The service rejected our own token."""
    PROXY = "proxy"
    """Our proxy failed or refused the connection: it, and not the host, gave the response."""
    PRIVATE_ADDRESS = "private-address"
    """The name resolves to a private address (see ``--allow-private``)."""
    HOST_DOWN = "host-down"
    """No request was sent: connections to the host had just failed."""
    NOT_ASKED = "not-asked"
    """No request was sent: offline, past the deadline, or during a cooldown of the host."""
    DEFECT = "defect"
    """linkcheck failed on it; the report names the bug."""


BLOCKED_REASONS = frozenset(
    {UnknownReason.RATE_LIMITED, UnknownReason.FORBIDDEN, UnknownReason.CHALLENGE}
)
"""The host rejects programs."""

SKIPPED_REASONS = frozenset({UnknownReason.NOT_ASKED})

COUNTS_TOWARDS_DEAD = frozenset(
    {
        UnknownReason.CONNECT,
        UnknownReason.TLS,
        UnknownReason.TIMEOUT,
        UnknownReason.RESET,
        UnknownReason.PROTOCOL,
        UnknownReason.HOST_DOWN,
        UnknownReason.HIDDEN,
    }
)
"""Failures that, repeated over days, make a target dead: of a web page, and ``HIDDEN`` of any
target. 429, 5xx and DNS never do."""

TRANSPORT_REASONS = frozenset(
    {
        UnknownReason.DNS,
        UnknownReason.CONNECT,
        UnknownReason.TLS,
        UnknownReason.TIMEOUT,
        UnknownReason.RESET,
        UnknownReason.HOST_DOWN,
        UnknownReason.PROXY,
    }
)
"""The host gave no response; if most hosts do this at once, our own network may be the cause."""

UNASKED_REASONS = frozenset({UnknownReason.NOT_ASKED, UnknownReason.PRIVATE_ADDRESS})
"""No request was sent."""


class GoneReason(StrEnum):
    """How the owning service reported that the target does not exist."""

    NOT_FOUND = "not-found"
    """404, or absent from a complete listing."""
    GONE = "gone"
    """410: permanently removed."""
    GONE_OR_PRIVATE = "gone-or-private"
    """The service answers the same for missing and private (Hugging Face, GitHub)."""
    IMPOSSIBLE = "impossible"
    """Nothing can have the name: malformed, of an unknown DOI prefix, of a future month."""


@dataclass(frozen=True, slots=True)
class Found:
    """The target exists."""

    facts: Facts
    now_at: str | None = None
    """Its current URL, where that differs from the requested one."""
    permanent: bool = False
    """Whether the move to ``now_at`` is permanent (301, 308, a rename) or temporary."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The owning service reports that the target does not exist."""

    reason: GoneReason
    suggested_url: str | None = None
    """The URL that was probably intended, or where the service itself has moved to."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The check was inconclusive."""

    reason: UnknownReason
    detail: str = ""
    """A short phrase for messages, as ``connect timed out after 10 s``."""


Outcome = Found | Gone | Unknown


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A statement of one source."""

    source: str
    """``github-graphql``, ``github-rest``, ``huggingface-api``, ``arxiv-api``, …"""
    at: datetime
    says: str
    """The statement for messages; may contain outside text, so escape it for output."""


@dataclass(frozen=True, slots=True)
class PageTrace:
    """What distinguishes a site's page from that of a filter or a name server."""

    fingerprint: str | None
    """What pages with the same text share; ``None`` for stock pages, challenges and no text."""
    says_blocked: bool = False
    """Whether the page says that it replaces a blocked one."""
    has_valid_certificate: bool = False
    """Whether every host on the way has proved its name."""
    address: str | None = None
    """The IP address of the host."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The dated result of checking one target."""

    target: Target
    at: datetime
    """Time of the check, UTC."""
    outcome: Outcome
    evidence: tuple[EvidenceItem, ...] = ()
    http_status: int | None = None
    """The last HTTP status, where a request was for this target alone."""
    requests: int = 0
    """Number of requests; 0 for a target of a batch, which is counted elsewhere."""
    validator: str | None = None
    """The response's ``ETag``, where a request was for this target alone."""
    trace: PageTrace | None = field(default=None, compare=False, repr=False)
    """What only this run can use: it is not stored."""

    @property
    def facts(self) -> Facts | None:
        """The facts of a target that was found."""
        return self.outcome.facts if isinstance(self.outcome, Found) else None

    @property
    def repository(self) -> RepositoryFacts | None:
        """The facts of the target's source repository."""
        facts = self.facts
        if isinstance(facts, PathFacts):
            return facts.repository
        return facts if isinstance(facts, RepositoryFacts) else None

    @property
    def model(self) -> ModelFacts | None:
        """The facts of a model, dataset or space."""
        return self.facts if isinstance(self.facts, ModelFacts) else None

    @property
    def paper(self) -> PaperFacts | None:
        """The facts of a paper."""
        return self.facts if isinstance(self.facts, PaperFacts) else None

    @property
    def page(self) -> PageFacts | None:
        """The facts of a web page."""
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

    # Hashed for every link; the hash method of enumerations is slow.
    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True)
class Evidence:
    """The observations of one target, newest first."""

    target: Target
    observations: tuple[Observation, ...] = ()
    reused: bool = False
    """Whether the newest observation is from the store."""

    @property
    def latest(self) -> Observation | None:
        """The newest observation, if any."""
        return self.observations[0] if self.observations else None

    @property
    def last_found(self) -> Observation | None:
        """The newest observation in which the target was found."""
        return next((o for o in self.observations if isinstance(o.outcome, Found)), None)

    @property
    def failure_streak(self) -> tuple[Observation, ...]:
        """The newest observations up to the last one in which the target was found, exclusively."""
        row = []
        for observation in self.observations:
            if isinstance(observation.outcome, Found):
                break
            row.append(observation)
        return tuple(row)
