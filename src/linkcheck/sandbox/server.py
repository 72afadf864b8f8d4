"""The sandbox's server: one thread, one event loop, one port for all services."""

import asyncio  # noqa: TID251 (see http_connection.py)
import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from ssl import SSLContext
from typing import Self

from linkcheck.model.observation import Observation
from linkcheck.model.settings import NetSettings, ServiceSettings
from linkcheck.net.messages import Route
from linkcheck.sandbox import demo
from linkcheck.sandbox.faults import CONNECTION_FAULTS, Fault, FaultRegistry, Kind, faulty_response
from linkcheck.sandbox.fixtures import Fixtures
from linkcheck.sandbox.http_codec import Request, Response
from linkcheck.sandbox.http_connection import Connection
from linkcheck.sandbox.quotas import Limits
from linkcheck.sandbox.router import SandboxRouter
from linkcheck.sandbox.services import Services
from linkcheck.sandbox.timing import SERVICE_HOSTS, OutageScope, Timing

API_HOSTS = {
    "github-api": "api.github.com",
    "github": "github.com",
    "huggingface": "huggingface.co",
    "arxiv": "export.arxiv.org",
    "arxiv-oai": "oaipmh.arxiv.org",
    "doi": "doi.org",
    "crossref": "api.crossref.org",
    "datacite": "api.datacite.org",
    "pubmed": "eutils.ncbi.nlm.nih.gov",
    "semanticscholar": "api.semanticscholar.org",
    "wayback": "archive.org",
}
"""Services that also have a separate port, for programs without a configurable router."""

_UNSETTLED = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Counts:
    """The requests that the sandbox has received."""

    by_host: Mapping[str, int]
    statuses: Mapping[int, int]
    """Responses by status."""
    duplicates: tuple[str, ...]
    """Requests (``METHOD URL``) repeated after a conclusive response."""
    peak: int
    """The maximum number of concurrent requests."""
    unknown_hosts: tuple[str, ...]
    """Requested hosts that are not in the fixtures."""

    @property
    def total(self) -> int:
        """All requests."""
        return sum(self.by_host.values())


@dataclass(slots=True)
class _RequestLog:
    by_host: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    settled: set[tuple[str, str, int]] = field(default_factory=set)
    duplicates: list[str] = field(default_factory=list)
    unknown_hosts: dict[str, None] = field(default_factory=dict)
    running: int = 0
    peak: int = 0


class Sandbox:
    """A running sandbox; as a context manager it stops at the end.

    Made by :meth:`start`. Its methods may be called from any thread.
    """

    def __init__(
        self,
        fixtures: Fixtures,
        *,
        latency: float | Mapping[str, float],
        limits: Limits,
        unknown_hosts: str,
        timing: Timing | None = None,
    ) -> None:
        self.fixtures = fixtures
        self.limits = limits
        self.unknown_hosts = unknown_hosts
        self.faults = FaultRegistry()
        self.hosts = Services(fixtures, limits, time.time, unknown_hosts)
        self.port = 0
        self.ports: dict[str, int] = {}
        self.overrides: dict[str, Route] = {}
        self.tls_ports: dict[str, int] = {}
        self.timing = timing
        self._latency: Mapping[str, float] = (
            dict(latency) if isinstance(latency, Mapping) else {"*": float(latency)}
        )
        self._log = _RequestLog()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._servers: list[asyncio.Server] = []
        self._connections: set[Connection] = set()
        self._sockets: list[socket.socket] = []
        self._black_hole_port: int | None = None
        self._closed_port: int | None = None

    @classmethod
    def start(
        cls,
        fixtures: Fixtures | None = None,
        *,
        latency: float | Mapping[str, float] = 0.0,
        enforce_limits: bool = True,
        time_scale: float | None = None,
        limits: Limits | None = None,
        unknown_hosts: str = "missing",
        real_timing: bool = False,
    ) -> "Sandbox":
        """Start a server and return it once it listens on loopback.

        ``fixtures``: default the demo's, with a time scale of a hundredth.
        ``latency``: seconds before every response, for all hosts or by host pattern (first match).
        ``time_scale``: factor on the length of the services' windows and of all delays.
        ``limits`` replaces ``enforce_limits`` and ``time_scale``.
        ``unknown_hosts``: web hosts that are not in the fixtures are ``missing`` (their names do
        not resolve) or ``alive`` (every page exists).
        ``real_timing``: names and pages take as long as on the internet (see Timing), by the
        same factor; always so in the demo.
        """
        real_timing = real_timing or fixtures is None
        if fixtures is None:
            fixtures = demo.fixtures()
            time_scale = demo.TIME_SCALE if time_scale is None else time_scale
        chosen = limits or Limits(enforced=enforce_limits, time_scale=time_scale or 1.0)
        sandbox = cls(
            fixtures,
            latency=latency,
            limits=chosen,
            unknown_hosts=unknown_hosts,
            timing=Timing(chosen.time_scale) if real_timing else None,
        )
        ready = threading.Event()
        sandbox._thread = threading.Thread(
            target=sandbox._serve, args=(ready,), name="linkcheck-sandbox", daemon=True
        )
        sandbox._thread.start()
        ready.wait()
        return sandbox

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self.stop()

    def stop(self) -> None:
        """Close every connection and end the server's thread; idempotent."""
        loop, self._loop = self._loop, None
        if loop is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        if self._thread:
            self._thread.join()
        for handle in self._sockets:
            handle.close()
        self._sockets.clear()

    def _serve(self, ready: threading.Event) -> None:
        loop = asyncio.new_event_loop()
        try:
            self.port = loop.run_until_complete(self._listen(None))
            for service, host in API_HOSTS.items():
                self.ports[service] = loop.run_until_complete(self._listen(host))
            self._loop = loop
            loop.call_soon(ready.set)
            loop.run_forever()
            loop.run_until_complete(self._close_connections())
        finally:
            ready.set()
            loop.close()

    async def _close_connections(self) -> None:
        """Stop listening and abort every connection.

        A server that is closed while it accepts a connection leaks the socket, so it stops
        accepting first and closes after pending connections have been registered.
        """
        loop = asyncio.get_running_loop()
        for server in self._servers:
            for handle in server.sockets:
                loop.remove_reader(handle.fileno())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for server in self._servers:
            server.close()
        for _ in range(4):
            for connection in list(self._connections):
                connection.abort()
            await asyncio.sleep(0)

    async def _listen(self, host: str | None, context: SSLContext | None = None) -> int:
        server = await asyncio.get_running_loop().create_server(
            lambda: Connection(self, host), "127.0.0.1", 0, backlog=1024, ssl=context
        )
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    @property
    def address(self) -> str:
        """The base URL that serves every host: ``http://127.0.0.1:PORT``.

        The host is taken from ``Host`` (with ``X-Sandbox-Scheme: http|https``), from an absolute
        URL in the request line (as for a proxy), or from a path ``/~https/HOST/…``.
        """
        return f"http://127.0.0.1:{self.port}"

    def router(self) -> SandboxRouter:
        """Return a router that directs a client's connections to this sandbox."""
        return SandboxRouter(self)

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The default paths to check in the sandbox."""
        return demo.inputs()

    def earlier_observations(self, now: datetime | None = None) -> tuple[Observation, ...]:
        """Return made-up observations of earlier runs."""
        return demo.earlier_observations(now or datetime.now(UTC))

    def services(self, settings: ServiceSettings) -> ServiceSettings:
        """Return service settings for this sandbox."""
        interval = ServiceSettings().arxiv_interval * self.limits.time_scale
        return replace(demo.services(settings), arxiv_interval=interval)

    def net(self, settings: NetSettings) -> NetSettings:
        """Return HTTP client settings for this sandbox."""
        return demo.net(settings)

    def base_urls(self) -> dict[str, str]:
        """Return environment variables with this sandbox's URLs, for other programs."""
        at = {service: f"http://127.0.0.1:{port}" for service, port in self.ports.items()}
        return {
            "GITHUB_API_URL": at["github-api"],
            "GITHUB_GRAPHQL_URL": f"{at['github-api']}/graphql",
            "GITHUB_SERVER_URL": at["github"],
            "HF_ENDPOINT": at["huggingface"],
            "LINKCHECK_ARXIV_URL": at["arxiv"],
            "LINKCHECK_WAYBACK_URL": at["wayback"],
        }

    def url(self, address: str) -> str:
        """Return the loopback URL for an http(s) URL of a service or host."""
        scheme, _, rest = address.partition("://")
        return f"{self.address}/~{scheme}/{rest}"

    def counts(self) -> Counts:
        """Return the requests so far."""
        log = self._log
        return Counts(
            by_host=dict(log.by_host),
            statuses=dict(log.statuses),
            duplicates=tuple(log.duplicates),
            peak=log.peak,
            unknown_hosts=tuple(log.unknown_hosts),
        )

    def reset_counts(self) -> None:
        """Reset the counts."""
        self._log = _RequestLog(running=self._log.running)

    def set_fault(self, pattern: str, fault: Fault) -> None:
        """Set the fault of a host or of ``host/path``; ``*`` and ``?`` are wildcards."""
        self.faults.set(pattern, fault)

    def clear_faults(self) -> None:
        """Remove all faults and changed routes."""
        self.faults.clear()
        self.overrides.clear()

    def reroute(self, host: str, route: Route) -> None:
        """Change the route of a host, for example to a TLS listener."""
        self.overrides[host] = route

    def listen_tls(self, context: SSLContext) -> int:
        """Listen on a further port with TLS; return the port."""
        loop = self._loop
        if loop is None:
            raise RuntimeError("the sandbox has been stopped")
        return asyncio.run_coroutine_threadsafe(self._listen(None, context), loop).result()

    def serve_tls(self, context: SSLContext, hosts: Iterable[str]) -> None:
        """Serve the ``https:`` URLs of these hosts with TLS, and with the context's certificate."""
        port = self.listen_tls(context)
        self.tls_ports.update(dict.fromkeys(hosts, port))

    def set_outage(self, fault: Fault, *scopes: OutageScope) -> None:
        """Set a fault for all hosts of these services; without any, for all services."""
        for scope in scopes or OutageScope:
            for pattern in SERVICE_HOSTS[scope]:
                self.set_fault(pattern, fault)

    def record_unknown_host(self, host: str) -> None:
        """Record a requested host that is not in the fixtures."""
        self._log.unknown_hosts[host] = None

    def closed_port(self) -> int:
        """Return a loopback port that refuses connections (bound, but not listening)."""
        if self._closed_port is None:
            handle = socket.socket()
            handle.bind(("127.0.0.1", 0))
            self._sockets.append(handle)
            self._closed_port = int(handle.getsockname()[1])
        return self._closed_port

    def black_hole(self) -> int:
        """Return a loopback port that never accepts a connection: its backlog is full."""
        if self._black_hole_port is None:
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            self._black_hole_port = int(listener.getsockname()[1])
            self._sockets.append(listener)
            for _ in range(4):
                filler = socket.socket()
                filler.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    filler.connect(("127.0.0.1", self._black_hole_port))
                self._sockets.append(filler)
        return self._black_hole_port

    def opened(self, connection: Connection) -> None:
        """Register a connection (called on the server's thread)."""
        self._connections.add(connection)

    def closed(self, connection: Connection) -> None:
        """Unregister a connection (called on the server's thread)."""
        self._connections.discard(connection)

    def handle(self, connection: Connection, request: Request) -> None:
        """Answer one request (called on the server's thread)."""
        log = self._log
        log.by_host[request.host] += 1
        log.running += 1
        log.peak = max(log.peak, log.running)
        self.hosts.begin(request)
        fault = self.faults.for_request(request)
        if fault is None:
            response = self.hosts.answer(request)
            fault = self._scripted_fault(response)
        else:
            response = self._faulty_response(fault, request)
        self._record(request, response, fault)
        scale = self.timing.scale if self.timing else 1.0
        delay = self._delay(request) + scale * response.delay

        def finish() -> None:
            log.running -= 1
            self.hosts.end(request)
            if fault and fault.kind in CONNECTION_FAULTS:
                connection.inject_fault(fault, response)
            else:
                connection.send(response)

        if delay > 0:
            asyncio.get_running_loop().call_later(delay, finish)
        else:
            finish()

    def _faulty_response(self, fault: Fault, request: Request) -> Response:
        replaced = {Kind.STATUS, Kind.HTML, Kind.ERROR_BODY, Kind.REDIRECT, Kind.SOFT_404}
        proper = None if fault.kind in replaced else self.hosts.answer(request)
        if fault.kind in CONNECTION_FAULTS:
            return proper or Response()
        return faulty_response(fault, request, proper)

    def _scripted_fault(self, response: Response) -> Fault | None:
        """Return the fault that the fixtures set for a page, if any."""
        for name, value in response.headers:
            if name == "x-sandbox-fault":
                response.headers.remove((name, value))
                return Fault(Kind(value))
        return None

    def _record(self, request: Request, response: Response, fault: Fault | None) -> None:
        log = self._log
        log.statuses[response.status] += 1
        key = (request.method, f"{request.base}{request.address}", hash(request.body))
        if key in log.settled:
            log.duplicates.append(f"{request.method} {key[1]}")
        elif fault is None and response.status not in _UNSETTLED:
            log.settled.add(key)

    def _delay(self, request: Request) -> float:
        timing = self.timing.page_delay(request.host, request.path) if self.timing else 0.0
        for pattern, seconds in self._latency.items():
            if pattern == "*" or fnmatchcase(request.host, pattern):
                return seconds + timing
        return timing
