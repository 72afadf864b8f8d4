"""Observes web pages: one streamed GET each, closed once the head of the page is in.

No HEAD first: it doubles the requests on just those hosts that limit them, and passes pages whose
GET is a 404. What says "not found" is looked at a second time, in another way and after the
others had their turn, before it is believed. A page that was there and named its version (an
``ETag``) is asked for, every other time, in case it has another by now; 304 then stands for all
that was seen of it.
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
from linkcheck.providers.web import html_head
from linkcheck.providers.web.recognize import recognize

WORKERS = 512
"""Pages looked at together; how many requests that makes is the door's business."""
HEAD_OF_PAGE = 65_536
"""Bytes of a page in which its title is looked for."""
WHOLE_PAGE = 2_000_000
PERMANENT = frozenset({301, 308})
SOURCE = "web"


_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{1,128}"')
"""An entity tag as RFC 9110 (section 8.8.3) has it, of a length worth keeping."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a page; ``first`` is the answer that a second look is to confirm."""

    question: ObservationRequest
    first: HttpResponse | None = None
    spent: int = 0
    """Requests that the looks before it took."""


class WebProvider:
    """Turns every URL that is no service's into a page, and pages into observations."""

    family = Service.WEB

    def __init__(
        self, client: HttpClientProtocol, settings: ServiceSettings, now: Callable[[], datetime]
    ) -> None:
        """Use ``door`` for all requests and ``now`` as the clock."""
        self._client = client
        self._check_fragments = settings.check_fragments
        self._now = now

    def recognize(self, url: Url) -> ParsedLink | None:
        """Return the page the URL names. Pure; takes every URL."""
        return recognize(url)

    async def observe(
        self, questions: Sequence[ObservationRequest], report: ObservationSink
    ) -> None:
        """Report exactly one observation for each question."""
        pending = PendingTargets(questions, report)
        queue = deque(_Look(question) for question in _spread(questions))

        async def one(look: _Look) -> None:
            question = look.question
            target = question.target
            if not pending.is_pending(target):
                return
            known = question.known if look.first is None and self._may_compare(question) else None
            response = await self._client.ask(self._ask(look, known))
            requests = count_requests(response) + look.spent
            if known is not None and isinstance(response, HttpResponse) and response.status == 304:
                if response.hops:  # it is somewhere else by now, and that wants a look
                    queue.append(_Look(replace(question, known=None), spent=requests))
                else:
                    pending.report(_unchanged(known, self._now(), requests))
                return
            if (
                isinstance(response, HttpResponse)
                and look.first is None
                and _says_missing(response)
            ):
                queue.append(_Look(question, response, requests))
                return
            if isinstance(response, HttpFailure):
                outcome: Outcome = as_unknown(response)
                says = response.detail
            else:
                outcome, says = self._judge(question, response)
                if isinstance(outcome, Found) and response.url.startswith("http://"):
                    outcome, more = await self._with_https(target.url, response, outcome)
                    requests += more
            at = self._now()
            pending.report(
                Observation(
                    target,
                    at,
                    outcome,
                    (EvidenceItem(SOURCE, at, _story(response, look.first, says)),),
                    response.status if isinstance(response, HttpResponse) else None,
                    requests,
                    _validator(response, outcome),
                )
            )

        await run_workers(queue, one, WORKERS)

    def _may_compare(self, question: ObservationRequest) -> bool:
        """Tell whether "unchanged" would answer a question: its page was seen, and as it is now."""
        known = question.known
        if known is None or known.validator is None or not isinstance(known.outcome, Found):
            return False
        # After "unchanged" the page itself is looked at again: neither what one version of
        # linkcheck made of it nor a server that always says so is believed for ever.
        return known.http_status == 200 and not (self._check_fragments and question.fragments)

    def _ask(self, look: _Look, known: Observation | None) -> HttpRequest:
        if look.first is not None:
            # The second look asks as a plain program would, and for no more than a piece: some
            # servers answer 404 to whom they take for a crawler with a browser's Accept.
            return HttpRequest(
                look.question.target.url,
                headers={"accept": "*/*", "range": "bytes=0-65535"},
                body_limit=HEAD_OF_PAGE,
                stop_after=b"</title>",
                html_only=True,
            )
        whole = self._check_fragments and look.question.fragments
        return HttpRequest(
            look.question.target.url,
            headers={"if-none-match": known.validator} if known and known.validator else {},
            body_limit=WHOLE_PAGE if whole else HEAD_OF_PAGE,
            stop_after=None if whole else b"</title>",
            html_only=True,
        )

    def _judge(self, question: ObservationRequest, response: HttpResponse) -> tuple[Outcome, str]:
        """Return what an answer means, and in words what it said."""
        status = response.status
        title = html_head.title_of(response) if html_head.is_html(response) else None
        if html_head.is_wall(response, title):
            detail = f"HTTP {status}: a page that asks to prove that one is human"
            return Unknown(UnknownReason.CHALLENGE, detail), detail
        if status in {404, 410} and not response.broken:
            gone = GoneReason.GONE if status == 410 else GoneReason.NOT_FOUND
            return Gone(gone), f"HTTP {status}"
        if status == 416:
            # Only the second look asks for a range: the thing is there, and empty.
            return self._found(question, response, title)
        if not 200 <= status <= 299:
            nothing = as_unknown(response)
            return nothing, nothing.detail
        return self._found(question, response, title)

    def _found(
        self, question: ObservationRequest, response: HttpResponse, title: str | None
    ) -> tuple[Outcome, str]:
        asked, final = question.target.url, response.url
        moved = bool(response.hops)
        # A page that says "not found" with 200 is never dead: error pages are recognized by
        # guesses (words in a title, words in an address), and a page *about* the error 404 reads
        # just like one. It is not alive either, so it is left open, for a person to look at.
        if (moved and html_head.is_error_address(asked, final)) or html_head.is_error_title(title):
            detail = f"HTTP {response.status}, but the page looks like an error page"
            if title:
                detail = f"{detail}: “{one_line(title, 80)}”"
            return Unknown(UnknownReason.CLIENT_ERROR, detail), detail
        if moved and html_head.is_login(asked, final):
            # Where a site keeps its sign-in page says nothing of where the thing went.
            facts = PageFacts(title=None, login_required=True)
            return Found(facts), f"HTTP {response.status}, behind a sign-in page"
        fragments = (
            html_head.fragments_of(response, question.fragments)
            if self._check_fragments and question.fragments and html_head.is_html(response)
            else ()
        )
        facts = PageFacts(title=title, fragments=fragments)
        now_at = html_head.new_address(asked, final) if moved else None
        if now_at is None:
            return Found(facts), f"HTTP {response.status}"
        # One temporary hop makes the whole way temporary; and a front page is not where a page
        # deep in a site has gone, whatever the redirect calls itself.
        permanent = all(hop.status in PERMANENT for hop in response.hops)
        if html_head.lost_its_place(asked, final):
            return Found(facts, now_at, permanent=False), f"HTTP {response.status} on a front page"
        return Found(facts, now_at, permanent=permanent), f"HTTP {response.status}"

    async def _with_https(
        self, asked: str, response: HttpResponse, found: Found
    ) -> tuple[Found, int]:
        """Add whether ``https:`` serves the same, by one request, for a page served in the clear.

        Only for the address as the link has it (redirects within ``http:`` aside) and only where
        no port is named: another port is another server.
        """
        facts = found.facts
        if not isinstance(facts, PageFacts) or facts.login_required:
            return found, 0
        if not asked.startswith("http://") or _has_port(asked):
            return found, 0
        secure = f"https://{asked.removeprefix('http://')}"
        other = await self._client.ask(
            HttpRequest(
                secure,
                body_limit=HEAD_OF_PAGE,
                stop_after=b"</title>",
                html_only=True,
                attempts=1,
            )
        )
        works = _serves_the_same(response, other)
        facts = PageFacts(facts.title, works, facts.fragments, facts.login_required)
        return Found(facts, found.now_at, found.permanent), count_requests(other)


def _validator(response: HttpResponse | HttpFailure, outcome: Outcome) -> str | None:
    """Return what names this version of a page, where the answer stands for all of it.

    Not where the way led elsewhere, which a comparison would not show, nor for a page in the
    clear, which takes a second request.
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


def _unchanged(known: Observation, at: datetime, requests: int) -> Observation:
    """Return the earlier observation as one of now."""
    says = f"HTTP 304: unchanged since {known.at:%Y-%m-%d}"
    evidence = (EvidenceItem(SOURCE, at, says),)
    return replace(known, at=at, evidence=evidence, http_status=304, requests=requests)


def _has_port(url: str) -> bool:
    authority = url.partition("://")[2].partition("/")[0]
    return authority.rpartition(":")[2].isdigit() and not authority.endswith("]")


def _serves_the_same(plain: HttpResponse, other: HttpResponse | HttpFailure) -> bool | None:
    """Compare an answer over http with one over https; ``None`` when that cannot be told."""
    if isinstance(other, HttpFailure):
        withheld = {UnknownReason.NOT_ASKED, UnknownReason.RATE_LIMITED, UnknownReason.HOST_DOWN}
        return None if other.reason in withheld else False
    if other.status == 429 or other.status >= 500:
        return None
    same_place = plain.url.partition("://")[2].rstrip("/") == other.url.partition("://")[2].rstrip(
        "/"
    ) and other.url.startswith("https://")
    return (
        other.status == plain.status
        and same_place
        and html_head.title_of(plain) == html_head.title_of(other)
    )


def _says_missing(response: HttpResponse) -> bool:
    """Tell whether an answer says "not found" in the way that deserves a second look.

    410 does not: nobody sends it by mistake.
    """
    return response.status == 404 and not html_head.is_wall(response, html_head.title_of(response))


def _story(response: HttpResponse | HttpFailure, first: HttpResponse | None, says: str) -> str:
    parts = [f"HTTP {hop.status} to {one_line(hop.location)}" for hop in response.hops]
    if first is not None:
        parts.insert(0, f"HTTP {first.status} at first")
    parts.append(says)
    return ", then ".join(parts)


def _spread(questions: Sequence[ObservationRequest]) -> Iterable[ObservationRequest]:
    """Return the questions with those of one host as far apart as may be.

    Otherwise a host with many links would fill every place and all others would wait for it.
    """
    by_host: dict[str, deque[ObservationRequest]] = defaultdict(deque)
    for question in questions:
        by_host[question.target.authority].append(question)
    while by_host:
        for host in list(by_host):
            yield by_host[host].popleft()
            if not by_host[host]:
                del by_host[host]
