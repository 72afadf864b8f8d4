"""Asks GitHub's GraphQL API in batches, halves what is too heavy, and sorts what comes back."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from linkcheck.model.defects import DefectLog
from linkcheck.model.facts import PageFacts, RepositoryFacts
from linkcheck.model.observation import Found, Unknown, UnknownReason
from linkcheck.model.settings import ServiceSettings
from linkcheck.model.target import Target
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpClientProtocol, HttpRequest
from linkcheck.providers.concurrency import run_workers
from linkcheck.providers.github.batches import Batch
from linkcheck.providers.github.graphql_query import (
    GistItem,
    Item,
    OwnerItem,
    Query,
    RepositoryItem,
    build,
)
from linkcheck.providers.github.graphql_reply import (
    Failed,
    Node,
    NodeState,
    Replies,
    TooHeavy,
    read_reply,
)
from linkcheck.providers.github.link_request import Probe
from linkcheck.providers.github.outcomes import GitHubUrls, NeedsRestLookup, judge, moved_to
from linkcheck.providers.github.repository_facts import from_graphql
from linkcheck.providers.github.rest_queue import RestQueue
from linkcheck.providers.http_outcomes import rate_limited
from linkcheck.providers.json_fields import as_text
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder

GRAPHQL = "github-graphql"

WORKERS = 2
"""Queries under way at once. GitHub grants a minute of GraphQL processor time a minute over all
requests (its documentation of secondary limits): more would meet that limit, not be faster."""

_MAX_TIMEOUTS = 2
"""How often a batch that timed out is halved: beyond that it is not its size."""

_GIVE_UP_AFTER = 4
"""Consecutive timeouts after which no further query is sent."""


class GraphqlBatcher:
    """Sends queries in batches; targets that need a REST request go to ``singles``."""

    def __init__(
        self,
        client: HttpClientProtocol,
        settings: ServiceSettings,
        recorder: ObservationRecorder,
        singles: RestQueue,
        site: GitHubUrls,
        batch_size: int,
    ) -> None:
        """Keep what is needed to ask and where to put the answers."""
        self._client = client
        self._settings = settings
        self._recorder = recorder
        self._singles = singles
        self._site = site
        self._batch_size = batch_size
        self._queue: deque[Batch] = deque()
        self._silent = 0

    async def work(self, queue: deque[Batch], failures: DefectLog) -> None:
        """Ask for all batches; exceptions go to ``failures``."""
        self._queue = queue
        await run_workers(queue, self._batch, WORKERS, failures)

    async def _batch(self, batch: Batch) -> None:
        if self._recorder.abort_reason is not None:
            self._unknown(batch.targets, self._recorder.abort_reason)
            return
        query = build(batch.items)
        answer = await self._client.ask(self._ask(query))
        if limited := rate_limited(answer):
            self._unknown(batch.targets, limited)
            return
        reply = read_reply(answer, [alias for alias, _ in query.items])
        timed_out = isinstance(reply, TooHeavy) and reply.timed_out
        self._silent = self._silent + 1 if timed_out else 0
        if isinstance(reply, TooHeavy):
            self._too_heavy(batch, reply)
        elif isinstance(reply, Failed):
            self._unknown(batch.targets, Unknown(reply.reason, reply.detail))
        else:
            self._read(query, reply)

    def _ask(self, query: Query) -> HttpRequest:
        retried = {408, 425, 429, 500, 503}
        alone = len(query.items) == 1
        return HttpRequest(
            self._settings.github_graphql,
            method="POST",
            headers={"content-type": "application/json", "accept": "application/json"},
            content=query.body,
            token=self._settings.github_token,
            trusted=True,
            body_limit=8_000_000,
            # A query that was too heavy is halved, not sent again as it was.
            retry_statuses=frozenset(retried | {502, 504} if alone else retried),
        )

    def _too_heavy(self, batch: Batch, reply: TooHeavy) -> None:
        unknown = Unknown(reply.reason, reply.detail)
        if self._silent >= _GIVE_UP_AFTER:
            self._recorder.abort_reason = unknown
        hopeless = len(batch.items) == 1 or (reply.timed_out and batch.timeouts >= _MAX_TIMEOUTS)
        if hopeless or self._recorder.abort_reason is not None:
            self._unknown(batch.targets, unknown)
        else:
            self._queue.extend(batch.halves(timed_out=reply.timed_out))

    def _read(self, query: Query, reply: Replies) -> None:
        heavy: list[Item] = []
        for (alias, item), probe_aliases in zip(query.items, query.probes, strict=True):
            node = reply.nodes[alias]
            if node.seen is NodeState.HEAVY and len(query.items) > 1:
                heavy.append(item)
            elif isinstance(item, RepositoryItem):
                self._repository(item, node, probe_aliases)
            else:
                self._owner_or_gist(item, node)
        if not heavy:
            return
        rest = Batch(tuple(heavy))
        # What came through made the rest smaller; if nothing did, it has to be halved.
        self._queue.extend((rest,) if len(heavy) < len(query.items) else rest.halves())

    def _repository(self, item: RepositoryItem, node: Node, probe_aliases: Sequence[str]) -> None:
        if as_text(node.fields.get("nameWithOwner")):
            nodes = {
                probe: node.piece(alias)
                for probe, alias in zip(item.probes, probe_aliases, strict=True)
            }
            self._judge(item, from_graphql(node.fields), nodes)
        elif node.seen is NodeState.MISSING:
            self._singles.repository(item)
        elif node.seen is NodeState.FORBIDDEN and item.with_parent:
            # The parent alone can be what the organization protects (cli/cli#7881).
            self._again(item.without_parent())
        else:
            self._unknown(item.targets, _null_reason(node))

    def _again(self, item: RepositoryItem) -> None:
        """Ask for an item again, in one query with others that are asked again."""
        last = self._queue[-1] if self._queue else None
        if last is not None and last.is_retry and len(last.items) < self._batch_size:
            self._queue[-1] = replace(last, items=(*last.items, item))
        else:
            self._queue.append(Batch((item,)))

    def _judge(
        self, item: RepositoryItem, facts: RepositoryFacts, nodes: Mapping[Probe, Node]
    ) -> None:
        renamed = moved_to(facts, item.owner, item.name)
        for target, want in item.wants:
            judged = judge(want, facts, renamed, nodes.__getitem__, self._site)
            if isinstance(judged, NeedsRestLookup):
                self._singles.want(item, target, want, facts)
            else:
                self._recorder.record(target, judged, GRAPHQL)

    def _owner_or_gist(self, item: OwnerItem | GistItem, node: Node) -> None:
        """Report an owner or a gist; one that GraphQL does not find gets a REST request."""
        is_owner = isinstance(item, OwnerItem)
        if node.seen is NodeState.THERE and (is_owner or node.fields.get("gist")):
            what = (
                f"the owner {one_line(item.login)}" if isinstance(item, OwnerItem) else "the gist"
            )
            judged = ExplainedOutcome(Found(PageFacts()), f"{what} is there")
            for target in item.targets:
                self._recorder.record(target, judged, GRAPHQL)
        elif node.seen in {NodeState.FORBIDDEN, NodeState.HEAVY, NodeState.ODD}:
            self._unknown(item.targets, _null_reason(node))
        elif isinstance(item, OwnerItem):
            # ``repositoryOwner`` is null without an error for a name nobody has.
            self._singles.owner(item)
        else:
            self._singles.gist(item)

    def _unknown(self, targets: Iterable[Target], unknown: Unknown) -> None:
        self._recorder.record_unknown(targets, unknown, GRAPHQL)


def _null_reason(node: Node) -> Unknown:
    """Return why the state of an alias that came back null is unknown."""
    if node.seen is NodeState.FORBIDDEN:
        return Unknown(UnknownReason.FORBIDDEN, f"GitHub refuses the token: {node.says}")
    if node.seen is NodeState.HEAVY:
        return Unknown(UnknownReason.SERVER_ERROR, f"GitHub gave up on it: {node.says}")
    if node.says:
        return Unknown(UnknownReason.PROTOCOL, f"GitHub could not say: {node.says}")
    return Unknown(UnknownReason.PROTOCOL, "GitHub answered nothing about it, and gave no reason")
