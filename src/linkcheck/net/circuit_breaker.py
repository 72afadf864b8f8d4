"""A breaker per origin: a host that does not answer costs one time-out for all its links.

Until a host has answered anything, only a probe goes through; the others wait for what becomes
of it. A probe that is slow lets one more go beside it every few seconds, so that one slow page
does not stand for its whole host. When the first of them times out with nothing heard, the host
is down, and everything that waits or is under way ends at once.
"""

from collections.abc import Callable

import anyio

from linkcheck.net.transport_failures import TransportFailure

MAX_FAILURES = 3
"""So many failures in a row that say "nothing there" close an unproven host."""
MAX_FAILURES_IF_HEALTHY = 6
"""So many close one that has answered before."""
COOLDOWN = 30.0
"""Seconds after which a host that had answered before, or a service, gets another chance."""


class CircuitBreaker:
    """What is known of one origin's health."""

    __slots__ = (
        "_changed",
        "_clock",
        "_down_until",
        "_failures",
        "_is_lenient",
        "_next_probe",
        "_probe_interval",
        "_probes",
        "_was_healthy",
        "is_healthy",
        "open_reason",
    )

    def __init__(self, *, clock: Callable[[], float], patience: float, lenient: bool) -> None:
        self.is_healthy = False
        """Whether the host is answering: requests pass without further ado."""
        self.open_reason: str | None = None
        """Why the host is down, while it is."""
        self._clock = clock
        self._probe_interval = patience
        self._is_lenient = lenient
        self._was_healthy = False
        self._failures = 0
        self._down_until: float | None = None
        self._next_probe = 0.0
        self._probes: set[anyio.CancelScope] = set()
        self._changed = anyio.Event()

    def is_down(self, now: float) -> bool:
        """Tell whether the host is not to be asked; a cool-down that is over ends here."""
        if self.open_reason is None:
            return False
        if self._down_until is not None and now >= self._down_until:
            self.open_reason = None
            self._failures = MAX_FAILURES - 1
            self._next_probe = now
            return False
        return True

    async def acquire(self, scope: anyio.CancelScope) -> bool:
        """Wait to be let through; False means that the host is down.

        ``scope`` is the exchange's own: it is canceled when the host turns out to be down while
        the exchange is under way as a probe. Call :meth:`leave` with it at the end.
        """
        while not self.is_healthy:
            now = self._clock()
            if self.is_down(now):
                return False
            if now >= self._next_probe:
                self._next_probe = now + self._probe_interval
                self._probes.add(scope)
                return True
            with anyio.move_on_after(self._next_probe - now):
                await self._changed.wait()
        return True

    def release(self, scope: anyio.CancelScope) -> None:
        """End an exchange: a probe that was given up (by a cancellation) lets the next one go."""
        if scope in self._probes:
            self._probes.discard(scope)
            if not self._probes and not self.is_healthy and self.open_reason is None:
                self._next_probe = min(self._next_probe, self._clock())
                self._wake()

    def record_success(self) -> None:
        """Say that the host has sent something: it is there."""
        self._failures = 0
        if not self.is_healthy:
            self.is_healthy = self._was_healthy = True
            self.open_reason = None
            self._probes.clear()
            self._wake()

    def record_failure(
        self, scope: anyio.CancelScope, trouble: TransportFailure, *, timed_out: bool, wait: float
    ) -> None:
        """Say that nothing came: ``wait`` is the pause in seconds before the next probe."""
        self._probes.discard(scope)
        self._failures += 1
        if self.is_healthy:
            if self._failures >= MAX_FAILURES_IF_HEALTHY:
                self._open(trouble)
            return
        hopeless = timed_out or not trouble.is_retryable
        if (
            (hopeless and not self._is_lenient)
            or self._failures >= MAX_FAILURES
            or not trouble.is_retryable
        ):
            self._open(trouble)
            return
        self._next_probe = self._clock() + wait
        self._wake()

    def _open(self, trouble: TransportFailure) -> None:
        self.is_healthy = False
        self.open_reason = trouble.message
        second_chance = self._was_healthy or self._is_lenient
        self._down_until = self._clock() + COOLDOWN if second_chance else None
        for scope in self._probes:
            scope.cancel()
        self._probes.clear()
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
