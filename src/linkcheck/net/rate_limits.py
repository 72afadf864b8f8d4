"""Parse how services limit their callers: one set of rules per service, one fallback for all.

Sources: RFC 9110 section 10.2.3 (``Retry-After``), GitHub's pages on REST and GraphQL rate limits
(``x-ratelimit-*``, secondary limits), and the IETF draft whose older form is
``RateLimit-Remaining`` / ``RateLimit-Reset``. A service registers its own rules with
:meth:`linkcheck.net.client.HttpClient.register_rate_limits`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MAX_COOLDOWN = timedelta(days=1).total_seconds()
"""Seconds: no cooldown is kept for longer than this, whatever a header says."""

_DIGITS = re.compile(r"\d{1,18}(?:\.\d*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quota:
    """The state of one limit: so many more requests in so many seconds."""

    remaining: int
    reset_after: float
    """Seconds until the window ends."""
    bucket: str = ""
    """The limit that the response names; empty for the one that the request counted against."""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """A response that refuses a request for now."""

    seconds: float | None
    """How long to wait; ``None`` when the service did not say."""
    whole_host: bool
    """Whether it applies to the whole host, and not only to the kind of request refused."""
    why: str


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential waits between attempts, with jitter so that they do not fall together."""

    base: float = 0.5
    """Seconds before the second attempt, on average."""
    factor: float = 3.0
    max_wait: float = 20.0

    def seconds(self, attempt: int, jitter: float) -> float:
        """Return the wait after ``attempt`` (from 1); ``jitter`` lies between 0 and 1."""
        wait: float = min(self.base * self.factor ** (attempt - 1), self.max_wait)
        return wait * (0.5 + jitter)


def parse_date(value: str | None) -> datetime | None:
    """Return an HTTP date as UTC; ``None`` for anything that is not one."""
    if not value or len(value) > 64:
        return None
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _server_time(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return the time by the server's clock: ours may be wrong by a year."""
    return parse_date(headers.get("date")) or now


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, between 0 and :data:`MAX_COOLDOWN`.

    Both forms are read; a date is compared with the response's own ``Date``. Negative numbers and
    garbage count as absent (``None``), a date in the past as 0.
    """
    value = headers.get("retry-after", "").strip()
    if _DIGITS.fullmatch(value):
        return min(float(value), MAX_COOLDOWN)
    moment = parse_date(value)
    if moment is None:
        return None
    return min(max((moment - _server_time(headers, now)).total_seconds(), 0.0), MAX_COOLDOWN)


def _number(value: str | None) -> float | None:
    value = (value or "").strip()
    return float(value) if _DIGITS.fullmatch(value) else None


def parse_quota(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """Return the limit that ``X-RateLimit-*`` or ``RateLimit-*`` headers describe, if any."""
    remaining = _number(headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining")))
    reset = _number(headers.get("x-ratelimit-reset", headers.get("ratelimit-reset")))
    if remaining is None or reset is None:
        return None
    # GitHub gives the end of the window in Unix time, the older draft in seconds from now.
    if reset > timedelta(days=366).total_seconds():
        reset -= _server_time(headers, now).timestamp()
    return Quota(int(remaining), min(max(reset, 0.0), MAX_COOLDOWN))


class RateLimitRules:
    """The rules for hosts without their own: standard headers, one bucket per kind of path."""

    min_interval: float = 0.0
    """Seconds between the starts of two requests, over all hosts registered together."""
    backoff: Backoff | None = None
    """Replaces the client's own backoff."""
    default_wait: float | None = None
    """Seconds to wait after a 429 that does not say how long."""

    def bucket(self, path: str) -> str:  # noqa: ARG002 - for subclasses
        """Return the name of the limit that a request to ``path`` counts against."""
        return "core"

    def quota(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        """Return the state of a limit as the headers describe it, if they do."""
        return parse_quota(headers, now)

    def parse(
        self,
        status: int,
        headers: Mapping[str, str],
        body: bytes,  # noqa: ARG002 - for subclasses
        now: datetime,
    ) -> RateLimited | None:
        """Return how a response limits us, or ``None`` when it does not.

        429 always does, 403 with a spent quota or ``Retry-After``, 5xx only with ``Retry-After``.
        """
        if status not in {403, 429} and not 500 <= status <= 599:
            return None
        wait = retry_after(headers, now)
        quota = self.quota(headers, now) if status < 500 else None
        if quota is not None and quota.remaining == 0:
            seconds = max(quota.reset_after, wait or 0.0)
            return RateLimited(seconds, whole_host=False, why="its rate limit is spent")
        if wait is not None:
            return RateLimited(wait, whole_host=True, why="it asked for a pause")
        if status == 429:
            return RateLimited(self.default_wait, whole_host=False, why="too many requests")
        return None


class GitHubRateLimits(RateLimitRules):
    """GitHub's rules, for its API and its pages.

    As its documentation says, the primary limit answers 403 or 429 with
    ``x-ratelimit-remaining: 0`` (REST) or 200 with an error of type ``RATE_LIMIT`` (GraphQL); the
    secondary one 200, 403 or 429 with a message, with or without ``retry-after``. A 403 with a
    ``block`` is a blocked repository, not a limit.
    """

    default_wait = 60.0
    """GitHub asks for at least a minute where it names no time."""
    _TYPES = frozenset({"RATE_LIMIT", "RATE_LIMITED", "GRAPHQL_RATE_LIMIT"})
    _MENTION = re.compile(rb"rate.?limit|abuse detection|\"block\"", re.IGNORECASE)
    _MESSAGE = re.compile(
        r"api rate limit|you have exceeded a secondary rate limit|.{0,200}abuse detection",
        re.IGNORECASE,
    )

    def bucket(self, path: str) -> str:
        """Return ``graphql``, ``search``, ``core`` or ``api``, which GitHub counts separately.

        An enterprise server has its API below ``/api/`` of the host that also shows its pages.
        """
        if path.endswith("/graphql"):
            return "graphql"
        if path.startswith("/search/"):
            return "search"
        return "api" if path.startswith("/api/") else "core"

    def parse(
        self, status: int, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> RateLimited | None:
        """Return how a response limits us, or ``None`` when it does not."""
        if status not in {200, 403, 429}:
            return super().parse(status, headers, body, now)
        # Nearly every response is a 200 without these words, and may be megabytes long.
        data = _json_object(body) if self._MENTION.search(body) else {}
        if status != 200 and isinstance(data.get("block"), dict):
            return None
        primary, secondary = self._named(data)
        if status == 200 and not (primary or secondary):
            return None
        wait = retry_after(headers, now)
        quota = self.quota(headers, now)
        if quota is not None and quota.remaining == 0:
            seconds = max(quota.reset_after, wait or 0.0, 1.0)
            return RateLimited(seconds, whole_host=False, why="the rate limit is spent")
        if primary:
            seconds = self.default_wait if wait is None else wait
            return RateLimited(seconds, whole_host=False, why="the rate limit is spent")
        if secondary or wait is not None or status == 429:
            seconds = self.default_wait if wait is None else wait
            return RateLimited(seconds, whole_host=True, why="a secondary rate limit was met")
        return None

    def _named(self, data: Mapping[str, object]) -> tuple[bool, bool]:
        """Return whether a body names a primary and a secondary limit."""
        listed = data.get("errors")
        errors = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
        primary = any(kind.upper() in self._TYPES for error in errors for kind in _types(error))
        messages = [str(item.get("message") or "") for item in (data, *errors)]
        return primary, any(self._MESSAGE.match(message.lstrip()) for message in messages)


class ArxivRateLimits(RateLimitRules):
    """arXiv's rules: a fixed distance between requests, and refusals as plain text, also as 200."""

    def __init__(self, min_interval: float) -> None:
        """``min_interval`` is in seconds; its terms of use ask for three."""
        self.min_interval = min_interval
        self.backoff = Backoff(base=2 * min_interval, factor=2.0, max_wait=60.0)

    def parse(
        self, status: int, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> RateLimited | None:
        """Return how a response limits us, or ``None`` when it does not."""
        limited = super().parse(status, headers, body, now)
        if limited is None and body.lstrip()[:40].lower().startswith(b"rate exceeded"):
            return RateLimited(None, whole_host=True, why="arXiv says: rate exceeded")
        return limited


def _json_object(body: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _types(error: Mapping[str, object]) -> Iterator[str]:
    """Yield the types and codes that a GraphQL error names."""
    extensions = error.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    for value in (error.get("type"), error.get("code"), code):
        if isinstance(value, str):
            yield value
