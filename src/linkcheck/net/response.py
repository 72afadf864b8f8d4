"""Read one HTTP response into a value."""

from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import anyio

from linkcheck.model.observation import UnknownReason
from linkcheck.net.body import BodyReader
from linkcheck.net.rate_limits import RateLimited
from linkcheck.net.redirects import REDIRECTS, RedirectChain
from linkcheck.net.transport_failures import HTTP_ERRORS, Timeouts, classify

if TYPE_CHECKING:
    import httpx

MAX_DRAIN = 16_384
"""Bytes of an unneeded body that are read to keep the connection open."""
MAX_DRAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class RawResponse:
    """The response of one exchange, before redirects."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    """The ``Set-Cookie`` lines."""
    body: bytes = b""
    truncated: bool = False
    broken: bool = False
    limited: RateLimited | None = None


def _headers(response: "httpx.Response") -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name = raw_name.decode("latin-1").lower()
        value = raw_value.decode("utf-8", "replace")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def read_response(
    chain: RedirectChain, response: "httpx.Response", max_body: int, limits: Timeouts
) -> RawResponse:
    """Read the body as far as the request needs it; that of a redirect not at all.

    A body that breaks off is kept as far as it came. Raises :data:`HTTP_ERRORS` when the sender
    falls silent.
    """
    headers = _headers(response)
    status = response.status_code
    cookies = response.headers.get_list("set-cookie") if "set-cookie" in headers else []
    request = chain.request
    if chain.method == "HEAD" or status in {204, 304}:
        return RawResponse(status, headers, cookies)
    is_redirect = request.follow_redirects and status in REDIRECTS and "location" in headers
    limit = min(request.body_limit, max_body)
    is_html = "html" in headers.get("content-type", "html").lower()
    # The body of an error is short, and shows whose error it is.
    if request.html_only and not is_html and status < 400:
        limit = 0
    if is_redirect or limit <= 0:
        await _drain(response, headers)
        return RawResponse(status, headers, cookies, truncated=not is_redirect)
    reader = BodyReader(headers.get("content-encoding", ""), limit, request.stop_after)
    broken = False
    try:
        async for chunk in _chunks(response):
            if not reader.feed(chunk):
                break
        else:
            reader.finish()
    except HTTP_ERRORS as error:
        if classify(error, limits).reason is UnknownReason.TIMEOUT:
            raise
        broken = True
    broken = broken or reader.broken
    return RawResponse(status, headers, cookies, reader.content, broken or reader.truncated, broken)


def _chunks(response: "httpx.Response") -> AsyncIterable[bytes]:
    # httpx types the stream as sync or async; an async transport returns an async one.
    return cast("AsyncIterable[bytes]", response.stream)


async def _drain(response: "httpx.Response", headers: Mapping[str, str]) -> None:
    """Read a short unneeded body, so that the connection can be used again."""
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and int(length[:9]) <= MAX_DRAIN):
        return
    with anyio.move_on_after(MAX_DRAIN_SECONDS):
        try:
            async for _chunk in _chunks(response):
                pass
        except HTTP_ERRORS:
            return
