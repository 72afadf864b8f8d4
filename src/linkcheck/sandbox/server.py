"""The sandbox's server: one thread, one event loop, all services behind one port."""

import asyncio  # noqa: TID251 (bare protocols; connection.py says why)
import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Mapping
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
from linkcheck.sandbox.faults import WIRE, Fault, FaultRegistry, Kind, faulty_answer
from linkcheck.sandbox.fixtures import World
from linkcheck.sandbox.http_codec import Request, Response
from linkcheck.sandbox.http_connection import Connection
from linkcheck.sandbox.quotas import Limits
from linkcheck.sandbox.router import SandboxRouter
from linkcheck.sandbox.services import Services

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
"""Services that also have a port of their own, for programs that cannot be routed."""

_UNSETTLED = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sandbox has been asked."""

    by_host: Mapping[str, int]
    statuses: Mapping[int, int]
    """Answers by status."""
    duplicates: tuple[str, ...]
    """Questions (``METHOD URL``) asked again although the answer before was a settled one."""
    peak: int
    """The most requests that were under way at once."""
    strangers: tuple[str, ...]
    """Hosts that were looked for and that the world does not know."""

    @property
    def total(self) -> int:
        """All requests."""
        return sum(self.by_host.values())


@dataclass(slots=True)
class _Ledger:
    by_host: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    settled: set[tuple[str, str, int]] = field(default_factory=set)
    duplicates: list[str] = field(default_factory=list)
    strangers: dict[str, None] = field(default_factory=dict)
    running: int = 0
    peak: int = 0


class Sandbox:
    """A running sandbox; a context manager that stops it at the end.

    Made by :meth:`start`. Its methods may be called from any thread.
    """

    def __init__(
        self, world: World, *, latency: float | Mapping[str, float], limits: Limits, strangers: str
    ) -> None:
        self.world = world
        self.limits = limits
        self.strangers = strangers
        self.faults = FaultRegistry()
        self.hosts = Services(world, limits, time.time, strangers)
        self.port = 0
        self.ports: dict[str, int] = {}
        self.overrides: dict[str, Route] = {}
        self._latency: Mapping[str, float] = (
            dict(latency) if isinstance(latency, Mapping) else {"*": float(latency)}
        )
        self._ledger = _Ledger()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._servers: list[asyncio.Server] = []
        self._connections: set[Connection] = set()
        self._sockets: list[socket.socket] = []
        self._hole: int | None = None
        self._closed: int | None = None

    @classmethod
    def start(
        cls,
        world: World | None = None,
        *,
        latency: float | Mapping[str, float] = 0.0,
        enforce_limits: bool = True,
        time_scale: float | None = None,
        limits: Limits | None = None,
        strangers: str = "missing",
    ) -> "Sandbox":
        """Start a server and return it once it listens on loopback.

        ``world``: ``None`` takes the demo's, whose limits run a hundred times faster.
        ``latency``: seconds before every answer, for all hosts or by host pattern (first match).
        ``time_scale``: multiplies the length of the services' windows and pauses.
        ``limits`` replaces ``enforce_limits`` and ``time_scale``.
        ``strangers``: what becomes of web hosts that the world does not know: ``missing`` (their
        names do not exist) or ``alive`` (each of their pages is there, with a title that says
        that it is made up).
        """
        if world is None:
            world = demo.world()
            time_scale = demo.TIME_SCALE if time_scale is None else time_scale
        chosen = limits or Limits(enforced=enforce_limits, time_scale=time_scale or 1.0)
        sandbox = cls(world, latency=latency, limits=chosen, strangers=strangers)
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
        """Close every connection and end the server's thread. Doing it twice does nothing."""
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
            loop.run_until_complete(self._hang_up())
        finally:
            ready.set()
            loop.close()

    async def _hang_up(self) -> None:
        """Stop listening and drop every connection, those just being accepted included.

        A server that is closed while one of its connections is being accepted loses the socket;
        so it stops accepting first, and closes when what was under way has arrived.
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
        """The one address that answers for every host: ``http://127.0.0.1:PORT``.

        The host is taken from ``Host`` (with ``X-Sandbox-Scheme: http|https``), from an absolute
        address in the request line (as a proxy), or from a path ``/~https/HOST/…``.
        """
        return f"http://127.0.0.1:{self.port}"

    def router(self) -> SandboxRouter:
        """Return what leads a client's connections here; host names stay as they are."""
        return SandboxRouter(self)

    @property
    def inputs(self) -> tuple[Path, ...]:
        """What is checked in the sandbox when nothing else is named."""
        return demo.inputs()

    def earlier_observations(self, now: datetime | None = None) -> tuple[Observation, ...]:
        """Return what the demo pretends to have seen in earlier runs."""
        return demo.earlier_observations(now or datetime.now(UTC))

    def services(self, settings: ServiceSettings) -> ServiceSettings:
        """Return the settings with which providers ask this sandbox."""
        interval = ServiceSettings().arxiv_interval * self.limits.time_scale
        return replace(demo.services(settings), arxiv_interval=interval)

    def net(self, settings: NetSettings) -> NetSettings:
        """Return the settings with which the door asks this sandbox."""
        return demo.net(settings)

    def base_urls(self) -> dict[str, str]:
        """Return environment variables that lead programs here which cannot be routed."""
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
        """Return the loopback address that stands for an http(s) address of the world."""
        scheme, _, rest = address.partition("://")
        return f"{self.address}/~{scheme}/{rest}"

    def counts(self) -> Counts:
        """Return what has been asked so far."""
        ledger = self._ledger
        return Counts(
            by_host=dict(ledger.by_host),
            statuses=dict(ledger.statuses),
            duplicates=tuple(ledger.duplicates),
            peak=ledger.peak,
            strangers=tuple(ledger.strangers),
        )

    def reset_counts(self) -> None:
        """Forget what has been asked, so that another run can be counted."""
        self._ledger = _Ledger(running=self._ledger.running)

    def set_fault(self, pattern: str, fault: Fault) -> None:
        """Put a fault in the way of a host, or of ``host/path``; both may hold ``*`` and ``?``."""
        self.faults.set(pattern, fault)

    def clear_faults(self) -> None:
        """Take all faults and changed routes away."""
        self.faults.clear()
        self.overrides.clear()

    def reroute(self, host: str, route: Route) -> None:
        """Lead a host's connections elsewhere: to a TLS listener, or to a pretended address."""
        self.overrides[host] = route

    def listen_tls(self, context: SSLContext) -> int:
        """Open one more port that speaks TLS with the given certificate; returns the port."""
        loop = self._loop
        if loop is None:
            raise RuntimeError("the sandbox has been stopped")
        return asyncio.run_coroutine_threadsafe(self._listen(None, context), loop).result()

    def record_unknown_host(self, host: str) -> None:
        """Remember a host that the world does not know."""
        self._ledger.strangers[host] = None

    def closed_port(self) -> int:
        """Return a loopback port on which nothing listens (it is held, but not opened)."""
        if self._closed is None:
            handle = socket.socket()
            handle.bind(("127.0.0.1", 0))
            self._sockets.append(handle)
            self._closed = int(handle.getsockname()[1])
        return self._closed

    def black_hole(self) -> int:
        """Return a loopback port that never accepts: its queue is kept full."""
        if self._hole is None:
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            self._hole = int(listener.getsockname()[1])
            self._sockets.append(listener)
            for _ in range(4):
                filler = socket.socket()
                filler.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    filler.connect(("127.0.0.1", self._hole))
                self._sockets.append(filler)
        return self._hole

    def opened(self, connection: Connection) -> None:
        """Take note of a connection (called on the server's thread)."""
        self._connections.add(connection)

    def closed(self, connection: Connection) -> None:
        """Take note of its end (called on the server's thread)."""
        self._connections.discard(connection)

    def handle(self, connection: Connection, request: Request) -> None:
        """Answer one request (called on the server's thread)."""
        ledger = self._ledger
        ledger.by_host[request.host] += 1
        ledger.running += 1
        ledger.peak = max(ledger.peak, ledger.running)
        self.hosts.begin(request)
        fault = self.faults.for_request(request)
        if fault is None:
            response = self.hosts.answer(request)
            fault = self._scripted(response)
        else:
            response = self._faulty(fault, request)
        self._note(request, response, fault)
        delay = self._delay(request.host) + response.delay

        def finish() -> None:
            ledger.running -= 1
            self.hosts.end(request)
            if fault and fault.kind in WIRE:
                connection.inject_fault(fault, response)
            else:
                connection.send(response)

        if delay > 0:
            asyncio.get_running_loop().call_later(delay, finish)
        else:
            finish()

    def _faulty(self, fault: Fault, request: Request) -> Response:
        replaced = {Kind.STATUS, Kind.HTML, Kind.ERROR_BODY, Kind.REDIRECT, Kind.SOFT_404}
        proper = None if fault.kind in replaced else self.hosts.answer(request)
        if fault.kind in WIRE:
            return proper or Response()
        return faulty_answer(fault, request, proper)

    def _scripted(self, response: Response) -> Fault | None:
        """Return the fault that the world itself puts on a page, if it does."""
        for name, value in response.headers:
            if name == "x-sandbox-fault":
                response.headers.remove((name, value))
                return Fault(Kind(value))
        return None

    def _note(self, request: Request, response: Response, fault: Fault | None) -> None:
        ledger = self._ledger
        ledger.statuses[response.status] += 1
        key = (request.method, f"{request.base}{request.address}", hash(request.body))
        if key in ledger.settled:
            ledger.duplicates.append(f"{request.method} {key[1]}")
        elif fault is None and response.status not in _UNSETTLED:
            ledger.settled.add(key)

    def _delay(self, host: str) -> float:
        for pattern, seconds in self._latency.items():
            if pattern == "*" or fnmatchcase(host, pattern):
                return seconds
        return 0.0
