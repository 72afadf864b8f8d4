"""Decide whether a repository that Hugging Face hides from anonymous requests is gone.

Without a token, a missing, a private and a disabled repository get the same response. A second
source decides: an earlier observation that found it, or its owner's complete list of repositories.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from linkcheck.model.observation import Gone, GoneReason
from linkcheck.model.target import Target
from linkcheck.providers.huggingface.hub_client import HubClient, HubPage
from linkcheck.providers.huggingface.hub_reply import HIDDEN, UNEXPECTED, Reply
from linkcheck.providers.huggingface.recognize import Kind
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder

if TYPE_CHECKING:
    import anyio

MAX_PAGES = 3
"""Maximum number of pages of a listing; an owner with more repositories confirms nothing."""


class HiddenRepositories:
    """Second sources for repositories that may be missing, private or disabled."""

    def __init__(self, hub: HubClient, recorder: ObservationRecorder) -> None:
        """Send requests with ``hub``; ``recorder`` knows the earlier observations."""
        self._hub = hub
        self._recorder = recorder
        self._listings: dict[tuple[Kind, str], frozenset[str] | None] = {}
        self._locks: dict[tuple[Kind, str], anyio.Lock] = {}

    def add_listing(self, kind: Kind, owner: str, names: Iterable[str]) -> None:
        """Keep a complete listing (lower-case ids) that was requested for another reason."""
        self._listings[kind, owner.lower()] = frozenset(names)

    async def explain(
        self, reply: Reply, kind: Kind, repository: str, targets: Iterable[Target]
    ) -> ExplainedOutcome:
        """Return the outcome of an error response about a whole repository."""
        if not reply.is_hidden:
            return reply.explained or UNEXPECTED
        if any(self._recorder.previous(target) is not None for target in targets):
            gone = Gone(GoneReason.GONE_OR_PRIVATE)
            return ExplainedOutcome(gone, "Hugging Face showed it before and does not any more")
        owner, slash, _ = repository.lower().partition("/")
        names = await self._list(kind, owner) if slash else None
        if names is None or repository.lower() in names:
            return HIDDEN
        gone = Gone(GoneReason.GONE_OR_PRIVATE)
        return ExplainedOutcome(gone, "Hugging Face does not show it, and its owner has no such")

    async def _list(self, kind: Kind, owner: str) -> frozenset[str] | None:
        """Return the ids of all public repositories of an owner; ``None`` if that is not known."""
        import anyio

        key = kind, owner
        async with self._locks.setdefault(key, anyio.Lock()):
            if key not in self._listings:
                self._listings[key] = await self._request(kind, owner)
            return self._listings[key]

    async def _request(self, kind: Kind, owner: str) -> frozenset[str] | None:
        names: set[str] = set()
        path: str | None = None
        for _ in range(MAX_PAGES):
            page = await self._hub.get_listing(kind, owner, path)
            if not isinstance(page, HubPage):
                return None
            names |= page.names
            path = page.next_path
            if path is None:
                return frozenset(names)
        return None
