"""GitHub's rate limits: how each of their spellings is told from a refusal, and how long they last.

As its documentation of rate limits says, the primary limit answers 403 or 429 with
``x-ratelimit-remaining: 0`` (REST) or 200 with an error of type ``RATE_LIMIT`` (GraphQL); the
secondary one 200, 403 or 429, with or without ``retry-after``. A 403 with a ``block`` is no
limit but a blocked repository.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from linkcheck.net.messages import HttpFailure, HttpResponse
from linkcheck.providers.json_fields import (
    as_mapping,
    as_sequence,
    as_text,
    as_timestamp,
    parse_json_body,
)
from linkcheck.providers.sleep import Sleep

LIMIT_TYPES = frozenset({"RATE_LIMIT", "RATE_LIMITED", "GRAPHQL_RATE_LIMIT"})
"""Types and codes of GraphQL errors that mean "ask later" (compared in upper case)."""

_MESSAGES = ("api rate limit", "you have exceeded a secondary rate limit", "abuse detection")
_DEFAULT_PAUSE = timedelta(seconds=60)
"""GitHub asks for at least a minute where it names no time."""


@dataclass(frozen=True, slots=True)
class Limit:
    """GitHub asked us to pause."""

    until: datetime
    why: str

    def __str__(self) -> str:
        """Return a phrase for people."""
        return f"{self.why}; asks again from {self.until:%Y-%m-%d %H:%M} UTC"


def limit_of(answer: HttpResponse, now: datetime) -> Limit | None:
    """Return the pause that an answer asks for, or ``None`` when it is no rate limit."""
    if answer.status not in {200, 403, 429}:
        return None
    body = as_mapping(parse_json_body(answer))
    if answer.status == 200:
        if not any(error_type(error) in LIMIT_TYPES for error in as_sequence(body.get("errors"))):
            return None
        return Limit(_until(answer.headers, now), "the GraphQL rate limit is spent")
    if isinstance(body.get("block"), dict):
        return None
    spent = answer.headers.get("x-ratelimit-remaining") == "0"
    message = (as_text(body.get("message")) or "").casefold()
    worded = message.startswith(_MESSAGES[:2]) or _MESSAGES[2] in message
    if answer.status == 429 or spent or worded or "retry-after" in answer.headers:
        why = "the rate limit is spent" if spent else "a secondary rate limit was met"
        return Limit(_until(answer.headers, now), why)
    return None


def error_type(error: object) -> str:
    """Return a GraphQL error's type or code in upper case, or ``""`` when it names none."""
    fields = as_mapping(error)
    extensions = as_mapping(fields.get("extensions"))
    if extensions.get("saml_failure") is True:
        return "FORBIDDEN"
    for value in (fields.get("type"), fields.get("code"), extensions.get("code")):
        named = as_text(value)
        if named:
            return named.upper()
    return ""


def _until(headers: Mapping[str, str], now: datetime) -> datetime:
    after = headers.get("retry-after")
    if after is not None:
        return max(now, _retry_after(after, now))
    reset = as_timestamp(headers.get("x-ratelimit-reset"))
    if headers.get("x-ratelimit-remaining") == "0" and reset is not None:
        return max(now, reset)
    return now + _DEFAULT_PAUSE


def _retry_after(value: str, now: datetime) -> datetime:
    try:
        return now + timedelta(seconds=min(float(value), 86_400.0))
    except (ValueError, OverflowError):
        pass
    try:
        named = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return now + _DEFAULT_PAUSE
    return named if named.tzinfo else named.replace(tzinfo=UTC)


class RateLimitGate:
    """Keeps all requests of a provider back while GitHub asks for a pause.

    ``patience`` is the longest pause in seconds that is waited out; what lies beyond it is for the
    caller to report as rate-limited.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        pause: Sleep,
        patience: float,
    ) -> None:
        """Start open."""
        self._now = now
        self._pause = pause
        self._patience = patience
        self._limit: Limit | None = None

    def close(self, limit: Limit) -> None:
        """Keep requests back until the limit is over; the later of two limits counts."""
        if self._limit is None or limit.until > self._limit.until:
            self._limit = limit

    def closed_by(self, answer: HttpResponse | HttpFailure) -> Limit | None:
        """Close the gate if the answer asks for it, and return why."""
        limit = self.limit_in(answer)
        if limit is not None:
            self.close(limit)
        return limit

    def limit_in(self, answer: HttpResponse | HttpFailure) -> Limit | None:
        """Return the pause that an answer asks for, without closing the gate."""
        if isinstance(answer, HttpFailure):
            if answer.not_before is None:
                return None
            return Limit(answer.not_before, answer.detail)
        return limit_of(answer, self._now())

    async def wait(self) -> Limit | None:
        """Wait until requests may go; return the limit instead if that is too long a wait."""
        while self._limit is not None:
            limit = self._limit
            seconds = (limit.until - self._now()).total_seconds()
            if seconds > self._patience:
                return limit
            if seconds > 0:
                await self._pause(seconds)
            if self._limit is limit:
                self._limit = None
        return None
