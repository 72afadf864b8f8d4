"""A server on loopback that does exactly what a test says, byte by byte."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
from anyio.abc import ByteStream, Listener, SocketAttribute
from anyio.streams.tls import TLSListener


@dataclass
class Received:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def host(self) -> str:
        return self.headers.get("host", "")


Handler = Callable[[Received, ByteStream], Awaitable[bool | None]]


@dataclass
class Server:
    """A running server: its port, and what it was asked."""

    port: int
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    under_way: int = 0
    peak: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def reply(
    status: int = 200,
    body: bytes = b"",
    *,
    headers: dict[str, str] | None = None,
    length: int | None = None,
) -> bytes:
    lines = [f"HTTP/1.1 {status} Told"]
    given = {"content-type": "text/html", **(headers or {})}
    if "transfer-encoding" not in given:
        given["content-length"] = str(len(body) if length is None else length)
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def _read(stream: ByteStream) -> Received | None:
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            data += await stream.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):
            return None
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    wanted = int(headers.get("content-length", "0"))
    while len(body) < wanted:
        body += await stream.receive()
    return Received(method, target, headers, body)


@asynccontextmanager
async def serve(handler: Handler, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """Serve until the block ends. The handler writes raw bytes; True keeps the connection."""
    tcp = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0)
    server = Server(tcp.extra(SocketAttribute.local_port))
    listener: Listener[Any] = tcp
    if tls is not None:
        listener = TLSListener(tcp, tls, standard_compatible=False)

    async def connection(stream: ByteStream) -> None:
        server.connections += 1
        async with stream:
            while True:
                try:
                    received = await _read(stream)
                    if received is None:
                        return
                    server.requests.append(received)
                    server.under_way += 1
                    server.peak = max(server.peak, server.under_way)
                    try:
                        if not await handler(received, stream):
                            return
                    finally:
                        server.under_way -= 1
                except (anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):
                    return

    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(listener.serve, connection)
            try:
                yield server
            finally:
                tasks.cancel_scope.cancel()
    finally:
        await listener.aclose()


def always(*answers: bytes) -> Handler:
    """Give the answers in turn, the last one for ever."""
    state = iter(answers)
    last = answers[-1]

    async def handler(_received: Received, stream: ByteStream) -> bool:
        await stream.send(next(state, last))
        return True

    return handler
