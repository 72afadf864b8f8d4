"""What goes through the HTTP door: questions, answers, and the lack of one, all as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from linkcheck.model.observation import UnknownReason
from linkcheck.net.rate_limits import RateLimited, RateLimitRules


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP question.

    A ``token`` is sent as ``Authorization: Bearer`` to the origin of ``url`` alone and dropped at
    the first redirect to another origin.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    token: str | None = field(default=None, repr=False)
    follow_redirects: bool = True
    """Whether redirects are followed; each hop is kept in :attr:`Answer.hops` either way."""
    body_limit: int = 2_000_000
    """Bytes of the decoded body wanted; 0 closes the answer once its headers are in."""
    stop_after: bytes | None = None
    """Stop reading the body once this (lower-case) byte string has been seen, e.g. ``</title>``."""
    html_only: bool = False
    """Whether only a body of HTML (or one of no stated type) is of interest."""
    attempts: int | None = None
    """Overrides the budget's number of tries."""
    max_wait: float | None = None
    """Seconds to wait for a rate limit at most (0 to fail at once); ``None``: the run's patience."""
    trusted: bool = False
    """The user configured this address (a service endpoint): it may be private."""
    retry_statuses: frozenset[int] = frozenset({408, 425, 429, 500, 502, 503, 504})
    """Statuses worth another try. 429 and 503 obey ``Retry-After`` within the run's patience."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way."""

    url: str
    """The address that answered with the redirect."""
    status: int
    location: str
    """Where it pointed to, made absolute."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An HTTP answer, whatever its status."""

    url: str
    """The address that gave it, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Header names lower-cased; repeated headers joined with ``, ``."""
    body: bytes
    truncated: bool = False
    """Whether the body was longer than wanted, or broke off early (see ``broken``)."""
    broken: bool = False
    """Whether the body ended before its announced length, or could not be decoded."""
    hops: tuple[Hop, ...] = ()
    attempts: int = 1
    limited: RateLimited | None = None
    """The rate limit, when the answer is a refusal because of one."""
    not_before: datetime | None = None
    """When the host may be asked again, if ``limited``."""


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """What is known of the limit that a request would count against."""

    remaining: int | None
    """Requests left in its window; ``None`` until an answer has said so."""
    wait: float
    """Seconds until a request may be sent; 0 when it may now."""


@dataclass(frozen=True, slots=True)
class HttpFailure:
    """Nothing came that could be read as an answer, after all tries."""

    reason: UnknownReason
    detail: str
    """For people: ``connection refused``, ``no answer within 20 s``, …"""
    hops: tuple[Hop, ...] = ()
    attempts: int = 1
    not_before: datetime | None = None
    """When the host may be asked again, if it said so."""


class HttpClientProtocol(Protocol):
    """Asks HTTP questions within every host's budget. Never raises for what the network does."""

    async def send(self, question: HttpRequest) -> HttpResponse | HttpFailure:
        """Return the answer, or why there is none."""
        ...

    def register_rate_limits(self, rules: RateLimitRules, *urls: str) -> None:
        """Apply a service's rules to the hosts of ``urls``. Call it before the first request."""
        ...

    def rate_limit(self, url: str, token: str | None) -> RateLimitStatus:
        """Return the state of the limit that a request would count against."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Return the number of requests sent so far by host (``host`` or ``host:port``)."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """Where a name of a made-up world is really served (see :class:`Router`)."""

    address: str
    """The address to connect to, usually loopback."""
    port: int
    tls: bool = False
    """Whether TLS is spoken there; the certificate must then name the original host."""
    resolves_to: str = "203.0.113.10"
    """The address the name is said to have, which is the one the address guard judges."""


class Router(Protocol):
    """Sends the questions of a sandbox or a test to its own server instead of the network.

    The URL, the ``Host`` header and the counts keep the original host; the header
    ``X-Sandbox-Scheme`` tells the server which scheme was asked for.
    """

    def route(self, scheme: str, host: str, port: int) -> Route | None:
        """Return where the name is served; ``None`` when the name does not exist."""
        ...
