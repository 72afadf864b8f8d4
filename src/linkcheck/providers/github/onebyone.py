"""Asks for single things: what the batches leave open, and everything when there is no token."""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.observation import Gone, GoneReason
from linkcheck.model.target import Target
from linkcheck.providers.crew import work_through
from linkcheck.providers.github.desk import Desk
from linkcheck.providers.github.judge import Judged, Site, Unsettled, judge, moved_to
from linkcheck.providers.github.query import GistItem, OwnerItem, RepositoryItem
from linkcheck.providers.github.reply import Node, Seen
from linkcheck.providers.github.single import REST, Quota, Single, SingleAsker
from linkcheck.providers.github.wants import InRepository, PathWant, Probe

WORKERS = 4
"""Single requests under way at once; the door's budget for the host may allow fewer."""

Job = Callable[[], Awaitable[None]]


class OneByOne:
    """A row of single questions, asked when :meth:`work` is called."""

    def __init__(self, asker: SingleAsker, desk: Desk, site: Site, quota: Quota) -> None:
        """Start with nothing to ask."""
        self._asker = asker
        self._desk = desk
        self._site = site
        self._quota = quota
        self._jobs: deque[Job] = deque()

    async def work(self) -> None:
        """Ask everything that was put down."""
        await work_through(self._jobs, self._run, WORKERS)

    async def _run(self, job: Job) -> None:
        await job()

    def repository(self, item: RepositoryItem) -> None:
        """Put down a repository with all that is linked in it."""

        async def job() -> None:
            if self._stopped(item.targets):
                return
            known = self._desk.validated(item.targets)
            single = await self._asker.repository(item.owner, item.name, known=known)
            self._quota.reserved = max(0, self._quota.reserved - 1)
            self._all(item.targets, single)
            if single.judged is None:
                for target, want in item.wants:
                    await self._want(item, target, want, single)

        self._jobs.append(job)

    def want(
        self, item: RepositoryItem, target: Target, want: InRepository, facts: RepositoryFacts
    ) -> None:
        """Put down one link into a repository whose facts are known."""

        async def job() -> None:
            if not self._stopped((target,)):
                await self._want(item, target, want, Single(None, facts))

        self._jobs.append(job)

    def owner(self, item: OwnerItem) -> None:
        """Put down a user or organisation."""

        async def job() -> None:
            if not self._stopped(item.targets):
                self._all(item.targets, await self._asker.owner(item.login))

        self._jobs.append(job)

    def gist(self, item: GistItem) -> None:
        """Put down a gist."""

        async def job() -> None:
            if not self._stopped(item.targets):
                self._all(item.targets, await self._asker.gist(item.gist))

        self._jobs.append(job)

    def page(self, url: str, target: Target) -> None:
        """Put down a page of the site, asked at the server that the settings name."""
        path = url.partition("://")[2].partition("/")[2]

        async def job() -> None:
            single = await self._asker.page(f"{self._site.server}/{path}")
            self._all((target,), single)

        self._jobs.append(job)

    async def _want(
        self, item: RepositoryItem, target: Target, want: InRepository, single: Single
    ) -> None:
        facts = single.facts or RepositoryFacts()
        full_name = facts.full_name or f"{item.owner}/{item.name}"
        nodes: dict[Probe, Node] = {}
        for probe in want.probes:
            node = await self._asker.probe(full_name, probe)
            if isinstance(node, Judged):
                self._desk.settled(target, node, REST, requests=len(nodes) + 1)
                return
            nodes[probe] = node
            if isinstance(want, PathWant) and node.seen is Seen.THERE:
                break
        renamed = moved_to(facts, item.owner, item.name)
        judged = judge(
            want,
            facts,
            renamed,
            lambda probe: nodes.get(probe, Node(Seen.NULL)),
            self._site,
        )
        if isinstance(judged, Unsettled):
            judged = Judged(Gone(GoneReason.NOT_FOUND), judged.says)
        # The status and validator are the repository's own: they say nothing of what lies in it.
        own = None if nodes else single
        self._desk.settled(target, judged, single.source, own, requests=max(1, len(nodes)))

    def _all(self, targets: Sequence[Target], single: Single) -> None:
        if single.judged is not None:
            for target in targets:
                self._desk.settled(target, single.judged, single.source, single, requests=1)

    def _stopped(self, targets: Sequence[Target]) -> bool:
        stopped = self._desk.stopped
        if stopped is not None:
            self._desk.unknown(targets, stopped, REST)
        return stopped is not None
