"""The real HTTP client over scripted responses, on a clock that skips every wait."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import anyio
import httpx
from anyio.lowlevel import current_token

from linkcheck.model.observation import Observation
from linkcheck.model.protocols import ObservationRequest, Provider, SilentProgress
from linkcheck.model.settings import HostLimits, NetSettings
from linkcheck.model.url import Url
from linkcheck.net.client import HttpClient
from linkcheck.net.messages import (
    HttpFailure,
    HttpRequest,
    HttpResponse,
    RateLimitStatus,
    Route,
)
from linkcheck.net.proxies import Proxies
from linkcheck.net.rate_limits import Backoff, RateLimitRules
from linkcheck.net.transport_pool import TransportPool
from linkcheck.providers.table import recognize
from tests.virtual_time import Clock, SkippingLoop

_request: ContextVar[HttpRequest] = ContextVar("request")


def answer(
    status: int = 200,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    url: str = "https://service.example/",
    **more: Any,
) -> HttpResponse:
    """An answer with a JSON (or raw text) body."""
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return HttpResponse(url, status, dict(headers or {}), raw if body is not None else b"", **more)


class _Failed(httpx.TransportError):
    """A scripted :class:`HttpFailure`."""


class _ScriptedTransports(TransportPool):
    def __init__(self, fake: "FakeHttp") -> None:
        super().__init__(NetSettings(), Proxies())
        self._fake = fake

    async def send(
        self,
        site: Url,
        method: str,
        headers: Mapping[str, str],
        content: bytes | None,
        *,
        route: Route | None,
        trusted: bool,
    ) -> httpx.Response:
        await anyio.lowlevel.checkpoint()
        scripted = self._fake.respond(_request.get())
        if isinstance(scripted, HttpFailure):
            raise _Failed(scripted.detail)
        # Redirects are the script's: it gives the response at their end.
        status = 200 if 300 <= scripted.status < 400 else scripted.status
        return httpx.Response(status, headers=dict(scripted.headers), content=scripted.body)


class _Waits(SilentProgress):
    def __init__(self) -> None:
        self.seconds: list[float] = []

    def waiting(self, host: str, seconds: float, why: str) -> None:
        self.seconds.append(seconds)


@dataclass
class FakeHttp:
    """Answers every request by a function, within the real client's limits and retries."""

    script: Callable[[HttpRequest], HttpResponse | HttpFailure]
    asked: list[HttpRequest] = field(default_factory=list)
    """Every request that was sent, retries included."""
    given: list[HttpRequest] = field(default_factory=list)
    """The requests in the order in which the provider made them."""
    times: list[datetime] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    deadline: float = 1e9
    """Seconds of the run, and so the longest wait for a limit."""
    _scripted: dict[int, HttpResponse | HttpFailure] = field(default_factory=dict)
    _rules: list[tuple[RateLimitRules, tuple[str, ...]]] = field(default_factory=list)
    _progress: _Waits = field(default_factory=_Waits)
    _client: HttpClient | None = None
    _loop: object = None

    def respond(self, request: HttpRequest) -> HttpResponse | HttpFailure:
        self.asked.append(request)
        self.times.append(self.clock.now())
        scripted = self._scripted[id(request)] = self.script(request)
        return scripted

    def register_rate_limits(self, rules: RateLimitRules, *urls: str) -> None:
        self._rules.append((rules, urls))

    def rate_limit(self, url: str, token: str | None) -> RateLimitStatus:
        return self._get_client().rate_limit(url, token)

    def _get_client(self) -> HttpClient:
        loop = current_token()
        if self._client is None or self._loop != loop:
            self._loop = loop
            self._client = HttpClient(
                NetSettings(default_limits=HostLimits(concurrency=16), deadline=self.deadline),
                transports=_ScriptedTransports(self),
                progress=self._progress,
                not_before={},
                router=None,
                now=self.clock.now,
                backoff=Backoff(),
            )
            for rules, urls in self._rules:
                self._client.register_rate_limits(rules, *urls)
        return self._client

    async def send(self, question: HttpRequest) -> HttpResponse | HttpFailure:
        self.given.append(question)
        reset = _request.set(question)
        try:
            got = await self._get_client().send(replace(question, trusted=True))
        finally:
            _request.reset(reset)
        scripted = self._scripted.pop(id(question), None)
        if scripted is None or (isinstance(got, HttpFailure) and got.not_before):
            return got  # never sent
        if isinstance(scripted, HttpFailure) or isinstance(got, HttpFailure):
            return scripted
        return replace(
            scripted, attempts=got.attempts, limited=got.limited, not_before=got.not_before
        )

    def counts(self) -> Mapping[str, int]:
        return {}

    @property
    def urls(self) -> list[str]:
        return [f"{ask.method} {ask.url}" for ask in self.asked]

    @property
    def waits(self) -> list[float]:
        """The seconds of every wait that the progress shows."""
        return self._progress.seconds


def question(link: str, known: Observation | None = None) -> ObservationRequest:
    return ObservationRequest(recognize(link).target, previous=known)


def observe(provider: Provider, questions: Sequence[ObservationRequest]) -> dict[str, Observation]:
    """Run a provider; the observations by the key of their target, each exactly one."""
    seen: list[Observation] = []
    anyio.run(
        provider.observe,
        questions,
        seen.append,
        backend_options={"loop_factory": SkippingLoop},
    )
    by_key = {o.target.key: o for o in seen}
    assert len(by_key) == len(seen) == len(questions)
    assert set(by_key) == {q.target.key for q in questions}
    assert all(o.evidence and o.evidence[0].says for o in seen)
    return by_key
