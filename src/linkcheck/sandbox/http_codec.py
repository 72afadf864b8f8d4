"""HTTP/1.1 as the sandbox needs it: requests taken apart, answers put together.

Only what programs on the same machine send has to be understood. The sandbox has its own small
reader, and not a web framework, because fault injection needs the bare connection, and because
one thin layer serves several times as many requests.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

MAX_HEAD = 256 * 1024
"""Bytes of request head that are read at most."""


class BadRequestError(ValueError):
    """The bytes are not an HTTP request that the sandbox understands."""


@dataclass(slots=True)
class Request:
    """One request as a service sees it."""

    method: str
    scheme: str
    """``http`` or ``https``: what the client meant to speak; on loopback it is always plain."""
    host: str
    """Lower-cased, with ``:port`` only where the client meant another than the scheme's own."""
    path: str
    """Percent-decoded, without query."""
    raw_path: str
    """As sent, without query."""
    query: str
    """As sent, without ``?``."""
    headers: Mapping[str, str]
    """Names lower-cased."""
    body: bytes = b""
    base: str = ""
    """What the client puts before the path: ``https://api.github.com``, or a loopback address."""

    @property
    def address(self) -> str:
        """The path as sent, with its query."""
        return f"{self.raw_path}?{self.query}" if self.query else self.raw_path

    @property
    def token(self) -> str | None:
        """The token in ``Authorization``, if there is one."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() in ("bearer", "token") and token else None

    def params(self, name: str) -> list[str]:
        """Return the values of a query parameter, in order."""
        return [value for key, value in pairs(self.query) if key == name]

    def param(self, name: str, default: str = "") -> str:
        """Return the first value of a query parameter."""
        return next(iter(self.params(name)), default)


@dataclass(slots=True)
class Response:
    """One answer before it is put into bytes."""

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    delay: float = 0.0
    """Seconds to wait before it is sent, on top of the latency."""

    def encode(self, *, head: bool = False, close: bool = False) -> bytes:
        """Return the bytes on the wire; ``head`` leaves the body out, as for HEAD."""
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
    """Return the words that go with a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"


def json_response(
    value: object, status: int = 200, headers: Sequence[tuple[str, str]] = ()
) -> Response:
    """Return a JSON answer."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, [("content-type", "application/json; charset=utf-8"), *headers], body)


def text_response(
    text: str,
    status: int = 200,
    headers: Sequence[tuple[str, str]] = (),
    content_type: str = "text/plain; charset=utf-8",
) -> Response:
    """Return an answer in text."""
    return Response(status, [("content-type", content_type), *headers], text.encode())


def redirect(location: str, status: int, text: str = "") -> Response:
    """Return a redirect."""
    return text_response(text, status, [("location", location)])


def unquote(text: str, *, plus: bool = False) -> str:
    """Undo percent-encoding (and ``+`` for a space, where forms write it)."""
    if plus:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    first, *rest = text.encode("utf-8", "surrogateescape").split(b"%")
    out = [first]
    for piece in rest:
        try:
            out.append(bytes([int(piece[:2], 16)]) + piece[2:])
        except ValueError:
            out.append(b"%" + piece)
    return b"".join(out).decode("utf-8", "replace")


_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def quote(text: str) -> str:
    """Percent-encode for a path or a query value."""
    return "".join(chr(b) if b in _UNRESERVED else f"%{b:02X}" for b in text.encode())


def pairs(query: str) -> list[tuple[str, str]]:
    """Return the names and values of a query or form, decoded."""
    found = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            found.append((unquote(name, plus=True), unquote(value, plus=True)))
    return found


@dataclass(slots=True)
class Head:
    """A request's first line and headers."""

    method: str
    target: str
    headers: dict[str, str]

    @property
    def length(self) -> int | None:
        """The announced length of the body; ``None`` when it comes in chunks."""
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return None
        try:
            return int(self.headers.get("content-length") or 0)
        except ValueError as error:
            raise BadRequestError("content-length is no number") from error


def parse_head(raw: bytes) -> Head:
    """Take a request head (without the empty line) apart; raises :class:`BadRequestError`."""
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
    """Return a chunked body and how many bytes it took, or ``None`` when more must come."""
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
    """Work out which host a request is meant for.

    In this order: an absolute address in the first line (the sandbox as a proxy), a path that
    begins with ``/~http/HOST/`` or ``/~https/HOST/``, the host that this port stands for
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
        path=unquote(raw_path),
        raw_path=raw_path,
        query=query,
        headers=headers,
        body=body,
        base=base or f"{scheme}://{host}",
    )
