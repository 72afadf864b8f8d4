"""Every fault has its effect on the connection or the response."""

import gzip
import io
import json
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trustme

from linkcheck.net.messages import Route
from linkcheck.sandbox import Fault, Kind, Sandbox, answer_status

Ask = Callable[..., httpx.Response]
Start = Callable[..., tuple[Sandbox, Ask]]
URL = "https://example.org/"


def raw(sandbox: Sandbox, want: int = 1 << 16, wait: float = 0.3) -> bytes:
    """Return the first bytes of a response, valid or not."""
    with socket.create_connection(("127.0.0.1", sandbox.port)) as connection:
        connection.settimeout(wait)
        connection.sendall(b"GET / HTTP/1.1\r\nhost: example.org\r\n\r\n")
        data = b""
        try:
            while len(data) < want:
                piece = connection.recv(1 << 16)
                if not piece:
                    break
                data += piece
        except TimeoutError:
            pass
        return data


@pytest.mark.parametrize(
    "kind",
    [
        Kind.RESET_BEFORE_HEADERS,
        Kind.RESET_AFTER_HEADERS,
        Kind.TRUNCATED,
        Kind.MALFORMED_HTTP,
    ],
)
def test_the_connection_breaks(sandbox: Sandbox, ask: Ask, kind: Kind) -> None:
    sandbox.set_fault("example.org", Fault(kind))
    with pytest.raises(httpx.TransportError):
        ask(URL)
    sandbox.clear_faults()
    assert ask(URL).status_code == 200


@pytest.mark.parametrize("kind", [Kind.READ_TIMEOUT, Kind.DRIP, Kind.WRONG_LENGTH, Kind.ENDLESS])
def test_the_answer_does_not_end(sandbox: Sandbox, ask: Ask, kind: Kind) -> None:
    sandbox.set_fault("example.org", Fault(kind, interval=5))
    started = time.monotonic()
    data = raw(sandbox)
    assert len(data) <= 1 if kind in (Kind.READ_TIMEOUT, Kind.DRIP) else len(data) > 100
    assert time.monotonic() - started < 3
    sandbox.clear_faults()
    assert ask(URL).status_code == 200


def test_drip_sends_byte_by_byte(sandbox: Sandbox) -> None:
    sandbox.set_fault("example.org", Fault(Kind.DRIP, interval=0.001))
    assert raw(sandbox, want=17).startswith(b"HTTP/1.1 200 OK\r\n")


def test_huge_headers_do_not_end_before_their_size(sandbox: Sandbox) -> None:
    sandbox.set_fault("example.org", Fault(Kind.HUGE_HEADERS, size=2 << 20))
    data = raw(sandbox, want=1 << 22)
    assert len(data) > (2 << 20) - (1 << 17)
    assert b"\r\n\r\n" not in data


def test_gzip_bomb_is_small_and_decompresses_to_its_size(sandbox: Sandbox) -> None:
    sandbox.set_fault("example.org", Fault(Kind.GZIP_BOMB, size=64 << 20))
    head, _, body = raw(sandbox, want=1 << 20).partition(b"\r\n\r\n")
    assert b"content-encoding: gzip" in head
    assert len(body) < 1 << 18
    packed = gzip.GzipFile(fileobj=io.BytesIO(body))
    assert sum(len(packed.read(1 << 20)) for _ in range(60)) == 60 << 20


def test_short_length_is_followed_by_more_bytes(sandbox: Sandbox) -> None:
    sandbox.set_fault("example.org", Fault(Kind.SHORT_LENGTH))
    head, _, body = raw(sandbox).partition(b"\r\n\r\n")
    promised = next(line for line in head.split(b"\r\n") if b"content-length" in line)
    assert int(promised.split(b":")[1]) < len(body)


def follow(ask: Ask, url: str, most: int) -> int:
    """Return how many redirects there are, up to ``most``."""
    for count in range(most):
        answer = ask(url)
        if not answer.has_redirect_location:
            return count
        place = answer.headers["location"]
        url = place if place.startswith("http") else f"https://example.org{place}"
    return most


def test_redirects(sandbox: Sandbox, ask: Ask) -> None:
    sandbox.set_fault("example.org", Fault(Kind.REDIRECT_CHAIN, size=4))
    assert follow(ask, URL, 50) == 4
    sandbox.set_fault("example.org", Fault(Kind.REDIRECT_LOOP))
    assert follow(ask, URL, 50) == 50
    sandbox.set_fault(
        "example.org", Fault(Kind.REDIRECT, status=301, location="http://10.0.0.1{path}")
    )
    assert ask(URL + "x?y=1").headers["location"] == "http://10.0.0.1/x?y=1"
    sandbox.set_fault("example.org", Fault(Kind.LOGIN))
    assert "/login" in ask(URL).headers["location"]


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (answer_status(429, retry_after=7), 429, ""),
        (answer_status(999, body="no"), 999, "no"),
        (Fault(Kind.EMPTY), 200, ""),
        (Fault(Kind.HTML), 200, "It works"),
        (Fault(Kind.ERROR_BODY), 200, "Internal error"),
        (Fault(Kind.SOFT_404), 200, "Page not found"),
        (Fault(Kind.CAPTIVE_PORTAL), 200, "accept our terms"),
    ],
)
def test_faulty_responses(sandbox: Sandbox, ask: Ask, fault: Fault, status: int, body: str) -> None:
    sandbox.set_fault("*", fault)
    for url in (URL, "https://api.github.com/repos/octo/new"):
        answer = ask(url)
        assert answer.status_code == status
        assert body in answer.text
    assert ask(URL).headers.get("retry-after") == fault.headers.get("retry-after")


def test_malformed_and_changed_json(sandbox: Sandbox, ask: Ask) -> None:
    url = "https://api.github.com/repos/octo/new"
    sandbox.set_fault("api.github.com", Fault(Kind.MALFORMED_BODY))
    with pytest.raises(json.JSONDecodeError):
        ask(url).json()
    change = Fault(Kind.SCHEMA, drop=("archived",), null=("id",), rename={"full_name": "fullName"})
    sandbox.set_fault("api.github.com", change)
    body: dict[str, Any] = ask(url).json()
    assert "archived" not in body
    assert body["id"] is None
    assert body["fullName"] == "octo/new"


def test_requests_are_counted_by_url(sandbox: Sandbox, ask: Ask) -> None:
    sandbox.set_fault("example.org", answer_status(503, times=2))
    assert [ask(URL).status_code for _ in range(3)] == [503, 503, 200]
    assert ask("https://example.org/plain").status_code == 503
    sandbox.set_fault("example.org", Fault(Kind.STATUS, status=404, after=1, times=1))
    assert [ask(URL).status_code for _ in range(3)] == [200, 404, 200]


def test_a_fault_of_a_path_affects_no_other_path(sandbox: Sandbox, ask: Ask) -> None:
    sandbox.set_fault("api.github.com/repos/*", answer_status(502))
    assert ask("https://api.github.com/repos/octo/new").status_code == 502
    assert ask("https://api.github.com/users/octo").status_code == 200


def test_routes_for_names_and_connections(sandbox: Sandbox) -> None:
    router = sandbox.router()
    assert router.route("https", "example.org", 443) == Route("127.0.0.1", sandbox.port)
    assert router.route("https", "gone.example", 443) is None
    assert router.route("https", "unheard-of.example", 443) is None
    assert sandbox.counts().unknown_hosts == ("unheard-of.example",)
    inside = router.route("https", "inside.example", 443)
    assert inside is not None
    assert inside.resolves_to == "10.0.0.7"
    closed = router.route("https", "plain.example", 443)
    assert closed is not None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((closed.address, closed.port))
    sandbox.set_fault("example.org", Fault(Kind.DNS))
    assert router.route("https", "example.org", 443) is None
    sandbox.set_fault("example.org", Fault(Kind.CONNECT_TIMEOUT))
    hole = router.route("https", "example.org", 443)
    assert hole is not None
    with pytest.raises(TimeoutError):
        socket.create_connection((hole.address, hole.port), timeout=0.2)
    sandbox.clear_faults()
    assert router.route("https", "example.org", 443) == Route("127.0.0.1", sandbox.port)


def test_tls_listeners(sandbox: Sandbox) -> None:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("example.org").configure_cert(server)
    port = sandbox.listen_tls(server)
    sandbox.reroute("example.org", Route("127.0.0.1", port, tls=True))
    assert sandbox.router().route("https", "example.org", 443) == Route("127.0.0.1", port, tls=True)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        client.wrap_socket(plain, server_hostname="example.org") as secure,
    ):
        secure.sendall(b"GET / HTTP/1.1\r\nhost: example.org\r\n\r\n")
        assert secure.recv(1000).startswith(b"HTTP/1.1 200")


def test_unknown_hosts_may_be_alive(start: Start) -> None:
    sandbox, ask = start(unknown_hosts="alive")
    assert sandbox.router().route("https", "unheard-of.example", 443) is not None
    assert ask("https://unheard-of.example/x").status_code == 200
