"""Waiting for one's turn: the pauses a host asked for, its slots, its rate, and the run's end."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import anyio

from linkcheck.model.observation import UnknownReason
from linkcheck.model.settings import NetSettings
from linkcheck.net import host_state, rate_limits
from linkcheck.net.circuit_breaker import CircuitBreaker
from linkcheck.net.messages import HttpFailure

OUT_OF_TIME = HttpFailure(UnknownReason.NOT_ASKED, "the run's time was over before its turn came")


def host_down_result(breaker: CircuitBreaker) -> HttpFailure:
    """Return the answer for a link of a host that is down, or that waited until the run's end."""
    if breaker.open_reason is None:
        return OUT_OF_TIME
    words = f"not asked, as another link of the host had just failed: {breaker.open_reason}"
    return HttpFailure(UnknownReason.HOST_DOWN, words)


class RequestScheduler:
    """Lets requests out, no more at once than run and host allow, and none after the deadline."""

    def __init__(
        self, settings: NetSettings, now: Callable[[], datetime], clock: Callable[[], float]
    ) -> None:
        self._clock = clock
        self.deadline = clock() + settings.deadline
        """When the run's time is over, in the event loop's time."""
        self._patience = settings.patience
        self._now = now
        self._slots = anyio.Semaphore(max(settings.concurrency, 1), fast_acquire=True)

    async def admit(self, breaker: CircuitBreaker, scope: anyio.CancelScope) -> bool:
        """Wait for a host's breaker; False when the host is down or the run over."""
        with anyio.CancelScope(deadline=self.deadline):
            return await breaker.admit(scope)
        return False

    async def acquire(
        self,
        host: host_state.HostState,
        bucket: host_state.RateLimitBucket,
        breaker: CircuitBreaker,
    ) -> HttpFailure | None:
        """Wait for the host's pauses, slots and rate; ``None`` means go, with both slots held."""
        while True:
            now = self._clock()
            hold = host.hold(bucket, now)
            if hold > 0:
                refused = self._too_long(host, hold, now)
                if refused is not None:
                    return refused
                await anyio.sleep(hold + random.random() * min(hold, 0.25))  # noqa: S311 - jitter
                continue
            if now >= self.deadline:
                return OUT_OF_TIME
            if not await self._take_slots(host):
                return OUT_OF_TIME
            now = self._clock()
            if breaker.is_down(now):
                self.release(host)
                return host_down_result(breaker)
            if host.hold(bucket, now) > 0:
                self.release(host)
                continue
            wait = host.reserve_slot(now)
            if wait > 0:
                if now + wait >= self.deadline:
                    self.release(host)
                    return OUT_OF_TIME
                self.release(host)
                await anyio.sleep(wait)
                if not await self._take_slots(host):
                    return OUT_OF_TIME
            return None

    async def _take_slots(self, host: host_state.HostState) -> bool:
        """Take a slot of the host and one of the run; False when time runs out first."""
        try:
            host.slots.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.CancelScope(deadline=self.deadline) as scope:
                await host.slots.acquire()
            if scope.cancelled_caught:
                return False
        try:
            self._slots.acquire_nowait()
        except anyio.WouldBlock:
            taken = False
            try:
                with anyio.CancelScope(deadline=self.deadline):
                    await self._slots.acquire()
                    taken = True
            finally:
                if not taken:
                    host.slots.release()
            return taken
        return True

    def release(self, host: host_state.HostState) -> None:
        """Give back both slots."""
        self._slots.release()
        host.slots.release()

    def _too_long(self, host: host_state.HostState, hold: float, now: float) -> HttpFailure | None:
        """Return the refusal when a pause is longer than the run's patience or the run itself."""
        if hold <= self._patience and now + hold < self.deadline:
            return None
        end = self._now() + timedelta(seconds=min(hold, rate_limits.LONGEST))
        words = f"{host.name} asked for a pause until {end:%Y-%m-%d %H:%M} UTC"
        return HttpFailure(UnknownReason.NOT_ASKED, words, not_before=end)
