"""A door that replays scripted answers: the wire for provider tests."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import anyio

from linkcheck.model.observation import Observation
from linkcheck.model.protocols import ObservationRequest, Provider
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.table import recognize

START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def answer(
    status: int = 200,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    url: str = "https://service.example/",
    **more: object,
) -> HttpResponse:
    """An answer with a JSON (or raw text) body."""
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return HttpResponse(url, status, dict(headers or {}), raw if body is not None else b"", **more)


@dataclass
class FakeDoor:
    """Answers every question by a function and keeps what was asked."""

    script: Callable[[HttpRequest], HttpResponse | HttpFailure]
    asked: list[HttpRequest] = field(default_factory=list)

    async def ask(self, question: HttpRequest) -> HttpResponse | HttpFailure:
        self.asked.append(question)
        await anyio.lowlevel.checkpoint()
        return self.script(question)

    def counts(self) -> Mapping[str, int]:
        return {}

    @property
    def urls(self) -> list[str]:
        return [f"{ask.method} {ask.url}" for ask in self.asked]


@dataclass
class Clock:
    """A clock that only pauses move."""

    time: datetime = START
    pauses: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += timedelta(seconds=seconds)
        await anyio.lowlevel.checkpoint()


def question(link: str, known: Observation | None = None) -> ObservationRequest:
    return ObservationRequest(recognize(link).target, previous=known)


def observe(provider: Provider, questions: Sequence[ObservationRequest]) -> dict[str, Observation]:
    """Run a provider; the observations by the key of their target, each exactly one."""
    seen: list[Observation] = []
    anyio.run(provider.observe, questions, seen.append)
    by_key = {o.target.key: o for o in seen}
    assert len(by_key) == len(seen) == len(questions)
    assert set(by_key) == {q.target.key for q in questions}
    assert all(o.evidence and o.evidence[0].says for o in seen)
    return by_key
