"""The services' rate limits, as fixed windows."""

from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]
"""Returns seconds since the epoch."""


@dataclass(slots=True)
class Window:
    """A quota of ``limit`` for each fixed window of ``seconds``."""

    limit: int
    seconds: float
    clock: Clock
    enforced: bool = True
    """If false, nothing is counted, and the whole quota always remains."""
    started: float = 0.0
    used: int = 0

    def _roll(self) -> None:
        now = self.clock()
        if now - self.started >= self.seconds:
            self.started = now
            self.used = 0

    def take(self, cost: int = 1) -> bool:
        """Use some of the quota; return whether enough remained."""
        self._roll()
        if not self.enforced:
            return True
        if self.used + cost > self.limit:
            return False
        self.used += cost
        return True

    @property
    def remaining(self) -> int:
        """The remaining quota of this window."""
        self._roll()
        return max(0, self.limit - self.used)

    @property
    def reset_at(self) -> float:
        """The end of the window, in seconds since the epoch."""
        self._roll()
        return self.started + self.seconds

    @property
    def reset_in(self) -> float:
        """Seconds until the window ends."""
        return max(0.0, self.reset_at - self.clock())


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits to enforce.

    The defaults are the services' documented limits. Those of github.com's pages and of raw files
    are not published; the defaults for them are low.
    """

    enforced: bool = True
    time_scale: float = 1.0
    """Factor on the length of every window and delay."""
    github_core: int = 5000
    github_core_anonymous: int = 60
    github_graphql: int = 5000
    github_actions: int = 1000
    """Both quotas for a token of GitHub Actions (``ghs_…``)."""
    github_secondary_rest: int = 900
    """REST requests a minute."""
    github_secondary_graphql: int = 2000
    """GraphQL points a minute."""
    github_concurrency: int = 100
    github_aliases: int = 120
    """Aliases above which a GraphQL answer breaks off with ``RESOURCE_LIMITS_EXCEEDED``."""
    github_pages: int = 60
    """Pages a minute of github.com, raw and gist hosts (assumed)."""
    huggingface_api: int = 500
    huggingface_api_token: int = 1000
    huggingface_resolvers: int = 3000
    huggingface_resolvers_token: int = 5000
    huggingface_pages: int = 100
    huggingface_pages_token: int = 200
    arxiv_seconds: float = 3.0
    arxiv_ids: int = 640
    """Ids in one GET above which the address is too long (414)."""
    crossref_lists: int = 1
    """Lists a second, and at once, in Crossref's public pool …"""
    crossref_lists_polite: int = 3
    """… and for those who name a contact."""
    crossref_works: int = 5
    """Single works a second."""
    crossref_works_polite: int = 10
    datacite: int = 500
    """Requests in five minutes."""
    datacite_contact: int = 1000
    pubmed: int = 3
    """Requests a second to NCBI's E-utilities."""
    pubmed_key: int = 10
    semanticscholar: int = 1
    """Requests a second with a key; the quota that all others share is assumed to be no more."""

    def window(self, limit: int, seconds: float, clock: Clock) -> Window:
        """Return a quota for each so many seconds, as these limits have it."""
        return Window(limit, seconds * self.time_scale, clock, self.enforced)
