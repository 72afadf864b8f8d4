"""The circuit breaker's cooldown."""

import anyio
import pytest

from linkcheck.model.observation import UnknownReason
from linkcheck.net.circuit_breaker import COOLDOWN, MAX_FAILURES_IF_HEALTHY, CircuitBreaker
from linkcheck.net.transport_failures import TransportFailure

pytestmark = pytest.mark.anyio

RESET = TransportFailure(UnknownReason.RESET, "the connection was reset", is_retryable=True)


async def test_after_the_cooldown_one_failure_opens_it_again_and_one_success_closes_it() -> None:
    now = 0.0
    breaker = CircuitBreaker(clock=lambda: now, probe_interval=1.0, is_lenient=False)

    def fail(times: int) -> None:
        for _ in range(times):
            breaker.record_failure(anyio.CancelScope(), RESET, timed_out=False, wait=0.0)

    breaker.record_success()
    fail(MAX_FAILURES_IF_HEALTHY)
    assert breaker.is_down(now)
    now += COOLDOWN
    assert not breaker.is_down(now)
    fail(1)
    assert breaker.is_down(now)
    now += COOLDOWN
    assert not breaker.is_down(now)
    breaker.record_success()
    fail(MAX_FAILURES_IF_HEALTHY - 1)
    assert not breaker.is_down(now)
