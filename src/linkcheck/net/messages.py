"""Requests, responses and failures of the HTTP client, and the protocols around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from linkcheck.model.observation import UnknownReason
from linkcheck.net.rate_limits import RateLimited, RateLimitRules


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP request.

    A ``token`` is sent as ``Authorization: Bearer`` to the origin of ``url`` alone and dropped at
    the first redirect to another origin.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    token: str | None = field(default=None, repr=False)
    follow_redirects: bool = True
    """Whether redirects are followed; each hop is kept in :attr:`HttpResponse.hops` either way."""
    body_limit: int = 2_000_000
    """Bytes of the decoded body to read at most; 0 closes the response after its headers."""
    stop_after: bytes | None = None
    """Stop reading the body once this (lower-case) byte string has been seen, e.g. ``</title>``."""
    html_only: bool = False
    """Whether to read only a body of HTML or of no stated type."""
    attempts: int | None = None
    """Attempts in all, in place of the host's limit."""
    max_wait: float | None = None
    """Maximum wait in seconds for a rate limit (0: fail at once); ``None``: the run's patience."""
    trusted: bool = False
    """Whether the URL comes from the user's configuration (a service): it may be private."""
    retry_statuses: frozenset[int] = frozenset({408, 425, 429, 500, 502, 503, 504})
    """Statuses worth another attempt. 429 and 503 obey ``Retry-After`` within the patience."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect."""

    url: str
    """The URL that redirected."""
    status: int
    location: str
    """Its target, made absolute."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An HTTP response of any status."""

    url: str
    """The URL that responded, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Header names lower-cased; repeated headers joined with ``, ``."""
    body: bytes
    truncated: bool = False
    """Whether the body is not complete: over the limit, or ``broken``."""
    broken: bool = False
    """Whether the body ended before its announced length, or could not be decoded."""
    hops: tuple[Hop, ...] = ()
    attempts: int = 1
    limited: RateLimited | None = None
    """The rate limit, when the response is a refusal because of one."""
    not_before: datetime | None = None
    """When the host may be requested again, if ``limited`` and known."""
    has_valid_certificate: bool = False
    """Whether every host on the way has proved its name in a TLS handshake."""
    address: str | None = None
    """The IP address that the last host's name resolved to; ``None`` behind a proxy."""


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """What is known of the limit that a request would count against."""

    remaining: int | None
    """Requests left in its window; ``None`` until a response has said so."""
    wait: float
    """Seconds until a request may be sent; 0 when it may now."""


@dataclass(frozen=True, slots=True)
class HttpFailure:
    """No response that could be read, after all attempts."""

    reason: UnknownReason
    detail: str
    """For people: ``connection refused``, ``no answer within 20 s``, …"""
    hops: tuple[Hop, ...] = ()
    attempts: int = 1
    not_before: datetime | None = None
    """When the host may be requested again, if it is in a cooldown."""


class HttpClientProtocol(Protocol):
    """Sends requests within every host's limits. Never raises for what the network does."""

    async def send(self, request: HttpRequest) -> HttpResponse | HttpFailure:
        """Return the response, or why there is none."""
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
    """Where a host name is served in a sandbox (see :class:`Router`)."""

    address: str
    """The address to connect to, usually loopback."""
    port: int
    tls: bool = False
    """Whether the server uses TLS; its certificate must then name the original host."""
    resolves_to: str = "203.0.113.10"
    """The address that the address guard judges in place of the real one."""
    exists: bool = True
    """Whether the name has an address; false also with a delay, unlike no route at all."""
    name_delay: float = 0.0
    """Seconds that the name server takes."""


class Router(Protocol):
    """Sends the requests of a sandbox or a test to its server in place of the network.

    The URL, the ``Host`` header and the counts keep the original host; the header
    ``X-Sandbox-Scheme`` names the scheme of the request.
    """

    def route(self, scheme: str, host: str, port: int) -> Route | None:
        """Return where the host is served; ``None`` when the name does not exist."""
        ...
