"""End a run early when our network is down. Does no I/O itself.

A run over thousands of links must not wait for the timeouts of each. But a few dead hosts fail
within milliseconds, while pages take tenths of a second: hosts without a response only cast doubt,
and well-known services are requested to decide. While requests are in flight that may still prove
the opposite, nothing is concluded before :data:`MAX_SECONDS`.
"""

from collections.abc import Callable
from typing import Protocol

from linkcheck.engine.connectivity import MIN_SILENT_HOSTS, ConnectivityEvidence
from linkcheck.model.observation import Observation

MAX_SILENT_SECONDS = 8.0
"""Seconds without any valid response after which the network is checked."""
MAX_SECONDS = 20.0
"""Seconds after which a run ends on a network that failed the check."""


class NetworkCheck(Protocol):
    """Access to the network, as far as the monitor needs it."""

    def has_valid_certificate(self) -> bool:
        """Return whether a host has proved its name in a TLS handshake in this run."""
        ...

    async def is_working(self) -> bool:
        """Return whether a well-known service responds in its own form."""
        ...


class NetworkMonitor:
    """Watches the observations of a run; cancels it when the network is down."""

    def __init__(self, check: NetworkCheck, cancel: Callable[[], None]) -> None:
        """Use ``check`` when in doubt; call ``cancel`` to end the run. Needs an event loop."""
        import anyio

        self.evidence = ConnectivityEvidence()
        self.is_down = False
        """Whether the run was ended because our network is down."""
        self._check = check
        self._cancel = cancel
        self._changed = anyio.Event()

    def add(self, observation: Observation) -> None:
        """Take an observation into account."""
        self.evidence.add(observation)
        if self._is_proven() or len(self.evidence.silent_hosts) >= MIN_SILENT_HOSTS:
            self._changed.set()

    def _is_proven(self) -> bool:
        return self.evidence.is_proven or self._check.has_valid_certificate()

    async def watch(self) -> None:
        """Return once the network has proved to work; cancel the run if it has not in time."""
        import anyio

        end = anyio.current_time() + MAX_SECONDS
        with anyio.move_on_after(MAX_SILENT_SECONDS):
            await self._changed.wait()
        if self._is_proven() or await self._check.is_working():
            return
        with anyio.CancelScope(deadline=end):
            while not self._is_proven():
                self._changed = anyio.Event()
                await self._changed.wait()
        if not self._is_proven():
            self.is_down = True
            self._cancel()
