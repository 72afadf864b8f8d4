"""Asks GitHub about one thing at a time: over REST, or by the web page where REST is spent.

With a token this settles what the batches could not; without one it is all there is. Every answer
becomes a :class:`Node`, so that the same rules judge it as judge the batches.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from linkcheck.model.facts import PageFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason
from linkcheck.model.url import join, quote_segment
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpClientProtocol, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.github.graphql_reply import Node, NodeState
from linkcheck.providers.github.link_request import GistAsk, Probe, ProbeKind
from linkcheck.providers.github.outcomes import PUBLIC, GitHubUrls, gone
from linkcheck.providers.github.rate_limits import Limit, RateLimitGate
from linkcheck.providers.github.rest_reply import (
    REST,
    RestResult,
    body_wanted,
    limited,
    read_node,
    read_repository,
    read_simple,
    rest_path,
    unanswered,
)
from linkcheck.providers.github.web_fallback import (
    PAGE,
    name_in,
    page_node,
    page_path,
    page_refused,
)
from linkcheck.providers.json_fields import as_count, as_mapping, parse_json_body
from linkcheck.providers.recorder import ExplainedOutcome

_HEADERS = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
_GISTS = "https://gist.github.com"
_PUBLIC_API = "https://api.github.com"
_MOVED = frozenset({301, 302, 307, 308})
_MOVES = 4
"""How often one question may be sent on within the API."""
_RETRIED_LIMITS = 3


@dataclass(slots=True)
class AnonymousQuota:
    """How many REST requests are left, as GitHub counts them."""

    left: int | None = None
    """``None`` where nobody counts (with a token)."""
    reserved: int = 0
    """Requests that are kept for repositories still to come."""
    under_way: int = 0
    closed: bool = False
    """Whether GitHub has refused: nothing is left then, whatever late answers say."""

    def take(self, *, extra: bool = False) -> bool:
        """Use one request if there is one; ``extra`` ones leave the reserve alone."""
        if self.left is not None:
            if self.left <= (self.reserved if extra else 0):
                return False
            self.left -= 1
        self.under_way += 1
        return True

    def finish(self) -> None:
        """Say that a request that was taken has ended."""
        self.under_way -= 1

    def learn(self, headers: Mapping[str, str]) -> None:
        """Believe GitHub: where it counts more than we do (others share the address), and fewer.

        An answer 304 is free; whether also without a token, its documentation does not say.
        """
        said = headers.get("x-ratelimit-remaining", "")
        if self.left is None or self.closed or not said.isdecimal():
            return
        others = self.under_way - 1
        more = int(said) > self.left + others
        self.left = int(said) - others if more else min(self.left, int(said))

    def close(self) -> None:
        """Take nothing more."""
        self.left, self.closed = 0, True


class RestClient:
    """Asks about single things, through the gate, over REST or by web page."""

    def __init__(
        self,
        door: HttpClientProtocol,
        *,
        api: str,
        site: GitHubUrls,
        token: str | None,
        gate: RateLimitGate,
        quota: AnonymousQuota,
    ) -> None:
        """Keep the addresses (without trailing slashes) and the shared gate and quota."""
        self._door = door
        self._api = api
        self._site = site
        self._token = token
        self._gate = gate
        self._quota = quota
        self._pages_limited: Limit | None = None
        self._pages: dict[str, HttpResponse | HttpFailure | Limit] = {}

    async def repository(
        self, owner: str, name: str, *, known: RestResult | None = None
    ) -> RestResult:
        """Ask for a repository: facts over REST, mere existence by its page.

        ``known`` holds the facts and the ETag of an earlier answer, for a conditional request.
        """
        if not self._quota.take():
            return await self._repository_page(owner, name)
        headers = {"if-none-match": known.validator} if known and known.validator else {}
        answer = await self._rest(f"/repos/{quote_segment(owner)}/{quote_segment(name)}", headers)
        if isinstance(answer, Limit) and self._token is None:
            return await self._repository_page(owner, name)
        if isinstance(answer, HttpResponse) and answer.status == 304 and known is not None:
            return replace(known, source=REST, status=304)
        single = read_repository(answer, with_token=self._token is not None)
        if self._token is None and single.judged == gone():
            # With a token GraphQL has said so before; here a page is the second witness.
            page = await self._repository_page(owner, name)
            return page if page.facts is not None else single
        return single

    async def probe(self, full_name: str, probe: Probe) -> Node | ExplainedOutcome:
        """Ask for one thing in a repository; a :class:`Judged` means that nothing can be told."""
        rest = rest_path(full_name, probe)
        if rest is not None and self._quota.take(extra=True):
            answer = await self._rest(rest, {}, body_wanted(probe))
            if not (isinstance(answer, Limit) and self._token is None):
                return read_node(answer, probe, with_token=self._token is not None)
        if probe.kind is ProbeKind.WIKI:
            return Node(NodeState.NULL)
        return await self._probe_page(full_name, probe)

    async def owner(self, login: str) -> RestResult:
        """Ask for a user or organization."""
        if not self._quota.take(extra=True):
            return await self.page(quote_segment(login))
        answer = await self._rest(f"/users/{quote_segment(login)}", {})
        return read_simple(answer, f"the owner {login}", with_token=self._token is not None)

    async def gist(self, gist: GistAsk) -> RestResult:
        """Ask for a gist by its id."""
        if not self._quota.take(extra=True):
            owner = f"{quote_segment(gist.owner)}/" if gist.owner else ""
            return await self.page(f"{owner}{gist.gist}", gist=True)
        answer = await self._rest(f"/gists/{quote_segment(gist.gist)}", {})
        return read_simple(answer, "the gist", with_token=self._token is not None)

    async def page(self, path: str, *, gist: bool = False) -> RestResult:
        """Ask for a page of the site (or of its gists) by its status alone."""
        server = self._site.server
        if gist:
            server = _GISTS if self._site == PUBLIC else f"{server}/gist"
        answer = await self._told_by_page(f"{server}/{path}")
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
        answer = await self._within_api(self._api + "/rate_limit", {}, 100_000)
        if isinstance(answer, HttpFailure) or answer.status != 200:
            return None
        resources = as_mapping(as_mapping(parse_json_body(answer)).get("resources"))
        return as_count(as_mapping(resources.get("core")).get("remaining"))

    async def _rest(
        self, path: str, headers: Mapping[str, str], body_limit: int = 500_000
    ) -> HttpResponse | HttpFailure | Limit:
        """Send one request that was taken out of the quota."""
        try:
            return await self._within_limits(path, headers, body_limit)
        finally:
            self._quota.finish()

    async def _within_limits(
        self, path: str, headers: Mapping[str, str], body_limit: int
    ) -> HttpResponse | HttpFailure | Limit:
        for attempt in range(_RETRIED_LIMITS):
            shut = await self._gate.wait()
            if shut is not None:
                return shut
            answer = await self._within_api(self._api + path, headers, body_limit)
            if isinstance(answer, HttpResponse):
                self._quota.learn(answer.headers)
            limit = self._gate.closed_by(answer)
            if limit is None:
                return answer
            if self._token is None:
                # Web pages remain; waiting an hour for sixty more requests is nobody's wish.
                self._quota.close()
                return limit
            if attempt == _RETRIED_LIMITS - 1:
                return limit
        raise AssertionError("every last try returns")

    async def _within_api(
        self, url: str, headers: Mapping[str, str], body_limit: int
    ) -> HttpResponse | HttpFailure:
        """Ask the API, and again where it says that something has moved within it.

        A rename answers 301 with the public API's own address (octokit/fixtures), also where the
        API is reached under another one: that address is read as a place in the API we ask.
        """
        ask = HttpRequest(
            url,
            headers={**_HEADERS, **headers},
            token=self._token,
            body_limit=body_limit,
            trusted=True,
            follow=False,
        )
        for _ in range(_MOVES):
            answer = await self._door.ask(ask)
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

    async def _page(self, url: str) -> HttpResponse | HttpFailure | Limit:
        if self._pages_limited is not None:
            return self._pages_limited
        answer = await self._door.ask(HttpRequest(url, body_limit=0, trusted=True))
        if isinstance(answer, HttpResponse) and answer.status == 404:
            # Nobody but the page speaks here, so it is asked twice before it is believed.
            answer = await self._door.ask(HttpRequest(url, body_limit=0, trusted=True))
        if isinstance(answer, HttpResponse) and answer.status == 429:
            # The site limits link checkers hard (lycheeverse/lychee#1873); asking on prolongs it.
            self._pages_limited = self._gate.limit_in(answer)
            return self._pages_limited or answer
        return answer

    async def _told_by_page(self, url: str) -> HttpResponse | RestResult:
        """Ask for a page; a :class:`Single` where its answer says nothing of what it is about."""
        answer = await self._page(url)
        if isinstance(answer, Limit):
            return RestResult(limited(answer), source=PAGE)
        if isinstance(answer, HttpFailure):
            return RestResult(unanswered(answer), source=PAGE)
        refused = page_refused(answer)
        if refused is not None:
            return RestResult(refused, source=PAGE, status=answer.status)
        return answer

    async def _repository_page(self, owner: str, name: str) -> RestResult:
        answer = await self._told_by_page(self._site.address(f"{owner}/{name}"))
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
        if isinstance(answer, Limit):
            return limited(answer)
        if isinstance(answer, HttpFailure):
            return unanswered(answer)
        return page_refused(answer) or page_node(answer, probe)
