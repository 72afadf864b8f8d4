"""httpx's transport interface over an aiohttp session: the thin layer every request crosses.

httpx's own transport is an order of magnitude slower at a hundred connections, and the package that
joins the two costs, for each request, a generator whose clean-up wakes the event loop, a second
reading of the address and a set of time limits that never change. Here the address goes out as
httpx has it, the limits are the session's, and a body is read without a generator.
"""

from collections.abc import AsyncIterator

import aiohttp
import httpx
from yarl import URL


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends single requests through one session; redirects, cookies and decoding are the door's.

    The session must not decompress (``auto_decompress=False``) and brings the time limits. Raises
    aiohttp's own exceptions, which :data:`linkcheck.net.transport_failures.WIRE_ERRORS` knows beside httpx's.
    A request's extension ``sni_hostname`` is the name that the server's certificate must bear.
    """

    def __init__(self, session: aiohttp.ClientSession, proxy: str | None = None) -> None:
        """Use ``session``, which is closed with the transport, through ``proxy`` if there is one.

        A user and a password in the proxy's address are sent to it.
        """
        self._session = session
        self._proxy = None if proxy is None else URL(proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return once the headers of its answer are in."""
        response = await self._session.request(
            request.method,
            # httpx has quoted what must be; quoting again would ask for another address.
            URL(str(request.url), encoded=True),
            headers=[(name.decode(), value.decode()) for name, value in request.headers.raw],
            data=request.content or None,
            allow_redirects=False,
            proxy=self._proxy,
            server_hostname=request.extensions.get("sni_hostname"),
        )
        return httpx.Response(
            response.status, headers=response.raw_headers, stream=_Body(response), request=request
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._session.close()


CHUNK = 16_384
"""Bytes of a body taken at a time: of most pages no more than the first of these is wanted."""


class _Body(httpx.AsyncByteStream):
    """The chunks of one answer's body, as they come. Closing it early costs the connection."""

    __slots__ = ("_response",)

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        chunk = await self._response.content.read(CHUNK)
        if not chunk:
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        self._response.release()
