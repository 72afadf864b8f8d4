"""Decide when a request may start: cooldowns, quotas, pace, free slots and the run's deadline."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf

import anyio

from linkcheck.model.observation import UnknownReason
from linkcheck.model.settings import DEFAULT_DEADLINE, NetSettings
from linkcheck.net.circuit_breaker import CircuitBreaker
from linkcheck.net.host_state import HostState, RateLimitBucket
from linkcheck.net.messages import HttpFailure
from linkcheck.net.rate_limits import MAX_COOLDOWN

MAX_REFUSALS = 2
"""Cooldowns in a row that end in another refusal, after which a service is not waited for."""
MIN_REPORTED_WAIT = 0.5
"""Seconds: shorter waits are not worth a message."""
OUT_OF_TIME = HttpFailure(UnknownReason.NOT_ASKED, "the run's time was over before its turn came")


def host_down_result(breaker: CircuitBreaker) -> HttpFailure:
    """Return the failure of a request to a host that is down, or that waited past the deadline."""
    if breaker.open_reason is None:
        return OUT_OF_TIME
    message = f"not asked, as another link of the host had just failed: {breaker.open_reason}"
    return HttpFailure(UnknownReason.HOST_DOWN, message)


class RequestScheduler:
    """Starts requests, no more at once than run and host allow, and none after the deadline."""

    def __init__(
        self,
        settings: NetSettings,
        now: Callable[[], datetime],
        clock: Callable[[], float],
        waiting: Callable[[str, float, str], None],
    ) -> None:
        """Report each longer wait to ``waiting``: the host, the seconds, the reason."""
        self._clock = clock
        seconds = DEFAULT_DEADLINE if settings.deadline is None else settings.deadline
        self.deadline = clock() + seconds
        """The end of the run, in the event loop's time."""
        self._patience = settings.patience
        self._now = now
        self._waiting = waiting
        self._announced: dict[str, float] = {}
        self._slots = anyio.Semaphore(max(settings.concurrency, 1), fast_acquire=True)

    def max_wait(
        self,
        host: HostState,
        bucket: RateLimitBucket,
        requested: float | None,
        *,
        is_service: bool,
    ) -> float:
        """Return the longest cooldown to wait for, in seconds; ``requested`` takes precedence.

        The limits of services are waited for as long as the run lasts; other hosts, and services
        that fail (5xx) or refuse again after each cooldown, no longer than the patience.
        """
        if requested is not None:
            return requested
        keeps_its_word = not host.is_failing and bucket.refusals < MAX_REFUSALS
        return inf if is_service and keeps_its_word else self._patience

    async def acquire(
        self,
        host: HostState,
        bucket: RateLimitBucket,
        breaker: CircuitBreaker,
        scope: anyio.CancelScope,
        max_wait: float | None = None,
        *,
        is_service: bool = False,
    ) -> HttpFailure | None:
        """Wait for breaker, cooldowns, pace and slots; ``None`` means go, with both slots held.

        Whatever was waited for, cooldowns and breaker are read again afterwards: meanwhile other
        requests may have met a limit. ``scope`` is that of the exchange, for the breaker; for the
        others see :meth:`max_wait`.
        """
        turn: float | None = None
        while True:
            if not breaker.admits(scope) and not await self._acquire_breaker(breaker, scope):
                return host_down_result(breaker)
            now = self._clock()
            wait = host.wait_time(bucket, now)
            if wait > 0:
                longest = self.max_wait(host, bucket, max_wait, is_service=is_service)
                refused = self._too_long(host, wait, now, longest)
                if refused is not None:
                    return refused
                turn = None
                self._announce(host, wait, now)
                await anyio.sleep(wait + random.random() * min(wait, 0.25))  # noqa: S311 - jitter
                continue
            if now >= self.deadline:
                return OUT_OF_TIME
            if turn is None:
                turn = host.pace.reserve(now)
            if turn > now:
                if turn >= self.deadline:
                    return OUT_OF_TIME
                await anyio.sleep(turn - now)
                continue
            if not await self._take_slots(host):
                return OUT_OF_TIME
            now = self._clock()
            if now < self.deadline and breaker.admits(scope) and not host.wait_time(bucket, now):
                return None
            self.release(host)

    async def _acquire_breaker(self, breaker: CircuitBreaker, scope: anyio.CancelScope) -> bool:
        """Wait for a host's breaker; False when the host is down or the run over."""
        with anyio.CancelScope(deadline=self.deadline):
            return await breaker.acquire(scope)
        return False

    def _announce(self, host: HostState, wait: float, now: float) -> None:
        """Report a wait, once for all requests that wait for its end."""
        end = now + wait
        if wait >= MIN_REPORTED_WAIT and end > self._announced.get(host.name, 0.0) + 1:
            self._announced[host.name] = end
            self._waiting(
                host.name, wait, "because it fails" if host.is_failing else "for its limit"
            )

    async def _take_slots(self, host: HostState) -> bool:
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

    def release(self, host: HostState) -> None:
        """Return both slots."""
        self._slots.release()
        host.slots.release()

    def _too_long(
        self, host: HostState, wait: float, now: float, max_wait: float
    ) -> HttpFailure | None:
        """Return the refusal when a cooldown is longer than may be waited for."""
        if wait <= max_wait and now + wait < self.deadline:
            return None
        end = self._now() + timedelta(seconds=min(wait, MAX_COOLDOWN))
        message = f"{host.name} asked for a pause until {end:%Y-%m-%d %H:%M} UTC"
        return HttpFailure(UnknownReason.NOT_ASKED, message, not_before=end)
