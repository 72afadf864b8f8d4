"""Circuit breaker: a host that does not respond costs one timeout for all its links.

Until a host has responded, only a probe goes through; the other requests wait for its result.
While a probe is slow, another one starts every few seconds, so that one slow page does not block
its whole host. When the first of them times out without any response, the host is down, and
everything that waits or is in flight ends at once.

A service that responds, but with errors only, is paused: after the pause a probe goes first.
"""

from collections.abc import Callable
from math import inf

import anyio

from linkcheck.net.transport_failures import TransportFailure

MAX_FAILURES = 3
"""Failures in a row that open the breaker of a host that has not responded yet."""
MAX_FAILURES_IF_HEALTHY = 6
"""Failures in a row that open the breaker of a healthy host."""
COOLDOWN = 30.0
"""Seconds after which a host that was healthy before, or a service, gets another probe."""
MAX_ERRORS = 5
"""Errors in a row (5xx, broken connections) after which a service gets no requests for a while."""
PAUSES = (10.0, 30.0)
"""Length of these pauses, in multiples of the backoff; after the last one the service is down."""


class CircuitBreaker:
    """The health of one origin, or of a part of a service with limits apart from the others."""

    __slots__ = (
        "_backoff",
        "_changed",
        "_clock",
        "_deadline",
        "_down_until",
        "_errors",
        "_failures",
        "_is_lenient",
        "_next_probe",
        "_pauses",
        "_probe_interval",
        "_probes",
        "_was_healthy",
        "is_healthy",
        "open_reason",
    )

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        probe_interval: float,
        is_lenient: bool,
        backoff: float = 0.5,
        deadline: float = inf,
    ) -> None:
        """Start unproven. ``is_lenient``: it is a service; ``deadline``: the end of the run."""
        self.is_healthy = False
        """Whether the host responds: requests pass at once."""
        self.open_reason: str | None = None
        """Why the host is down, while it is."""
        self._clock = clock
        self._probe_interval = probe_interval
        self._is_lenient = is_lenient
        self._was_healthy = False
        self._backoff = backoff
        self._deadline = deadline
        self._failures = 0
        self._errors = 0
        self._pauses = 0
        self._down_until: float | None = None
        self._next_probe = 0.0
        self._probes: set[anyio.CancelScope] = set()
        self._changed = anyio.Event()

    def is_down(self, now: float) -> bool:
        """Return whether requests are refused; ends a cooldown that is over."""
        if self.open_reason is None:
            return False
        if self._down_until is not None and now >= self._down_until:
            self.open_reason = None
            self._failures = MAX_FAILURES - 1
            self._next_probe = now
            return False
        return True

    async def acquire(self, scope: anyio.CancelScope) -> bool:
        """Wait until a request may pass; False means that the host is down.

        ``scope`` belongs to the exchange: it is canceled when the host turns out to be down while
        the exchange is in flight as a probe. Call :meth:`release` with it at the end.
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

    def admits(self, scope: anyio.CancelScope) -> bool:
        """Return whether a request that has waited since :meth:`acquire` may still pass."""
        return self.is_healthy or scope in self._probes

    def release(self, scope: anyio.CancelScope) -> None:
        """End an exchange: a canceled probe lets the next one start."""
        if scope in self._probes:
            self._probes.discard(scope)
            if not self._probes and not self.is_healthy and self.open_reason is None:
                self._next_probe = min(self._next_probe, self._clock())
                self._wake()

    def record_success(self) -> None:
        """Record that the host has sent something."""
        self._errors = self._pauses = 0
        self._close()

    def record_error(self, scope: anyio.CancelScope, failure: TransportFailure) -> None:
        """Record that the host has responded with an error that says nothing about the link.

        It pauses a service: too many requests may be what it suffers from.
        """
        if not self._is_lenient:
            self.record_success()
            return
        if not self.admits(scope):
            return  # it was in flight before the pause
        self._probes.discard(scope)
        self._errors += 1
        if self._errors < MAX_ERRORS:
            self._close()
            return
        pause = self._backoff * PAUSES[self._pauses] if self._pauses < len(PAUSES) else inf
        end = self._clock() + pause
        if end >= self._deadline:
            self._open(failure)
            return
        self._pauses += 1
        self.is_healthy = False
        self._next_probe = end
        self._wake()

    def record_failure(
        self, scope: anyio.CancelScope, failure: TransportFailure, *, timed_out: bool, wait: float
    ) -> None:
        """Record that nothing came; ``wait`` is the time in seconds before the next probe."""
        self._probes.discard(scope)
        self._failures += 1
        if self.is_healthy:
            if self._failures >= MAX_FAILURES_IF_HEALTHY:
                self._open(failure)
            return
        hopeless = timed_out or not failure.is_retryable
        if (
            (hopeless and not self._is_lenient)
            or self._failures >= MAX_FAILURES
            or not failure.is_retryable
        ):
            self._open(failure)
            return
        self._next_probe = self._clock() + wait
        self._wake()

    def _close(self) -> None:
        self._failures = 0
        if not self.is_healthy:
            self.is_healthy = self._was_healthy = True
            self.open_reason = None
            self._probes.clear()
            self._wake()

    def _open(self, failure: TransportFailure) -> None:
        self.is_healthy = False
        self.open_reason = failure.message
        second_chance = self._was_healthy or self._is_lenient
        self._down_until = self._clock() + COOLDOWN if second_chance else None
        for scope in self._probes:
            scope.cancel()
        self._probes.clear()
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()
