"""Queue of REST requests: what the batches leave open, and everything without a token."""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from linkcheck.model.defects import DefectLog
from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.observation import Found, Unknown, UnknownReason
from linkcheck.model.target import Target
from linkcheck.providers.concurrency import run_workers
from linkcheck.providers.github.graphql_query import GistItem, OwnerItem, RepositoryItem
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import LinkRequest, PathRequest, Probe
from linkcheck.providers.github.outcomes import (
    GitHubUrls,
    NeedsRestLookup,
    link_outcome,
    missing_repository,
    missing_subresource,
    new_full_name,
)
from linkcheck.providers.github.rest_client import RestClient
from linkcheck.providers.github.rest_reply import REST, RestResult
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder

WORKERS = 4
"""Requests in flight at once; the host's limits may allow fewer."""

Job = Callable[[], Awaitable[None]]


class RestQueue:
    """Requests for result things, sent by :meth:`run`."""

    def __init__(
        self,
        client: RestClient,
        recorder: ObservationRecorder,
        site: GitHubUrls,
        anonymous: RestClient | None = None,
    ) -> None:
        """Start empty; ``anonymous`` sends no token, for what a token may not see."""
        self._client = client
        self._anonymous = anonymous
        self._recorder = recorder
        self._site = site
        self._jobs: deque[Job] = deque()

    async def run(self, failures: DefectLog) -> None:
        """Run all queued requests; exceptions go to ``failures``."""
        await run_workers(self._jobs, self._run, WORKERS, failures)

    async def _run(self, job: Job) -> None:
        await job()

    def repository(self, item: RepositoryItem) -> None:
        """Add a repository with all links into it."""

        async def job() -> None:
            if self._is_aborted(item.targets):
                return
            previous = self._previous(item.targets)
            result = await self._client.repository(item.owner, item.name, known=previous)
            self._client.reserved = max(0, self._client.reserved - 1)
            if refusal := _refusal(result):
                await self._run_anonymous(item, refusal)
            else:
                await self._record_repository(item, result, self._client)

        self._jobs.append(job)

    def refused_repository(self, item: RepositoryItem, refusal: Unknown) -> None:
        """Add a repository that GitHub refuses to show with our token, all links included.

        Organizations with an IP allow list or SAML refuse tokens for public repositories too, which
        are readable without one (xaf/omni#670).
        """

        async def job() -> None:
            if not self._is_aborted(item.targets):
                await self._run_anonymous(item, refusal)

        self._jobs.append(job)

    async def _run_anonymous(self, item: RepositoryItem, refusal: Unknown) -> None:
        result = RestResult(missing_repository())
        if self._anonymous is not None:
            result = await self._anonymous.repository(item.owner, item.name)
        if self._anonymous is None or result.outcome is not None:
            if isinstance(result.outcome and result.outcome.outcome, Found):
                self._record_all(item.targets, result)  # blocked for everybody
            else:
                self._recorder.record_unknown(item.targets, refusal, REST)
            return
        await self._record_repository(item, result, self._anonymous)

    async def _record_repository(
        self, item: RepositoryItem, result: RestResult, client: RestClient
    ) -> None:
        self._record_all(item.targets, result)
        if result.outcome is None:
            for target, request in item.requests:
                await self._run_link(item, target, request, result, client)

    def link(
        self, item: RepositoryItem, target: Target, request: LinkRequest, facts: RepositoryFacts
    ) -> None:
        """Add one link into a repository whose facts are previous."""

        async def job() -> None:
            if not self._is_aborted((target,)):
                result = RestResult(None, facts)
                await self._run_link(item, target, request, result, self._client)

        self._jobs.append(job)

    def owner(self, item: OwnerItem) -> None:
        """Add a user or organization."""

        async def job() -> None:
            if not self._is_aborted(item.targets):
                self._record_all(item.targets, await self._client.owner(item.login))

        self._jobs.append(job)

    def gist(self, item: GistItem) -> None:
        """Add a gist."""

        async def job() -> None:
            if not self._is_aborted(item.targets):
                self._record_all(item.targets, await self._client.gist(item.gist))

        self._jobs.append(job)

    def page(self, url: str, target: Target) -> None:
        """Add a page of the site."""
        path = url.partition("://")[2].partition("/")[2]

        async def job() -> None:
            self._record_all((target,), await self._client.page(path))

        self._jobs.append(job)

    async def _run_link(
        self,
        item: RepositoryItem,
        target: Target,
        request: LinkRequest,
        result: RestResult,
        client: RestClient,
    ) -> None:
        facts = result.facts or RepositoryFacts()
        full_name = facts.full_name or f"{item.owner}/{item.name}"
        nodes: dict[Probe, Node] = {}
        for probe in request.probes:
            node = await client.probe(full_name, probe)
            if isinstance(node, ExplainedOutcome):
                self._recorder.record(target, node, REST, requests=len(nodes) + 1)
                return
            nodes[probe] = node
            if isinstance(request, PathRequest) and node.state is NodeState.FOUND:
                break
        renamed = new_full_name(facts, item.owner, item.name)
        outcome = link_outcome(
            request,
            facts,
            renamed,
            lambda probe: nodes.get(probe, Node(NodeState.NULL)),
            self._site,
        )
        if isinstance(outcome, NeedsRestLookup):
            outcome = missing_subresource(request, facts, outcome.message)
        if nodes:
            # Status and validator are those of the repository, not of the thing in it.
            self._recorder.record(target, outcome, result.source, requests=len(nodes))
        else:
            self._record(target, outcome, result)

    def _record_all(self, targets: Sequence[Target], result: RestResult) -> None:
        if result.outcome is not None:
            for target in targets:
                self._record(target, result.outcome, result)

    def _record(self, target: Target, outcome: ExplainedOutcome, result: RestResult) -> None:
        self._recorder.record(
            target,
            outcome,
            result.source,
            status=result.status,
            requests=1,
            validator=result.validator,
        )

    def _previous(self, targets: Sequence[Target]) -> RestResult | None:
        """Return the earlier facts of a repository, for a conditional request."""
        for target in targets:
            previous = self._recorder.previous(target)
            if previous is not None and previous.validator and previous.repository is not None:
                return RestResult(None, previous.repository, validator=previous.validator)
        return None

    def _is_aborted(self, targets: Sequence[Target]) -> bool:
        reason = self._recorder.abort_reason
        if reason is not None:
            self._recorder.record_unknown(targets, reason, REST)
        return reason is not None


def _refusal(result: RestResult) -> Unknown | None:
    """Return the outcome of a request that GitHub refused with our token; else ``None``."""
    outcome = result.outcome.outcome if result.outcome else None
    if not isinstance(outcome, Unknown) or outcome.reason is not UnknownReason.FORBIDDEN:
        return None
    return outcome if result.source == REST else None
