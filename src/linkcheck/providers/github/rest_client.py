"""Asks GitHub about one thing at a time: over REST, or by the web page where REST is spent.

With a token this settles what the batches could not; without one it is all there is. Every answer
becomes a :class:`Node`, so that the same rules judge it as judge the batches.
"""

from collections.abc import Mapping
from dataclasses import replace

from linkcheck.model.facts import PageFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason
from linkcheck.model.url import join, quote_segment
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpClientProtocol, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import GistAsk, Probe, ProbeKind
from linkcheck.providers.github.outcomes import PUBLIC, GitHubUrls, gone
from linkcheck.providers.github.rest_reply import (
    REST,
    RestResult,
    body_wanted,
    no_answer,
    read_node,
    read_repository,
    read_simple,
    rest_path,
)
from linkcheck.providers.github.web_fallback import (
    PAGE,
    name_in,
    page_node,
    page_path,
    page_refused,
)
from linkcheck.providers.http_outcomes import rate_limited
from linkcheck.providers.json_fields import as_count, as_mapping, parse_json_body
from linkcheck.providers.recorder import ExplainedOutcome

_HEADERS = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
_GISTS = "https://gist.github.com"
_PUBLIC_API = "https://api.github.com"
_MOVED = frozenset({301, 302, 307, 308})
_MOVES = 4
"""How often one question may be sent on within the API."""


class RestClient:
    """Sends requests about single things, over REST or to web pages."""

    def __init__(
        self,
        client: HttpClientProtocol,
        *,
        api: str,
        site: GitHubUrls,
        token: str | None,
    ) -> None:
        """Send requests to ``api`` (without a trailing slash) and to the pages of ``site``."""
        self._client = client
        self._api = api
        self._site = site
        self._token = token
        self.reserved = 0
        """Anonymous requests that are kept for repositories still to come."""
        self._pages_limited: HttpResponse | HttpFailure | None = None
        self._pages: dict[str, HttpResponse | HttpFailure] = {}

    async def repository(
        self, owner: str, name: str, *, known: RestResult | None = None
    ) -> RestResult:
        """Ask for a repository: facts over REST, mere existence by its page.

        ``known`` holds the facts and the ETag of an earlier answer, for a conditional request.
        """
        headers = {"if-none-match": known.validator} if known and known.validator else {}
        path = f"/repos/{quote_segment(owner)}/{quote_segment(name)}"
        answer = await self._within_api(path, headers)
        if self._is_out_of_requests(answer):
            return await self._repository_page(owner, name)
        if isinstance(answer, HttpResponse) and answer.status == 304 and known is not None:
            return replace(known, source=REST, status=304)
        single = read_repository(answer, with_token=self._token is not None)
        if self._token is None and single.judged == gone():
            # With a token, GraphQL has reported it before; without one, the web page must confirm it.
            page = await self._repository_page(owner, name)
            return page if page.facts is not None else single
        return single

    async def probe(self, full_name: str, probe: Probe) -> Node | ExplainedOutcome:
        """Ask for one thing in a repository; an :class:`ExplainedOutcome` means that its state is unknown."""
        rest = rest_path(full_name, probe)
        if rest is not None and self._has_spare_requests():
            answer = await self._within_api(rest, body_limit=body_wanted(probe))
            if not self._is_out_of_requests(answer):
                return read_node(answer, probe, with_token=self._token is not None)
        if probe.kind is ProbeKind.WIKI:
            return Node(NodeState.NULL)
        return await self._probe_page(full_name, probe)

    async def owner(self, login: str) -> RestResult:
        """Ask for a user or organization."""
        page = quote_segment(login)
        if not self._has_spare_requests():
            return await self.page(page)
        answer = await self._within_api(f"/users/{quote_segment(login)}")
        if self._is_out_of_requests(answer):
            return await self.page(page)
        return read_simple(answer, f"the owner {login}", with_token=self._token is not None)

    async def gist(self, gist: GistAsk) -> RestResult:
        """Ask for a gist by its id."""
        page = f"{quote_segment(gist.owner)}/{gist.gist}" if gist.owner else gist.gist
        if not self._has_spare_requests():
            return await self.page(page, gist=True)
        answer = await self._within_api(f"/gists/{quote_segment(gist.gist)}")
        if self._is_out_of_requests(answer):
            return await self.page(page, gist=True)
        return read_simple(answer, "the gist", with_token=self._token is not None)

    async def page(self, path: str, *, gist: bool = False) -> RestResult:
        """Ask for a page of the site (or of its gists) by its status alone."""
        server = self._site.server
        if gist:
            server = _GISTS if self._site == PUBLIC else f"{server}/gist"
        answer = await self._request_page(f"{server}/{path}")
        if isinstance(answer, RestResult):
            return answer
        if answer.status != 200:
            says = f"the page answers {answer.status}"
            return RestResult(
                ExplainedOutcome(Gone(GoneReason.GONE_OR_PRIVATE), says), None, PAGE, answer.status
            )
        moved = answer.url.replace(self._site.server, PUBLIC.server, 1) if answer.hops else None
        permanent = bool(answer.hops) and all(hop.status in {301, 308} for hop in answer.hops)
        says = f"the page answers 200{' at ' + one_line(moved) if moved else ''}"
        there = Found(PageFacts(), moved, permanent)
        return RestResult(ExplainedOutcome(there, says), None, PAGE, answer.status)

    async def remaining(self) -> int | None:
        """Ask how many REST requests are left; the question itself costs none."""
        answer = await self._within_api("/rate_limit")
        if isinstance(answer, HttpFailure) or answer.status != 200:
            return None
        resources = as_mapping(as_mapping(parse_json_body(answer)).get("resources"))
        return as_count(as_mapping(resources.get("core")).get("remaining"))

    def _has_spare_requests(self) -> bool:
        """Return whether requests are left beyond those reserved; with a token, always."""
        left = self._client.rate_limit(self._api + "/rate_limit", self._token).remaining
        return self._token is not None or left is None or left > self.reserved

    def _is_out_of_requests(self, answer: HttpResponse | HttpFailure) -> bool:
        """Return whether a page must answer instead: the anonymous limit is spent."""
        return self._token is None and rate_limited(answer) is not None

    async def _within_api(
        self, path: str, headers: Mapping[str, str] | None = None, body_limit: int = 500_000
    ) -> HttpResponse | HttpFailure:
        """Send a request to the API, and again where it redirects within itself.

        A rename answers 301 with the public API's own address (octokit/fixtures), also where the
        API is reached under another one: that address is read as a place in the API we ask.
        """
        ask = HttpRequest(
            self._api + path,
            headers={**_HEADERS, **(headers or {})},
            token=self._token,
            body_limit=body_limit,
            # Without a token web pages remain, which are faster than the next sixty requests.
            max_wait=0.0 if self._token is None else None,
            trusted=True,
            follow=False,
        )
        for _ in range(_MOVES):
            answer = await self._client.ask(ask)
            to = answer.headers.get("location") if isinstance(answer, HttpResponse) else None
            if not isinstance(answer, HttpResponse) or answer.status not in _MOVED or not to:
                return answer
            there = join(ask.url, to)
            if there.startswith(f"{_PUBLIC_API}/"):
                there = self._api + there.removeprefix(_PUBLIC_API)
            if not there.startswith(f"{self._api}/"):
                return answer
            ask = replace(ask, url=there)
        return answer

    async def _page(self, url: str) -> HttpResponse | HttpFailure:
        if self._pages_limited is not None:
            return self._pages_limited
        answer = await self._client.ask(HttpRequest(url, body_limit=0, trusted=True))
        if isinstance(answer, HttpResponse) and answer.status == 404:
            # Nobody but the page speaks here, so it is asked twice before it is believed.
            answer = await self._client.ask(HttpRequest(url, body_limit=0, trusted=True))
        if rate_limited(answer):
            # The site limits link checkers hard (lycheeverse/lychee#1873); asking on prolongs it.
            self._pages_limited = answer
        return answer

    async def _request_page(self, url: str) -> HttpResponse | RestResult:
        """Ask for a page; a :class:`RestResult` if the response is not about the page."""
        answer = await self._page(url)
        if isinstance(answer, HttpFailure) or answer.limited:
            return RestResult(no_answer(answer), source=PAGE)
        refused = page_refused(answer)
        if refused is not None:
            return RestResult(refused, source=PAGE, status=answer.status)
        return answer

    async def _repository_page(self, owner: str, name: str) -> RestResult:
        answer = await self._request_page(self._site.address(f"{owner}/{name}"))
        if isinstance(answer, RestResult):
            return answer
        if answer.status != 200:
            return RestResult(gone(), None, PAGE, answer.status)
        renamed = name_in(answer.url, self._site) if answer.hops else None
        return RestResult(None, RepositoryFacts(full_name=renamed), PAGE, answer.status)

    async def _probe_page(self, full_name: str, probe: Probe) -> Node | ExplainedOutcome:
        # The readings of one ambiguous path share one page.
        url = self._site.address(full_name, *page_path(probe))
        if url not in self._pages:
            self._pages[url] = await self._page(url)
        answer = self._pages[url]
        if isinstance(answer, HttpFailure) or answer.limited:
            return no_answer(answer)
        return page_refused(answer) or page_node(answer, probe)
