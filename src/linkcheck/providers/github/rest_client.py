"""Request one thing at a time from GitHub: over REST, or its web page where the limit is spent.

With a token this settles what the batches could not; without one it replaces them. Every response
becomes a :class:`Node`, so that both ways lead to the same outcomes.
"""

from collections.abc import Mapping
from dataclasses import replace

from linkcheck.model.facts import PageFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason
from linkcheck.model.url import join, quote_segment
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpClientProtocol, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import GistLink, Probe, ProbeKind
from linkcheck.providers.github.outcomes import PUBLIC, GitHubUrls, missing_repository
from linkcheck.providers.github.rest_reply import (
    REST,
    RestResult,
    max_body,
    no_answer,
    parse_existence,
    parse_node,
    parse_repository,
    rest_path,
)
from linkcheck.providers.github.web_fallback import (
    PAGE,
    full_name_in,
    page_error,
    page_path,
    parse_page,
)
from linkcheck.providers.http_outcomes import rate_limited
from linkcheck.providers.json_fields import as_count, as_mapping, parse_json_body
from linkcheck.providers.recorder import ExplainedOutcome

_HEADERS = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
_GISTS = "https://gist.github.com"
_PUBLIC_API = "https://api.github.com"
_MOVED = frozenset({301, 302, 307, 308})
_MAX_REDIRECTS = 4
"""Redirects of one request within the API."""


class RestClient:
    """Sends requests about result things, over REST or to web pages."""

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
        """Request a repository: its facts over REST, or its existence from its page.

        ``known`` has the facts and the ETag of an earlier response, for a conditional request.
        """
        headers = {"if-none-match": known.validator} if known and known.validator else {}
        path = f"/repos/{quote_segment(owner)}/{quote_segment(name)}"
        response = await self._request_api(path, headers)
        if self._is_out_of_requests(response):
            return await self._repository_page(owner, name)
        if isinstance(response, HttpResponse) and response.status == 304 and known is not None:
            return replace(known, source=REST, status=304)
        result = parse_repository(response, with_token=self._token is not None)
        if self._token is None and result.outcome == missing_repository():
            # With a token GraphQL has said so before; without one, a page has to confirm it.
            page = await self._repository_page(owner, name)
            return page if page.facts is not None else result
        return result

    async def probe(self, full_name: str, probe: Probe) -> Node | ExplainedOutcome:
        """Request one thing in a repository; an outcome in place of a node is unknown."""
        path = rest_path(full_name, probe)
        if path is not None and self._has_spare_requests():
            response = await self._request_api(path, body_limit=max_body(probe))
            if not self._is_out_of_requests(response):
                return parse_node(response, probe, with_token=self._token is not None)
        if probe.kind in {ProbeKind.WIKI, ProbeKind.SUBMODULES}:
            return Node(NodeState.NULL)  # the page's status does not show it
        return await self._probe_page(full_name, probe)

    async def owner(self, login: str) -> RestResult:
        """Request a user or organization."""
        page = quote_segment(login)
        if not self._has_spare_requests():
            return await self.page(page)
        response = await self._request_api(f"/users/{quote_segment(login)}")
        if self._is_out_of_requests(response):
            return await self.page(page)
        return parse_existence(response, f"the owner {login}", with_token=self._token is not None)

    async def gist(self, gist: GistLink) -> RestResult:
        """Request a gist by its id."""
        page = f"{quote_segment(gist.owner)}/{gist.gist}" if gist.owner else gist.gist
        if not self._has_spare_requests():
            return await self.page(page, gist=True)
        response = await self._request_api(f"/gists/{quote_segment(gist.gist)}")
        if self._is_out_of_requests(response):
            return await self.page(page, gist=True)
        return parse_existence(response, "the gist", with_token=self._token is not None)

    async def page(self, path: str, *, gist: bool = False) -> RestResult:
        """Request a page of the site (or of its gists) for its status."""
        server = self._site.server
        if gist:
            server = _GISTS if self._site == PUBLIC else f"{server}/gist"
        response = await self._checked_page(f"{server}/{path}")
        if isinstance(response, RestResult):
            return response
        if response.status != 200:
            message = f"the page answers {response.status}"
            return RestResult(
                ExplainedOutcome(Gone(GoneReason.GONE_OR_PRIVATE), message),
                None,
                PAGE,
                response.status,
            )
        moved = response.url.replace(self._site.server, PUBLIC.server, 1) if response.hops else None
        permanent = bool(response.hops) and all(hop.status in {301, 308} for hop in response.hops)
        message = f"the page answers 200{' at ' + one_line(moved) if moved else ''}"
        there = Found(PageFacts(), moved, permanent)
        return RestResult(ExplainedOutcome(there, message), None, PAGE, response.status)

    async def remaining(self) -> int | None:
        """Request the number of REST requests left; this request is free."""
        response = await self._request_api("/rate_limit")
        if isinstance(response, HttpFailure) or response.status != 200:
            return None
        resources = as_mapping(as_mapping(parse_json_body(response)).get("resources"))
        return as_count(as_mapping(resources.get("core")).get("remaining"))

    def _has_spare_requests(self) -> bool:
        """Return whether requests are left beyond those reserved; with a token, always."""
        left = self._client.rate_limit(self._api + "/rate_limit", self._token).remaining
        return self._token is not None or left is None or left > self.reserved

    def _is_out_of_requests(self, response: HttpResponse | HttpFailure) -> bool:
        """Return whether a page must be requested instead: the anonymous limit is spent."""
        return self._token is None and rate_limited(response) is not None

    async def _request_api(
        self, path: str, headers: Mapping[str, str] | None = None, body_limit: int = 500_000
    ) -> HttpResponse | HttpFailure:
        """Send a request to the API, and again where it redirects within itself.

        A rename answers 301 with the public API's own address (octokit/fixtures), also where the
        API is reached under another one: the redirect is then followed in that API.
        """
        request = HttpRequest(
            self._api + path,
            headers={**_HEADERS, **(headers or {})},
            token=self._token,
            body_limit=body_limit,
            # Without a token web pages remain, which are faster than the next sixty requests.
            max_wait=0.0 if self._token is None else None,
            trusted=True,
            follow_redirects=False,
        )
        for _ in range(_MAX_REDIRECTS):
            response = await self._client.send(request)
            to = response.headers.get("location") if isinstance(response, HttpResponse) else None
            if not isinstance(response, HttpResponse) or response.status not in _MOVED or not to:
                return response
            there = join(request.url, to)
            if there.startswith(f"{_PUBLIC_API}/"):
                there = self._api + there.removeprefix(_PUBLIC_API)
            if not there.startswith(f"{self._api}/"):
                return response
            request = replace(request, url=there)
        return response

    async def _page(self, url: str) -> HttpResponse | HttpFailure:
        if self._pages_limited is not None:
            return self._pages_limited
        response = await self._client.send(HttpRequest(url, body_limit=0, trusted=True))
        if isinstance(response, HttpResponse) and response.status == 404:
            # The page is the only source, so it has to say so twice.
            response = await self._client.send(HttpRequest(url, body_limit=0, trusted=True))
        if rate_limited(response):
            # The site limits link checkers (lycheeverse/lychee#1873); more requests prolong it.
            self._pages_limited = response
        return response

    async def _checked_page(self, url: str) -> HttpResponse | RestResult:
        """Request a page; a result where its response does not say whether the page exists."""
        response = await self._page(url)
        if isinstance(response, HttpFailure) or response.limited:
            return RestResult(no_answer(response), source=PAGE)
        refused = page_error(response)
        if refused is not None:
            return RestResult(refused, source=PAGE, status=response.status)
        return response

    async def _repository_page(self, owner: str, name: str) -> RestResult:
        response = await self._checked_page(self._site.url(f"{owner}/{name}"))
        if isinstance(response, RestResult):
            return response
        if response.status != 200:
            return RestResult(missing_repository(), None, PAGE, response.status)
        renamed = full_name_in(response.url, self._site) if response.hops else None
        return RestResult(None, RepositoryFacts(full_name=renamed), PAGE, response.status)

    async def _probe_page(self, full_name: str, probe: Probe) -> Node | ExplainedOutcome:
        # The splits of one ambiguous path share a page.
        url = self._site.url(full_name, *page_path(probe))
        if url not in self._pages:
            self._pages[url] = await self._page(url)
        response = self._pages[url]
        if isinstance(response, HttpFailure) or response.limited:
            return no_answer(response)
        return page_error(response) or parse_page(response, probe)
