"""The state of each host that requests go to: its slots, its pace, its quotas and its cooldowns."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import anyio

from linkcheck.model.settings import HostLimits
from linkcheck.net.rate_limits import MAX_COOLDOWN, Quota, RateLimited, RateLimitRules

NEW_WINDOW = 5.0
"""Seconds by which the end of a quota's window must move to count as a new window."""
MIN_KEPT_COOLDOWN = 10.0
"""Seconds: a shorter cooldown is over before another run comes to the host."""


@dataclass(slots=True)
class RateLimitBucket:
    """One quota of a host, as its responses describe it. Times are the event loop's."""

    remaining: int | None = None
    """Requests left when all that have started are counted; a lower bound. ``None``: unknown."""
    reset_at: float = 0.0
    """When the window ends."""
    blocked_until: float = 0.0
    refusals: int = 0
    """Cooldowns in a row after which the host refused again; 1 for the first one."""
    started: int = 0
    finished: int = 0

    def update(self, quota: Quota, now: float, ticket: int | None = None) -> None:
        """Apply what a response says.

        ``ticket`` is what :meth:`start` returned for its request; ``None`` when that counted
        against another bucket. The host had counted every request that was finished when this one
        started, and may not have counted any of the others yet.
        """
        counted = self.finished if ticket is None else ticket + 1
        at_least = quota.remaining - (self.started - counted)
        reset_at = now + min(quota.reset_after, MAX_COOLDOWN)
        if self.remaining is None or reset_at > self.reset_at + NEW_WINDOW:
            self.remaining, self.reset_at = at_least, reset_at
        else:
            # More left than we counted: requests that cost nothing, such as a 304 at GitHub.
            # Fewer: others share the quota.
            self.remaining = min(max(self.remaining, at_least), quota.remaining)

    def wait_time(self, now: float) -> float:
        """Return the seconds until this quota allows another request; 0 when it does now."""
        if self.remaining is not None and now >= self.reset_at:
            self.remaining = None
        spent = self.remaining is not None and self.remaining <= 0
        return max(self.blocked_until - now, self.reset_at - now if spent else 0.0, 0.0)

    def start(self) -> int:
        """Count a request that goes out; return the ticket for :meth:`update`."""
        self.started += 1
        if self.remaining is not None:
            self.remaining -= 1
        return self.finished

    def finish(self) -> None:
        """Count a request that has come back."""
        self.finished += 1


@dataclass(slots=True)
class Pace:
    """The distance between the starts of requests, for one host or several of one service."""

    interval: float
    next_start: float = 0.0

    def reserve(self, now: float) -> float:
        """Take the next turn and return its time."""
        start = max(self.next_start, now)
        self.next_start = start + self.interval
        return start


@dataclass(slots=True)
class HostState:
    """Everything that decides when the next request to a host may start."""

    name: str
    limits: HostLimits
    slots: anyio.Semaphore
    pace: Pace
    rules: RateLimitRules
    requests: int = 0
    blocked_until: float = 0.0
    is_failing: bool = False
    """Whether its cooldown came with a 5xx: it is no limit on our requests."""
    buckets: dict[str, RateLimitBucket] = field(default_factory=dict)

    @classmethod
    def create(
        cls, name: str, budget: HostLimits, rules: RateLimitRules, pace: Pace | None
    ) -> "HostState":
        """Return the state of a host before its first request; ``pace`` is shared with others."""
        if budget.per_second:
            interval = 1.0 / budget.per_second
            pace = pace if pace is not None and pace.interval > interval else Pace(interval)
        slots = anyio.Semaphore(max(budget.concurrency, 1), fast_acquire=True)
        return cls(name, budget, slots, pace or Pace(0.0), rules)

    def bucket(self, name: str, *, has_token: bool) -> RateLimitBucket:
        """Return one of the host's quotas; callers with a token are counted separately."""
        key = f"{name}+token" if has_token else name
        bucket = self.buckets.get(key)
        if bucket is None:
            bucket = self.buckets[key] = RateLimitBucket()
        return bucket

    def wait_time(self, bucket: RateLimitBucket, now: float) -> float:
        """Return the seconds until cooldowns and quota allow a request; 0 when they do now."""
        return max(self.blocked_until - now, bucket.wait_time(now), 0.0)

    def cool_down(
        self, limited: RateLimited, bucket: RateLimitBucket, seconds: float, now: float
    ) -> None:
        """Send nothing for so many seconds: to the whole host, or against one quota."""
        until = now + min(seconds, MAX_COOLDOWN)
        if self.wait_time(bucket, now) <= 0:  # else the request was in flight before the cooldown
            bucket.refusals += 1
        if limited.whole_host:
            self.blocked_until = max(self.blocked_until, until)
        else:
            bucket.blocked_until = max(bucket.blocked_until, until)


def cooldowns(hosts: dict[str, HostState], clock: float, now: datetime) -> dict[str, datetime]:
    """Return the ends of the cooldowns that a later run has to keep; see :func:`restore`.

    ``host`` for a whole host, ``host#quota`` for one of its quotas.
    """
    waits: dict[str, float] = {}
    for name, host in hosts.items():
        waits[name] = host.blocked_until - clock
        waits |= {f"{name}#{key}": b.wait_time(clock) for key, b in host.buckets.items()}
    return {
        key: now + timedelta(seconds=wait)
        for key, wait in waits.items()
        if wait >= MIN_KEPT_COOLDOWN
    }


def restore(host: HostState, stored: dict[str, float], clock: float) -> None:
    """Restore a host's cooldowns of earlier runs (seconds from now by their key)."""
    for key, seconds in stored.items():
        name, _, label = key.partition("#")
        if name != host.name or seconds <= 0:
            continue
        if label:
            host.buckets.setdefault(label, RateLimitBucket()).blocked_until = clock + seconds
        else:
            host.blocked_until = clock + seconds
