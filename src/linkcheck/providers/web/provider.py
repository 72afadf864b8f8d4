"""Observe web pages: one streamed GET each, closed after the title.

There is no HEAD request first: it would double the requests to the hosts that limit them, and some
servers answer it with 200 where GET returns 404. A 404 is confirmed by a second request, as a
browser sends it, at the end of the queue: some servers show programs a 404. A page with an ``ETag``
gets a conditional request every other run; after 304 the previous observation is reused.
"""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from linkcheck.model.facts import PageFacts
from linkcheck.model.observation import (
    EvidenceItem,
    Found,
    Gone,
    GoneReason,
    Observation,
    Outcome,
    PageTrace,
    Unknown,
    UnknownReason,
)
from linkcheck.model.protocols import ObservationRequest, ObservationSink
from linkcheck.model.settings import ServiceSettings
from linkcheck.model.target import ParsedLink, Service
from linkcheck.model.url import Url
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpClientProtocol, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.concurrency import run_workers
from linkcheck.providers.http_outcomes import as_unknown, count_requests
from linkcheck.providers.recorder import PendingTargets
from linkcheck.providers.web import html_head, page_kinds
from linkcheck.providers.web.closed_services import (
    UNTITLED_VIDEO,
    ClosedService,
    find_closed_service,
    is_notice,
    successor_of,
    video_thumbnail,
)
from linkcheck.providers.web.recognize import recognize

WORKERS = 512
"""Pages in progress at the same time; the HTTP client limits the requests per host."""
MAX_HEAD = 65_536
"""Bytes of a page that are searched for its title."""
MAX_PAGE = 2_000_000
PERMANENT = frozenset({301, 308})
SOURCE = "web"

BROWSER_HEADERS = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language": "en-US,en;q=0.5",
    "upgrade-insecure-requests": "1",
    "sec-fetch-dest": "document",
    "sec-fetch-mode": "navigate",
    "sec-fetch-site": "none",
    "sec-fetch-user": "?1",
}
"""The headers of the confirming request."""
_SETTLED_BY_PICTURE = frozenset(
    {
        UnknownReason.FORBIDDEN,
        UnknownReason.RATE_LIMITED,
        UnknownReason.CHALLENGE,
        UnknownReason.CLIENT_ERROR,
    }
)
"""Reasons for an unknown page of a video whose picture shows that the video exists."""


_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{1,128}"')
"""An entity tag (RFC 9110, section 8.8.3) of limited length."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One request for a page."""

    request: ObservationRequest
    first: HttpResponse | None = None
    """The 404 response that this request is to confirm."""
    sent: int = 0
    """HTTP requests sent for this page before."""


class WebProvider:
    """Recognizes every URL as a page, and observes pages."""

    service = Service.WEB

    def __init__(
        self, client: HttpClientProtocol, settings: ServiceSettings, now: Callable[[], datetime]
    ) -> None:
        """Send requests with ``client``; ``now`` returns the time."""
        self._client = client
        self._check_fragments = settings.check_fragments
        self._now = now

    def recognize(self, url: Url) -> ParsedLink | None:
        """See :func:`linkcheck.providers.web.recognize.recognize`."""
        return recognize(url)

    async def observe(self, requests: Sequence[ObservationRequest], sink: ObservationSink) -> None:
        """Report one observation for each request to ``sink``."""
        pending = PendingTargets(requests, sink)
        queue = deque(_Job(request) for request in _interleave_hosts(requests))

        async def observe_one(job: _Job) -> None:
            request = job.request
            target = request.target
            if not pending.is_pending(target):
                return
            closed = find_closed_service(target.url, self._now().date())
            previous = (
                request.previous
                if job.first is None and closed is None and self._may_revalidate(request)
                else None
            )
            response = await self._client.send(self._http_request(job, previous))
            sent = count_requests(response) + job.sent
            if (
                previous is not None
                and isinstance(response, HttpResponse)
                and response.status == 304
            ):
                if response.hops:  # 304 after a redirect: the previous page is elsewhere now
                    queue.append(_Job(replace(request, previous=None), sent=sent))
                else:
                    pending.report(_unchanged(previous, self._now(), sent))
                return
            is_first = job.first is None and closed is None
            if isinstance(response, HttpResponse) and is_first and _is_not_found(response):
                queue.append(_Job(request, response, sent))
                return
            if isinstance(response, HttpFailure):
                outcome: Outcome = as_unknown(response)
                explanation = response.detail
            else:
                outcome, explanation = self._classify(request, response)
                if isinstance(outcome, Found) and response.url.startswith("http://"):
                    outcome, more = await self._check_https(target.url, response, outcome)
                    sent += more
            if closed is not None:
                outcome, note, more = await self._check_closed(
                    closed, target.url, outcome, response
                )
            else:
                outcome, note, more = await self._check_video(target.url, outcome)
            sent += more
            explanation = f"{explanation}; {note}" if note else explanation
            at = self._now()
            pending.report(
                Observation(
                    target,
                    at,
                    outcome,
                    (EvidenceItem(SOURCE, at, _explain(response, job.first, explanation)),),
                    response.status if isinstance(response, HttpResponse) else None,
                    sent,
                    _validator(response, outcome),
                    _trace(target.url, response),
                )
            )

        await run_workers(queue, observe_one, WORKERS)

    def _may_revalidate(self, request: ObservationRequest) -> bool:
        """Return whether a conditional request suffices."""
        previous = request.previous
        if (
            previous is None
            or previous.validator is None
            or not isinstance(previous.outcome, Found)
        ):
            return False
        # After a 304 the page itself is requested: neither the parser of an older version nor a
        # server that always returns 304 may determine the outcome forever.
        return previous.http_status == 200 and not (self._check_fragments and request.fragments)

    def _http_request(self, job: _Job, previous: Observation | None) -> HttpRequest:
        if job.first is not None:
            return HttpRequest(
                job.request.target.url,
                headers=BROWSER_HEADERS,
                body_limit=MAX_HEAD,
                stop_after=b"</title>",
                html_only=True,
            )
        whole = self._check_fragments and job.request.fragments
        return HttpRequest(
            job.request.target.url,
            headers=(
                {"if-none-match": previous.validator} if previous and previous.validator else {}
            ),
            body_limit=MAX_PAGE if whole else MAX_HEAD,
            stop_after=None if whole else b"</title>",
            html_only=True,
        )

    def _classify(self, request: ObservationRequest, response: HttpResponse) -> tuple[Outcome, str]:
        """Return the outcome of a response, with its explanation."""
        status = response.status
        title = html_head.find_title(response) if html_head.is_html(response) else None
        if html_head.is_challenge(response, title):
            detail = f"HTTP {status}: a page that asks to prove that one is human"
            return Unknown(UnknownReason.CHALLENGE, detail), detail
        if page_kinds.is_parking(title, response.body) or page_kinds.is_block_page(title):
            detail = f"HTTP {status}: a page that stands in for the site"
            detail = f"{detail}: “{one_line(title, 80)}”" if title else detail
            return Unknown(UnknownReason.INTERCEPTED, detail), detail
        if status in {404, 410} and not response.broken:
            gone = GoneReason.GONE if status == 410 else GoneReason.NOT_FOUND
            return Gone(gone), f"HTTP {status}"
        if not 200 <= status <= 299:
            unknown = as_unknown(response)
            return unknown, unknown.detail
        return self._found(request, response, title)

    def _found(
        self, request: ObservationRequest, response: HttpResponse, title: str | None
    ) -> tuple[Outcome, str]:
        url, final_url = request.target.url, response.url
        moved = bool(response.hops)
        now_at = html_head.find_new_url(url, response) if moved else None
        # A page with status 200 that looks like an error page is never dead: words in its title
        # are no proof, and a page about the error 404 has the same. It is not alive either, so it
        # is unknown, for a person to check. After a redirect, the rules judge it.
        if now_at is None and html_head.is_error_title(title):
            detail = f"HTTP {response.status}, but the page looks like an error page"
            if title:
                detail = f"{detail}: “{one_line(title, 80)}”"
            return Unknown(UnknownReason.CLIENT_ERROR, detail), detail
        if moved and html_head.is_login(url, final_url):
            # The URL of a login page is not the page's new URL.
            facts = PageFacts(title=None, login_required=True)
            return Found(facts), f"HTTP {response.status}, behind a sign-in page"
        fragments = (
            html_head.check_fragments(response, request.fragments)
            if self._check_fragments and request.fragments and html_head.is_html(response)
            else ()
        )
        facts = PageFacts(title=title, fragments=fragments)
        if now_at is None:
            return Found(facts), f"HTTP {response.status}"
        # One temporary redirect makes the chain temporary.
        permanent = all(hop.status in PERMANENT for hop in response.hops)
        return Found(facts, now_at, permanent=permanent), f"HTTP {response.status}"

    async def _check_closed(
        self,
        service: ClosedService,
        url: str,
        outcome: Outcome,
        response: HttpResponse | HttpFailure,
    ) -> tuple[Outcome, str, int]:
        """Return the outcome for a page of a closed service, a note, and the number of requests.

        What it still serves is found: a redirect to the thing itself, a file.
        """
        if isinstance(outcome, Unknown) and outcome.reason is UnknownReason.NOT_ASKED:
            return outcome, "", 0
        if isinstance(outcome, Found) and isinstance(response, HttpResponse):
            is_redirect = outcome.now_at is not None and not is_notice(service, outcome.now_at)
            if is_redirect or not html_head.is_html(response):
                return outcome, "", 0
        note = f"{service.name} was closed on {service.closed} ({service.source})"
        successor = successor_of(service, url)
        if successor is None:
            return Gone(GoneReason.GONE), note, 0
        found = await self._client.send(HttpRequest(successor, body_limit=0))
        is_there = isinstance(found, HttpResponse) and found.status == 200
        return (
            Gone(GoneReason.GONE, successor if is_there else None),
            f"{note}; its successor has the page" if is_there else note,
            count_requests(found),
        )

    async def _check_video(self, url: str, outcome: Outcome) -> tuple[Outcome, str, int]:
        """Return the outcome for a video by its preview picture, and the number of requests."""
        picture = None if isinstance(outcome, Gone) else video_thumbnail(url)
        if picture is None:
            return outcome, "", 0
        response = await self._client.send(HttpRequest(picture, body_limit=0))
        sent = count_requests(response)
        status = response.status if isinstance(response, HttpResponse) else None
        if status == 404:
            return Gone(GoneReason.NOT_FOUND), "the preview picture of the video is gone", sent
        if status == 200:
            is_hidden = isinstance(outcome, Unknown) and outcome.reason in _SETTLED_BY_PICTURE
            is_login = isinstance(outcome, Found) and outcome.facts == PageFacts(
                login_required=True
            )
            if is_hidden or is_login:
                return Found(PageFacts()), "the preview picture of the video is there", sent
            return outcome, "", sent
        title = (
            outcome.facts.title
            if isinstance(outcome, Found) and isinstance(outcome.facts, PageFacts)
            else None
        )
        if title is not None and UNTITLED_VIDEO.fullmatch(title):
            detail = "HTTP 200, but the page shows no video"
            return Unknown(UnknownReason.CLIENT_ERROR, detail), detail, sent
        return outcome, "", sent

    async def _check_https(
        self, url: str, response: HttpResponse, found: Found
    ) -> tuple[Found, int]:
        """Add whether ``https:`` serves the same page; also return the number of requests.

        Only for links with ``http:`` that did not redirect to ``https:``, and only without a port:
        another port is another server.
        """
        facts = found.facts
        if not isinstance(facts, PageFacts) or facts.login_required:
            return found, 0
        if not url.startswith("http://") or _has_port(url):
            return found, 0
        secure = f"https://{url.removeprefix('http://')}"
        other = await self._client.send(
            HttpRequest(
                secure,
                body_limit=MAX_HEAD,
                stop_after=b"</title>",
                html_only=True,
                attempts=1,
            )
        )
        works = _is_same_page(response, other)
        facts = PageFacts(facts.title, works, facts.fragments, facts.login_required)
        return Found(facts, found.now_at, found.permanent), count_requests(other)


def _trace(url: str, response: HttpResponse | HttpFailure) -> PageTrace | None:
    """Return what a response shares with those of other sites; ``None`` if there is none."""
    if isinstance(response, HttpFailure):
        return None
    title = html_head.find_title(response)
    text = page_kinds.page_text(title, html_head.decode_body(response), url)
    is_challenge = html_head.is_challenge(response, title)
    return PageTrace(
        None if is_challenge else page_kinds.fingerprint(text),
        page_kinds.says_blocked(text) or page_kinds.is_parking(title, response.body),
        response.has_valid_certificate,
        response.address,
    )


def _validator(response: HttpResponse | HttpFailure, outcome: Outcome) -> str | None:
    """Return the ``ETag`` of a page that a conditional request can confirm.

    Not after a redirect, whose target a 304 would not show, nor over ``http:``, where
    :meth:`WebProvider._check_https` needs the page.
    """
    if (
        isinstance(response, HttpFailure)
        or not isinstance(outcome, Found)
        or response.status != 200
    ):
        return None
    if response.hops or not response.url.startswith("https://"):
        return None
    etag = response.headers.get("etag", "")
    return etag if _ETAG.fullmatch(etag) else None


def _unchanged(previous: Observation, at: datetime, requests: int) -> Observation:
    """Return the previous observation with a new timestamp."""
    explanation = f"HTTP 304: unchanged since {previous.at:%Y-%m-%d}"
    evidence = (EvidenceItem(SOURCE, at, explanation),)
    return replace(previous, at=at, evidence=evidence, http_status=304, requests=requests)


def _has_port(url: str) -> bool:
    authority = url.partition("://")[2].partition("/")[0]
    return authority.rpartition(":")[2].isdigit() and not authority.endswith("]")


def _is_same_page(plain: HttpResponse, other: HttpResponse | HttpFailure) -> bool | None:
    """Compare a response over HTTP with one over HTTPS; ``None`` when that is inconclusive."""
    if isinstance(other, HttpFailure):
        withheld = {UnknownReason.NOT_ASKED, UnknownReason.RATE_LIMITED, UnknownReason.HOST_DOWN}
        return None if other.reason in withheld else False
    if other.status == 429 or other.status >= 500:
        return None
    same_url = plain.url.partition("://")[2].rstrip("/") == other.url.partition("://")[2].rstrip(
        "/"
    ) and other.url.startswith("https://")
    return (
        other.status == plain.status
        and same_url
        and html_head.find_title(plain) == html_head.find_title(other)
    )


def _is_not_found(response: HttpResponse) -> bool:
    """Return whether a response is a 404 to be confirmed; a 410 is never sent by mistake."""
    return response.status == 404 and not html_head.is_challenge(
        response, html_head.find_title(response)
    )


def _explain(
    response: HttpResponse | HttpFailure, first: HttpResponse | None, explanation: str
) -> str:
    parts = [f"HTTP {hop.status} to {one_line(hop.location)}" for hop in response.hops]
    if first is not None:
        parts.insert(0, f"HTTP {first.status} at first")
    parts.append(explanation)
    return ", then ".join(parts)


def _interleave_hosts(requests: Sequence[ObservationRequest]) -> Iterable[ObservationRequest]:
    """Return the requests so that hosts alternate.

    Otherwise a host with many links would occupy all workers and the others would wait for it.
    """
    by_host: dict[str, deque[ObservationRequest]] = defaultdict(deque)
    for request in requests:
        by_host[request.target.authority].append(request)
    while by_host:
        for host in list(by_host):
            yield by_host[host].popleft()
            if not by_host[host]:
                del by_host[host]
