"""Observe DOIs with the handle service; publishers get no requests.

``GET {base}/api/handles/{doi}`` returns 200 with ``responseCode`` 1, or 404 with ``responseCode``
100 for a DOI that is not registered (doi.org's proxy server documentation, "REST API"): yet, or at
all, see :mod:`linkcheck.engine.recency`. Every other response is inconclusive.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
from linkcheck.model.url import Url, quote_segment
from linkcheck.net.messages import HttpClientProtocol, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.concurrency import run_workers
from linkcheck.providers.doi.malformed import (
    KNOWN_PREFIXES,
    is_malformed,
    repairs_of,
    strip_resolver,
)
from linkcheck.providers.doi.recognize import recognize
from linkcheck.providers.http_outcomes import as_unknown, count_requests
from linkcheck.providers.json_fields import as_mapping, as_text, parse_json_body
from linkcheck.providers.papers import agencies
from linkcheck.providers.papers.agencies import prefix_of
from linkcheck.providers.papers.records import UnreadableReplyError
from linkcheck.providers.recorder import PendingTargets

WORKERS = 8
SOURCE = "doi-handles"

_REGISTERED = 1
_NOT_REGISTERED = 100
_NO_VALUES = 200


@dataclass(frozen=True, slots=True)
class _HandleLookup:
    """The result of looking up a DOI."""

    outcome: Outcome
    explanation: str
    status: int | None
    requests: int


class DoiProvider:
    """Recognizes and observes DOIs."""

    service = Service.DOI

    def __init__(
        self, client: HttpClientProtocol, settings: ServiceSettings, now: Callable[[], datetime]
    ) -> None:
        """Send requests with ``client``; ``now`` returns the time."""
        self._client = client
        self._base = settings.doi.rstrip("/")
        self._now = now
        self._prefixes: dict[str, bool] = {}
        """Prefixes that were looked up, with whether they are unknown."""

    def recognize(self, url: Url) -> ParsedLink | None:
        """See :func:`linkcheck.providers.doi.recognize.recognize`."""
        return recognize(url)

    async def observe(self, requests: Sequence[ObservationRequest], sink: ObservationSink) -> None:
        """Report one observation for each request to ``sink``."""
        pending = PendingTargets(requests, sink)

        async def observe_one(request: ObservationRequest) -> None:
            if not pending.is_pending(request.target):
                return
            lookup = await self._look_up(request.target.key)
            at = self._now()
            evidence = (EvidenceItem(SOURCE, at, lookup.explanation),)
            pending.report(
                Observation(
                    request.target, at, lookup.outcome, evidence, lookup.status, lookup.requests
                )
            )

        await run_workers(deque(requests), observe_one, WORKERS)

    async def _look_up(self, doi: str) -> _HandleLookup:
        """Look up a DOI; one that is not registered also by its repairs and its prefix."""
        repairs = repairs_of(doi)
        is_url = bool(repairs) and strip_resolver(doi) != doi
        lookup = await self._request(repairs[0] if is_url else doi)
        if is_url and isinstance(lookup.outcome, Found):
            return _impossible(lookup, "a resolver within a resolver is no DOI", repairs[0])
        if not isinstance(lookup.outcome, Gone):
            return lookup
        for repair in repairs[is_url:]:
            repaired = await self._request(repair)
            lookup = replace(lookup, requests=lookup.requests + repaired.requests)
            if isinstance(repaired.outcome, Found):
                return _impossible(lookup, f"{lookup.explanation}; {repair} is registered", repair)
        if is_malformed(doi):
            return _impossible(lookup, "the DOI is malformed")
        prefix = prefix_of(doi)
        if prefix not in KNOWN_PREFIXES and prefix not in self._prefixes:
            self._prefixes[prefix] = await self._is_prefix_unknown(prefix)
        if self._prefixes.get(prefix):
            return _impossible(lookup, "no agency has registered the prefix of the DOI")
        return lookup

    async def _request(self, doi: str) -> _HandleLookup:
        response = await self._send(f"/api/handles/{quote_segment(doi, safe='/:;()')}")
        outcome, explanation = classify(doi, response)
        status = response.status if isinstance(response, HttpResponse) else None
        return _HandleLookup(outcome, explanation, status, count_requests(response))

    async def _is_prefix_unknown(self, prefix: str) -> bool:
        """Return whether doi.org knows no agency for a prefix; ``False`` if that is not known."""
        response = await self._send(f"/ra/{prefix}")
        if isinstance(response, HttpFailure) or response.status != 200:
            return False
        try:
            found = agencies.read(response.body)
        except UnreadableReplyError:
            return False
        return found.get(prefix, "") is None

    async def _send(self, path: str) -> HttpResponse | HttpFailure:
        return await self._client.send(
            HttpRequest(
                self._base + path,
                headers={"accept": "application/json"},
                follow_redirects=False,
                body_limit=200_000,
                trusted=True,
            )
        )


def _impossible(
    lookup: _HandleLookup, explanation: str, repair: str | None = None
) -> _HandleLookup:
    """Return the result for a name that no DOI can have, with the one that was meant if known."""
    url = f"https://doi.org/{quote_segment(repair, safe='/:;()')}" if repair else None
    return replace(lookup, outcome=Gone(GoneReason.IMPOSSIBLE, url), explanation=explanation)


def classify(doi: str, response: HttpResponse | HttpFailure) -> tuple[Outcome, str]:
    """Return the outcome of the handle service's response, with its explanation."""
    if isinstance(response, HttpFailure) or response.status not in {200, 404}:
        unknown = as_unknown(response)
        return unknown, unknown.detail
    body = as_mapping(parse_json_body(response))
    code = body.get("responseCode")
    handle = as_text(body.get("handle"))
    if handle is not None and handle.lower() != doi:
        code = None  # a response about another DOI
    if response.status == 200 and code == _REGISTERED:
        return Found(PaperFacts(paper_id=doi, doi=doi)), "the DOI is registered"
    if response.status == 404 and code == _NOT_REGISTERED:
        return Gone(GoneReason.NOT_FOUND), "the DOI is not registered (response code 100)"
    if code == _NO_VALUES:
        detail = "the DOI is registered, but no address is kept for it (response code 200)"
        return Unknown(UnknownReason.CLIENT_ERROR, detail), detail
    detail = f"HTTP {response.status} without an answer that the handle service would give"
    return Unknown(UnknownReason.PROTOCOL, detail), detail
