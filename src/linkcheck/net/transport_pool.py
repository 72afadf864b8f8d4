"""The transports of the HTTP client (guarded, unguarded, one per proxy), opened when first needed.

The client handles redirects, cookies, retries and decoding itself, so its requests go to a
transport: those features of ``httpx.AsyncClient`` would only have to be switched off.
"""

import os
import re
import ssl
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import aiohttp
import httpx

from linkcheck.model.errors import ConfigError
from linkcheck.model.settings import NetSettings
from linkcheck.model.url import Url
from linkcheck.net.messages import Route
from linkcheck.net.proxies import Proxies
from linkcheck.net.resolver import Resolver
from linkcheck.net.transport import AiohttpTransport

MAX_HEADER_SIZE = 32_768
"""Bytes of one header line."""
MAX_HEADERS = 200
KEEP_ALIVE_SECONDS = 5.0
"""Seconds that an idle connection is kept: a run talks to hundreds of hosts, each for a while."""
DNS_TTL_SECONDS = 300

_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")
_AUTOMATIC = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


def ssl_context() -> ssl.SSLContext | bool:
    """Return the trusted certificate authorities, as aiohttp's ``ssl`` parameter.

    Those of ``SSL_CERT_FILE`` or ``SSL_CERT_DIR``; else the system's, as ``True``: aiohttp has read
    them on import, and reading them again takes as long as all else at start-up. Where the system
    has no certificates at all (a bare container), certifi's. Raises :class:`ConfigError` if
    ``SSL_CERT_FILE`` names no file.
    """
    named = os.environ.get("SSL_CERT_FILE")
    if named and not Path(named).is_file():
        raise ConfigError(
            f"there is no file {named}",
            where="SSL_CERT_FILE",
            hint="Point it to a PEM file of certificate authorities, or unset it.",
        )
    if named or os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context()
    if _system_has_certificates():
        return True
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


def _system_has_certificates() -> bool:
    if sys.platform == "win32":
        return True  # Windows keeps certificates in a store, not in files
    paths = ssl.get_default_verify_paths()
    with suppress(OSError):
        if paths.cafile and Path(paths.cafile).stat().st_size:
            return True
    if not paths.capath:
        return False
    with suppress(OSError):
        # OpenSSL finds a certificate in a folder only by a name made of its hash. Red Hat's folder
        # has bundles alone, and a Python that was not built for it looks there.
        return any(_HASHED.fullmatch(file.name) for file in Path(paths.capath).iterdir())
    return False


class TransportPool:
    """Sends single requests, through ``transport`` or through sessions opened when needed."""

    def __init__(
        self,
        settings: NetSettings,
        proxies: Proxies,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._proxies = proxies
        self._override = transport
        self._transports: dict[tuple[bool, str | None], httpx.AsyncBaseTransport] = {}
        self._resolvers: list[Resolver] = []
        self._ssl_context: ssl.SSLContext | bool | None = None
        self._timeout = aiohttp.ClientTimeout(
            sock_connect=settings.connect_timeout, sock_read=settings.read_timeout
        )

    def address_of(self, host: str, route: Route | None) -> str | None:
        """Return the address that a host name has resolved to, if it was resolved here."""
        if route is not None:
            return route.resolves_to
        found = (resolver.addresses.get(host) for resolver in self._resolvers)
        return next((address for address in found if address), None)

    def proxy_for(self, target: Url) -> str | None:
        """Return the proxy that the environment sets for a URL."""
        return self._proxies.proxy_for(target.scheme, target.host)

    async def send(
        self,
        target: Url,
        method: str,
        headers: Mapping[str, str],
        content: bytes | None,
        *,
        route: Route | None,
        trusted: bool,
    ) -> httpx.Response:
        """Send one request and return once the headers of its response are in.

        Raises :data:`linkcheck.net.transport_failures.HTTP_ERRORS`.
        """
        extensions: dict[str, object] = {}
        url = str(target)
        proxy = None
        if route is not None:
            trusted = True
            scheme = "https" if route.tls else "http"
            url = f"{scheme}://{route.address}:{route.port}{target.request_target}"
            headers = {**headers, "host": target.authority, "x-sandbox-scheme": target.scheme}
            if route.tls:
                extensions["sni_hostname"] = target.host
        else:
            proxy = self.proxy_for(target)
        # Cookies go back as they came; httpx refuses to encode what is not ASCII.
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        request = httpx.Request(
            method, url, headers=encoded, content=content, extensions=extensions
        )
        return await self._transport(trusted, proxy).handle_async_request(request)

    def _transport(self, trusted: bool, proxy: str | None) -> httpx.AsyncBaseTransport:
        if self._override is not None:
            return self._override
        # A proxy usually has a private address, so connections to it are not guarded; the client
        # has checked the target by then.
        key = (trusted or proxy is not None, proxy)
        transport = self._transports.get(key)
        if transport is None:
            transport = self._transports[key] = self._open(key[0], proxy)
        return transport

    def _open(self, open_to_all: bool, proxy: str | None) -> httpx.AsyncBaseTransport:
        if self._ssl_context is None:
            self._ssl_context = ssl_context()
        resolver = Resolver(
            timeout=self._settings.connect_timeout,
            allow_private=open_to_all or self._settings.allow_private,
        )
        self._resolvers.append(resolver)
        connector = aiohttp.TCPConnector(
            limit=0,
            ssl=self._ssl_context,
            resolver=resolver,
            ttl_dns_cache=DNS_TTL_SECONDS,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
        )
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=_AUTOMATIC,
            timeout=self._timeout,
            auto_decompress=False,
            max_line_size=MAX_HEADER_SIZE,
            max_field_size=MAX_HEADER_SIZE,
            max_headers=MAX_HEADERS,
        )
        return AiohttpTransport(session, proxy)

    async def close(self) -> None:
        """Close every connection."""
        for transport in self._transports.values():
            await transport.aclose()
        self._transports.clear()
