"""How hard each host may be asked: concurrency, rate, quotas and the pauses it asks for."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import anyio

from linkcheck.model.settings import HostLimits
from linkcheck.net.rate_limits import Quota, RateLimited

NEW_WINDOW = 5.0
"""Seconds by which the end of a quota's window must move to count as a new window."""


@dataclass(slots=True)
class RateLimitBucket:
    """What is left of one quota of a host, as far as its answers tell."""

    remaining: int | None = None
    reset_at: float = 0.0
    """When the window ends, in the event loop's time."""
    paused_until: float = 0.0
    in_flight: int = 0

    def learn(self, quota: Quota, now: float) -> None:
        """Take in what an answer says; the other requests under way are counted as spent."""
        reset_at = now + quota.reset_after
        if self.remaining is None or reset_at > self.reset_at + NEW_WINDOW:
            self.reset_at = reset_at
            self.remaining = quota.remaining - max(self.in_flight - 1, 0)
        elif quota.remaining > self.remaining + self.in_flight:
            # More than all that is under way could explain: the host does not count what we count
            # (at GitHub, an answer 304 costs nothing), and it is the host's count that counts.
            self.remaining = quota.remaining - max(self.in_flight - 1, 0)
        else:
            self.remaining = min(self.remaining, quota.remaining)

    def wait_time(self, now: float) -> float:
        """Return the seconds until this quota allows another request; 0 when it does now."""
        if self.remaining is not None and now >= self.reset_at:
            self.remaining = None
        spent = self.remaining is not None and self.remaining <= 0
        return max(self.paused_until - now, self.reset_at - now if spent else 0.0, 0.0)

    def start(self) -> None:
        """Count a request that goes out."""
        self.in_flight += 1
        if self.remaining is not None:
            self.remaining -= 1

    def finish(self) -> None:
        """Count a request that has come back."""
        self.in_flight -= 1


@dataclass(slots=True)
class HostState:
    """One host's budget, as it stands."""

    name: str
    budget: HostLimits
    slots: anyio.Semaphore
    requests: int = 0
    paused_until: float = 0.0
    next_start: float = 0.0
    buckets: dict[str, RateLimitBucket] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, budget: HostLimits) -> "HostState":
        """Return a host that has not been asked yet."""
        return cls(name, budget, anyio.Semaphore(max(budget.concurrency, 1), fast_acquire=True))

    def bucket(self, name: str) -> RateLimitBucket:
        """Return one of the host's quotas."""
        bucket = self.buckets.get(name)
        if bucket is None:
            bucket = self.buckets[name] = RateLimitBucket()
        return bucket

    def hold(self, bucket: RateLimitBucket, now: float) -> float:
        """Return the seconds until the host may be asked; 0 when it may now."""
        return max(self.paused_until - now, bucket.wait_time(now), 0.0)

    def pause(
        self, limited: RateLimited, bucket: RateLimitBucket, seconds: float, now: float
    ) -> None:
        """Keep still for so many seconds: all of the host, or one quota."""
        until = now + seconds
        if limited.whole_host:
            self.paused_until = max(self.paused_until, until)
        else:
            bucket.paused_until = max(bucket.paused_until, until)

    def reserve_slot(self, now: float) -> float:
        """Take the next turn under the rate limit and return the seconds until it comes."""
        rate = self.budget.per_second
        if not rate:
            return 0.0
        start = max(self.next_start, now)
        self.next_start = start + 1.0 / rate
        return start - now


def pauses(hosts: dict[str, HostState], mono: float, now: datetime) -> dict[str, datetime]:
    """Return every pause that is not over, with its end; keys as :func:`restore` reads them.

    ``host`` for a whole host, ``host#quota`` for one of its quotas.
    """
    found: dict[str, datetime] = {}
    for name, host in hosts.items():
        if host.paused_until > mono:
            found[name] = now + timedelta(seconds=host.paused_until - mono)
        for label, bucket in host.buckets.items():
            wait = bucket.wait_time(mono)
            if wait > 0:
                found[f"{name}#{label}"] = now + timedelta(seconds=wait)
    return found


def restore(host: HostState, stored: dict[str, float], mono: float) -> None:
    """Give a host the pauses it asked for in earlier runs (seconds from now by their key)."""
    for key, seconds in stored.items():
        name, _, label = key.partition("#")
        if name != host.name or seconds <= 0:
            continue
        if label:
            host.bucket(label).paused_until = mono + seconds
        else:
            host.paused_until = mono + seconds
