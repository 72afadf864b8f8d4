"""One connection to the sandbox: requests read, answers written, well or badly.

Here, and in ``server.py``, the sandbox uses asyncio's bare protocols in place of anyio: only who
holds the connection can write broken answers, and benchmarks need thousands of answers a second.
"""

import asyncio  # noqa: TID251 - bare protocols, as said above
import socket
import struct
from collections.abc import Callable
from typing import Protocol, cast

from linkcheck.sandbox import http_codec
from linkcheck.sandbox.faults import Fault, Kind, gzip_bomb
from linkcheck.sandbox.http_codec import Request, Response


class Host(Protocol):
    """What a connection needs of the server it belongs to."""

    def opened(self, connection: "Connection") -> None:
        """Take note of a new connection."""
        ...

    def closed(self, connection: "Connection") -> None:
        """Take note of its end."""
        ...

    def handle(self, connection: "Connection", request: Request) -> None:
        """Answer the request, sooner or later, by one of the connection's methods."""
        ...


class Connection(asyncio.Protocol):
    """One accepted connection; answers requests in the order they came."""

    def __init__(self, server: Host, own_host: str | None) -> None:
        self._server = server
        self._own_host = own_host
        self._base = ""
        self._buffer = bytearray()
        self._busy = False
        self._method = "GET"
        self._transport: asyncio.Transport | None = None
        self._writable = True
        """Whether everything written so far has gone out."""
        self._closing = False
        self._resume: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection (called by the event loop)."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=0)
        port = transport.get_extra_info("sockname")[1]
        self._base = f"http://127.0.0.1:{port}"
        self._server.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's hook
        """Forget the connection (called by the event loop)."""
        self._transport = None
        self._resume = None
        self._server.closed(self)

    def pause_writing(self) -> None:
        """Stop pouring: the other side does not read (called by the event loop)."""
        self._writable = False

    def resume_writing(self) -> None:
        """Go on pouring (called by the event loop)."""
        self._writable = True
        if self._closing:
            self._close()
        elif self._resume:
            self._resume()

    def data_received(self, data: bytes) -> None:
        """Take in bytes (called by the event loop)."""
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
        """Close once everything has gone out; a transport closed earlier cannot be aborted."""
        self._closing = True
        if self._transport and self._writable:
            self._transport.close()

    def send(self, response: Response) -> None:
        """Write an answer and go on to the next request."""
        self._write(response.encode(head=self._method == "HEAD"))
        self._busy = False
        if self._buffer:
            self._advance()

    def abort(self) -> None:
        """Drop the connection."""
        if self._transport:
            self._transport.abort()

    def reset(self) -> None:
        """End the connection with a reset, so that the client sees an error and no orderly end."""
        if not self._transport:
            return
        handle = self._transport.get_extra_info("socket")
        if handle is not None:
            handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def inject_fault(self, fault: Fault, proper: Response) -> None:
        """Play a fault that needs the bare connection; the connection is of no use afterwards."""
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
                self._pour(_bytes(whole), fault.interval)
            case Kind.ENDLESS:
                self._write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<!doctype html>")
                self._pour(lambda: b"<p>and on</p>" * 4096, 0.001)
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
                self._pour(_times(line * 16, fault.amount // (16 * len(line))), 0.0)
            case _:
                self._write(b"HTTZ/9 banana\r\n\x00\xff no header here\r\n\r\n", close=True)

    def _pour(self, more: Callable[[], bytes | None], interval: float) -> None:
        """Write piece after piece until there is none or the client has gone."""
        loop = asyncio.get_running_loop()

        def step() -> None:
            if self._transport is None or not self._writable:
                return
            piece = more()
            if piece is None:
                self._close()
                return
            self._write(piece)
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
