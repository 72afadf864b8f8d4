"""Send single requests through aiohttp behind httpx's transport interface.

httpx's own transport is an order of magnitude slower at a hundred connections, and the package that
joins the two costs, for each request, a generator whose clean-up wakes the event loop, a second
parse of the URL and a set of timeouts that never change. Here the URL goes out as httpx has it, the
timeouts are the session's, and a body is read without a generator.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import aiohttp
import httpx
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

CHUNK_SIZE = 16_384
"""Bytes of a body read at a time: of most pages no more than the first chunk is needed."""


@contextmanager
def _map_errors() -> Iterator[None]:
    """Raise what aiohttp raises for a peer's behavior as :class:`httpx.TransportError`.

    Its own exceptions do not cover everything: name resolution, TLS and sockets raise ``OSError``,
    its parsers of URLs, host names and headers ``ValueError``. The original is the cause.
    """
    try:
        yield
    except (aiohttp.ClientError, HttpProcessingError, OSError, ValueError, EOFError) as error:
        raise httpx.TransportError(str(error)) from error


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends single requests through one session; the client follows redirects and decodes.

    The session must not decompress (``auto_decompress=False``) and has the timeouts. Raises
    :class:`httpx.TransportError`, caused by aiohttp's own exception. A request's extension
    ``sni_hostname`` is the name that the server's certificate must be valid for.
    """

    def __init__(self, session: aiohttp.ClientSession, proxy: str | None = None) -> None:
        """Use ``session``, which is closed with the transport, through ``proxy`` if there is one.

        A user name and password in the proxy's URL are sent to it.
        """
        self._session = session
        self._proxy = None if proxy is None else URL(proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return once the headers of its response are in."""
        headers = [(name.decode(), value.decode()) for name, value in request.headers.raw]
        with _map_errors():
            response = await self._session.request(
                request.method,
                # httpx has quoted what must be; quoting again would request another URL.
                URL(str(request.url), encoded=True),
                headers=headers,
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


class _Body(httpx.AsyncByteStream):
    """The chunks of a response's body. Closing it early closes the connection."""

    __slots__ = ("_response",)

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        with _map_errors():
            chunk = await self._response.content.read(CHUNK_SIZE)
        if not chunk:
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        self._response.release()
