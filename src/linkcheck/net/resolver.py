"""Resolve names for aiohttp's connector, through the address guard.

The connector uses the addresses returned here, so a name that changes its addresses between the
check and the connection (DNS rebinding) gains nothing.
"""

import socket
import threading
from collections.abc import Callable
from typing import Any

import anyio
from aiohttp.abc import AbstractResolver, ResolveResult
from anyio import from_thread
from anyio.lowlevel import current_token

from linkcheck.net.address_guard import PrivateAddressError, is_private

MAX_LOOKUPS = 32

AddressInfo = list[tuple[Any, Any, int, str, tuple[Any, ...]]]


class _Lookup:
    """One ``getaddrinfo`` call in a new thread.

    The thread is a daemon: a name server that never answers must not keep the process alive once
    the run is over, which threads of a pool would.
    """

    def __init__(self, host: str, port: int, family: socket.AddressFamily) -> None:
        self._arguments = (host, port, family)
        self._done = anyio.Event()
        self._token = current_token()
        self._result: AddressInfo = []
        self._error: OSError | UnicodeError | None = None

    def _run(self) -> None:
        host, port, family = self._arguments
        try:
            self._result = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            self._error = error
        try:
            from_thread.run_sync(self._done.set, token=self._token)
        except RuntimeError:
            return  # the run has ended; no task waits for the result

    async def __call__(self) -> AddressInfo:
        threading.Thread(target=self._run, name="linkcheck-dns", daemon=True).start()
        await self._done.wait()
        if isinstance(self._error, UnicodeError):
            raise socket.gaierror(socket.EAI_NONAME, "not a valid host name") from self._error
        if self._error is not None:
            raise self._error
        return self._result


class Resolver(AbstractResolver):
    """The system's resolver with a timeout and, unless ``allow_private``, the address guard."""

    def __init__(
        self,
        *,
        timeout: float,
        allow_private: bool,
        lookup: Callable[[str, int, socket.AddressFamily], Any] = _Lookup,
    ) -> None:
        self._timeout = timeout
        self._allow_private = allow_private
        self._lookup = lookup
        self._limiter = anyio.Semaphore(MAX_LOOKUPS, fast_acquire=True)
        self.addresses: dict[str, str] = {}
        """The first address of each name that was resolved."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of ``host`` that may be connected to.

        Raises :class:`socket.gaierror` when there is none (``EAI_AGAIN`` when the resolver does not
        respond) and :class:`PrivateAddressError` when all of them are private.
        """
        async with self._limiter:
            with anyio.move_on_after(self._timeout):
                infos = await self._lookup(host, port, family)()
                return self._judge(host, port, infos)
        raise socket.gaierror(socket.EAI_AGAIN, "the name server does not answer")

    def _judge(self, host: str, port: int, infos: AddressInfo) -> list[ResolveResult]:
        found: list[ResolveResult] = []
        refused = None
        for family, _kind, protocol, _name, address in infos:
            if not self._allow_private and is_private(str(address[0])):
                refused = str(address[0])
                continue
            found.append(
                ResolveResult(
                    hostname=host,
                    host=str(address[0]),
                    port=port,
                    family=family,
                    proto=protocol,
                    flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
                )
            )
        if not found and refused is not None:
            raise PrivateAddressError(f"{host} resolves to the private address {refused}")
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        self.addresses[host] = found[0]["host"]
        return found

    async def close(self) -> None:
        """Do nothing: there is nothing to close."""
