"""Fault injection: the faults, and the registry of those that are set.

The router injects faults of DNS and connecting, the server those that need the raw connection;
all others replace or change the response.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache

from linkcheck.sandbox.http_codec import (
    Request,
    Response,
    html_response,
    json_response,
    redirect,
    text_response,
)


class Kind(StrEnum):
    """The kind of a fault."""

    DNS = "dns"
    """The name has no address."""
    REFUSED = "refused"
    """Nothing listens there."""
    CONNECT_TIMEOUT = "connect-timeout"
    """The connection is never made."""

    RESET_BEFORE_HEADERS = "reset-before-headers"
    RESET_AFTER_HEADERS = "reset-after-headers"
    READ_TIMEOUT = "read-timeout"
    """The request is read, and no response is sent."""
    DRIP = "drip"
    """The response is sent byte by byte, ``interval`` seconds apart."""
    ENDLESS = "endless"
    """A body that never ends."""
    TRUNCATED = "truncated"
    """The connection is closed in the middle of the body."""
    WRONG_LENGTH = "wrong-length"
    """``Content-Length`` exceeds the body; the connection is closed after ``interval``."""
    SHORT_LENGTH = "short-length"
    """``Content-Length`` is less than the body."""
    GZIP_BOMB = "gzip-bomb"
    """A small body that unpacks to ``size`` bytes."""
    HUGE_HEADERS = "huge-headers"
    """Headers of ``size`` bytes."""
    MALFORMED_HTTP = "malformed-http"

    STATUS = "status"
    """Answers ``status`` with ``headers`` and ``body``."""
    MALFORMED_BODY = "malformed-body"
    """The first half of the proper body, with a matching ``Content-Length``."""
    HTML = "html"
    """200 with an HTML page instead of the requested data."""
    EMPTY = "empty"
    """200 with an empty body."""
    ERROR_BODY = "error-body"
    """200 with a JSON body that reports an error."""
    REDIRECT = "redirect"
    """Redirects to ``location``; ``{path}`` in it is replaced by the requested path."""
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_CHAIN = "redirect-chain"
    """``size`` redirects, then the proper response."""
    LOGIN = "login"
    """Redirects to a login page."""
    SOFT_404 = "soft-404"
    """200 with an error page."""
    CAPTIVE_PORTAL = "captive-portal"
    """200 with the login page of a public network for every request."""
    SCHEMA = "schema"
    """The proper JSON response with some fields left out, null or renamed, at any depth."""


ROUTING_FAULTS = frozenset({Kind.DNS, Kind.REFUSED, Kind.CONNECT_TIMEOUT})
"""Faults that prevent a connection."""

CONNECTION_FAULTS = frozenset(
    {
        Kind.RESET_BEFORE_HEADERS,
        Kind.RESET_AFTER_HEADERS,
        Kind.READ_TIMEOUT,
        Kind.DRIP,
        Kind.ENDLESS,
        Kind.TRUNCATED,
        Kind.WRONG_LENGTH,
        Kind.SHORT_LENGTH,
        Kind.GZIP_BOMB,
        Kind.HUGE_HEADERS,
        Kind.MALFORMED_HTTP,
    }
)
"""Faults that need the raw connection."""

_DEFAULT_SIZE = {Kind.GZIP_BOMB: 1 << 30, Kind.HUGE_HEADERS: 100 << 20, Kind.REDIRECT_CHAIN: 30}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; each kind uses only the fields that its description names."""

    kind: Kind
    times: int | None = None
    """How many requests for each method and URL it affects; ``None``: all."""
    after: int = 0
    """How many requests for each method and URL are answered properly first."""
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    location: str = ""
    size: int = 0
    """Bytes or redirects; 0: the default of the kind."""
    interval: float = 1.0
    drop: tuple[str, ...] = ()
    null: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)

    @property
    def amount(self) -> int:
        """``size``, or the default of the kind."""
        return self.size or _DEFAULT_SIZE.get(self.kind, 0)


def answer_status(
    status: int,
    *,
    retry_after: float | str | None = None,
    times: int | None = None,
    body: str = "",
    headers: Mapping[str, str] | None = None,
) -> Fault:
    """Return a fault that answers with a status and a ``Retry-After`` (seconds, or its text)."""
    extra = dict(headers or {})
    if retry_after is not None:
        extra["retry-after"] = str(retry_after)
    return Fault(Kind.STATUS, status=status, headers=extra, times=times, body=body)


def http_date(timestamp: float) -> str:
    """Return a time (seconds since the epoch) as an HTTP date."""
    return formatdate(timestamp, usegmt=True)


@dataclass(slots=True)
class FaultRegistry:
    """The faults that are set, and the number of requests that each matched."""

    rules: list[tuple[str, Fault]] = field(default_factory=list)
    seen: dict[tuple[int, str], int] = field(default_factory=dict)

    def set(self, pattern: str, fault: Fault) -> None:
        """Set the fault of a host or of ``host/path``; ``*`` and ``?`` are wildcards."""
        self.rules = [rule for rule in self.rules if rule[0] != pattern]
        self.rules.append((pattern, fault))
        self.seen.clear()

    def clear(self) -> None:
        """Remove all faults."""
        self.rules = []
        self.seen.clear()

    def for_host(self, host: str) -> Fault | None:
        """Return the fault that prevents a connection to the host, if any."""
        for pattern, fault in reversed(self.rules):
            if fault.kind in ROUTING_FAULTS and fnmatchcase(host, pattern):
                return fault
        return None

    def for_request(self, request: Request) -> Fault | None:
        """Return the fault for a request, if any, and count the request."""
        if not self.rules:
            return None
        place = request.host + request.path
        for number in range(len(self.rules) - 1, -1, -1):
            pattern, fault = self.rules[number]
            subject = place if "/" in pattern else request.host
            if fault.kind in ROUTING_FAULTS or not fnmatchcase(subject, pattern):
                continue
            key = (number, f"{request.method} {place}")
            count = self.seen[key] = self.seen.get(key, 0) + 1
            count -= fault.after
            if count > 0 and (fault.times is None or count <= fault.times):
                return fault
        return None


def faulty_response(fault: Fault, request: Request, proper: Response | None) -> Response:  # noqa: C901 - a table of cases
    """Return the response of a fault that replaces or changes the response.

    ``proper`` is the service's own response, for the kinds that change it.
    """
    match fault.kind:
        case Kind.STATUS:
            kind = fault.headers.get("content-type", "text/plain; charset=utf-8")
            rest = [(k, v) for k, v in fault.headers.items() if k.lower() != "content-type"]
            return text_response(fault.body, fault.status, rest, kind)
        case Kind.HTML:
            return html_response("Welcome", body="<h1>It works!</h1>")
        case Kind.EMPTY:
            return Response(200, [("content-type", _type(proper))])
        case Kind.ERROR_BODY:
            return json_response({"error": "Internal error", "message": "Internal error"})
        case Kind.REDIRECT:
            return redirect(
                fault.location.replace("{path}", request.address),
                fault.status if 300 <= fault.status < 400 else 302,
            )
        case Kind.REDIRECT_LOOP:
            return redirect(request.address, 302)
        case Kind.REDIRECT_CHAIN:
            step = int(request.param("hop", "0"))
            if step >= fault.amount and proper:
                return proper
            return redirect(f"{request.raw_path}?hop={step + 1}", 301)
        case Kind.LOGIN:
            return redirect(f"https://{request.host}/login?next={request.raw_path}", 302)
        case Kind.SOFT_404:
            return html_response(
                "404 Not Found", body="<h1>Page not found</h1><p>It is no longer here.</p>"
            )
        case Kind.CAPTIVE_PORTAL:
            return html_response("Hotel WiFi", body="<h1>Welcome, please accept our terms</h1>")
        case _ if proper is None:
            return Response(500)
        case Kind.MALFORMED_BODY:
            return replace(proper, body=proper.body[: len(proper.body) // 2])
        case Kind.SCHEMA:
            return _other_schema(fault, proper)
        case _:
            return proper


def _type(proper: Response | None) -> str:
    headers = dict(proper.headers) if proper else {}
    return headers.get("content-type", "text/html; charset=utf-8")


def _other_schema(fault: Fault, proper: Response) -> Response:
    try:
        value = json.loads(proper.body)
    except ValueError:
        return proper

    def change(part: object) -> object:
        if isinstance(part, list):
            return [change(item) for item in part]
        if not isinstance(part, dict):
            return part
        return {
            fault.rename.get(key, key): None if key in fault.null else change(item)
            for key, item in part.items()
            if key not in fault.drop
        }

    return replace(proper, body=json.dumps(change(value)).encode())


@cache
def gzip_bomb(size: int) -> bytes:
    """Return a gzip body that decompresses to about ``size`` zero bytes."""
    block = 1 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + again * max(0, size // block - 1)
