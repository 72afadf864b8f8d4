"""Observe models, datasets and spaces on Hugging Face, and the targets in them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from huggingface_hub.errors import (
    DisabledRepoError,
    GatedRepoError,
    RemoteEntryNotFoundError,
    RevisionNotFoundError,
)

from linkcheck.model.facts import ModelFacts
from linkcheck.model.observation import Found, UnknownReason
from linkcheck.providers.huggingface.card import parse_card
from linkcheck.providers.huggingface.hidden import HiddenRepositories
from linkcheck.providers.huggingface.hub_client import (
    HubClient,
    HubPage,
    final_repository,
    find_new_id,
    public_url,
)
from linkcheck.providers.huggingface.hub_facts import from_card, from_info, summarize
from linkcheck.providers.huggingface.hub_rate_limits import API, RESOLVERS
from linkcheck.providers.huggingface.hub_reply import UNEXPECTED, Reply, is_rate_limited
from linkcheck.providers.huggingface.lookup_plan import Listing, RepositoryJob
from linkcheck.providers.huggingface.paths import PathClient, PathJob
from linkcheck.providers.huggingface.recognize import Kind
from linkcheck.providers.json_fields import as_mapping, as_text
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder, unknown_outcome

if TYPE_CHECKING:
    import anyio

SOURCE = "huggingface-api"
CARD = "huggingface-card"

_MAX_RENAMES = 4
"""Maximum number of redirects from id to id; a different case counts as one."""

_MAX_ATTEMPTS = 4
"""Maximum number of lookups of one repository while each exceeds a rate limit."""


@dataclass(frozen=True, slots=True)
class RepositoryLookup:
    """The result of looking up a repository."""

    explained: ExplainedOutcome
    facts: ModelFacts | None = None
    """Its facts, if it exists."""
    source: str = SOURCE
    status: int | None = None
    requests: int = 1

    @property
    def is_accessible(self) -> bool:
        """Whether the targets in it can be looked up."""
        return self.facts is not None and not self.facts.disabled


class RepositoryClient:
    """Observes repositories by their owner's listing, by the API, or by their card."""

    def __init__(self, hub: HubClient, recorder: ObservationRecorder) -> None:
        """Send requests with ``hub`` and report outcomes to ``recorder``."""
        self._hub = hub
        self._recorder = recorder
        self.hidden = HiddenRepositories(hub, recorder)
        self._paths = PathClient(hub, recorder, self.hidden)
        self._facts: dict[tuple[Kind, str], ModelFacts] = {}
        self._locks: dict[tuple[Kind, str], anyio.Lock] = {}
        self.unlisted: list[RepositoryJob] = []
        """Jobs whose repository is not in its owner's listing: to be looked up one by one."""
        self.owners: set[str] = set()
        """Owners (lower-case) that are known to have repositories."""

    async def observe_listing(self, listing: Listing) -> None:
        """Observe the repositories in an owner's listing; add the others to :attr:`unlisted`.

        A listing omits private, disabled and renamed repositories: absence proves nothing.
        """
        waiting = {job.id.lower(): job for job in listing.jobs}
        path: str | None = None
        names: set[str] = set()
        for _ in range(listing.max_pages):
            if self._recorder.abort_reason is not None:
                break
            page = await self._hub.get_listing(listing.kind, listing.owner, path)
            if not isinstance(page, HubPage):
                break
            names |= page.names
            for entry in page.entries:
                name = as_text(as_mapping(entry).get("id")) or ""
                job = waiting.pop(name.lower(), None)
                if job is not None:
                    self.owners.add(listing.owner)
                    await self._record(job, await self._from_listing(job, as_mapping(entry)))
            path = page.next_path
            if path is None:
                self.hidden.add_listing(listing.kind, listing.owner, names)
            if path is None or not waiting:
                break
        self.unlisted.extend(waiting.values())

    async def observe(self, job: RepositoryJob) -> None:
        """Observe one repository, then the targets in it."""
        if self._recorder.abort_reason is not None:
            self._recorder.record_unknown(job.targets, self._recorder.abort_reason, SOURCE)
        elif not job.pages:
            await self._paths.observe(PathJob(job.kind, job.id, job.id, tuple(job.contents)))
        else:
            await self._record(job, await self._look_up(job))

    async def _record(self, job: RepositoryJob, lookup: RepositoryLookup) -> None:
        """Record the outcome of a repository, then observe the targets in it if it exists."""
        for target in job.pages if lookup.is_accessible else job.targets:
            self._recorder.record(
                target,
                lookup.explained,
                lookup.source,
                status=lookup.status,
                requests=lookup.requests,
            )
        if job.contents and lookup.is_accessible:
            current_id = (lookup.facts.full_name if lookup.facts else None) or job.id
            await self._paths.observe(PathJob(job.kind, job.id, current_id, tuple(job.contents)))

    async def _from_listing(
        self, job: RepositoryJob, entry: Mapping[str, object]
    ) -> RepositoryLookup:
        facts = from_info(entry, job.kind)
        facts, requests = await self._with_card(job, facts)
        self._cache(job, facts)
        return self._found(job, facts, None, requests=requests)

    async def _look_up(self, job: RepositoryJob) -> RepositoryLookup:
        """Look up a repository with the API, or by its card if the API's limit is used up."""
        lookup = RepositoryLookup(UNEXPECTED)
        for _ in range(_MAX_ATTEMPTS):
            bucket = self._hub.choose_bucket(API, RESOLVERS)
            lookup = await (self._by_info(job) if bucket == API else self._by_card(job))
            # Other clients may use the same bucket: after a refusal, choose again.
            if not is_rate_limited(lookup.explained.outcome):
                break
        return lookup

    async def _by_info(self, job: RepositoryJob) -> RepositoryLookup:
        """Follow redirects here, so that a repository with several ids is requested once."""
        name, requests = job.id, 0
        for _ in range(_MAX_RENAMES):
            async with self._lock(job.kind, name):
                cached = self._facts.get((job.kind, name.lower()))
                if cached is not None:
                    return self._found(job, cached, None, requests=requests)
                reply = await self._hub.get_info(job.kind, name)
                requests += 1
                new_id = find_new_id(reply, job.kind)
                if new_id is None:
                    return await self._parse_info(job, reply, requests)
            name = new_id
        loop = unknown_outcome(UnknownReason.REDIRECT_LOOP, "its names redirect without end")
        return RepositoryLookup(loop, requests=requests)

    async def _parse_info(
        self, job: RepositoryJob, reply: Reply, requests: int
    ) -> RepositoryLookup:
        body = reply.json
        if reply.error is not None:
            return await self._from_error(job, reply, SOURCE, requests)
        if not isinstance(body, dict) or as_text(body.get("id")) is None:
            return RepositoryLookup(UNEXPECTED, status=reply.status)
        facts, more = await self._with_card(job, from_info(body, job.kind))
        self._cache(job, facts)
        return self._found(job, facts, reply.status, requests=requests + more)

    def _cache(self, job: RepositoryJob, facts: ModelFacts) -> None:
        if facts.full_name is not None:
            self._facts[job.kind, facts.full_name.lower()] = facts

    def _lock(self, kind: Kind, name: str) -> "anyio.Lock":
        """Return the lock that prevents concurrent requests for one repository."""
        import anyio

        return self._locks.setdefault((kind, name.lower()), anyio.Lock())

    async def _by_card(self, job: RepositoryJob) -> RepositoryLookup:
        reply = await self._hub.get_card(job.kind, job.id)
        current_id = final_repository(reply, job.kind, job.id)
        if reply.error is None and reply.response is not None:
            facts = from_card(parse_card(reply.response.body, job.kind), current_id, job.kind)
        elif reply.error in {RemoteEntryNotFoundError, RevisionNotFoundError}:
            facts = ModelFacts(
                full_name=current_id,
                kind=job.kind or None,
                card_present=False,
                card_has_metadata=False,
            )
        else:
            return await self._from_error(job, reply, CARD, 1)
        return self._found(job, facts, reply.status, source=CARD)

    async def _with_card(self, job: RepositoryJob, facts: ModelFacts) -> tuple[ModelFacts, int]:
        """Add the card of a public repository that declares nothing; also return the requests."""
        if facts.card_has_metadata or facts.card_present or job.kind == "space":
            return facts, 0
        if facts.gated != "no" or facts.disabled or facts.private:
            return facts, 0
        reply = await self._hub.get_card(job.kind, facts.full_name or job.id)
        if reply.error is RemoteEntryNotFoundError:
            return replace(facts, card_present=False, card_has_metadata=False), 1
        if reply.error is not None or reply.response is None:
            return facts, 1
        card = from_card(parse_card(reply.response.body, job.kind), facts.full_name, job.kind)
        return _merge(facts, card), 1

    def _found(
        self,
        job: RepositoryJob,
        facts: ModelFacts,
        status: int | None,
        *,
        source: str = SOURCE,
        requests: int = 1,
    ) -> RepositoryLookup:
        current_id = facts.full_name or job.id
        is_moved = current_id.lower() != job.id.lower()
        new_url = public_url(job.kind, current_id) if is_moved else None
        explanation = summarize(facts)
        if is_moved:
            explanation = f"it is now called {current_id}; {explanation}"
        explained = ExplainedOutcome(Found(facts, new_url, is_moved), explanation)
        return RepositoryLookup(explained, facts, source, status, requests)

    async def _from_error(
        self, job: RepositoryJob, reply: Reply, source: str, requests: int
    ) -> RepositoryLookup:
        """Return the result of an error response: gated and disabled repositories exist."""
        current_id = final_repository(reply, job.kind, job.id)
        is_moved = current_id.lower() != job.id.lower()
        new_url = public_url(job.kind, current_id) if is_moved else None
        if reply.error in {GatedRepoError, DisabledRepoError}:
            is_gated = reply.error is GatedRepoError
            facts = ModelFacts(
                full_name=current_id,
                kind=job.kind or None,
                gated="manual" if is_gated else None,
                disabled=None if is_gated else True,
            )
            says = (
                "it is there, behind an agreement" if is_gated else "Hugging Face has disabled it"
            )
            explained = ExplainedOutcome(Found(facts, new_url, is_moved), says)
            return RepositoryLookup(explained, facts, source, reply.status, requests)
        explained = await self.hidden.explain(reply, job.kind, job.id, job.targets)
        return RepositoryLookup(explained, None, source, reply.status, requests)


def _merge(facts: ModelFacts, card: ModelFacts) -> ModelFacts:
    """Return the API's facts with missing ones taken from the card."""
    return replace(
        facts,
        license=facts.license or card.license,
        license_name=facts.license_name or card.license_name,
        license_link=facts.license_link or card.license_link,
        base_models=facts.base_models or card.base_models,
        datasets=facts.datasets or card.datasets,
        languages=facts.languages or card.languages,
        arxiv_ids=facts.arxiv_ids or card.arxiv_ids,
        title=facts.title or card.title,
        pipeline=facts.pipeline or card.pipeline,
        card_present=True,
        card_has_metadata=card.card_has_metadata,
    )
