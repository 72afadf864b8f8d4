from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from linkcheck.model.protocols import SilentProgress
from linkcheck.net.client import HttpClient, open_client
from linkcheck.net.rate_limits import Backoff
from tests.net.net_world import NOW, QUICK, Opened, World


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def opened() -> Opened:
    def make(
        router: World | None = None,
        *,
        progress: SilentProgress | None = None,
        not_before: Mapping[str, datetime] | None = None,
        backoff: Backoff | None = None,
        **settings: Any,
    ) -> AbstractAsyncContextManager[HttpClient]:
        return open_client(
            replace(QUICK, **settings),
            progress=progress or SilentProgress(),
            not_before=not_before or {},
            router=router,
            now=lambda: NOW,
            backoff=backoff or Backoff(base=0.002),
        )

    return make
