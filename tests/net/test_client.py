"""The HTTP client against a real server on loopback: every kind of response, and none."""

import gzip
import time

import anyio
import pytest
from anyio.abc import ByteStream

from linkcheck.model.observation import UnknownReason
from linkcheck.model.settings import HostLimits
from linkcheck.net.body import BodyReader
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse
from tests.net.net_world import Opened, World
from tests.net.raw_server import Received, always, reply, serve

pytestmark = pytest.mark.anyio


async def test_an_answer_comes_whole(opened: Opened) -> None:
    body = b"<title>Hello</title>"
    async with serve(always(reply(200, body, headers={"X-A": "1"}))) as server, opened() as client:
        answer = await client.send(HttpRequest(f"{server.url}/a?b=1#c"))
        assert isinstance(answer, HttpResponse)
        assert (answer.status, answer.body, answer.truncated) == (200, body, False)
        assert answer.headers["x-a"] == "1"
        assert server.requests[0].target == "/a?b=1"
        assert server.requests[0].headers["user-agent"].startswith("linkcheck/")
        assert client.counts() == {f"127.0.0.1:{server.port}": 1}


async def test_a_made_up_world_keeps_the_original_names(opened: Opened) -> None:
    async with serve(always(reply())) as server, opened(World(server.port)) as client:
        answer = await client.send(HttpRequest("https://example.org/page"))
        assert isinstance(answer, HttpResponse)
        assert answer.url == "https://example.org/page"
        assert server.requests[0].host == "example.org"
        assert server.requests[0].headers["x-sandbox-scheme"] == "https"
        assert client.counts() == {"example.org": 1}


async def test_a_name_the_world_does_not_have_is_dns(opened: Opened) -> None:
    async with opened(World(1, {"gone.example": None})) as client:
        answer = await client.send(HttpRequest("https://gone.example/"))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.DNS
        assert client.counts() == {}


@pytest.mark.parametrize("error", [ValueError, OSError, EOFError])
async def test_a_bug_of_ours_is_not_taken_for_the_networks_fault(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object) -> bool:
        raise error("a bug")

    monkeypatch.setattr(BodyReader, "feed", fail)
    async with serve(always(reply(200, b"ok"))) as server, opened() as client:
        with pytest.raises(error, match="a bug"):
            await client.send(HttpRequest(server.url))


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408])
async def test_flapping_ends_well(opened: Opened, status: int) -> None:
    handler = always(reply(status), reply(status), reply(200, b"ok"))
    async with serve(handler) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url))
        assert isinstance(answer, HttpResponse)
        assert (answer.status, answer.attempts) == (200, 3)


async def test_a_status_that_stays_is_given_as_it_is(opened: Opened) -> None:
    async with serve(always(reply(503))) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url))
        assert isinstance(answer, HttpResponse)
        assert (answer.status, answer.attempts) == (503, 3)
        again = await client.send(HttpRequest(server.url, attempts=1))
        assert again.attempts == 1


async def test_refused(opened: Opened) -> None:
    async with serve(always(reply())) as server:
        url = server.url
    async with opened() as client:
        answer = await client.send(HttpRequest(url))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.CONNECT
        assert "refused" in answer.detail


@pytest.mark.parametrize(
    "raw",
    [
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
    ],
)
async def test_what_is_not_http_is_protocol(opened: Opened, raw: bytes) -> None:
    async with serve(always(raw)) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url, attempts=1))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.PROTOCOL


async def test_endless_headers_end(opened: Opened) -> None:
    sent = 0

    async def handler(_received: Received, stream: ByteStream) -> None:
        nonlocal sent
        await stream.send(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            line = f"X-{number}: ".encode() + b"a" * 1000 + b"\r\n"
            await stream.send(line)
            sent += len(line)

    async with serve(handler) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url, attempts=1))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.PROTOCOL
    assert sent < 20_000_000


async def test_hanging_up_is_a_reset(opened: Opened) -> None:
    async def handler(_received: Received, _stream: ByteStream) -> None:
        return

    async with serve(handler) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url))
        assert isinstance(answer, HttpFailure)
        assert (answer.reason, answer.attempts) == (UnknownReason.RESET, 3)


async def test_silence_is_a_timeout(opened: Opened) -> None:
    async def handler(_received: Received, _stream: ByteStream) -> None:
        await anyio.sleep_forever()

    async with serve(handler) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url, attempts=1))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.TIMEOUT
        assert "silent" in answer.detail


async def test_one_byte_now_and_then_ends_with_the_request_timeout(opened: Opened) -> None:
    async def handler(_received: Received, stream: ByteStream) -> None:
        await stream.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            await stream.send(b"x")
            await anyio.sleep(0.05)

    async with serve(handler) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url))
        assert isinstance(answer, HttpFailure)
        assert (answer.reason, answer.attempts) == (UnknownReason.TIMEOUT, 1)


async def test_an_endless_body_is_cut(opened: Opened) -> None:
    async def handler(_received: Received, stream: ByteStream) -> None:
        await stream.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            await stream.send(b"400\r\n" + b"x" * 1024 + b"\r\n")

    async with serve(handler) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url, body_limit=10_000))
        assert isinstance(answer, HttpResponse)
        assert (len(answer.body), answer.truncated, answer.broken) == (10_000, True, False)


async def test_a_gzip_bomb_is_cut(opened: Opened) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    handler = always(reply(200, bomb, headers={"content-encoding": "gzip"}))
    async with serve(handler) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url, body_limit=100_000))
        assert isinstance(answer, HttpResponse)
        assert (len(answer.body), answer.truncated) == (100_000, True)


async def test_gzip_is_read(opened: Opened) -> None:
    packed = gzip.compress(b"hello " * 1000)
    handler = always(reply(200, packed, headers={"content-encoding": "gzip"}))
    async with serve(handler) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url))
        assert isinstance(answer, HttpResponse)
        assert answer.body == b"hello " * 1000
        assert not answer.broken


@pytest.mark.parametrize(
    ("headers", "body", "length"),
    [
        ({}, b"half", 100),
        ({"content-encoding": "gzip"}, gzip.compress(b"hello " * 1000)[:-9], None),
        ({"content-encoding": "gzip"}, b"this is no gzip", None),
        ({"content-encoding": "br"}, b"never offered", None),
    ],
    ids=["short", "cut", "not-gzip", "never-offered"],
)
async def test_a_body_that_breaks_off_says_so(
    opened: Opened, headers: dict[str, str], body: bytes, length: int | None
) -> None:
    async def handler(_received: Received, stream: ByteStream) -> bool:
        await stream.send(reply(200, body, headers=headers, length=length))
        return False

    async with serve(handler) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url, attempts=1))
        assert isinstance(answer, HttpResponse)
        assert answer.broken
        assert answer.truncated


async def test_reading_stops_at_what_was_wanted(opened: Opened) -> None:
    body = b"<html><head><TITLE>x</TITLE>" + b" " * 500_000
    async with serve(always(reply(200, body))) as server, opened() as client:
        answer = await client.send(HttpRequest(server.url, stop_after=b"</title>"))
        assert isinstance(answer, HttpResponse)
        assert answer.truncated
        assert len(answer.body) < 100_000


async def test_connections_are_used_again(opened: Opened) -> None:
    async with serve(always(reply(200, b"ok"))) as server, opened() as client:
        for number in range(20):
            await client.send(HttpRequest(f"{server.url}/{number}", body_limit=0))
        assert server.connections == 1


async def test_a_host_is_asked_no_harder_than_its_budget(opened: Opened) -> None:
    async def handler(_received: Received, stream: ByteStream) -> bool:
        await anyio.sleep(0.005)
        await stream.send(reply(200, b"ok"))
        return True

    async with (
        serve(handler) as server,
        opened(default_limits=HostLimits(concurrency=3)) as client,
        anyio.create_task_group() as tasks,
    ):
        for number in range(30):
            tasks.start_soon(client.send, HttpRequest(f"{server.url}/{number}"))
    assert len(server.requests) == 30
    assert 2 <= server.peak <= 3


async def test_a_rate_is_kept(opened: Opened) -> None:
    async with serve(always(reply(200, b"ok"))) as server:
        budget = HostLimits(concurrency=8, per_second=50)
        started = time.monotonic()
        async with opened(default_limits=budget) as client, anyio.create_task_group() as tasks:
            for number in range(11):
                tasks.start_soon(client.send, HttpRequest(f"{server.url}/{number}"))
        assert time.monotonic() - started >= 10 / 50 - 0.01


async def test_after_the_deadline_nothing_is_asked(opened: Opened) -> None:
    async with serve(always(reply())) as server, opened(deadline=0.0) as client:
        answer = await client.send(HttpRequest(server.url))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.NOT_ASKED
        assert server.requests == []


async def test_cancelling_leaves_nothing_held(opened: Opened) -> None:
    async def handler(received: Received, stream: ByteStream) -> bool:
        if received.target == "/slow":
            await anyio.sleep_forever()
        await stream.send(reply(200, b"ok"))
        return True

    async with (
        serve(handler) as server,
        opened(default_limits=HostLimits(concurrency=1), concurrency=1) as client,
    ):
        await client.send(HttpRequest(f"{server.url}/quick"))
        for _ in range(3):
            with anyio.move_on_after(0.02):
                await client.send(HttpRequest(f"{server.url}/slow"))
        answer = await client.send(HttpRequest(f"{server.url}/quick"))
        assert isinstance(answer, HttpResponse)
