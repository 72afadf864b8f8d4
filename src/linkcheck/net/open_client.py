"""Opening the HTTP door. Cheap to import: the client libraries are loaded when it opens."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from linkcheck.model.protocols import Progress
from linkcheck.model.settings import NetSettings
from linkcheck.net import rate_limits
from linkcheck.net.messages import Router

if TYPE_CHECKING:
    import httpx

    from linkcheck.net.client import HttpClient


def open_client(
    settings: NetSettings,
    *,
    progress: Progress,
    not_before: Mapping[str, datetime],
    router: Router | None = None,
    now: Callable[[], datetime],
    backoff: rate_limits.Backoff | None = None,
    transport: "httpx.AsyncBaseTransport | None" = None,
) -> "AbstractAsyncContextManager[HttpClient]":
    """Return the door of one run, to be entered with ``async with``.

    ``not_before`` holds the pauses kept from earlier runs (see :meth:`HttpDoor.pauses`); ``router``
    puts a made-up world in place of the network; ``now`` is the wall clock (aware, UTC).
    ``transport`` takes the place of all connections: names are then not resolved, so the address
    guard judges spellings alone, and closing it is its owner's business.
    ``HTTPS_PROXY``, ``HTTP_PROXY``, ``NO_PROXY`` and ``SSL_CERT_FILE`` are read when it opens.
    Raises :class:`linkcheck.model.errors.ConfigError` when ``SSL_CERT_FILE`` names no file.
    """
    return _opened(
        settings, progress, not_before, router, now, backoff or rate_limits.Backoff(), transport
    )


@asynccontextmanager
async def _opened(
    settings: NetSettings,
    progress: Progress,
    not_before: Mapping[str, datetime],
    router: Router | None,
    now: Callable[[], datetime],
    backoff: rate_limits.Backoff,
    transport: "httpx.AsyncBaseTransport | None",
) -> "AsyncIterator[HttpClient]":
    import anyio

    from linkcheck.net.client import HttpClient
    from linkcheck.net.proxies import from_environment
    from linkcheck.net.transport_pool import TransportPool

    wire = TransportPool(settings, from_environment(), transport)
    try:
        yield HttpClient(
            settings,
            wire=wire,
            progress=progress,
            not_before=not_before,
            router=router,
            now=now,
            backoff=backoff,
        )
    finally:
        with anyio.CancelScope(shield=True), anyio.move_on_after(2.0):
            await wire.close()
