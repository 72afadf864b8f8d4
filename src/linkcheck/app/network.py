"""HTTP client and providers of one run, against the real services or a sandbox."""

import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkcheck.app.environment import RunEnvironment, services_from
from linkcheck.config import Config
from linkcheck.engine.observe import (
    ObservationPlan,
    ObservationResults,
    mark_unanswered,
    observe_all,
)
from linkcheck.model.result import Notice

if TYPE_CHECKING:
    from anyio import CancelScope

    from linkcheck.model.protocols import Provider
    from linkcheck.model.wayback import ArchivedCopy
    from linkcheck.net.client import HttpClient
    from linkcheck.net.messages import HttpClientProtocol
    from linkcheck.providers.wayback import DeadUrl
    from linkcheck.sandbox import Sandbox
    from linkcheck.store import SqliteStore

MAX_NAMED_HOSTS = 5


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
    ) -> None:
        """Load cooldowns of hosts from ``store`` before a run and save them there after it."""
        self._environment = environment
        self._store = store
        self._sandbox = sandbox
        self._settings = replace(
            config.net if sandbox is None else sandbox.net(config.net),
            allow_private=allow_private,
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
        async with self._open_client() as client:
            providers = self._providers(client, notices)
            async with interrupt.watch():
                await observe_all(plan, providers, environment.progress, environment.now, results)
            if not interrupt.happened and not results.silent_hosts:
                cooldowns = client.cooldowns()
                self._store.record_cooldowns(cooldowns, environment.now())
                notices += _cooldown_notice(cooldowns)
            results.notices[:0] = notices
            return ObservationRun(
                results, client.counts(), interrupt.happened, client.clock_offset()
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

    def _open_client(self) -> "AbstractAsyncContextManager[HttpClient]":
        from linkcheck.net.client import open_client

        return open_client(
            self._settings,
            progress=self._environment.progress,
            not_before=self._store.cooldowns(self._environment.now()),
            router=self._sandbox.router() if self._sandbox else None,
            now=self._environment.now,
        )

    def _providers(
        self, client: "HttpClientProtocol", notices: list[Notice]
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
            HuggingFaceProvider(client, services, now, notice),
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
