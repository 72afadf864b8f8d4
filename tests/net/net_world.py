"""Shared by the tests of the HTTP client: short timeouts, a router, a progress that records."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from linkcheck.model.protocols import SilentProgress
from linkcheck.model.settings import NetSettings
from linkcheck.net.client import HttpClient
from linkcheck.net.messages import Route

QUICK = NetSettings(
    connect_timeout=0.5, read_timeout=0.3, request_timeout=0.6, deadline=20.0, allow_private=True
)
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Waits(SilentProgress):
    def __init__(self) -> None:
        self.seen: list[tuple[str, float, str]] = []

    def waiting(self, host: str, seconds: float, why: str) -> None:
        self.seen.append((host, seconds, why))


class World:
    """Routes every name to one server, except for ``names`` (None: it does not resolve)."""

    def __init__(self, port: int, names: Mapping[str, Route | None] | None = None) -> None:
        self.port = port
        self.names = names or {}

    def route(self, scheme: str, host: str, port: int) -> Route | None:
        return self.names.get(host, Route("127.0.0.1", self.port))


Opened = Callable[..., AbstractAsyncContextManager[HttpClient]]
