"""Faults that the sandbox can put in a service's way, as values.

Three sorts: at the name or the connection (the router plays them), on the wire (the server writes
bytes that no proper server would), and in the answer (a proper answer that is wrong).
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache

from linkcheck.sandbox.http_codec import Request, Response, json_response, redirect, text_response


class Kind(StrEnum):
    """What goes wrong."""

    DNS = "dns"
    """The name has no address."""
    REFUSED = "refused"
    """Nothing listens there."""
    CONNECT_TIMEOUT = "connect-timeout"
    """The connection is never made."""

    RESET_BEFORE_HEADERS = "reset-before-headers"
    RESET_AFTER_HEADERS = "reset-after-headers"
    READ_TIMEOUT = "read-timeout"
    """The request is read and nothing ever comes back."""
    DRIP = "drip"
    """The answer comes a byte at a time, ``interval`` seconds apart."""
    ENDLESS = "endless"
    """A body that never ends."""
    TRUNCATED = "truncated"
    """The connection is closed in the middle of the body."""
    WRONG_LENGTH = "wrong-length"
    """``Content-Length`` promises more than comes, on a connection that stays open a moment."""
    SHORT_LENGTH = "short-length"
    """``Content-Length`` promises less than comes."""
    GZIP_BOMB = "gzip-bomb"
    """A small body that unpacks to ``size`` bytes."""
    HUGE_HEADERS = "huge-headers"
    """Headers of ``size`` bytes."""
    MALFORMED_HTTP = "malformed-http"

    STATUS = "status"
    """Answers ``status`` with ``headers`` and ``body``."""
    MALFORMED_BODY = "malformed-body"
    """The proper answer cut in half, with the length of the half."""
    HTML = "html"
    """A page of HTML, 200, where something else was asked for."""
    EMPTY = "empty"
    """200 and nothing."""
    ERROR_BODY = "error-body"
    """200 and a body that speaks of an error."""
    REDIRECT = "redirect"
    """Redirects to ``location`` (``{path}`` stands for the path that was asked for)."""
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_CHAIN = "redirect-chain"
    """``size`` redirects, and then the proper answer."""
    LOGIN = "login"
    """Redirects to a page that asks to sign in."""
    SOFT_404 = "soft-404"
    """200 with a page that says that nothing was found."""
    CAPTIVE_PORTAL = "captive-portal"
    """200 with the same page of a hotel's network for everything."""
    SCHEMA = "schema"
    """The proper JSON answer with the fields ``drop`` left out, ``null`` made null and
    ``rename`` renamed, wherever they stand."""


ROUTED = frozenset({Kind.DNS, Kind.REFUSED, Kind.CONNECT_TIMEOUT})
"""Faults that keep a request from ever reaching the server."""

WIRE = frozenset(
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
"""Faults that need the bare connection."""

_DEFAULT_SIZE = {Kind.GZIP_BOMB: 1 << 30, Kind.HUGE_HEADERS: 100 << 20, Kind.REDIRECT_CHAIN: 30}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; the fields that a kind does not name mean nothing to it."""

    kind: Kind
    times: int | None = None
    """How often each address (method, host and path) meets it before all is well again."""
    after: int = 0
    """How often each address is answered properly first."""
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    location: str = ""
    size: int = 0
    """Bytes, or redirects; 0 takes the kind's own."""
    interval: float = 1.0
    drop: tuple[str, ...] = ()
    null: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)

    @property
    def amount(self) -> int:
        """``size``, or the kind's own."""
        return self.size or _DEFAULT_SIZE.get(self.kind, 0)


def answer_status(
    status: int,
    *,
    retry_after: float | str | None = None,
    times: int | None = None,
    body: str = "",
    headers: Mapping[str, str] | None = None,
) -> Fault:
    """Return the fault that answers ``status``; ``retry_after`` in seconds or as it is sent."""
    extra = dict(headers or {})
    if retry_after is not None:
        extra["retry-after"] = str(retry_after)
    return Fault(Kind.STATUS, status=status, headers=extra, times=times, body=body)


def http_date(timestamp: float) -> str:
    """Return a time (seconds since the epoch) as ``Retry-After`` and ``Date`` spell it."""
    return formatdate(timestamp, usegmt=True)


@dataclass(slots=True)
class FaultRegistry:
    """Which faults are set, and how often each address has met them."""

    rules: list[tuple[str, Fault]] = field(default_factory=list)
    seen: dict[tuple[int, str], int] = field(default_factory=dict)

    def set(self, pattern: str, fault: Fault) -> None:
        """Put a fault on a host, or on ``host/path`` (``*`` and ``?`` match as in file names)."""
        self.rules = [rule for rule in self.rules if rule[0] != pattern]
        self.rules.append((pattern, fault))
        self.seen.clear()

    def clear(self) -> None:
        """Take all faults away."""
        self.rules = []
        self.seen.clear()

    def for_host(self, host: str) -> Fault | None:
        """Return the fault that keeps a connection to the host from being made."""
        for pattern, fault in reversed(self.rules):
            if fault.kind in ROUTED and fnmatchcase(host, pattern):
                return fault
        return None

    def for_request(self, request: Request) -> Fault | None:
        """Return the fault that this request meets, and count it."""
        if not self.rules:
            return None
        place = request.host + request.path
        for number in range(len(self.rules) - 1, -1, -1):
            pattern, fault = self.rules[number]
            subject = place if "/" in pattern else request.host
            if fault.kind in ROUTED or not fnmatchcase(subject, pattern):
                continue
            key = (number, f"{request.method} {place}")
            count = self.seen[key] = self.seen.get(key, 0) + 1
            count -= fault.after
            if count > 0 and (fault.times is None or count <= fault.times):
                return fault
        return None


def faulty_answer(fault: Fault, request: Request, proper: Response | None) -> Response:  # noqa: C901 - a table of cases
    """Return the wrong answer of a fault that plays in the answer.

    ``proper`` is what the service would have said; it is there for the kinds that spoil it.
    """
    match fault.kind:
        case Kind.STATUS:
            kind = fault.headers.get("content-type", "text/plain; charset=utf-8")
            rest = [(k, v) for k, v in fault.headers.items() if k.lower() != "content-type"]
            return text_response(fault.body, fault.status, rest, kind)
        case Kind.HTML:
            return _page("Welcome", "<h1>It works!</h1>")
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
            return _page("404 Not Found", "<h1>Page not found</h1><p>It is no longer here.</p>")
        case Kind.CAPTIVE_PORTAL:
            return _page("Hotel WiFi", "<h1>Welcome, please accept our terms</h1>")
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


def _page(title: str, body: str) -> Response:
    text = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return text_response(text, 200, (), "text/html; charset=utf-8")


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
    """Return a gzip body that unpacks to about ``size`` zero bytes, without packing them all."""
    block = 1 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    start = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + again * max(0, size // block - 1)
