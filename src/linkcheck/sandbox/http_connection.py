"""One server connection: reads requests, writes responses and injected faults.

This module and ``server.py`` use asyncio's protocols instead of anyio: faults need the transport,
and benchmarks need thousands of responses per second.
"""

import asyncio  # noqa: TID251 - see the module's docstring
import socket
import struct
from collections.abc import Callable
from typing import Protocol, cast

from linkcheck.sandbox import http_codec
from linkcheck.sandbox.faults import Fault, Kind, gzip_bomb
from linkcheck.sandbox.http_codec import Request, Response


class Host(Protocol):
    """The server as a connection sees it."""

    def opened(self, connection: "Connection") -> None:
        """Register a new connection."""
        ...

    def closed(self, connection: "Connection") -> None:
        """Unregister a closed connection."""
        ...

    def handle(self, connection: "Connection", request: Request) -> None:
        """Answer the request now or later with a method of the connection."""
        ...


class Connection(asyncio.Protocol):
    """An accepted connection; answers requests in order."""

    def __init__(self, server: Host, own_host: str | None) -> None:
        self._server = server
        self._own_host = own_host
        self._base = ""
        self._buffer = bytearray()
        self._busy = False
        self._method = "GET"
        self._transport: asyncio.Transport | None = None
        self._writable = True
        """Whether the write buffer is empty."""
        self._closing = False
        self._resume: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport (called by the event loop)."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=0)
        port = transport.get_extra_info("sockname")[1]
        self._base = f"http://127.0.0.1:{port}"
        self._server.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's hook
        """Drop the transport (called by the event loop)."""
        self._transport = None
        self._resume = None
        self._server.closed(self)

    def pause_writing(self) -> None:
        """Stop streaming while the client does not read (called by the event loop)."""
        self._writable = False

    def resume_writing(self) -> None:
        """Continue streaming (called by the event loop)."""
        self._writable = True
        if self._closing:
            self._close()
        elif self._resume:
            self._resume()

    def data_received(self, data: bytes) -> None:
        """Buffer received bytes (called by the event loop)."""
        self._buffer += data
        if not self._busy:
            self._advance()

    def _advance(self) -> None:
        try:
            request = self._next_request()
        except http_codec.BadRequestError as error:
            self._write(http_codec.text_response(str(error), 400).encode(close=True), close=True)
            return
        if request:
            self._busy = True
            self._method = request.method
            self._server.handle(self, request)

    def _next_request(self) -> Request | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > http_codec.MAX_HEAD:
                raise http_codec.BadRequestError("the request head is too long")
            return None
        head = http_codec.parse_head(bytes(self._buffer[:end]))
        start = end + 4
        length = head.length
        if length is None:
            chunks = http_codec.read_chunks(bytes(self._buffer[start:]))
            if chunks is None:
                return None
            body, taken = chunks
        else:
            if len(self._buffer) < start + length:
                return None
            body, taken = bytes(self._buffer[start : start + length]), length
        del self._buffer[: start + taken]
        return http_codec.to_request(head, body, self._own_host, self._base)

    def _write(self, data: bytes, *, close: bool = False) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(data)
            if close:
                self._close()

    def _close(self) -> None:
        """Close once the write buffer is empty; a closing transport cannot be aborted."""
        self._closing = True
        if self._transport and self._writable:
            self._transport.close()

    def send(self, response: Response) -> None:
        """Write a response and continue with the next request."""
        self._write(response.encode(head=self._method == "HEAD"))
        self._busy = False
        if self._buffer:
            self._advance()

    def abort(self) -> None:
        """Drop the connection."""
        if self._transport:
            self._transport.abort()

    def reset(self) -> None:
        """Close the connection with a TCP reset."""
        if not self._transport:
            return
        handle = self._transport.get_extra_info("socket")
        if handle is not None:
            handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def inject_fault(self, fault: Fault, proper: Response) -> None:
        """Inject a fault that needs the raw connection, which is unusable afterwards."""
        whole = proper.encode()
        at = whole.find(b"\r\n\r\n") + 4
        head, body = whole[:at], whole[at:]
        match fault.kind:
            case Kind.RESET_BEFORE_HEADERS:
                self.reset()
            case Kind.RESET_AFTER_HEADERS:
                self._write(_head(len(body) + 4096) + body[:16])
                asyncio.get_running_loop().call_later(0.02, self.reset)
            case Kind.READ_TIMEOUT:
                pass
            case Kind.DRIP:
                self._stream(_bytes(whole), fault.interval)
            case Kind.ENDLESS:
                self._write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<!doctype html>")
                self._stream(lambda: b"<p>and on</p>" * 4096, 0.001)
            case Kind.TRUNCATED:
                self._write(head + body[: len(body) // 2], close=True)
            case Kind.WRONG_LENGTH:
                self._write(_head(len(body) + 1000) + body)
                asyncio.get_running_loop().call_later(fault.interval, self.abort)
            case Kind.SHORT_LENGTH:
                self._write(_head(len(body) // 2) + body, close=True)
            case Kind.GZIP_BOMB:
                bomb = gzip_bomb(fault.amount)
                self._write(_head(len(bomb), "content-encoding: gzip\r\n") + bomb)
            case Kind.HUGE_HEADERS:
                self._write(b"HTTP/1.1 200 OK\r\n")
                line = b"x-filler: " + b"a" * 4084 + b"\r\n"
                self._stream(_times(line * 16, fault.amount // (16 * len(line))), 0.0)
            case _:
                self._write(b"HTTZ/9 banana\r\n\x00\xff no header here\r\n\r\n", close=True)

    def _stream(self, next_chunk: Callable[[], bytes | None], interval: float) -> None:
        """Write chunk after chunk until there are no more or the client disconnects."""
        loop = asyncio.get_running_loop()

        def step() -> None:
            if self._transport is None or not self._writable:
                return
            chunk = next_chunk()
            if chunk is None:
                self._close()
                return
            self._write(chunk)
            loop.call_later(interval, step)

        self._resume = step
        step()


def _head(length: int, extra: str = "") -> bytes:
    return (
        f"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n{extra}"
        f"content-length: {length}\r\n\r\n"
    ).encode()


def _bytes(data: bytes) -> Callable[[], bytes | None]:
    pieces = iter(data)

    def more() -> bytes | None:
        number = next(pieces, None)
        return None if number is None else bytes([number])

    return more


def _times(piece: bytes, count: int) -> Callable[[], bytes | None]:
    left = iter(range(count))
    return lambda: None if next(left, None) is None else piece
