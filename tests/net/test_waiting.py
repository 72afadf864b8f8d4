"""Waiting for limits, pace and slots, on a clock that skips the waits."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import anyio
import httpx
import pytest

from linkcheck.model.observation import UnknownReason
from linkcheck.model.protocols import SilentProgress
from linkcheck.model.settings import HostLimits, NetSettings
from linkcheck.net.client import HttpClient, open_client
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse
from linkcheck.net.rate_limits import MAX_COOLDOWN, ArxivRateLimits
from tests.virtual_time import START, Clock, SkippingLoop

HOST = "https://slow.example"


class Server:
    """Answers by a function and keeps the time of every request."""

    def __init__(self, answer: Callable[[int], httpx.Response]) -> None:
        self.clock = Clock()
        self.times: list[float] = []
        self.answer = answer

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0.01)
        self.times.append((self.clock.now() - START).total_seconds())
        return self.answer(len(self.times))


def request_all(
    server: Server, paths: list[str], limits: HostLimits, *, warm_up: bool = True
) -> list[HttpResponse | HttpFailure]:
    """Make the requests at once, after a first one that shows the host to be up."""
    got: list[HttpResponse | HttpFailure] = []

    async def main() -> None:
        async with open_client(
            NetSettings(default_limits=limits),
            progress=SilentProgress(),
            not_before={},
            now=server.clock.now,
            transport=httpx.MockTransport(server),
        ) as client:
            if warm_up:
                await client.send(HttpRequest(f"{HOST}/"))

            async def one(path: str) -> None:
                got.append(await client.send(HttpRequest(HOST + path)))

            async with anyio.create_task_group() as tasks:
                for path in paths:
                    tasks.start_soon(one, path)

    anyio.run(main, backend_options={"loop_factory": SkippingLoop})
    return got


PATHS = [f"/{number}" for number in range(8)]


@pytest.mark.parametrize("concurrency", [1, 4])
def test_requests_waiting_for_their_turn_stay_back_after_a_429(concurrency: int) -> None:
    def answer(number: int) -> httpx.Response:
        refused = number > 1
        return httpx.Response(429 if refused else 200, headers={"retry-after": "3600"})

    server = Server(answer)
    got = request_all(server, PATHS, HostLimits(concurrency=concurrency, per_second=1.0))
    assert len(server.times) == 2
    refused = [g for g in got if isinstance(g, HttpFailure)]
    assert len(refused) == 7
    assert all(failure.not_before is not None for failure in refused)


def test_requests_waiting_for_their_turn_keep_a_cooldown() -> None:
    def answer(number: int) -> httpx.Response:
        refused = number == 2
        return httpx.Response(429 if refused else 200, headers={"retry-after": "30"})

    server = Server(answer)
    got = request_all(server, PATHS, HostLimits(per_second=1.0))
    assert {g.status for g in got if isinstance(g, HttpResponse)} == {200}
    assert len(got) == len(PATHS)
    _, refused, *late = server.times
    assert all(at >= refused + 30 for at in late)
    assert all(b - a > 0.99 for a, b in pairwise(late))


def test_requests_waiting_for_their_turn_notice_that_the_host_is_down() -> None:
    def answer(number: int) -> httpx.Response:
        if number > 1:
            raise httpx.ConnectError("connection refused")
        return httpx.Response(200)

    server = Server(answer)
    limits = HostLimits(per_second=1.0, attempts=1)
    got = request_all(server, [f"/{number}" for number in range(20)], limits)
    reasons = [g.reason for g in got if isinstance(g, HttpFailure)]
    assert len(reasons) == 20
    assert UnknownReason.HOST_DOWN in reasons
    assert len(server.times) < 12


def test_a_year_long_retry_after_is_kept_for_a_day() -> None:
    server = Server(lambda _: httpx.Response(429, headers={"retry-after": "31536000"}))
    kept: dict[str, datetime] = {}

    async def main() -> None:
        async with open_client(
            NetSettings(),
            progress=SilentProgress(),
            not_before={"other.example": START + timedelta(days=300)},
            now=server.clock.now,
            transport=httpx.MockTransport(server),
        ) as client:
            await client.send(HttpRequest(f"{HOST}/"))
            kept.update(client.cooldowns())

    anyio.run(main, backend_options={"loop_factory": SkippingLoop})
    assert kept.keys() == {"slow.example", "other.example"}
    day = timedelta(seconds=MAX_COOLDOWN)
    assert all(abs(end - START - day) < timedelta(minutes=1) for end in kept.values())


def test_hosts_registered_together_share_an_interval() -> None:
    server = Server(lambda _: httpx.Response(200))

    async def main() -> None:
        async with open_client(
            NetSettings(),
            progress=SilentProgress(),
            not_before={},
            now=server.clock.now,
            transport=httpx.MockTransport(server),
        ) as client:
            urls = ("https://api.example/", "https://oai.example/", "https://api.example/2")
            client.register_rate_limits(ArxivRateLimits(3.0), *urls)
            async with anyio.create_task_group() as tasks:
                for url in urls:
                    tasks.start_soon(client.send, HttpRequest(url))

    anyio.run(main, backend_options={"loop_factory": SkippingLoop})
    assert [round(at) for at in server.times] == [0, 3, 6]


@pytest.mark.parametrize(("max_wait", "requests"), [(0.0, 1), (5.0, 1), (30.0, 2), (None, 2)])
def test_a_request_may_limit_its_own_wait(max_wait: float | None, requests: int) -> None:
    def answer(number: int) -> httpx.Response:
        return httpx.Response(429 if number == 1 else 200, headers={"retry-after": "20"})

    server = Server(answer)
    got: list[HttpResponse | HttpFailure] = []

    async def main() -> None:
        client: HttpClient
        async with open_client(
            NetSettings(),
            progress=SilentProgress(),
            not_before={},
            now=server.clock.now,
            transport=httpx.MockTransport(server),
        ) as client:
            url = f"{HOST}/"
            got.append(await client.send(HttpRequest(url, max_wait=max_wait)))
            wait = client.rate_limit(url, None).wait
            assert (wait > 0) == (requests == 1)
            if requests == 1:
                got.append(await client.send(HttpRequest(url, max_wait=0.0)))

    anyio.run(main, backend_options={"loop_factory": SkippingLoop})
    assert len(server.times) == requests
    first = got[0]
    assert isinstance(first, HttpResponse)
    assert first.status == (429 if requests == 1 else 200)
    assert (first.limited is not None) == (requests == 1)
    assert all(isinstance(g, HttpFailure) and g.not_before for g in got[1:])


class Waits(SilentProgress):
    """Keeps the waits that were shown."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int, str]] = []

    def waiting(self, host: str, seconds: float, why: str) -> None:
        self.seen.append((host, round(seconds), why))


def request_service(
    server: Server,
    *,
    count: int,
    settings: NetSettings | None = None,
    waits: Waits | None = None,
    trusted: bool = True,
    attempts: int | None = None,
) -> list[HttpResponse | HttpFailure]:
    """Send requests to a service, sixteen at a time."""
    got: list[HttpResponse | HttpFailure] = []

    async def main() -> None:
        async with open_client(
            settings or NetSettings(),
            progress=waits or SilentProgress(),
            not_before={},
            now=server.clock.now,
            transport=httpx.MockTransport(server),
        ) as client:
            limiter = anyio.Semaphore(16)

            async def one(number: int) -> None:
                async with limiter:
                    url = f"{HOST}/api/{number}"
                    got.append(
                        await client.send(HttpRequest(url, trusted=trusted, attempts=attempts))
                    )

            async with anyio.create_task_group() as tasks:
                for number in range(count):
                    tasks.start_soon(one, number)

    anyio.run(main, backend_options={"loop_factory": SkippingLoop})
    return got


def statuses(got: list[HttpResponse | HttpFailure]) -> Counter[int | str]:
    return Counter(g.status if isinstance(g, HttpResponse) else str(g.reason) for g in got)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 521])
def test_a_service_that_only_fails_costs_a_handful_of_requests(status: int) -> None:
    server = Server(lambda _: httpx.Response(status))
    got = request_service(server, count=500)
    assert len(got) == 500
    assert len(server.times) <= 12
    assert statuses(got).keys() <= {status, "host-down"}
    assert server.clock.now() - START < timedelta(seconds=40)


def test_a_service_that_resets_connections_costs_a_handful_of_requests() -> None:
    def answer(_: int) -> httpx.Response:
        raise httpx.ReadError("reset") from ConnectionResetError(104, "reset")

    server = Server(answer)
    assert len(request_service(server, count=200)) == 200
    assert len(server.times) <= 20


@pytest.mark.parametrize("seconds", [1, 4, 12])
def test_a_service_that_fails_for_seconds_loses_no_link(seconds: int) -> None:
    def answer(_: int) -> httpx.Response:
        return httpx.Response(503 if server.times[-1] < seconds else 200)

    server = Server(answer)
    assert statuses(request_service(server, count=300)) == {200: 300}


def test_some_errors_among_successes_pause_nothing() -> None:
    server = Server(lambda number: httpx.Response(500 if number % 3 else 200))
    got = request_service(server, count=60, attempts=1)
    assert statuses(got)[200] == 20
    assert server.clock.now() - START < timedelta(seconds=5)


def test_web_hosts_are_not_paused() -> None:
    server = Server(lambda _: httpx.Response(500))
    got = request_service(server, count=20, trusted=False, attempts=1)
    assert statuses(got) == {500: 20}


def test_a_later_request_finds_a_service_that_works_again() -> None:
    """A service that is down is probed again after a while."""

    def answer(_: int) -> httpx.Response:
        return httpx.Response(503 if server.times[-1] < 50 else 200)

    server = Server(answer)
    got: list[HttpResponse | HttpFailure] = []

    async def main() -> None:
        async with open_client(
            NetSettings(),
            progress=SilentProgress(),
            not_before={},
            now=server.clock.now,
            transport=httpx.MockTransport(server),
        ) as client:
            for number in range(8):
                request = HttpRequest(f"{HOST}/api/{number}", trusted=True, attempts=1)
                got.append(await client.send(request))
                await anyio.sleep(10)

    anyio.run(main, backend_options={"loop_factory": SkippingLoop})
    assert isinstance(got[-1], HttpResponse)
    assert got[-1].status == 200


def windowed(limit: int, seconds: int) -> Server:
    """A service that grants so many requests in a window, and says what is left of it."""

    def answer(_: int) -> httpx.Response:
        window, elapsed = divmod(server.times[-1], seconds)
        used[window] += 1
        left = limit - used[window]
        headers = {
            "ratelimit-remaining": str(max(left, 0)),
            "ratelimit-reset": f"{seconds - int(elapsed)}",
        }
        return httpx.Response(200 if left >= 0 else 429, headers=headers)

    used: Counter[float] = Counter()
    server = Server(answer)
    return server


def test_the_window_of_a_service_is_waited_for() -> None:
    server, waits = windowed(100, 300), Waits()
    got = request_service(server, count=350, waits=waits)
    assert statuses(got) == {200: 350}
    assert server.clock.now() - START < timedelta(seconds=1000)
    assert len(waits.seen) == 3, "each wait is shown once"
    for host, seconds, why in waits.seen:
        assert (host, why) == ("slow.example", "for its limit")
        assert 290 <= seconds <= 300


def test_no_wait_is_longer_than_the_run() -> None:
    server = windowed(100, 300)
    got = request_service(server, count=350, settings=NetSettings(deadline=400.0))
    assert statuses(got) == {200: 200, "not-asked": 150}
    assert server.clock.now() - START < timedelta(seconds=400)


def test_the_window_of_a_web_host_is_not_waited_for() -> None:
    server = windowed(100, 300)
    got = request_service(server, count=350, trusted=False)
    assert statuses(got) == {200: 100, "not-asked": 250}


def test_a_failing_service_may_not_name_a_long_pause() -> None:
    server = Server(lambda _: httpx.Response(503, headers={"retry-after": "600"}))
    got = request_service(server, count=50)
    assert server.clock.now() - START < timedelta(seconds=60)
    assert len(server.times) <= 4
    assert len(got) == 50


def test_a_service_that_refuses_again_after_its_window_is_not_waited_for_twice() -> None:
    server = Server(lambda _: httpx.Response(429, headers={"retry-after": "300"}))
    got = request_service(server, count=100)
    assert statuses(got).keys() <= {429, "not-asked"}
    assert len(server.times) <= 40
    assert server.clock.now() - START < timedelta(seconds=700)
