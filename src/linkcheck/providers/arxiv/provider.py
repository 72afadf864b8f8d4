"""Observe arXiv papers in batches of a hundred, one request at a time, three seconds apart.

Requests have identifiers without version, which return the latest version: pinned versions up to it
exist. A batch that was refused, rate-limited, empty or inconsistent proves nothing about any paper;
while the API throttles, papers are requested one by one with OAI-PMH. A paper that a feed lacks is
requested again by its abstract page: the API and OAI-PMH lack new papers for days, and the API has
answered with valid, empty feeds for existing ones (lukasschwab/arxiv.py#43, #119).
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from linkcheck.engine.recency import months_since
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
from linkcheck.model.target import ParsedLink, Service, Target
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
MAX_ATTEMPTS = 3
"""Maximum number of requests for one batch while the service fails."""
MAX_FAILED_BATCHES = 2
"""After so many failed batches in a row, no further ones are requested."""
MAX_FAILED_RECORDS = 3
"""After so many failed requests in a row, OAI-PMH gets no further ones."""
MAX_SPLITS = 24
"""Maximum number of times that a refused batch is halved to find an invalid identifier."""
MIN_SUSPICIOUS = 5
"""An empty feed for so many papers or more is not worth a request for each abstract page."""
MAX_FEED = 2_000_000
"""Maximum size of a response in bytes."""
API = "arxiv-api"
OAI = "arxiv-oai"
PAGE = "arxiv-page"
_EMPTY_FEED = Unknown(UnknownReason.PROTOCOL, "arXiv answered with an empty feed")


class ArxivProvider:
    """Recognizes and observes arXiv papers."""

    service = Service.ARXIV

    def __init__(
        self,
        client: HttpClientProtocol,
        settings: ServiceSettings,
        now: Callable[[], datetime],
    ) -> None:
        """Send requests with ``client``; ``now`` returns the time."""
        self._client = client
        self._settings = settings
        self._now = now
        # One interval for both services: arXiv's terms of use count them together.
        rules = ArxivRateLimits(settings.arxiv_interval)
        client.register_rate_limits(rules, settings.arxiv, settings.arxiv_oai)

    def recognize(self, url: Url) -> ParsedLink | None:
        """See :func:`linkcheck.providers.arxiv.recognize.recognize`."""
        return recognize(url)

    async def observe(self, requests: Sequence[ObservationRequest], sink: ObservationSink) -> None:
        """Report one observation for each request to ``sink``."""
        await _Session(self._client, self._settings, self._now, requests, sink).run()


class _Session:
    """The state of one run: how many requests failed and which limits are used up."""

    def __init__(
        self,
        client: HttpClientProtocol,
        settings: ServiceSettings,
        now: Callable[[], datetime],
        requests: Sequence[ObservationRequest],
        sink: ObservationSink,
    ) -> None:
        self._client = client
        self._settings = settings
        self._now = now
        self._pending = PendingTargets(requests, sink)
        self._failed_batches = 0
        self._failed_records = 0
        self._splits_left = MAX_SPLITS
        self._requests: dict[str, ObservationRequest] = {}
        for request in requests:
            self._requests.setdefault(request.target.key, request)

    async def run(self) -> None:
        ids = []
        for key, request in self._requests.items():
            arxiv_id = parse_id(key)
            if arxiv_id is None or arxiv_id.id != key:
                # Because of one malformed id, arXiv would refuse the whole batch.
                self._report(request, _invalid(key), "not asked for", API)
            elif _is_of_future_month(request.target, self._now()):
                explanation = "identifiers of that month are not assigned yet"
                self._report(request, Gone(GoneReason.IMPOSSIBLE), explanation, "linkcheck")
            else:
                ids.append(key)
        queue = deque(tuple(ids[i : i + BATCH]) for i in range(0, len(ids), BATCH))
        # One at a time: arXiv's terms of use allow one connection.
        await run_workers(queue, lambda batch: self._observe_batch(batch, queue), 1)

    async def _observe_batch(self, ids: tuple[str, ...], queue: deque[tuple[str, ...]]) -> None:
        response: HttpResponse | HttpFailure | None = None
        failure = Unknown(UnknownReason.NOT_ASKED, "arXiv did not answer the requests before")
        if self._failed_batches < MAX_FAILED_BATCHES:
            response, failure = await self._query(ids)
        if isinstance(response, HttpResponse):
            result = _parse_response(response)
            if isinstance(result, Feed) and (result.papers or len(ids) < MIN_SUSPICIOUS):
                self._failed_batches = 0
                await self._report_feed(ids, result)
                return
            if isinstance(result, InvalidId) or response.status == 414:
                invalid = result if isinstance(result, InvalidId) else InvalidId(None)
                self._split(ids, invalid, queue)
                return
            failure = _EMPTY_FEED if isinstance(result, Feed) else result
        self._failed_batches += 1
        for key in ids:
            await self._observe_record(key, failure)

    async def _query(self, ids: tuple[str, ...]) -> tuple[HttpResponse | HttpFailure, Unknown]:
        """Request a batch; also return the outcome in case that the response is inconclusive."""
        query = query_string([("id_list", ",".join(ids)), ("max_results", len(ids))])
        attempts = MAX_ATTEMPTS if self._failed_batches == 0 else 1
        url = f"{self._settings.arxiv.rstrip('/')}/api/query?{query}"
        response = await self._send(url, attempts=attempts)
        return response, rate_limited(response) or as_unknown(response)

    async def _send(
        self, url: str, method: str = "GET", limit: int = MAX_FEED, *, attempts: int = 1
    ) -> HttpResponse | HttpFailure:
        return await self._client.send(
            HttpRequest(url, method=method, attempts=attempts, body_limit=limit, trusted=True)
        )

    def _split(
        self, ids: tuple[str, ...], invalid: InvalidId, queue: deque[tuple[str, ...]]
    ) -> None:
        """Queue a refused batch again without its invalid identifier, or in halves."""
        if invalid.id is not None and invalid.id in ids:
            self._report(self._requests[invalid.id], _invalid(invalid.id), "HTTP 400", API)
            rest = tuple(key for key in ids if key != invalid.id)
            if rest:
                queue.appendleft(rest)
        elif len(ids) == 1:
            self._report(self._requests[ids[0]], _invalid(ids[0]), "HTTP 400", API)
        elif self._splits_left <= 0:
            detail = "arXiv refuses batch after batch without naming an identifier"
            for key in ids:
                unknown = Unknown(UnknownReason.CLIENT_ERROR, detail)
                self._report(self._requests[key], unknown, detail, API)
        else:
            self._splits_left -= 1
            half = len(ids) // 2
            queue.appendleft(ids[half:])
            queue.appendleft(ids[:half])

    async def _report_feed(self, ids: tuple[str, ...], feed: Feed) -> None:
        unrequested = feed.papers.keys() - set(ids)
        for key in ids:
            request = self._requests[key]
            paper = feed.papers.get(key)
            if paper is not None:
                await self._report_paper(request, paper, API)
            elif feed.is_complete and not unrequested:
                await self._ask_again(request, by_feed=bool(feed.papers))
            else:
                detail = "the paper is missing from an answer that does not add up"
                self._report(request, Unknown(UnknownReason.PROTOCOL, detail), detail, API)

    async def _ask_again(
        self, request: ObservationRequest, *, by_feed: bool = False, by_record: bool = False
    ) -> None:
        """Observe a paper that a feed with other papers, or OAI-PMH, lacks.

        The paper is gone if two of the feed, OAI-PMH and its abstract page lack it.
        """
        key = request.target.key
        url = f"{self._settings.arxiv.rstrip('/')}/abs/{key}"
        page = await self._send(url, "HEAD", 0)
        status = page.status if isinstance(page, HttpResponse) else None
        record: PaperFacts | Unknown | None = None
        if not by_record and not (by_feed and status == 404):
            record = await self._get_record(key)
            by_record = record is None
        if isinstance(record, PaperFacts):
            await self._report_paper(request, record, OAI)
        elif status == 200:
            found = Found(PaperFacts(paper_id=key))
            self._report(request, found, "its abstract page is there", PAGE)
        elif by_feed + by_record + (status == 404) >= 2:
            lacking = {"API": by_feed, "OAI-PMH": by_record, "abstract page": status == 404}
            names = " and ".join(f"the {name}" for name, lacks in lacking.items() if lacks)
            self._report(request, Gone(GoneReason.NOT_FOUND), f"missing: {names} agree", PAGE)
        else:
            unknown = _EMPTY_FEED if status == 404 else as_unknown(page)
            self._report(request, unknown, unknown.detail, PAGE)

    async def _report_paper(
        self, request: ObservationRequest, paper: PaperFacts, source: str
    ) -> None:
        latest = paper.latest_version
        missing = tuple(v for v in request.versions if latest is not None and v > latest)
        explanation = f"found, latest version {latest}" if latest is not None else "found"
        withdrawn: bool | None = False
        if mentions_withdrawal(paper.comment):
            withdrawn, detail = await self._confirm_withdrawal(request.target.key, latest)
            explanation = f"{explanation}; {detail}"
        facts = replace(paper, missing_versions=missing, withdrawn=withdrawn)
        self._report(request, Found(facts), explanation, source)

    async def _confirm_withdrawal(self, key: str, latest: int | None) -> tuple[bool | None, str]:
        """Request the PDF of the latest version, which a withdrawn paper does not have.

        Return whether the paper is withdrawn, with an explanation. It is a heuristic: the API has
        no field for withdrawals.
        """
        name = f"{key}v{latest}" if latest is not None else key
        url = f"{self._settings.arxiv.rstrip('/')}/pdf/{name}"
        response = await self._send(url, "HEAD", 0)
        comment = "the comment speaks of a withdrawal"
        if isinstance(response, HttpResponse) and response.status == 404:
            return True, f"{comment} and the latest PDF is not there (a heuristic)"
        if isinstance(response, HttpResponse) and 200 <= response.status < 300:
            return False, f"{comment}, but the latest PDF is there"
        return None, f"{comment}; whether the latest PDF is there could not be told"

    async def _observe_record(self, key: str, failure: Unknown) -> None:
        """Observe a paper of a batch that the API refused with OAI-PMH, as long as that answers."""
        request = self._requests[key]
        is_refused = failure.reason is UnknownReason.RATE_LIMITED or failure is _EMPTY_FEED
        if not is_refused or self._failed_records >= MAX_FAILED_RECORDS:
            self._report(request, failure, failure.detail, API)
            return
        record = await self._get_record(key)
        if record is None:
            await self._ask_again(request, by_record=True)
        elif isinstance(record, PaperFacts):
            await self._report_paper(request, record, OAI)
        else:
            self._report(request, failure, failure.detail, API)

    async def _get_record(self, key: str) -> PaperFacts | Unknown | None:
        """Get a paper with OAI-PMH; ``None`` if OAI-PMH does not have it."""
        if self._failed_records >= MAX_FAILED_RECORDS:
            return Unknown(UnknownReason.NOT_ASKED, "OAI-PMH did not answer the requests before")
        query = query_string(
            [
                ("verb", "GetRecord"),
                ("identifier", f"oai:arXiv.org:{key}"),
                ("metadataPrefix", "arXivRaw"),
            ]
        )
        record = _parse_record_response(await self._send(f"{self._settings.arxiv_oai}?{query}"))
        if isinstance(record, PaperFacts) and record.paper_id != key:
            record = Unknown(UnknownReason.PROTOCOL, "OAI-PMH answered with another paper")
        self._failed_records = self._failed_records + 1 if isinstance(record, Unknown) else 0
        return record

    def _report(
        self, request: ObservationRequest, outcome: Outcome, explanation: str, source: str
    ) -> None:
        at = self._now()
        self._pending.report(
            Observation(request.target, at, outcome, (EvidenceItem(source, at, explanation),))
        )


def _parse_response(response: HttpResponse) -> Feed | InvalidId | Unknown:
    """Return the contents of an API response, or the outcome if it is inconclusive."""
    if limited := rate_limited(response):
        return limited
    if response.status not in {200, 400} or response.broken:
        return as_unknown(response)
    if response.truncated:
        return Unknown(UnknownReason.PROTOCOL, "arXiv's answer is larger than it may be")
    try:
        result = parse_feed(response.body)
    except MalformedResponseError as error:
        if response.status == 400:
            return InvalidId(None)
        return Unknown(UnknownReason.PROTOCOL, f"arXiv's answer cannot be used: {error}")
    if response.status == 400 and isinstance(result, Feed):
        return InvalidId(None)
    return result


def _parse_record_response(response: HttpResponse | HttpFailure) -> PaperFacts | Unknown | None:
    """Return the paper in an OAI-PMH response; ``None`` if the paper does not exist."""
    if isinstance(response, HttpFailure) or response.broken or response.status not in {200, 404}:
        return as_unknown(response)
    try:
        return parse_record(response.body)
    except MalformedResponseError as error:
        return Unknown(UnknownReason.PROTOCOL, str(error))


def _invalid(key: str) -> Unknown:
    return Unknown(UnknownReason.CLIENT_ERROR, f"arXiv does not take {key} for an identifier")


def _is_of_future_month(target: Target, now: datetime) -> bool:
    """Return whether a paper's month has not come, nor will tomorrow (our clock may be behind)."""
    months = months_since(target, now + timedelta(days=1))
    return months is not None and months < 0
