"""When to ask again: Retry-After, rate-limit headers and backoff, as pure functions.

Sources: RFC 9110 section 10.2.3 (Retry-After), the Hugging Face hub's rate-limit page
(``RateLimit: "api";r=472;t=235``), GitHub's REST rate-limit page (``x-ratelimit-*``) and the IETF
draft whose older form is ``RateLimit-Remaining`` / ``RateLimit-Reset``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=366).total_seconds()
"""No pause is kept for longer than this, whatever a header says."""
SECONDARY_LIMIT = 60.0
"""Seconds to wait when GitHub names a secondary limit without a time (its own advice)."""

_DIGITS = re.compile(r"\d{1,18}(?:\.\d*)?", re.ASCII)
_QUOTA_ITEM = re.compile(
    r"""\s*"?([\w .*-]{0,64})"?\s*((?:;\s*[\w-]{1,16}\s*=\s*[\w."-]{1,32}\s*)+)"""
)
_PARAMETER = re.compile(r";\s*([\w-]+)\s*=\s*([\w.-]+)")


@dataclass(frozen=True, slots=True)
class Quota:
    """What an answer says about a limit: so many more requests in so many seconds."""

    remaining: int
    reset_after: float
    """Seconds until the window ends."""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """An answer that refuses for now."""

    seconds: float | None
    """How long to wait; ``None`` when the service did not say."""
    whole_host: bool
    """Whether all of the host is meant, and not only the kind of request that was refused."""
    why: str


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits between tries that grow, with jitter so that they do not fall together."""

    base: float = 0.5
    """Seconds before the second try, on average."""
    factor: float = 3.0
    longest: float = 20.0

    def seconds(self, attempt: int, jitter: float) -> float:
        """Return the wait after try ``attempt`` (from 1); ``jitter`` lies between 0 and 1."""
        wait: float = min(self.base * self.factor ** (attempt - 1), self.longest)
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


def _clock(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return the time by the server's clock: ours may be wrong by a year."""
    return parse_date(headers.get("date")) or now


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, between 0 and :data:`LONGEST`.

    Both forms are read; a date is taken against the answer's own ``Date``. Negative numbers and
    garbage count as not said (``None``), a date that is over as 0.
    """
    value = headers.get("retry-after", "").strip()
    if _DIGITS.fullmatch(value):
        return min(float(value), LONGEST)
    moment = parse_date(value)
    if moment is None:
        return None
    return min(max((moment - _clock(headers, now)).total_seconds(), 0.0), LONGEST)


def _number(value: str | None) -> float | None:
    value = (value or "").strip()
    return float(value) if _DIGITS.fullmatch(value) else None


def _structured(value: str) -> Quota | None:
    """Read ``"api";r=472;t=235``; of several limits, the one that is closest to its end."""
    tightest: Quota | None = None
    for item in value[:1024].split(","):
        match = _QUOTA_ITEM.fullmatch(item)
        if match is None:
            continue
        parameters = dict(_PARAMETER.findall(match[2]))
        remaining, reset = _number(parameters.get("r")), _number(parameters.get("t"))
        if remaining is None or reset is None:
            continue
        quota = Quota(int(remaining), min(reset, LONGEST))
        if tightest is None or quota.remaining < tightest.remaining:
            tightest = quota
    return tightest


def quota(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """Return the limit an answer's headers speak of, if they do."""
    structured = headers.get("ratelimit")
    if structured is not None and (read := _structured(structured)) is not None:
        return read
    remaining = _number(headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining")))
    reset = _number(headers.get("x-ratelimit-reset", headers.get("ratelimit-reset")))
    if remaining is None or reset is None:
        return None
    # GitHub gives the end of the window in Unix time, the older draft in seconds from now.
    if reset > LONGEST:
        reset -= _clock(headers, now).timestamp()
    return Quota(int(remaining), min(max(reset, 0.0), LONGEST))


def parse_rate_limit(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime
) -> RateLimited | None:
    """Return how an answer limits us, or ``None`` when it does not.

    429 always does; 503 and other 5xx only with ``Retry-After``; 403 in GitHub's forms: a spent
    quota, ``Retry-After``, or a body that names a secondary limit.
    """
    if status not in {403, 429} and not 500 <= status <= 599:
        return None
    wait = retry_after(headers, now)
    spent = quota(headers, now)
    if spent is not None and spent.remaining == 0 and status in {403, 429}:
        seconds = max(spent.reset_after, wait or 0.0)
        return RateLimited(seconds, whole_host=False, why="its rate limit is spent")
    if wait is not None:
        return RateLimited(wait, whole_host=True, why="it asked for a pause")
    if status == 403 and b"secondary rate limit" in body[:4096]:
        return RateLimited(SECONDARY_LIMIT, whole_host=True, why="its secondary rate limit")
    if status == 429:
        return RateLimited(None, whole_host=False, why="too many requests")
    return None


def rate_limit_bucket(path: str, *, authorised: bool) -> str:
    """Name the quota that a request draws on, as far as its path shows.

    GitHub counts REST, GraphQL and search apart, Hugging Face its API, its resolver and its
    pages; both count callers with a token apart from those without.
    """
    if path.endswith("/graphql"):
        name = "graphql"
    elif path.startswith("/search/"):
        name = "search"
    elif path.startswith("/api/"):
        name = "api"
    elif "/resolve/" in path:
        name = "resolvers"
    else:
        name = "core"
    return f"{name}+token" if authorised else name
