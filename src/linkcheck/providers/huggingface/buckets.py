"""Hugging Face's request buckets: the API and the files ("resolvers") are counted apart.

Every answer says how many requests are left in its bucket and when the window ends
(``RateLimit: "api";r=472;t=235``, as the Hub documents), so asking can stop before a 429, and turn
to the other bucket.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

API = "api"
RESOLVERS = "resolvers"
PAGES = "pages"

_LIMIT = re.compile(r'"(\w+)"\s*;\s*r=(\d{1,9})\s*;\s*t=(\d{1,9})')
_WINDOW = timedelta(seconds=300)


@dataclass(slots=True)
class Bucket:
    """What is known of one bucket."""

    left: int | None = None
    """Requests left in the window; ``None`` until the service has said."""
    until: datetime | None = None
    """When the window ends."""
    under_way: int = 0
    """Requests sent whose answers have not come yet."""


class Buckets:
    """All buckets of one caller."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start with nothing known."""
        self._now = now
        self._buckets = {name: Bucket() for name in (API, RESOLVERS, PAGES)}

    def take(self, name: str) -> datetime | None:
        """Take a request out of a bucket; returns when to come back if it is empty."""
        bucket = self._buckets[name]
        if bucket.until is not None and bucket.until <= self._now():
            bucket.left, bucket.until = None, None
        if bucket.left is not None and bucket.left - bucket.under_way <= 0:
            return bucket.until or self._now() + _WINDOW
        bucket.under_way += 1
        return None

    def give_back(self, name: str, headers: Mapping[str, str], *, limited: bool = False) -> None:
        """Learn from the answer to a request that was taken out."""
        bucket = self._buckets[name]
        bucket.under_way = max(0, bucket.under_way - 1)
        said = _LIMIT.search(headers.get("ratelimit", "")[:500])
        if said is not None and said[1] in self._buckets:
            told = self._buckets[said[1]]
            told.left = int(said[2])
            told.until = self._now() + timedelta(seconds=int(said[3]))
        if limited and not (bucket.left == 0 and bucket.until is not None):
            bucket.left, bucket.until = 0, self._now() + _WINDOW

    def close(self, name: str, until: datetime) -> None:
        """Take nothing more out of a bucket until then."""
        bucket = self._buckets[name]
        bucket.left, bucket.until = 0, until
