"""Observes DOIs by the handle service alone: the publisher's page is never asked.

``GET {doi}/api/handles/{doi}`` answers 200 with ``responseCode`` 1, or 404 with ``responseCode``
100 for a name that nobody registered, which is authoritative (doi.org's proxy server
documentation, "REST API"). Anything else tells nothing.
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
    """Turns the resolver's URLs into DOIs, and DOIs into observations."""

    family = Service.DOI

    def __init__(
        self, client: HttpClientProtocol, settings: ServiceSettings, now: Callable[[], datetime]
    ) -> None:
        """Use ``door`` for all requests and ``now`` as the clock."""
        self._client = client
        self._base = settings.doi.rstrip("/")
        self._now = now

    def recognize(self, url: Url) -> ParsedLink | None:
        """Return the DOI the URL names, if it is one of the resolver's. Pure."""
        return recognize(url)

    async def observe(
        self, questions: Sequence[ObservationRequest], report: ObservationSink
    ) -> None:
        """Report exactly one observation for each question."""
        pending = PendingTargets(questions, report)

        async def one(question: ObservationRequest) -> None:
            if not pending.is_pending(question.target):
                return
            doi = question.target.key
            name = quote_segment(doi, safe="/:;()")
            response = await self._client.ask(
                HttpRequest(
                    f"{self._base}/api/handles/{name}",
                    headers={"accept": "application/json"},
                    follow=False,
                    body_limit=200_000,
                    trusted=True,
                )
            )
            outcome, says = judge(doi, response)
            at = self._now()
            pending.report(
                Observation(
                    question.target,
                    at,
                    outcome,
                    (EvidenceItem(SOURCE, at, says),),
                    response.status if isinstance(response, HttpResponse) else None,
                    count_requests(response),
                )
            )

        await run_workers(deque(questions), one, WORKERS)


def judge(doi: str, response: HttpResponse | HttpFailure) -> tuple[Outcome, str]:
    """Return what the handle service's answer means for a DOI, and in words what it said."""
    if isinstance(response, HttpFailure) or response.status not in {200, 404}:
        nothing = as_unknown(response)
        return nothing, nothing.detail
    told = as_mapping(parse_json_body(response))
    code = told.get("responseCode")
    handle = as_text(told.get("handle"))
    if handle is not None and handle.lower() != doi:
        code = None  # an answer about something else
    if response.status == 200 and code == _REGISTERED:
        return Found(PaperFacts(paper_id=doi, doi=doi)), "the DOI is registered"
    if response.status == 404 and code == _NOT_REGISTERED:
        return Gone(GoneReason.NOT_FOUND), "the DOI is not registered (response code 100)"
    if code == _NO_VALUES:
        detail = "the DOI is registered, but no address is kept for it (response code 200)"
        return Unknown(UnknownReason.CLIENT_ERROR, detail), detail
    detail = f"HTTP {response.status} without an answer that the handle service would give"
    return Unknown(UnknownReason.PROTOCOL, detail), detail
