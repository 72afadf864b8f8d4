"""The server: hosts, counts, connections, start and stop."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from linkcheck.sandbox import FixtureError, PortRouter, Sandbox, answer_status, parse_fixtures

Ask = Callable[..., httpx.Response]
Start = Callable[..., tuple[Sandbox, Ask]]


def test_counts_and_duplicates(sandbox: Sandbox, ask: Ask) -> None:
    for path in ("", "plain", ""):
        ask(f"https://example.org/{path}")
    sandbox.set_fault("doi.org", answer_status(503, times=1))
    for _ in range(2):
        ask("https://doi.org/10.1000/X")
    counts = sandbox.counts()
    assert counts.by_host == {"example.org": 3, "doi.org": 2}
    assert counts.total == 5
    assert counts.duplicates == ("GET https://example.org/",)
    assert counts.statuses == {200: 3, 503: 1, 302: 1}
    sandbox.reset_counts()
    assert sandbox.counts().total == 0


def test_urls_for_programs_without_a_router(sandbox: Sandbox) -> None:
    with httpx.Client(trust_env=False) as client:
        assert "Home" in client.get(sandbox.url("https://example.org/")).text
        moved = client.get(sandbox.url("https://api.github.com/repos/octo/old"))
        assert moved.headers["location"].startswith(sandbox.url("https://api.github.com/"))
        base = sandbox.base_urls()
        assert client.get(f"{base['GITHUB_API_URL']}/repos/octo/new").status_code == 200
        assert client.get(f"{base['HF_ENDPOINT']}/api/models/bert").status_code == 307
        assert client.get(f"{base['GITHUB_SERVER_URL']}/octo/new").status_code == 200
        assert client.get(f"{base['LINKCHECK_ARXIV_URL']}/abs/1706.03762").status_code == 200
    with httpx.Client(proxy=sandbox.address, trust_env=False) as client:
        assert "Home" in client.get("http://example.org/").text


def test_one_connection_carries_many_requests_in_order(sandbox: Sandbox) -> None:
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
        ask = "GET {} HTTP/1.1\r\nhost: example.org\r\n\r\n"
        connection.sendall("".join(map(ask.format, ("/", "/none", "/plain"))).encode())
        connection.shutdown(socket.SHUT_WR)
        data = b""
        while chunk := connection.recv(65536):
            data += chunk
    assert re.findall(rb"HTTP/1.1 (\d+)", data) == [b"200", b"404", b"200"]


def test_chunked_bodies_and_invalid_requests(sandbox: Sandbox) -> None:
    def send(data: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", sandbox.port), timeout=5) as connection:
            connection.sendall(data)
            return connection.recv(65536)

    head = b"POST /graphql HTTP/1.1\r\nhost: api.github.com\r\nuser-agent: x\r\n"
    head += b"authorization: bearer x\r\ntransfer-encoding: chunked\r\n\r\n"
    body = b'12\r\n{"query": "{viewer\r\n9\r\n{login}}"\r\n1\r\n}\r\n0\r\n\r\n'
    assert b"linkcheck-bot" in send(head + body)
    assert send(b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_latency_by_host(start: Start) -> None:
    _, ask = start(latency={"example.*": 0.2, "*": 0.0})
    start_time = time.monotonic()
    ask("https://example.org/")
    assert time.monotonic() - start_time >= 0.2


def test_rate_limit_of_a_host(start: Start) -> None:
    fixtures = {"hosts": [{"name": "slow.example", "per_second": 0.1, "default": {}}]}
    _, ask = start(fixtures)
    assert [ask("https://slow.example/").status_code for _ in range(2)] == [200, 429]


def test_stopping_closes_the_port(start: Start) -> None:
    sandbox, _ = start()
    address = ("127.0.0.1", sandbox.port)
    with socket.create_connection(address):
        sandbox.stop()
    sandbox.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ([], "a world is an object"),
        ({"repos": []}, "'repos'"),
        ({"repositories": [{"name": "a/b", "star": 1}]}, r"repositories\[0\]: unknown key 'star'"),
        ({"repositories": [{}]}, "name"),
        ({"repositories": ["a/b"]}, "should be an object"),
        ({"hosts": [{"name": "x", "pages": {"/": {"stat": 1}}}]}, "unknown key 'stat'"),
    ],
)
def test_an_invalid_fixture_file_is_explained(raw: object, message: str) -> None:
    with pytest.raises(FixtureError, match=message):
        parse_fixtures(raw, "here")


def test_a_separate_process(tmp_path: Path) -> None:
    fixtures = tmp_path / "fixtures.json"
    fixtures.write_text(json.dumps({"repositories": [{"name": "a/b"}]}), "utf-8")
    command = [sys.executable, "-m", "linkcheck.sandbox", str(fixtures)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        hello = json.loads(process.stdout.readline())
        route = PortRouter(hello["port"]).route("https", "api.github.com", 443)
        assert hello["address"] == f"http://{route.address}:{route.port}"
        answer = httpx.get(f"{hello['env']['GITHUB_API_URL']}/repos/a/b", trust_env=False)
        assert answer.json()["full_name"] == "a/b"
        process.stdin.close()
        assert json.loads(process.stdout.readline())["by_host"] == {"api.github.com": 1}
        assert process.wait(10) == 0
