"""HTTP client and providers of one run, against the real services or a sandbox."""

import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkcheck.app.environment import RunEnvironment, services_from
from linkcheck.config import Config
from linkcheck.engine.connectivity import ConnectivityEvidence, doubt_connectivity, silence
from linkcheck.engine.observe import (
    ObservationPlan,
    ObservationResults,
    mark_unanswered,
    observe_all,
)
from linkcheck.engine.outage import Outage, network_outage
from linkcheck.model.protocols import SilentProgress
from linkcheck.model.result import Notice
from linkcheck.model.settings import DEFAULT_CHANGE_DEADLINE, DEFAULT_DEADLINE

if TYPE_CHECKING:
    from anyio import CancelScope

    from linkcheck.model.protocols import Provider
    from linkcheck.model.target import Service
    from linkcheck.model.wayback import ArchivedCopy
    from linkcheck.net.client import HttpClient
    from linkcheck.net.messages import HttpClientProtocol
    from linkcheck.providers.wayback import DeadUrl
    from linkcheck.providers.well_known_services import ConnectivityProbe
    from linkcheck.sandbox import Sandbox
    from linkcheck.store import SqliteStore

MAX_NAMED_HOSTS = 5
MAX_CHECK_AGE = 60.0
"""Seconds for which a successful check of the network is valid."""


@dataclass(frozen=True, slots=True)
class ObservationRun:
    """Result of observing the targets of a plan."""

    results: ObservationResults = field(default_factory=ObservationResults)
    requests: Mapping[str, int] = field(default_factory=dict)
    """Requests by host."""
    interrupted: bool = False
    """Whether SIGINT or SIGTERM ended it."""
    clock_ahead: timedelta | None = None
    """How far our clock is ahead of the hosts'; ``None`` if no response was dated."""
    network_outage: Outage | None = None
    """Failure of our own network, confirmed by requests to well-known services."""


class ConnectivityCheck:
    """Checks our network with requests to well-known services, if it is in doubt."""

    def __init__(
        self,
        client: "HttpClient",
        probes: "Sequence[ConnectivityProbe]",
        open_client: "Callable[[], AbstractAsyncContextManager[HttpClient]]",
    ) -> None:
        """Send ``probes`` through a separate client: that of the run may have no free slots."""
        self._client = client
        self._probes = probes
        self._open_client = open_client
        self._succeeded_at: float | None = None
        self.requests: Counter[str] = Counter()
        """Requests by host."""

    @property
    def hosts(self) -> list[str]:
        """The hosts of the well-known services."""
        return [probe.host for probe in self._probes]

    def has_valid_certificate(self) -> bool:
        """Return whether a host has proved its name in a TLS handshake in this run."""
        return self._client.has_valid_certificate()

    async def is_working(self) -> bool:
        """Return whether a well-known service responds in its own form."""
        from linkcheck.providers.well_known_services import any_responds

        last = self._succeeded_at
        if last is not None and time.monotonic() - last < MAX_CHECK_AGE:
            return True
        async with self._open_client() as client:
            try:
                works = await any_responds(client, self._probes)
            finally:
                self.requests.update(client.counts())
        self._succeeded_at = time.monotonic() if works else None
        return works

    async def find_outage(self, results: ObservationResults) -> Outage | None:
        """Return the failure of our network at the end of a run; ``None`` if it works."""
        observed = tuple(results.observations.values())
        doubt = doubt_connectivity(observed, has_valid_certificate=self.has_valid_certificate())
        if results.is_network_down:
            evidence = ConnectivityEvidence(observed)
            doubt = doubt or silence(evidence.silent_hosts, evidence.hosts)
        elif doubt is None or await self.is_working():
            return None
        return network_outage(doubt, self.hosts)


class Network:
    """Opens the HTTP client and the providers whenever they are needed."""

    def __init__(
        self,
        config: Config,
        environment: RunEnvironment,
        store: "SqliteStore",
        sandbox: "Sandbox | None",
        *,
        allow_private: bool,
        is_change: bool = False,
    ) -> None:
        """Load cooldowns of hosts from ``store`` before a run and save them there after it.

        ``is_change``: only a change is checked, for which somebody waits.
        """
        deadline = DEFAULT_CHANGE_DEADLINE if is_change else DEFAULT_DEADLINE
        self._environment = environment
        self._store = store
        self._sandbox = sandbox
        settings = config.net if sandbox is None else sandbox.net(config.net)
        self._settings = replace(
            settings,
            allow_private=allow_private,
            deadline=deadline if settings.deadline is None else settings.deadline,
        )
        self._services = (
            services_from(config.services, environment.env)
            if sandbox is None
            else sandbox.services(config.services)
        )

    def observe(self, plan: ObservationPlan) -> ObservationRun:
        """Run all providers; every request of the plan ends in an observation.

        Raises UsageError for a proxy or certificate file that cannot be used.
        """
        if not plan.ask:
            return ObservationRun()
        import anyio

        run = anyio.run(self._observe, plan)
        mark_unanswered(plan, run.results, self._environment.now())
        return run

    async def _observe(self, plan: ObservationPlan) -> ObservationRun:
        environment = self._environment
        results = ObservationResults()
        notices: list[Notice] = []
        interrupt = InterruptHandler()
        outage: Outage | None = None
        async with self._open_client() as client:
            providers = self._providers(client, notices, results.rejected_tokens.add)
            check = self._connectivity_check(client, plan)
            async with interrupt.watch():
                await observe_all(
                    plan, providers, environment.progress, environment.now, results, check
                )
                outage = await check.find_outage(results)
            if not interrupt.happened and outage is None:
                cooldowns = client.cooldowns()
                self._store.record_cooldowns(cooldowns, environment.now())
                notices += _cooldown_notice(cooldowns)
            results.notices[:0] = notices
            return ObservationRun(
                results,
                dict(check.requests + Counter(client.counts())),
                interrupt.happened,
                client.clock_offset(),
                outage,
            )

    def _connectivity_check(self, client: "HttpClient", plan: ObservationPlan) -> ConnectivityCheck:
        from linkcheck.providers.well_known_services import choose_probes

        return ConnectivityCheck(
            client, choose_probes(self._services, plan.ask), lambda: self._open_client(silent=True)
        )

    def archived_copies(
        self, dead: "Sequence[DeadUrl]", requests: dict[str, int]
    ) -> "Mapping[str, ArchivedCopy | None]":
        """Look up archived copies of dead URLs; adds the requests by host to ``requests``."""
        import anyio

        from linkcheck.providers.wayback import find_snapshots

        async def look_up() -> "Mapping[str, ArchivedCopy | None]":
            async with self._open_client() as client:
                try:
                    return await find_snapshots(client, self._services.wayback, dead)
                finally:
                    requests.update(client.counts())

        return anyio.run(look_up)

    def _open_client(self, *, silent: bool = False) -> "AbstractAsyncContextManager[HttpClient]":
        from linkcheck.net.client import open_client

        return open_client(
            self._settings,
            progress=SilentProgress() if silent else self._environment.progress,
            not_before=self._store.cooldowns(self._environment.now()),
            router=self._sandbox.router() if self._sandbox else None,
            now=self._environment.now,
        )

    def _providers(
        self,
        client: "HttpClientProtocol",
        notices: list[Notice],
        on_rejected_token: Callable[["Service"], None],
    ) -> "tuple[Provider, ...]":
        from linkcheck.providers.arxiv.provider import ArxivProvider
        from linkcheck.providers.doi.provider import DoiProvider
        from linkcheck.providers.github.provider import GitHubProvider
        from linkcheck.providers.huggingface.provider import HuggingFaceProvider
        from linkcheck.providers.web.provider import WebProvider

        now, services = self._environment.now, self._services

        def notice(message: str) -> None:
            if all(known.message != message for known in notices):
                notices.append(Notice(message))

        return (
            GitHubProvider(client, services, now, notice),
            HuggingFaceProvider(client, services, now, notice, on_rejected_token),
            ArxivProvider(client, services, now),
            DoiProvider(client, services, now),
            WebProvider(client, services, now),
        )


def _cooldown_notice(cooldowns: Mapping[str, datetime]) -> Iterator[Notice]:
    """Yield a notice that names the hosts, and until when later runs leave them alone."""
    ends: dict[str, datetime] = {}
    for key, end in cooldowns.items():
        host = key.partition("#")[0]
        ends[host] = max(end, ends.get(host, end))
    if ends:
        named = [f"{host} until {end:%Y-%m-%d %H:%M} UTC" for host, end in sorted(ends.items())]
        more = len(named) - MAX_NAMED_HOSTS
        listed = ", ".join(named[:MAX_NAMED_HOSTS]) + (f" and {more} more" if more > 0 else "")
        yield Notice(f"Rate limits that later runs keep to: {listed}.")


class InterruptHandler:
    """Cancels a block on SIGINT or SIGTERM, so that the results so far can be reported."""

    def __init__(self) -> None:
        self.happened = False

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """Run the body until it ends, or until a signal cancels it."""
        import anyio

        async with anyio.create_task_group() as tasks:
            if sys.platform != "win32":  # anyio cannot receive signals there
                tasks.start_soon(self._listen, tasks.cancel_scope)
            yield
            tasks.cancel_scope.cancel()

    async def _listen(self, scope: "CancelScope") -> None:
        import signal

        import anyio

        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _signal in signals:
                self.happened = True
                scope.cancel()
                return
