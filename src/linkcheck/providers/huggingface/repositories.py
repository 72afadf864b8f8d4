"""Models, data sets and spaces on Hugging Face, and what lies in them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkcheck.model.facts import ModelFacts
from linkcheck.model.observation import Found, UnknownReason
from linkcheck.model.target import Target
from linkcheck.providers.huggingface.card import parse_card
from linkcheck.providers.huggingface.hub_client import (
    HubClient,
    HubPage,
    final_repository,
    public_address,
    renamed_to,
)
from linkcheck.providers.huggingface.hub_facts import from_card, from_info, summary
from linkcheck.providers.huggingface.hub_reply import Reply, ReplyStatus, is_limited
from linkcheck.providers.huggingface.lookup_plan import Listing, RepositoryJob
from linkcheck.providers.huggingface.paths import PathJob, Paths
from linkcheck.providers.huggingface.rate_limits import API, RESOLVERS
from linkcheck.providers.huggingface.recognize import Kind
from linkcheck.providers.json_fields import as_mapping, as_text
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder, unknown_outcome

if TYPE_CHECKING:
    import anyio

SOURCE = "huggingface-api"
CARD = "huggingface-card"

_MAX_RENAMES = 4
"""How many names of one repository are followed: the wrong case counts as one."""

_TURNS = 4
"""How often a repository is asked for when every time a limit is met."""


@dataclass(frozen=True, slots=True)
class RepositoryLookup:
    """What was learnt of a repository itself."""

    judged: ExplainedOutcome
    facts: ModelFacts | None = None
    """The facts, when it is there."""
    source: str = SOURCE
    status: int | None = None
    requests: int = 1

    @property
    def is_there(self) -> bool:
        """Whether things in it can be asked for."""
        return self.facts is not None and not self.facts.disabled


class Repositories:
    """Asks for repositories: by their owner's listing, by the API, or by their card."""

    def __init__(self, hub: HubClient, recorder: ObservationRecorder) -> None:
        """Hand everything in at ``desk``."""
        self._hub = hub
        self._recorder = recorder
        self._paths = Paths(hub, recorder)
        self._facts: dict[tuple[Kind, str], ModelFacts] = {}
        self._locks: dict[tuple[Kind, str], anyio.Lock] = {}
        self.unlisted: list[RepositoryJob] = []
        """Repositories that their owner's listing does not show: to be asked one by one."""
        self.owners: set[str] = set()
        """Owners (lower-case) whose repositories were seen."""

    async def listing(self, listing: Listing) -> None:
        """Read an owner's listing; what it does not show is left in :attr:`unlisted`.

        Being absent proves nothing: private, disabled and renamed repositories are left out.
        """
        waiting = {job.id.lower(): job for job in listing.jobs}
        url: str | None = None
        for _ in range(listing.max_pages):
            if self._recorder.abort_reason is not None:
                break
            page = await self._hub.listing(listing.kind, listing.owner, url)
            if not isinstance(page, HubPage):
                break
            for entry in page.entries:
                name = as_text(as_mapping(entry).get("id")) or ""
                job = waiting.pop(name.lower(), None)
                if job is not None:
                    self.owners.add(listing.owner)
                    await self._inside(job, await self._listed(job, as_mapping(entry)))
            url = page.next
            if url is None or not waiting:
                break
        self.unlisted.extend(waiting.values())

    async def single(self, job: RepositoryJob) -> None:
        """Ask for one repository, then for what is linked in it."""
        if self._recorder.abort_reason is not None:
            self._recorder.record_unknown(job.targets, self._recorder.abort_reason, SOURCE)
        elif not job.pages:
            await self._paths.ask(PathJob(job.kind, job.id, job.id, tuple(job.contents)))
        else:
            await self._inside(job, await self._ask(job))

    async def _inside(self, job: RepositoryJob, told: RepositoryLookup) -> None:
        """Settle the repository's own links, and those into it as far as it is there."""
        for target in job.pages:
            self._settle(target, told)
        if not job.contents:
            return
        if not told.is_there:
            for target, _ in job.contents:
                self._settle(target, told)
            return
        now = (told.facts.full_name if told.facts else None) or job.id
        await self._paths.ask(PathJob(job.kind, job.id, now, tuple(job.contents)))

    async def _listed(self, job: RepositoryJob, entry: Mapping[str, object]) -> RepositoryLookup:
        facts = from_info(entry, job.kind)
        facts, requests = await self._with_card(job, facts)
        self._remember(job, facts)
        return self._found(job, facts, None, requests=requests)

    async def _ask(self, job: RepositoryJob) -> RepositoryLookup:
        """Ask the API, or the resolver when the API's bucket is empty."""
        told = RepositoryLookup(_odd())
        for _ in range(_TURNS):
            bucket = self._hub.choose_bucket(API, RESOLVERS)
            told = await (self._by_info(job) if bucket == API else self._by_card(job))
            # Others may draw on the same bucket: met a limit, the other bucket gets its turn.
            if not is_limited(told.judged.outcome):
                break
        return told

    async def _by_info(self, job: RepositoryJob) -> RepositoryLookup:
        """Ask the API; redirects are followed here, so that no repository is asked for twice."""
        name, requests = job.id, 0
        for _ in range(_MAX_RENAMES):
            async with self._lock(job.kind, name):
                known = self._facts.get((job.kind, name.lower()))
                if known is not None:
                    return self._found(job, known, None, requests=requests)
                reply = await self._hub.info(job.kind, name)
                requests += 1
                renamed = renamed_to(reply, job.kind)
                if renamed is None:
                    return await self._read_info(job, reply, requests)
            name = renamed
        looped = unknown_outcome(UnknownReason.REDIRECT_LOOP, "its names redirect without end")
        return RepositoryLookup(looped, requests=requests)

    async def _read_info(self, job: RepositoryJob, reply: Reply, requests: int) -> RepositoryLookup:
        body = reply.json
        if reply.says is not ReplyStatus.THERE:
            return _not_shown(job, reply, SOURCE)
        if not isinstance(body, dict) or as_text(body.get("id")) is None:
            return RepositoryLookup(_odd(), status=reply.status)
        facts, more = await self._with_card(job, from_info(body, job.kind))
        self._remember(job, facts)
        return self._found(job, facts, reply.status, requests=requests + more)

    def _remember(self, job: RepositoryJob, facts: ModelFacts) -> None:
        if facts.full_name is not None:
            self._facts[job.kind, facts.full_name.lower()] = facts

    def _lock(self, kind: Kind, name: str) -> "anyio.Lock":
        """Return what keeps two jobs from asking for one repository at the same time."""
        import anyio

        return self._locks.setdefault((kind, name.lower()), anyio.Lock())

    async def _by_card(self, job: RepositoryJob) -> RepositoryLookup:
        reply = await self._hub.card(job.kind, job.id)
        now = final_repository(reply, job.kind, job.id)
        if reply.says is ReplyStatus.THERE and reply.response is not None:
            facts = from_card(parse_card(reply.response.body, job.kind), now, job.kind)
        elif reply.says in {ReplyStatus.NO_ENTRY, ReplyStatus.NO_REVISION}:
            facts = ModelFacts(
                full_name=now, kind=job.kind or None, card_present=False, card_has_metadata=False
            )
        else:
            return _not_shown(job, reply, CARD)
        return self._found(job, facts, reply.status, source=CARD)

    async def _with_card(self, job: RepositoryJob, facts: ModelFacts) -> tuple[ModelFacts, int]:
        """Look for the card of a repository that declares nothing, if that costs no waiting."""
        if facts.card_has_metadata or facts.card_present or job.kind == "space":
            return facts, 0
        if facts.gated != "no" or facts.disabled or facts.private:
            return facts, 0
        reply = await self._hub.card(job.kind, facts.full_name or job.id)
        if reply.says is ReplyStatus.NO_ENTRY:
            return replace(facts, card_present=False, card_has_metadata=False), 1
        if reply.says is not ReplyStatus.THERE or reply.response is None:
            return facts, 1
        card = from_card(parse_card(reply.response.body, job.kind), facts.full_name, job.kind)
        return _merged(facts, card), 1

    def _found(
        self,
        job: RepositoryJob,
        facts: ModelFacts,
        status: int | None,
        *,
        source: str = SOURCE,
        requests: int = 1,
    ) -> RepositoryLookup:
        now = facts.full_name or job.id
        moved = now.lower() != job.id.lower()
        now_at = public_address(job.kind, now) if moved else None
        says = f"it is now called {now}; {summary(facts)}" if moved else summary(facts)
        return RepositoryLookup(
            ExplainedOutcome(Found(facts, now_at, moved), says), facts, source, status, requests
        )

    def _settle(self, target: Target, told: RepositoryLookup) -> None:
        self._recorder.record(
            target, told.judged, told.source, status=told.status, requests=told.requests
        )


def _not_shown(job: RepositoryJob, reply: Reply, source: str) -> RepositoryLookup:
    """Return what an answer without the repository's facts tells of it."""
    now = final_repository(reply, job.kind, job.id)
    moved = now.lower() != job.id.lower()
    now_at = public_address(job.kind, now) if moved else None
    if reply.says is ReplyStatus.GATED:
        facts = ModelFacts(full_name=now, kind=job.kind or None, gated="manual")
        judged = ExplainedOutcome(Found(facts, now_at, moved), "it is there, behind an agreement")
        return RepositoryLookup(judged, facts, source, reply.status)
    if reply.says is ReplyStatus.DISABLED:
        facts = ModelFacts(full_name=now, kind=job.kind or None, disabled=True)
        judged = ExplainedOutcome(Found(facts, now_at, moved), "Hugging Face has disabled it")
        return RepositoryLookup(judged, facts, source, reply.status)
    return RepositoryLookup(reply.judged or _odd(), None, source, reply.status)


def _merged(facts: ModelFacts, card: ModelFacts) -> ModelFacts:
    """Add to the API's facts what the card says and the API does not."""
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


def _odd() -> ExplainedOutcome:
    return unknown_outcome(
        UnknownReason.PROTOCOL, "Hugging Face's answer has another form than known"
    )
