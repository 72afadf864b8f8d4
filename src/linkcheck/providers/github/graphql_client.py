"""Query GitHub's GraphQL API in batches; halve the batches that are too heavy."""

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
    build_query,
)
from linkcheck.providers.github.graphql_reply import (
    Node,
    NodeState,
    QueryFailed,
    QueryResult,
    TooHeavy,
    parse_reply,
)
from linkcheck.providers.github.link_request import Probe
from linkcheck.providers.github.outcomes import (
    GitHubUrls,
    NeedsRestLookup,
    link_outcome,
    new_full_name,
)
from linkcheck.providers.github.repository_facts import from_graphql
from linkcheck.providers.github.rest_queue import RestQueue
from linkcheck.providers.http_outcomes import rate_limited
from linkcheck.providers.json_fields import as_mapping, as_text
from linkcheck.providers.recorder import ExplainedOutcome, ObservationRecorder

GRAPHQL = "github-graphql"

NOT_REQUESTED = Node(NodeState.NULL)
"""The node of a probe that GraphQL is not asked for."""

WORKERS = 2
"""Queries in flight at once. GitHub grants a minute of GraphQL processor time a minute over all
requests (its documentation of secondary limits): more would meet that limit, not be faster."""

_MAX_TIMEOUTS = 2
"""How often a batch that timed out is halved: after that, its size is not the cause."""

_MAX_TIMEOUTS_IN_ROW = 4
"""Timeouts in a row after which no further query is sent."""


class GraphqlBatcher:
    """Runs batches; items that need a REST request are added to ``rest_queue``."""

    def __init__(
        self,
        client: HttpClientProtocol,
        settings: ServiceSettings,
        recorder: ObservationRecorder,
        rest_queue: RestQueue,
        site: GitHubUrls,
        batch_size: int,
    ) -> None:
        """``batch_size`` limits the repositories of batches that are assembled again."""
        self._client = client
        self._settings = settings
        self._recorder = recorder
        self._rest_queue = rest_queue
        self._site = site
        self._batch_size = batch_size
        self._queue: deque[Batch] = deque()
        self._timeouts_in_row = 0

    async def run(self, queue: deque[Batch], failures: DefectLog) -> None:
        """Run all batches; exceptions go to ``failures``."""
        self._queue = queue
        await run_workers(queue, self._run_batch, WORKERS, failures)

    async def _run_batch(self, batch: Batch) -> None:
        if self._recorder.abort_reason is not None:
            self._record_unknown(batch.targets, self._recorder.abort_reason)
            return
        query = build_query(batch.items)
        response = await self._client.send(self._request(query))
        if limited := rate_limited(response):
            self._record_unknown(batch.targets, limited)
            return
        reply = parse_reply(response, [alias for alias, _ in query.items])
        timed_out = isinstance(reply, TooHeavy) and reply.timed_out
        self._timeouts_in_row = self._timeouts_in_row + 1 if timed_out else 0
        if isinstance(reply, TooHeavy):
            self._too_heavy(batch, reply)
        elif isinstance(reply, QueryFailed):
            self._record_unknown(batch.targets, Unknown(reply.reason, reply.detail))
        else:
            self._process(query, reply)

    def _request(self, query: Query) -> HttpRequest:
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
        if self._timeouts_in_row >= _MAX_TIMEOUTS_IN_ROW:
            self._recorder.abort_reason = unknown
        hopeless = len(batch.items) == 1 or (reply.timed_out and batch.timeouts >= _MAX_TIMEOUTS)
        if hopeless or self._recorder.abort_reason is not None:
            self._record_unknown(batch.targets, unknown)
        else:
            self._queue.extend(batch.halves(timed_out=reply.timed_out))

    def _process(self, query: Query, reply: QueryResult) -> None:
        heavy: list[Item] = []
        swapped = _swapped(query, reply)
        for (alias, item), probe_aliases in zip(query.items, query.probes, strict=True):
            node = reply.nodes[alias]
            if node.state is NodeState.HEAVY and len(query.items) > 1:
                heavy.append(item)
            elif alias in swapped and isinstance(item, RepositoryItem):
                self._rest_queue.repository(item)
            elif isinstance(item, RepositoryItem):
                self._repository(item, node, probe_aliases)
            else:
                self._owner_or_gist(item, node)
        if not heavy:
            return
        rest = Batch(tuple(heavy))
        # Without the items that came through it is smaller; if none did, it has to be halved.
        self._queue.extend((rest,) if len(heavy) < len(query.items) else rest.halves())

    def _repository(self, item: RepositoryItem, node: Node, probe_aliases: Sequence[str]) -> None:
        if as_text(node.fields.get("nameWithOwner")):
            if self._is_doubtful(item, from_graphql(node.fields)):
                self._rest_queue.repository(item)
                return
            nodes = {
                probe: node.child(alias)
                for probe, alias in zip(item.probes, probe_aliases, strict=True)
            }
            self._record_links(item, from_graphql(node.fields), nodes)
        elif node.state is NodeState.MISSING:
            self._rest_queue.repository(item)
        elif node.state is NodeState.FORBIDDEN and item.with_parent:
            # The parent alone can be what the organization protects (cli/cli#7881).
            self._requeue(item.without_parent())
        elif node.state is NodeState.FORBIDDEN:
            self._rest_queue.refused_repository(item, _null_reason(node))
        else:
            self._record_unknown(item.targets, _null_reason(node))

    def _is_doubtful(self, item: RepositoryItem, facts: RepositoryFacts) -> bool:
        """Return whether a repository has another name and another id than before.

        A rename keeps the id, a takeover the name; both at once may be another alias' answer.
        """
        if new_full_name(facts, item.owner, item.name) is None or facts.repository_id is None:
            return False
        known = (self._recorder.previous(target) for target in item.targets)
        ids = {o.repository.repository_id for o in known if o and o.repository} - {None}
        return bool(ids) and facts.repository_id not in ids

    def _requeue(self, item: RepositoryItem) -> None:
        """Request an item again, in one query with others that are requested again."""
        last = self._queue[-1] if self._queue else None
        if last is not None and last.is_retry and len(last.items) < self._batch_size:
            self._queue[-1] = replace(last, items=(*last.items, item))
        else:
            self._queue.append(Batch((item,)))

    def _record_links(
        self, item: RepositoryItem, facts: RepositoryFacts, nodes: Mapping[Probe, Node]
    ) -> None:
        renamed = new_full_name(facts, item.owner, item.name)
        for target, request in item.requests:
            outcome = link_outcome(
                request, facts, renamed, lambda p: nodes.get(p, NOT_REQUESTED), self._site
            )
            if isinstance(outcome, NeedsRestLookup):
                self._rest_queue.link(item, target, request, facts)
            else:
                self._recorder.record(target, outcome, GRAPHQL)

    def _owner_or_gist(self, item: OwnerItem | GistItem, node: Node) -> None:
        """Record an owner or a gist; those that GraphQL does not find get a REST request."""
        is_owner = isinstance(item, OwnerItem)
        if _is_other(item, node):
            node = Node(NodeState.NULL)
        if node.state is NodeState.FOUND and (is_owner or node.fields.get("gist")):
            what = (
                f"the owner {one_line(item.login)}" if isinstance(item, OwnerItem) else "the gist"
            )
            outcome = ExplainedOutcome(Found(PageFacts()), f"{what} is there")
            for target in item.targets:
                self._recorder.record(target, outcome, GRAPHQL)
        elif node.state in {NodeState.FORBIDDEN, NodeState.HEAVY, NodeState.UNEXPECTED}:
            self._record_unknown(item.targets, _null_reason(node))
        elif isinstance(item, OwnerItem):
            # ``repositoryOwner`` is null without an error for a name that does not exist.
            self._rest_queue.owner(item)
        else:
            self._rest_queue.gist(item)

    def _record_unknown(self, targets: Iterable[Target], unknown: Unknown) -> None:
        self._recorder.record_unknown(targets, unknown, GRAPHQL)


def _swapped(query: Query, reply: QueryResult) -> frozenset[str]:
    """Return the aliases not to be believed, as a repository of the query has another's answer.

    Two repositories may have become one, but then that one has its own answer. Once one answer is
    at another alias, no other change of a name in the response is believed.
    """
    answers: dict[str, str] = {}
    changed: dict[str, str] = {}
    for alias, item in query.items:
        if not isinstance(item, RepositoryItem):
            continue
        name = (as_text(reply.nodes[alias].fields.get("nameWithOwner")) or "").casefold()
        requested = f"{item.owner}/{item.name}".casefold()
        answers[requested] = name
        if name and name != requested:
            changed[alias] = name
    is_swapped = any(answers.get(name, name) != name for name in changed.values())
    return frozenset(changed) if is_swapped else frozenset()


def _is_other(item: OwnerItem | GistItem, node: Node) -> bool:
    """Return whether the answer about an owner or a gist names another one."""
    if isinstance(item, OwnerItem):
        name, requested = as_text(node.fields.get("login")), item.login
    else:
        name, requested = as_text(as_mapping(node.fields.get("gist")).get("name")), item.gist.gist
    return name is not None and name.casefold() != requested.casefold()


def _null_reason(node: Node) -> Unknown:
    """Return why the outcome of an alias that came back null is unknown."""
    if node.state is NodeState.FORBIDDEN:
        return Unknown(UnknownReason.FORBIDDEN, f"GitHub refuses the token: {node.message}")
    if node.state is NodeState.HEAVY:
        return Unknown(UnknownReason.SERVER_ERROR, f"GitHub gave up on it: {node.message}")
    if node.message:
        return Unknown(UnknownReason.PROTOCOL, f"GitHub could not say: {node.message}")
    return Unknown(UnknownReason.PROTOCOL, "GitHub answered nothing about it, and gave no reason")
