"""A small HTTP/1.1 codec: parse requests, encode responses.

Only clients on the same machine connect, so a small parser is enough. It is not a web framework
because fault injection needs the raw connection, nor h11 because that has to track every response
that is written, and needs ten times as long to parse a request.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus

import httpx

from linkcheck.model.url import percent_decode

MAX_HEAD = 256 * 1024
"""Maximum size of a request's first line and headers, in bytes."""


class BadRequestError(ValueError):
    """The bytes are not a valid HTTP request."""


@dataclass(slots=True)
class Request:
    """A request."""

    method: str
    scheme: str
    """The scheme of the URL, ``http`` or ``https``; connections are usually plain."""
    host: str
    """Lower-cased, with ``:port`` unless it is the scheme's default."""
    path: str
    """Percent-decoded, without query."""
    raw_path: str
    """As sent, without query."""
    query: str
    """As sent, without ``?``."""
    headers: Mapping[str, str]
    """By lower-cased name."""
    body: bytes = b""
    base: str = ""
    """The URL before the path: ``https://api.github.com``, or a loopback URL."""

    @property
    def address(self) -> str:
        """The path as sent, with its query."""
        return f"{self.raw_path}?{self.query}" if self.query else self.raw_path

    @property
    def token(self) -> str | None:
        """The token in ``Authorization``, if any."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() in ("bearer", "token") and token else None

    def params(self, name: str) -> list[str]:
        """Return the values of a query parameter, in order."""
        return [value for key, value in parse_query(self.query) if key == name]

    def param(self, name: str, default: str = "") -> str:
        """Return the first value of a query parameter."""
        return next(iter(self.params(name)), default)


@dataclass(slots=True)
class Response:
    """A response."""

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    delay: float = 0.0
    """Seconds to wait before it is sent, in addition to the latency."""

    def encode(self, *, head: bool = False, close: bool = False) -> bytes:
        """Return the bytes to send; ``head`` omits the body, as for a HEAD request."""
        lines = [f"HTTP/1.1 {self.status} {reason(self.status)}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.status != 304:
            lines.append(f"content-length: {len(self.body)}")
        if close:
            lines.append("connection: close")
        lines += ["", ""]
        start = "\r\n".join(lines).encode("latin-1", "replace")
        return start if head or self.status == 304 else start + self.body


def reason(status: int) -> str:
    """Return the reason phrase of a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"


def json_response(
    value: object, status: int = 200, headers: Sequence[tuple[str, str]] = ()
) -> Response:
    """Return a JSON response."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, [("content-type", "application/json; charset=utf-8"), *headers], body)


def text_response(
    text: str,
    status: int = 200,
    headers: Sequence[tuple[str, str]] = (),
    content_type: str = "text/plain; charset=utf-8",
) -> Response:
    """Return a text response."""
    return Response(status, [("content-type", content_type), *headers], text.encode())


def html_response(
    title: str,
    status: int = 200,
    headers: Sequence[tuple[str, str]] = (),
    *,
    head: str = "",
    body: str = "",
) -> Response:
    """Return a page of HTML; ``head`` and ``body`` are HTML, ``title`` is text."""
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"{head}</head><body>{body}</body></html>"
    )
    return text_response(page, status, headers, "text/html; charset=utf-8")


def redirect(location: str, status: int, text: str = "") -> Response:
    """Return a redirect."""
    return text_response(text, status, [("location", location)])


def parse_query(text: str) -> list[tuple[str, str]]:
    """Return the decoded names and values of a query or form, in order."""
    return [*httpx.QueryParams(text).multi_items()]


@dataclass(slots=True)
class Head:
    """The first line and the headers of a request."""

    method: str
    target: str
    headers: dict[str, str]

    @property
    def length(self) -> int | None:
        """The ``Content-Length``; ``None`` for a chunked body."""
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return None
        try:
            return int(self.headers.get("content-length") or 0)
        except ValueError as error:
            raise BadRequestError("content-length is no number") from error


def parse_head(raw: bytes) -> Head:
    """Parse the first line and the headers; raises :class:`BadRequestError`."""
    first, *lines = raw.decode("latin-1").split("\r\n")
    try:
        method, target, _ = first.split(" ")
    except ValueError as error:
        raise BadRequestError("the first line is not that of a request") from error
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise BadRequestError("a header has no colon")
        key, value = name.lower(), value.strip()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return Head(method, target, headers)


def read_chunks(data: bytes) -> tuple[bytes, int] | None:
    """Return a chunked body and its encoded length, or ``None`` if it is incomplete."""
    body, at = [], 0
    while True:
        end = data.find(b"\r\n", at)
        if end < 0:
            return None
        try:
            size = int(data[at:end].split(b";")[0], 16)
        except ValueError as error:
            raise BadRequestError("a chunk has no size") from error
        if len(data) < end + 2 + size + 2:
            return None
        body.append(data[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
        if size == 0:
            return b"".join(body), at


def to_request(head: Head, body: bytes, own_host: str | None, own_base: str) -> Request:
    """Return the request with the host that it is for.

    The host is taken from, in this order: an absolute URL in the first line (as for a proxy), a
    path that begins with ``/~http/HOST/`` or ``/~https/HOST/``, the host that this port serves
    (``own_host``), the ``Host`` header with ``X-Sandbox-Scheme``.
    """
    target, headers = head.target, head.headers
    scheme = headers.get("x-sandbox-scheme", "")
    host = own_host or headers.get("host", "").lower()
    base = own_base if own_host else ""
    if target.startswith(("http://", "https://")):
        scheme, _, rest = target.partition("://")
        host, slash, path = rest.partition("/")
        host, target, base = host.lower(), slash + path or "/", ""
    elif target.startswith(("/~http/", "/~https/")):
        word, _, rest = target[2:].partition("/")
        scheme, (host, _, path) = word, rest.partition("/")
        host, target, base = host.lower(), "/" + path, f"{own_base}/~{word}/{host}"
    if scheme not in ("http", "https"):
        scheme = "https"
    host = host.removesuffix(":443" if scheme == "https" else ":80")
    raw_path, _, query = target.partition("?")
    query = query.partition("#")[0]
    return Request(
        method=head.method,
        scheme=scheme,
        host=host,
        path=percent_decode(raw_path),
        raw_path=raw_path,
        query=query,
        headers=headers,
        body=body,
        base=base or f"{scheme}://{host}",
    )
