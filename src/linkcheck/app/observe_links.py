"""Asking: the run's services behind one door, and what comes of it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
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
from linkcheck.model.settings import ServiceSettings

if TYPE_CHECKING:
    from linkcheck.model.protocols import Provider
    from linkcheck.model.wayback import ArchivedCopy
    from linkcheck.net.client import HttpClient
    from linkcheck.net.messages import HttpClientProtocol
    from linkcheck.providers.wayback import DeadUrl
    from linkcheck.sandbox import Sandbox
    from linkcheck.store import SqliteStore


@dataclass(frozen=True, slots=True)
class ObservationRun:
    """What came of asking."""

    collected: ObservationResults = field(default_factory=ObservationResults)
    requests: Mapping[str, int] = field(default_factory=dict)
    """Requests by host."""
    interrupted: bool = False
    """Whether Ctrl-C ended it."""
    clock_ahead: timedelta | None = None
    """How far our clock is ahead of the hosts', where they told."""


class ObservationRunner:
    """Asks the services, in the real world or in a sandbox."""

    def __init__(
        self,
        config: Config,
        surroundings: RunEnvironment,
        store: "SqliteStore",
        sandbox: "Sandbox | None",
        *,
        allow_private: bool,
    ) -> None:
        """Keep the pauses that hosts ask for in ``store``, whose own are kept to."""
        self._config = config
        self._surroundings = surroundings
        self._store = store
        self._sandbox = sandbox
        self._net = replace(
            config.net if sandbox is None else sandbox.net(config.net),
            allow_private=allow_private,
        )

    def observe(self, plan: ObservationPlan) -> ObservationRun:
        """Ask what the plan has to be asked; every question of it ends in an observation.

        Raises what opening the door raises (:func:`linkcheck.net.open_client.open_door`).
        """
        if not plan.ask:
            return ObservationRun()
        import anyio

        asked = anyio.run(self._observe, plan)
        mark_unanswered(plan, asked.collected, self._surroundings.now())
        return asked

    async def _observe(self, plan: ObservationPlan) -> ObservationRun:
        from linkcheck.app.interrupt import InterruptHandler

        now, progress = self._surroundings.now, self._surroundings.progress
        collected = ObservationResults()
        notices: list[Notice] = []
        interrupted = InterruptHandler()
        async with self._door() as door:
            providers = self._providers(door, notices)
            async with interrupted.watch():
                await observe_all(plan, providers, progress, now, collected)
            if not interrupted.happened and not collected.silent_hosts:
                self._store.set_not_before(door.cooldowns())
            collected.notices[:0] = notices
            return ObservationRun(
                collected, door.counts(), interrupted.happened, door.clock_ahead()
            )

    def archive(
        self, lost: "Sequence[DeadUrl]", counts: dict[str, int]
    ) -> "Mapping[str, ArchivedCopy | None]":
        """Ask the archive about lost addresses; adds the requests by host to ``counts``."""
        import anyio

        from linkcheck.providers.wayback import find_snapshots

        async def ask() -> "Mapping[str, ArchivedCopy | None]":
            async with self._door() as door:
                found = await find_snapshots(door, self._services().wayback, lost)
                counts.update(door.counts())
                return found

        return anyio.run(ask)

    def _door(self) -> "AbstractAsyncContextManager[HttpClient]":
        from linkcheck.net.open_client import open_client

        return open_client(
            self._net,
            progress=self._surroundings.progress,
            not_before=self._store.not_before(),
            router=self._sandbox.router() if self._sandbox else None,
            now=self._surroundings.now,
        )

    def _services(self) -> ServiceSettings:
        if self._sandbox is None:
            return services_from(self._config.services, self._surroundings.env)
        return self._sandbox.services(self._config.services)

    def _providers(
        self, door: "HttpClientProtocol", notices: list[Notice]
    ) -> "tuple[Provider, ...]":
        from linkcheck.providers.arxiv.provider import ArxivProvider
        from linkcheck.providers.doi.provider import DoiProvider
        from linkcheck.providers.github.provider import GitHubProvider
        from linkcheck.providers.huggingface.provider import HuggingFaceProvider
        from linkcheck.providers.web.provider import WebProvider

        clock = self._surroundings.now
        services = self._services()

        def notice(message: str) -> None:
            if all(known.message != message for known in notices):
                notices.append(Notice(message))

        return (
            GitHubProvider(door, services, clock, notice),
            HuggingFaceProvider(door, services, clock, notice),
            ArxivProvider(door, services, clock),
            DoiProvider(door, services, clock),
            WebProvider(door, services, clock),
        )
