"""Observe DOIs with the handle service; publishers get no requests.

``GET {base}/api/handles/{doi}`` returns 200 with ``responseCode`` 1, or 404 with ``responseCode``
100 for a DOI that is not registered, which is authoritative (doi.org's proxy server documentation,
"REST API"). Every other response is inconclusive.
"""

from collections import deque
from collections.abc import Callable, Sequence
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
from linkcheck.providers.doi.recognize import recognize
from linkcheck.providers.http_outcomes import as_unknown, count_requests
from linkcheck.providers.json_fields import as_mapping, as_text, parse_json_body
from linkcheck.providers.recorder import PendingTargets

WORKERS = 8
SOURCE = "doi-handles"

_REGISTERED = 1
_NOT_REGISTERED = 100
_NO_VALUES = 200


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

    def recognize(self, url: Url) -> ParsedLink | None:
        """See :func:`linkcheck.providers.doi.recognize.recognize`."""
        return recognize(url)

    async def observe(self, requests: Sequence[ObservationRequest], sink: ObservationSink) -> None:
        """Report one observation for each request to ``sink``."""
        pending = PendingTargets(requests, sink)

        async def observe_one(request: ObservationRequest) -> None:
            if not pending.is_pending(request.target):
                return
            doi = request.target.key
            name = quote_segment(doi, safe="/:;()")
            response = await self._client.send(
                HttpRequest(
                    f"{self._base}/api/handles/{name}",
                    headers={"accept": "application/json"},
                    follow_redirects=False,
                    body_limit=200_000,
                    trusted=True,
                )
            )
            outcome, explanation = classify(doi, response)
            at = self._now()
            pending.report(
                Observation(
                    request.target,
                    at,
                    outcome,
                    (EvidenceItem(SOURCE, at, explanation),),
                    response.status if isinstance(response, HttpResponse) else None,
                    count_requests(response),
                )
            )

        await run_workers(deque(requests), observe_one, WORKERS)


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
