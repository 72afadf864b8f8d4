"""Observes arXiv: papers in batches of a hundred, one request at a time, three seconds apart.

Bare identifiers are asked for, which gives the latest version; whether a pinned version exists
follows from that. A paper that a complete feed does not list is gone (arXiv API manual); a batch
that was refused, throttled or does not add up says nothing about any paper.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from linkcheck.model.facts import PaperFacts
from linkcheck.model.observation import (
    EvidenceItem,
    Found,
    Gone,
    GoneReason,
    Observation,
    Outcome,
    Unknown,
    UnknownReason,
)
from linkcheck.model.protocols import ObservationRequest, ObservationSink
from linkcheck.model.settings import ServiceSettings
from linkcheck.model.target import ParsedLink, Service
from linkcheck.model.url import Url, query_string
from linkcheck.net.messages import HttpClientProtocol, HttpFailure, HttpRequest, HttpResponse
from linkcheck.net.rate_limits import ArxivRateLimits
from linkcheck.providers.arxiv.feed import (
    Feed,
    InvalidId,
    MalformedResponseError,
    mentions_withdrawal,
    parse_feed,
    parse_record,
)
from linkcheck.providers.arxiv.recognize import parse_id, recognize
from linkcheck.providers.concurrency import run_workers
from linkcheck.providers.http_outcomes import as_unknown, rate_limited
from linkcheck.providers.recorder import PendingTargets

BATCH = 100
ATTEMPTS = 3
"""Requests for one batch that the service is too busy for."""
FAILED_BATCHES = 2
"""So many batches in a row without an answer end the asking."""
BY_RECORD = 5
"""Papers at most that are asked for one by one (OAI-PMH) while the API throttles."""
SPLITS = 24
"""Halvings at most of batches that are refused without naming an identifier."""
SUSPICIOUS = 5
"""An answer that knows none of so many papers or more speaks of the service, not of them."""
MAX_FEED = 2_000_000
API = "arxiv-api"
OAI = "arxiv-oai"


class ArxivProvider:
    """Turns arXiv URLs into papers and papers into observations."""

    service = Service.ARXIV

    def __init__(
        self,
        client: HttpClientProtocol,
        settings: ServiceSettings,
        now: Callable[[], datetime],
    ) -> None:
        """Use ``client`` for all requests and ``now`` as the clock."""
        self._client = client
        self._settings = settings
        self._now = now
        # One interval for both services: arXiv's terms of use count them together.
        rules = ArxivRateLimits(settings.arxiv_interval)
        client.register_rate_limits(rules, settings.arxiv, settings.arxiv_oai)

    def recognize(self, url: Url) -> ParsedLink | None:
        """Return the paper the URL names, if it is arXiv's. Pure."""
        return recognize(url)

    async def observe(
        self, questions: Sequence[ObservationRequest], report: ObservationSink
    ) -> None:
        """Report exactly one observation for each question."""
        await _Session(self._client, self._settings, self._now, questions, report).run()


class _Session:
    """One run's conversation with arXiv."""

    def __init__(
        self,
        client: HttpClientProtocol,
        settings: ServiceSettings,
        now: Callable[[], datetime],
        questions: Sequence[ObservationRequest],
        report: ObservationSink,
    ) -> None:
        self._client = client
        self._settings = settings
        self._now = now
        self._pending = PendingTargets(questions, report)
        self._failed = 0
        self._records = BY_RECORD
        self._splits = SPLITS
        self._questions: dict[str, ObservationRequest] = {}
        for question in questions:
            self._questions.setdefault(question.target.key, question)

    async def run(self) -> None:
        good = []
        for key, question in self._questions.items():
            read = parse_id(key)
            if read is None or read.id != key:
                # One malformed id would have arXiv refuse the whole batch: it is never sent.
                self._settle(question, _refused(key), "not asked for", API)
            else:
                good.append(key)
        queue = deque(tuple(good[i : i + BATCH]) for i in range(0, len(good), BATCH))
        # One at a time: arXiv's terms of use allow one connection.
        await run_workers(queue, lambda ids: self._batch(ids, queue), 1)

    async def _batch(self, ids: tuple[str, ...], queue: deque[tuple[str, ...]]) -> None:
        response: HttpResponse | HttpFailure | None = None
        trouble = Unknown(UnknownReason.NOT_ASKED, "arXiv did not answer the requests before")
        if self._failed < FAILED_BATCHES:
            response, trouble = await self._query(ids)
        if isinstance(response, HttpResponse):
            read = _read(response)
            if isinstance(read, Feed):
                self._failed = 0
                await self._judge(ids, read)
                return
            if isinstance(read, InvalidId) or response.status == 414:
                self._split(ids, read if isinstance(read, InvalidId) else InvalidId(None), queue)
                return
            trouble = read
        self._failed += 1
        for key in ids:
            await self._without_api(key, trouble)

    async def _query(self, ids: tuple[str, ...]) -> tuple[HttpResponse | HttpFailure, Unknown]:
        """Request a batch from the API, and why its answer settles nothing if it does not."""
        query = query_string([("id_list", ",".join(ids)), ("max_results", len(ids))])
        attempts = ATTEMPTS if self._failed == 0 else 1
        url = f"{self._settings.arxiv.rstrip('/')}/api/query?{query}"
        response = await self._ask(url, attempts=attempts)
        return response, rate_limited(response) or as_unknown(response)

    async def _ask(
        self, url: str, method: str = "GET", limit: int = MAX_FEED, *, attempts: int = 1
    ) -> HttpResponse | HttpFailure:
        return await self._client.ask(
            HttpRequest(url, method=method, attempts=attempts, body_limit=limit, trusted=True)
        )

    def _split(self, ids: tuple[str, ...], bad: InvalidId, queue: deque[tuple[str, ...]]) -> None:
        """Leave out the identifier that a batch was refused for; unnamed, it is halved."""
        if bad.id in ids:
            self._settle(self._questions[str(bad.id)], _refused(str(bad.id)), "HTTP 400", API)
            rest = tuple(key for key in ids if key != bad.id)
            if rest:
                queue.appendleft(rest)
        elif len(ids) == 1:
            self._settle(self._questions[ids[0]], _refused(ids[0]), "HTTP 400", API)
        elif self._splits <= 0:
            detail = "arXiv refuses batch after batch without naming an identifier"
            for key in ids:
                refused = Unknown(UnknownReason.CLIENT_ERROR, detail)
                self._settle(self._questions[key], refused, detail, API)
        else:
            self._splits -= 1
            half = len(ids) // 2
            queue.appendleft(ids[half:])
            queue.appendleft(ids[:half])

    async def _judge(self, ids: tuple[str, ...], feed: Feed) -> None:
        strangers = feed.papers.keys() - set(ids)
        none_known = len(ids) >= SUSPICIOUS and not feed.papers
        for key in ids:
            question = self._questions[key]
            paper = feed.papers.get(key)
            if paper is not None:
                await self._found(question, paper, API)
            elif feed.is_complete and not strangers and not none_known:
                says = "its complete answer does not list the paper"
                self._settle(question, Gone(GoneReason.NOT_FOUND), says, API)
            else:
                detail = "the paper is missing from an answer that does not add up"
                self._settle(question, Unknown(UnknownReason.PROTOCOL, detail), detail, API)

    async def _found(self, question: ObservationRequest, paper: PaperFacts, source: str) -> None:
        latest = paper.latest_version
        missing = tuple(v for v in question.versions if latest is not None and v > latest)
        says = f"found, latest version {latest}" if latest is not None else "found"
        withdrawn: bool | None = False
        if mentions_withdrawal(paper.comment):
            withdrawn, heard = await self._confirm_withdrawal(question.target.key, latest)
            says = f"{says}; {heard}"
        facts = replace(paper, missing_versions=missing, withdrawn=withdrawn)
        self._settle(question, Found(facts), says, source)

    async def _confirm_withdrawal(self, key: str, latest: int | None) -> tuple[bool | None, str]:
        """Ask for the PDF of the latest version, which a withdrawn paper does not have.

        Together with the comment this is a strong hint, no more: arXiv marks withdrawals in no
        field of its API.
        """
        name = f"{key}v{latest}" if latest is not None else key
        url = f"{self._settings.arxiv.rstrip('/')}/pdf/{name}"
        response = await self._ask(url, "HEAD", 0)
        comment = "the comment speaks of a withdrawal"
        if isinstance(response, HttpResponse) and response.status == 404:
            return True, f"{comment} and the latest PDF is not there (a heuristic)"
        if isinstance(response, HttpResponse) and 200 <= response.status < 300:
            return False, f"{comment}, but the latest PDF is there"
        return None, f"{comment}; whether the latest PDF is there could not be told"

    async def _without_api(self, key: str, trouble: Unknown) -> None:
        """Settle a paper that the API gave no answer on: a few are asked for by OAI-PMH."""
        question = self._questions[key]
        if trouble.reason is not UnknownReason.RATE_LIMITED or self._records <= 0:
            self._settle(question, trouble, trouble.detail, API)
            return
        self._records -= 1
        query = query_string(
            [
                ("verb", "GetRecord"),
                ("identifier", f"oai:arXiv.org:{key}"),
                ("metadataPrefix", "arXivRaw"),
            ]
        )
        response = await self._ask(f"{self._settings.arxiv_oai}?{query}")
        record = _record(response)
        if isinstance(record, Unknown):
            self._records = 0  # it is no better than the API today
            self._settle(question, trouble, trouble.detail, API)
        elif record is None:
            says = "OAI-PMH answers idDoesNotExist"
            self._settle(question, Gone(GoneReason.NOT_FOUND), says, OAI)
        elif record.paper_id != key:
            self._settle(question, trouble, trouble.detail, API)
        else:
            await self._found(question, record, OAI)

    def _settle(
        self, question: ObservationRequest, outcome: Outcome, says: str, source: str
    ) -> None:
        at = self._now()
        self._pending.report(
            Observation(question.target, at, outcome, (EvidenceItem(source, at, says),))
        )


def _read(response: HttpResponse) -> Feed | InvalidId | Unknown:
    """Return what an API answer holds, or why it settles nothing."""
    if limited := rate_limited(response):
        return limited
    if response.status not in {200, 400} or response.broken:
        return as_unknown(response)
    if response.truncated:
        return Unknown(UnknownReason.PROTOCOL, "arXiv's answer is larger than it may be")
    try:
        read = parse_feed(response.body)
    except MalformedResponseError as error:
        if response.status == 400:
            return InvalidId(None)
        return Unknown(UnknownReason.PROTOCOL, f"arXiv's answer cannot be used: {error}")
    if response.status == 400 and isinstance(read, Feed):
        return InvalidId(None)
    return read


def _record(response: HttpResponse | HttpFailure) -> PaperFacts | Unknown | None:
    """Return the paper of an OAI-PMH answer; ``None`` when it says that there is no such paper."""
    if isinstance(response, HttpFailure) or response.broken or response.status not in {200, 404}:
        return as_unknown(response)
    try:
        return parse_record(response.body)
    except MalformedResponseError as error:
        return Unknown(UnknownReason.PROTOCOL, str(error))


def _refused(key: str) -> Unknown:
    return Unknown(UnknownReason.CLIENT_ERROR, f"arXiv does not take {key} for an identifier")
