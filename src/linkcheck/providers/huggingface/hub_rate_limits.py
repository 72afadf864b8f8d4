"""Hugging Face's rate limits, registered with the HTTP client."""

from collections.abc import Mapping
from datetime import datetime

from linkcheck.net.rate_limits import Quota, RateLimitRules

API = "api"
RESOLVERS = "resolvers"
PAGES = "pages"


class HubRateLimits(RateLimitRules):
    """Hugging Face's limits: the API, files ("resolvers") and pages are counted separately.

    Every response has the number of requests left in its bucket and the seconds until the window
    ends (``RateLimit: "api";r=472;t=235``, as the Hub documents).
    """

    default_wait = 300.0
    """The length of the Hub's window."""

    def bucket(self, path: str) -> str:
        """Return the bucket that a request to ``path`` counts against."""
        if path.startswith("/api/"):
            return API
        return RESOLVERS if "/resolve/" in path else PAGES

    def quota(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        """Return the state of the bucket that the headers name."""
        # Importing huggingface_hub takes 0.4 s: only runs with links to Hugging Face need it.
        from huggingface_hub.utils import parse_ratelimit_headers  # type: ignore[attr-defined]

        try:
            info = parse_ratelimit_headers(headers)
        except ValueError:  # a number with thousands of digits
            return None
        if info is None:
            return super().quota(headers, now)
        return Quota(info.remaining, float(min(info.reset_in_seconds, 10**9)), info.resource_type)
