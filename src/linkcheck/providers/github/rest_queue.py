"""Asks for single things: what the batches leave open, and everything when there is no token."""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from linkcheck.model.defects import DefectLog
from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.observation import Gone, GoneReason
from linkcheck.model.target import Target
from linkcheck.providers.concurrency import run_workers
from linkcheck.providers.github.graphql_query import GistItem, OwnerItem, RepositoryItem
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import InRepository, PathWant, Probe
from linkcheck.providers.github.outcomes import GitHubUrls, NeedsRestLookup, judge, moved_to
from linkcheck.providers.github.rest_client import RestClient
from linkcheck.providers.github.rest_reply import REST, RestResult
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder

WORKERS = 4
"""Single requests under way at once; the HTTP client's budget for the host may allow fewer."""

Job = Callable[[], Awaitable[None]]


class RestQueue:
    """A row of single questions, asked when :meth:`work` is called."""

    def __init__(self, client: RestClient, recorder: ObservationRecorder, site: GitHubUrls) -> None:
        """Start with nothing to ask."""
        self._client = client
        self._recorder = recorder
        self._site = site
        self._jobs: deque[Job] = deque()

    async def work(self, failures: DefectLog) -> None:
        """Run all queued requests; exceptions go to ``failures``."""
        await run_workers(self._jobs, self._run, WORKERS, failures)

    async def _run(self, job: Job) -> None:
        await job()

    def repository(self, item: RepositoryItem) -> None:
        """Queue a repository with all links into it."""

        async def job() -> None:
            if self._stopped(item.targets):
                return
            known = self._validated(item.targets)
            single = await self._client.repository(item.owner, item.name, known=known)
            self._client.reserved = max(0, self._client.reserved - 1)
            self._all(item.targets, single)
            if single.judged is None:
                for target, want in item.wants:
                    await self._want(item, target, want, single)

        self._jobs.append(job)

    def want(
        self, item: RepositoryItem, target: Target, want: InRepository, facts: RepositoryFacts
    ) -> None:
        """Queue one link into a repository whose facts are known."""

        async def job() -> None:
            if not self._stopped((target,)):
                await self._want(item, target, want, RestResult(None, facts))

        self._jobs.append(job)

    def owner(self, item: OwnerItem) -> None:
        """Queue a user or organization."""

        async def job() -> None:
            if not self._stopped(item.targets):
                self._all(item.targets, await self._client.owner(item.login))

        self._jobs.append(job)

    def gist(self, item: GistItem) -> None:
        """Queue a gist."""

        async def job() -> None:
            if not self._stopped(item.targets):
                self._all(item.targets, await self._client.gist(item.gist))

        self._jobs.append(job)

    def page(self, url: str, target: Target) -> None:
        """Queue a page of the site."""
        path = url.partition("://")[2].partition("/")[2]

        async def job() -> None:
            self._all((target,), await self._client.page(path))

        self._jobs.append(job)

    async def _want(
        self, item: RepositoryItem, target: Target, want: InRepository, single: RestResult
    ) -> None:
        facts = single.facts or RepositoryFacts()
        full_name = facts.full_name or f"{item.owner}/{item.name}"
        nodes: dict[Probe, Node] = {}
        for probe in want.probes:
            node = await self._client.probe(full_name, probe)
            if isinstance(node, ExplainedOutcome):
                self._recorder.record(target, node, REST, requests=len(nodes) + 1)
                return
            nodes[probe] = node
            if isinstance(want, PathWant) and node.seen is NodeState.THERE:
                break
        renamed = moved_to(facts, item.owner, item.name)
        judged = judge(
            want,
            facts,
            renamed,
            lambda probe: nodes.get(probe, Node(NodeState.NULL)),
            self._site,
        )
        if isinstance(judged, NeedsRestLookup):
            judged = ExplainedOutcome(Gone(GoneReason.NOT_FOUND), judged.says)
        if nodes:
            # Status and validator are the repository's own: they say nothing of what lies in it.
            self._recorder.record(target, judged, single.source, requests=len(nodes))
        else:
            self._settle(target, judged, single)

    def _all(self, targets: Sequence[Target], single: RestResult) -> None:
        if single.judged is not None:
            for target in targets:
                self._settle(target, single.judged, single)

    def _settle(self, target: Target, judged: ExplainedOutcome, single: RestResult) -> None:
        self._recorder.record(
            target,
            judged,
            single.source,
            status=single.status,
            requests=1,
            validator=single.validator,
        )

    def _validated(self, targets: Sequence[Target]) -> RestResult | None:
        """Return an earlier answer about a repository that can be asked for conditionally."""
        for target in targets:
            known = self._recorder.previous(target)
            if known is not None and known.validator and known.repository is not None:
                return RestResult(None, known.repository, validator=known.validator)
        return None

    def _stopped(self, targets: Sequence[Target]) -> bool:
        stopped = self._recorder.abort_reason
        if stopped is not None:
            self._recorder.record_unknown(targets, stopped, REST)
        return stopped is not None
