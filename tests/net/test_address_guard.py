"""The address guard: every spelling of a private address, and names that lead to one."""

import socket
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from linkcheck.model.observation import UnknownReason
from linkcheck.model.url import InvalidUrlError, parse
from linkcheck.net.address_guard import (
    PrivateAddressError,
    blocked_reason,
    is_private,
)
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse, Route
from linkcheck.net.resolver import Resolver
from tests.net.net_world import Opened, World
from tests.net.raw_server import Received, always, reply, serve


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
        "017700000001", "0.0.0.0", "0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
        "100.100.100.200", "169.254.169.254", "0xa9fea9fe", "2852039166", "168.63.129.16",
        "192.0.0.8", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
        "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
        "localhost", "LOCALHOST.", "a.localhost", "printer.local", "metadata.google.internal",
        "router.home.arpa", "127.0.0.1.", "①②⑦.⓪.⓪.①", "127。0。0。1",
    ],
)  # fmt: skip
def test_private_spellings_are_refused(host: str) -> None:
    assert blocked_reason(parse(f"http://{host}/").host)


@pytest.mark.parametrize(
    "host",
    [
        "example.org", "8.8.8.8", "134744072", "[2606:4700::1111]", "[::ffff:8.8.8.8]",
        "local.example", "mylocalhost", "127.0.0.1.example", "1e100.net", "0x.example",
        "[64:ff9b::808:808]", "192.0.1.1", "168.63.129.17",
        "[2001:0:4136:e378:8000:63bf:f7f7:f7f7]",
    ],
)  # fmt: skip
def test_public_ones_pass(host: str) -> None:
    assert blocked_reason(parse(f"http://{host}/").host) is None


def test_a_name_without_a_dot_is_local_behind_a_proxy() -> None:
    assert blocked_reason("intranet") is None
    assert blocked_reason("intranet", behind_proxy=True)


@pytest.mark.parametrize(
    "text", ["127.1", "0x7f.1", "2130706433", "0177.1", "1.2.3", "010.8", "0xffffffff", "0xA.1"]
)
def test_numbers_are_read_as_the_system_reads_them(text: str) -> None:
    assert parse(f"http://{text}/").host == socket.inet_ntoa(socket.inet_aton(text))


@pytest.mark.parametrize("text", ["256.1.1.1", "1.2.3.4.5", "08.1", "4294967296", "1..2", "[::g]"])
def test_what_is_no_address_and_no_name_is_no_url(text: str) -> None:
    with pytest.raises(InvalidUrlError):
        parse(f"http://{text}/")


def test_example_networks_are_for_made_up_worlds_only() -> None:
    for address in ("192.0.2.1", "198.51.100.1", "203.0.113.10", "2001:db8::1"):
        assert is_private(address)
        assert not is_private(address, documentation=True)
    assert is_private("10.0.0.1", documentation=True)
    assert is_private("::ffff:10.0.0.1", documentation=True)
    assert not is_private("::ffff:203.0.113.10", documentation=True)


def lookup(*addresses: str) -> Callable[[str, int, socket.AddressFamily], Any]:
    def make(host: str, port: int, family: object) -> object:
        async def found() -> list[object]:
            await anyio.lowlevel.checkpoint()
            return [
                (socket.AF_INET6 if ":" in a else socket.AF_INET, 1, 6, "", (a, port))
                for a in addresses
            ]

        return found

    return make


@pytest.mark.anyio
async def test_a_name_is_judged_by_its_addresses() -> None:
    def resolver(*addresses: str, open_to_all: bool = False) -> Resolver:
        return Resolver(timeout=1, allow_private=open_to_all, lookup=lookup(*addresses))

    with pytest.raises(PrivateAddressError, match=r"10\.0\.0\.1"):
        await resolver("10.0.0.1").resolve("rebound.example", 80)
    with pytest.raises(PrivateAddressError):
        await resolver("fe80::1%eth0").resolve("rebound.example", 80)
    mixed = await resolver("8.8.8.8", "127.0.0.1").resolve("mixed.example", 80)
    assert [found["host"] for found in mixed] == ["8.8.8.8"]
    assert await resolver("10.0.0.1", open_to_all=True).resolve("inside.example", 80)


@pytest.mark.anyio
async def test_a_name_server_that_never_answers_is_not_waited_for() -> None:
    def never(host: str, port: int, family: object) -> object:
        return anyio.sleep_forever

    with pytest.raises(socket.gaierror):
        await Resolver(timeout=0.01, allow_private=False, lookup=never).resolve("slow.example", 80)


@pytest.mark.anyio
async def test_the_real_resolver_is_guarded(opened: Opened) -> None:
    async with serve(always(reply())) as server, opened(allow_private=False) as client:
        for host in ("127.0.0.1", "127.1", "localhost", "[::ffff:127.0.0.1]"):
            answer = await client.send(HttpRequest(f"http://{host}:{server.port}/"))
            assert isinstance(answer, HttpFailure)
            assert answer.reason is UnknownReason.PRIVATE_ADDRESS
        trusted = await client.send(HttpRequest(f"http://127.0.0.1:{server.port}/", trusted=True))
        assert isinstance(trusted, HttpResponse)
        named = await client.send(HttpRequest(f"http://localhost:{server.port}/", trusted=True))
        assert isinstance(named, HttpResponse)
    assert len(server.requests) == 2


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "inside.example", "[::1]"])
async def test_redirects_are_guarded(opened: Opened, host: str) -> None:
    target = f"http://{host}/latest/meta-data"
    async with serve(always(reply(302, headers={"location": target}))) as server:
        inside = Route("127.0.0.1", server.port, resolves_to="10.1.2.3")
        world = World(server.port, {"inside.example": inside})
        async with opened(world, allow_private=False) as client:
            answer = await client.send(HttpRequest("https://example.org/"))
            assert isinstance(answer, HttpFailure)
            assert answer.reason is UnknownReason.PRIVATE_ADDRESS
            assert answer.hops[0].location == target
        assert [r.host for r in server.requests] == ["example.org"]


@pytest.mark.anyio
async def test_trust_does_not_follow_a_redirect(opened: Opened) -> None:
    async def handler(received: Received, stream: anyio.abc.ByteStream) -> bool:
        await stream.send(reply(302, headers={"location": f"http://127.0.0.2:{server.port}/x"}))
        return True

    async with serve(handler) as server, opened(allow_private=False) as client:
        answer = await client.send(HttpRequest(server.url, trusted=True))
        assert isinstance(answer, HttpFailure)
        assert answer.reason is UnknownReason.PRIVATE_ADDRESS
