"""Redirects, tokens, cookies, pauses, dead hosts, TLS and proxies, over real connections."""

import ssl
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
import trustme
from anyio.abc import ByteStream

from linkcheck.model.errors import ConfigError
from linkcheck.model.observation import UnknownReason
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse, Route
from linkcheck.net.transport_pool import ssl_context
from linkcheck.providers.huggingface.hub_rate_limits import HubRateLimits
from tests.net.net_world import NOW, Opened, Waits, World
from tests.net.raw_server import Handler, Received, always, reply, serve

pytestmark = pytest.mark.anyio


def paths(table: dict[str, bytes]) -> Handler:
    async def handler(received: Received, stream: ByteStream) -> bool:
        place = received.host + received.target
        await stream.send(table.get(place, table.get(received.target, reply(404))))
        return True

    return handler


def to(location: str, status: int = 302, headers: dict[str, str] | None = None) -> bytes:
    return reply(status, b"moved", headers={"location": location, **(headers or {})})


async def test_every_hop_is_kept(opened: Opened) -> None:
    table = {"/a": to("/b", 301), "/b": to("//other.example/c#x", 308), "/c": reply(200, b"ok")}
    async with serve(paths(table)) as server, opened(World(server.port)) as client:
        answer = await client.send(HttpRequest("https://example.org/a"))
        assert isinstance(answer, HttpResponse)
        assert answer.url == "https://other.example/c"
        assert [(hop.status, hop.location) for hop in answer.hops] == [
            (301, "https://example.org/b"),
            (308, "https://other.example/c#x"),
        ]
        assert dict(client.counts()) == {"example.org": 2, "other.example": 1}
        still = await client.send(HttpRequest("https://example.org/a", follow_redirects=False))
        assert isinstance(still, HttpResponse)
        assert (still.status, len(still.hops), still.body) == (301, 1, b"moved")


@pytest.mark.parametrize("location", ["/a", "https://example.org/a"])
async def test_a_circle_is_seen(opened: Opened, location: str) -> None:
    table = {"/a": to("/b"), "/b": to(location)}
    async with serve(paths(table)) as server, opened(World(server.port)) as client:
        answer = await client.send(HttpRequest("https://example.org/a"))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.REDIRECT_LOOP
        assert len(server.requests) == 2


async def test_a_long_chain_is_left(opened: Opened) -> None:
    table = {f"/{n}": to(f"/{n + 1}", 301) for n in range(40)}
    async with serve(paths(table)) as server, opened(World(server.port)) as client:
        answer = await client.send(HttpRequest("https://example.org/0"))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.REDIRECT_LOOP
        assert len(server.requests) == 11


@pytest.mark.parametrize(
    "location", ["ftp://example.org/x", "javascript:alert(1)", "file:///etc/passwd", "http://[::1"]
)
async def test_only_web_addresses_are_followed(opened: Opened, location: str) -> None:
    async with serve(always(to(location))) as server, opened(World(server.port)) as client:
        answer = await client.send(HttpRequest("https://example.org/"))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.PROTOCOL
        assert len(server.requests) == 1


async def test_a_redirect_without_a_place_is_an_answer(opened: Opened) -> None:
    async with serve(always(reply(302))) as server, opened(World(server.port)) as client:
        answer = await client.send(HttpRequest("https://example.org/"))
        assert isinstance(answer, HttpResponse)
        assert answer.status == 302


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://other.example/",
        "https://other.example/b",
        "http://example.org/b",
        "https://example.org:8443/b",
    ],
)
async def test_a_token_stays_with_its_origin(opened: Opened, elsewhere: str) -> None:
    table = {"/a": to("/here"), "/here": to(elsewhere), "/": to("https://example.org/end")}
    table["/b"] = to("/end")  # the second request to the other origin
    async with serve(paths(table)) as server, opened(World(server.port)) as client:
        headers = {"Authorization": "Basic x", "Cookie": "a=b"}
        for question in (HttpRequest("https://example.org/a", token="secret"),
                         HttpRequest("https://example.org/a", headers=headers)):  # fmt: skip
            server.requests.clear()
            await client.send(question)
            first, second, *rest = server.requests
            assert "authorization" in first.headers
            assert "authorization" in second.headers
            assert rest
            for request in rest:
                assert "authorization" not in request.headers
                assert "a=b" not in request.headers.get("cookie", "")


@pytest.mark.parametrize(
    ("token", "expected"), [("ghp_0123456789", "the *** of latest"), ("test", "the test of latest")]
)
async def test_a_token_is_taken_out_of_an_answer_but_a_placeholder_garbles_none(
    opened: Opened, token: str, expected: str
) -> None:
    handler = always(reply(body=f"the {token} of latest".encode()))
    async with serve(handler) as server, opened(World(server.port)) as client:
        answer = await client.send(HttpRequest("https://example.org/", token=token))
        assert isinstance(answer, HttpResponse)
        assert answer.body.decode() == expected


async def test_a_body_goes_nowhere_else(opened: Opened) -> None:
    table = {"/q": to("https://other.example/q", 307), "/own": to("/there", 307)}
    async with serve(paths(table)) as server, opened(World(server.port)) as client:
        answer = await client.send(
            HttpRequest("https://example.org/q", method="POST", content=b"{}")
        )
        assert isinstance(answer, HttpResponse)
        assert answer.status == 307
        await client.send(HttpRequest("https://example.org/own", method="POST", content=b"{}"))
        assert [(r.method, r.target, r.body) for r in server.requests] == [
            ("POST", "/q", b"{}"),
            ("POST", "/own", b"{}"),
            ("POST", "/there", b"{}"),
        ]


async def test_cookies_live_for_one_chain(opened: Opened) -> None:
    async def handler(received: Received, stream: ByteStream) -> bool:
        if received.headers.get("cookie") == "seen=1":
            await stream.send(reply(200, b"welcome"))
        else:
            cookie = {"set-cookie": "seen=1; Path=/; Secure; Domain=evil.example"}
            await stream.send(to(received.target, headers=cookie))
        return True

    async with serve(handler) as server, opened(World(server.port)) as client:
        for _ in range(2):
            answer = await client.send(HttpRequest("https://example.org/a"))
            assert isinstance(answer, HttpResponse)
            assert answer.body == b"welcome"
        assert [r.headers.get("cookie") for r in server.requests] == [None, "seen=1"] * 2


async def test_a_cookie_beyond_ascii_goes_back_as_it_came(opened: Opened) -> None:
    async def handler(received: Received, stream: ByteStream) -> bool:
        if "cookie" in received.headers:
            await stream.send(reply(200, b"welcome"))
        else:
            await stream.send(to(received.target, headers={"set-cookie": "place=Zürich; Path=/"}))
        return True

    async with serve(handler) as server, opened(World(server.port)) as client:
        answer = await client.send(HttpRequest("https://example.org/a"))
    assert isinstance(answer, HttpResponse), answer
    assert answer.status == 200
    # The server of the tests reads headers as Latin-1, byte by byte.
    assert server.requests[1].headers["cookie"].encode("latin-1").decode() == "place=Zürich"


@pytest.mark.parametrize("cookie", ["id=1", "id=1; Domain=org", "id=1; Domain=.org"])
async def test_cookies_are_not_sent_to_other_hosts(opened: Opened, cookie: str) -> None:
    first = to("https://other.org/b", headers={"set-cookie": cookie})
    table = {"example.org/a": first, "other.org/b": to("https://sub.example.org/c")}
    async with serve(paths(table)) as server, opened(World(server.port)) as client:
        await client.send(HttpRequest("https://example.org/a"))
        assert [r.headers.get("cookie") for r in server.requests[:3]] == [None, None, None]


async def test_a_pause_within_patience_is_kept(opened: Opened) -> None:
    waits = Waits()
    handler = always(reply(429, headers={"retry-after": "1"}), reply(200, b"ok"))
    started = time.monotonic()
    async with serve(handler) as server, opened(World(server.port), progress=waits) as client:
        answer = await client.send(HttpRequest("https://example.org/"))
        assert isinstance(answer, HttpResponse)
        assert (answer.status, answer.attempts) == (200, 2)
    assert time.monotonic() - started >= 1
    [(host, seconds, why)] = waits.seen
    assert (host, why) == ("example.org", "for its limit")
    assert seconds == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["3600", "Sun, 21 Nov 2027 12:00:00 GMT"])
async def test_a_longer_pause_sends_the_host_away(opened: Opened, status: int, value: str) -> None:
    async with serve(always(reply(status, headers={"retry-after": value}))) as server:
        async with opened(World(server.port)) as client:
            answer = await client.send(HttpRequest("https://example.org/1"))
            assert isinstance(answer, HttpResponse)
            assert (answer.status, answer.attempts) == (status, 1)
            rest = await client.send(HttpRequest("https://example.org/2"))
            assert isinstance(rest, HttpFailure)
            assert rest.reason is UnknownReason.NOT_ASKED
            assert rest.not_before is not None
            other = await client.send(HttpRequest("https://other.example/"))
            assert isinstance(other, HttpResponse)
            kept = dict(client.cooldowns())
            assert kept["example.org"] >= NOW + timedelta(minutes=59)
            assert len(server.requests) == 2
        async with opened(World(server.port), not_before=kept) as client:
            again = await client.send(HttpRequest("https://example.org/3"))
            assert isinstance(again, HttpFailure)
            assert again.not_before is not None
            assert dict(client.cooldowns()).keys() == kept.keys()
            assert len(server.requests) == 2


@pytest.mark.parametrize("value", ["-5", "soon", ""])
async def test_a_senseless_pause_is_not_said(opened: Opened, value: str) -> None:
    handler = always(reply(429, headers={"retry-after": value}), reply(200))
    async with serve(handler) as server, opened(World(server.port)) as client:
        answer = await client.send(HttpRequest("https://example.org/"))
        assert isinstance(answer, HttpResponse)
        assert answer.status == 200


async def test_a_spent_quota_is_not_overdrawn(opened: Opened) -> None:
    """The quota is the API's: pages of the same host go on."""
    left = 3

    async def handler(received: Received, stream: ByteStream) -> bool:
        nonlocal left
        if not received.target.startswith("/api/"):
            await stream.send(reply(200))
            return True
        left -= 1
        headers = {"ratelimit": f'"api";r={max(left, 0)};t=200'}
        await stream.send(reply(200 if left >= 0 else 429, headers=headers))
        return True

    async with serve(handler) as server, opened(World(server.port)) as client:
        client.register_rate_limits(HubRateLimits(), "https://hub.example/")
        urls = [f"https://hub.example/api/{number}" for number in range(6)]
        got = [await client.send(HttpRequest(url)) for url in urls]
        assert [isinstance(answer, HttpResponse) for answer in got] == [True] * 3 + [False] * 3
        assert isinstance(await client.send(HttpRequest("https://hub.example/page")), HttpResponse)
        assert list(client.cooldowns()) == ["hub.example#api"]


async def test_a_quota_that_does_not_run_down_is_no_reason_to_wait(opened: Opened) -> None:
    """Requests that a host does not count (304 at GitHub), or counts otherwise than we do."""
    headers = {"ratelimit-remaining": "3", "ratelimit-reset": "3600"}
    async with (
        serve(always(reply(200, b"ok", headers=headers))) as server,
        opened(World(server.port), deadline=60.0) as client,
    ):
        with anyio.fail_after(20):
            for number in range(12):
                answer = await client.send(HttpRequest(f"https://example.org/{number}"))
                assert isinstance(answer, HttpResponse)


async def ask_all(client: object, urls: list[str]) -> Counter[UnknownReason]:
    found: Counter[UnknownReason] = Counter()

    async def one(url: str) -> None:
        answer = await client.send(HttpRequest(url))  # type: ignore[attr-defined]
        assert isinstance(answer, HttpFailure), answer
        found[answer.reason] += 1

    async with anyio.create_task_group() as tasks:
        for url in urls:
            tasks.start_soon(one, url)
    return found


async def silent(_received: Received, _stream: ByteStream) -> None:
    await anyio.sleep_forever()


async def test_a_silent_host_costs_one_timeout_for_all_its_links(opened: Opened) -> None:
    async with serve(silent) as server, opened(World(server.port)) as client:
        found = await ask_all(client, [f"https://example.org/{n}" for n in range(50)])
        assert found[UnknownReason.TIMEOUT] >= 1
        assert found[UnknownReason.HOST_DOWN] >= 45
        assert len(server.requests) <= 5
        late = await client.send(HttpRequest("https://example.org/late"))
        assert isinstance(late, HttpFailure)
        assert late.reason is UnknownReason.HOST_DOWN


async def test_a_closed_port_is_tried_a_few_times_for_all_links(opened: Opened) -> None:
    async with serve(silent) as server:
        port = server.port
    async with opened(World(port)) as client:
        found = await ask_all(client, [f"https://example.org/{n}" for n in range(50)])
        assert found[UnknownReason.HOST_DOWN] >= 45
        assert sum(client.counts().values()) <= 5


async def test_one_slow_page_does_not_stand_for_its_host(opened: Opened) -> None:
    async def handler(received: Received, stream: ByteStream) -> bool:
        if received.target == "/slow":
            await anyio.sleep_forever()
        await stream.send(reply(200, b"ok"))
        return True

    got: dict[str, object] = {}

    async with serve(handler) as server, opened(World(server.port)) as client:

        async def one(path: str) -> None:
            got[path] = await client.send(HttpRequest(f"https://example.org{path}", attempts=1))

        async with anyio.create_task_group() as tasks:
            for path in ("/slow", "/a", "/b", "/c"):
                tasks.start_soon(one, path)
    assert isinstance(got["/slow"], HttpFailure)
    assert got["/slow"].reason is UnknownReason.TIMEOUT
    assert all(isinstance(got[path], HttpResponse) for path in ("/a", "/b", "/c"))


async def test_a_dead_host_harms_no_other(opened: Opened) -> None:
    async with serve(silent) as dead, serve(always(reply(200))) as alive:
        world = World(alive.port, {"dead.example": Route("127.0.0.1", dead.port)})
        patience = {"read_timeout": 60.0, "request_timeout": 60.0, "deadline": 120.0}
        async with (
            opened(world, concurrency=2, **patience) as client,
            anyio.create_task_group() as tasks,
        ):
            waiting: set[int] = set(range(20))

            async def ask_the_dead(number: int) -> None:
                await client.send(HttpRequest(f"https://dead.example/{number}"))
                waiting.discard(number)

            for number in range(20):
                tasks.start_soon(ask_the_dead, number)
            await anyio.lowlevel.checkpoint()
            with anyio.fail_after(30):
                for number in range(20):
                    answer = await client.send(HttpRequest(f"https://example.org/{number}"))
                    assert isinstance(answer, HttpResponse)
            assert len(waiting) == 20  # the others had not to wait for the silence to end
            tasks.cancel_scope.cancel()


def server_tls(ca: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*names).configure_cert(context)
    return context


async def test_tls_is_checked(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, other_ca = trustme.CA(), trustme.CA()
    bundle = tmp_path / "ca.pem"
    ours.cert_pem.write_to_path(bundle)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    expired = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    from datetime import UTC, datetime

    ours.issue_cert("expired.example", not_after=datetime(2020, 1, 1, tzinfo=UTC)).configure_cert(
        expired
    )
    handler = always(reply(200, b"ok"))
    async with (
        serve(handler, tls=server_tls(ours, "good.example")) as good,
        serve(handler, tls=server_tls(other_ca, "untrusted.example")) as untrusted,
        serve(handler, tls=expired) as old,
    ):
        names = {
            "good.example": Route("127.0.0.1", good.port, tls=True),
            "wrong.example": Route("127.0.0.1", good.port, tls=True),
            "untrusted.example": Route("127.0.0.1", untrusted.port, tls=True),
            "expired.example": Route("127.0.0.1", old.port, tls=True),
        }
        async with opened(World(good.port, names)) as client:
            answer = await client.send(HttpRequest("https://good.example/"))
            assert isinstance(answer, HttpResponse)
            for host in ("wrong", "untrusted", "expired"):
                failed = await client.send(HttpRequest(f"https://{host}.example/"))
                assert isinstance(failed, HttpFailure)
                assert failed.reason is UnknownReason.TLS, (host, failed)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps certificates elsewhere")
@pytest.mark.parametrize(
    ("there", "system"),
    [
        ((), False),
        (("ca-bundle.crt", "README"), False),
        (("ca-bundle.crt", "0a1b2c3d.0"), True),
    ],
)
def test_a_folder_of_certificates_counts_where_they_can_be_found_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...], system: bool
) -> None:
    for name in there:
        (tmp_path / name).write_text("a certificate")
    paths = ssl.get_default_verify_paths()._replace(cafile="", capath=str(tmp_path))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    assert (ssl_context() is True) is system


async def test_a_certificate_file_that_is_not_there_is_said(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
        async with opened() as client:
            await client.send(HttpRequest("http://127.0.0.1:9/"))


async def test_a_proxy_is_used_and_the_guard_still_reads_addresses(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(always(reply(200, b"by proxy"))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "direct.invalid")
        async with opened(allow_private=False) as client:
            answer = await client.send(HttpRequest("http://example.org/x"))
            assert isinstance(answer, HttpResponse)
            assert answer.body == b"by proxy"
            assert proxy.requests[0].target == "http://example.org/x"
            for host in ("127.0.0.1", "169.254.169.254", "intranet", "printer.local"):
                refused = await client.send(HttpRequest(f"http://{host}/"))
                assert isinstance(refused, HttpFailure)
                assert refused.reason is UnknownReason.PRIVATE_ADDRESS
        assert len(proxy.requests) == 1


async def test_credentials_are_sent_to_the_proxy(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(always(reply(200, b"by proxy"))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("://", "://user:s%40fe@"))
        async with opened(allow_private=False) as client:
            answer = await client.send(HttpRequest("http://example.org/x"))
    assert isinstance(answer, HttpResponse)
    [received] = proxy.requests
    assert received.headers["proxy-authorization"] == "Basic dXNlcjpzQGZl"
    assert "authorization" not in received.headers


async def test_a_proxy_that_is_down_says_so(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(silent) as proxy:
        url = proxy.url
    monkeypatch.setenv("HTTPS_PROXY", url)
    async with opened(allow_private=False) as client:
        answer = await client.send(HttpRequest("https://example.org/"))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.PROXY
        assert "proxy" in answer.detail


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (407, UnknownReason.PROXY),
        (502, UnknownReason.PROXY),
        (511, UnknownReason.PROXY),
        (403, UnknownReason.FORBIDDEN),
    ],
)
async def test_what_a_proxy_refuses_is_not_the_links_fault(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, status: int, reason: UnknownReason
) -> None:
    async with serve(always(reply(status))) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        async with opened(allow_private=False) as client:
            answer = await client.send(HttpRequest("https://example.org/"))
            assert isinstance(answer, HttpFailure)
            assert answer.reason is reason
