"""Asks GitHub about one thing at a time: over REST, or by the web page where REST is spent.

With a token this settles what the batches could not; without one it is all there is. Every answer
becomes a :class:`Node`, so that the same rules judge it as judge the batches.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from linkcheck.model.facts import PageFacts, RepositoryFacts
from linkcheck.model.observation import (
    Found,
    Gone,
    GoneReason,
    Unknown,
    UnknownReason,
)
from linkcheck.model.url import InvalidUrlError, join, parse, quote_segment
from linkcheck.net.api import Answer, Ask, Door, NoAnswer
from linkcheck.providers.desk import Judged
from linkcheck.providers.github.facts import from_rest
from linkcheck.providers.github.judge import PUBLIC, Site, blocked, gone
from linkcheck.providers.github.limits import Gate, Limit
from linkcheck.providers.github.reply import Node, Seen
from linkcheck.providers.github.wants import GistAsk, Probe, ProbeKind
from linkcheck.providers.reading import body_json, count, mapping, sequence, shown, text
from linkcheck.providers.unsettled import refusal

REST = "github-rest"
PAGE = "github-page"

_HEADERS = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
_GISTS = "https://gist.github.com"
_PUBLIC_API = "https://api.github.com"
_MOVED = frozenset({301, 302, 307, 308})
_MOVES = 4
"""How often one question may be sent on within the API."""
_RETRIED_LIMITS = 3


@dataclass(frozen=True, slots=True)
class Single:
    """What one request told."""

    judged: Judged | None
    """The outcome, when the request settles it by itself."""
    facts: RepositoryFacts | None = None
    """The repository's facts, when it is there."""
    source: str = REST
    status: int | None = None
    validator: str | None = None
    """The answer's ETag."""


@dataclass(slots=True)
class Quota:
    """How many REST requests are left, as GitHub counts them."""

    left: int | None = None
    """``None`` where nobody counts (with a token)."""
    reserved: int = 0
    """Requests that are kept for repositories still to come."""

    def take(self, *, extra: bool = False) -> bool:
        """Use one request if there is one; ``extra`` ones leave the reserve alone."""
        if self.left is None:
            return True
        if self.left <= (self.reserved if extra else 0):
            return False
        self.left -= 1
        return True

    def learn(self, headers: Mapping[str, str]) -> None:
        """Believe GitHub where it counts fewer than we do (others share the address)."""
        said = headers.get("x-ratelimit-remaining", "")
        if self.left is not None and said.isdecimal():
            self.left = min(self.left, int(said))


class SingleAsker:
    """Asks about single things, through the gate, over REST or by web page."""

    def __init__(
        self, door: Door, *, api: str, site: Site, token: str | None, gate: Gate, quota: Quota
    ) -> None:
        """Keep the addresses (without trailing slashes) and the shared gate and quota."""
        self._door = door
        self._api = api
        self._site = site
        self._token = token
        self._gate = gate
        self._quota = quota
        self._pages_limited: Limit | None = None
        self._pages: dict[str, Answer | NoAnswer | Limit] = {}

    async def repository(self, owner: str, name: str, *, known: Single | None = None) -> Single:
        """Ask for a repository: facts over REST, mere existence by its page.

        ``known`` holds the facts and the ETag of an earlier answer, for a conditional request.
        """
        if not self._quota.take():
            return await self._repository_page(owner, name)
        headers = {"if-none-match": known.validator} if known and known.validator else {}
        answer = await self._rest(f"/repos/{quote_segment(owner)}/{quote_segment(name)}", headers)
        if isinstance(answer, Limit) and self._token is None:
            return await self._repository_page(owner, name)
        if isinstance(answer, Answer) and answer.status == 304 and known is not None:
            return replace(known, source=REST, status=304)
        single = read_repository(answer, with_token=self._token is not None)
        if self._token is None and single.judged == gone():
            # With a token GraphQL has said so before; here a page is the second witness.
            page = await self._repository_page(owner, name)
            return page if page.facts is not None else single
        return single

    async def probe(self, full_name: str, probe: Probe) -> Node | Judged:
        """Ask for one thing in a repository; a :class:`Judged` means that nothing can be told."""
        rest = _rest_path(full_name, probe)
        if rest is not None and self._quota.take(extra=True):
            answer = await self._rest(rest, {}, _body_wanted(probe))
            if not (isinstance(answer, Limit) and self._token is None):
                return _rest_node(answer, probe, with_token=self._token is not None)
        if probe.kind is ProbeKind.WIKI:
            return Node(Seen.NULL)
        return await self._probe_page(full_name, probe)

    async def owner(self, login: str) -> Single:
        """Ask for a user or organisation."""
        if not self._quota.take(extra=True):
            return await self.page(quote_segment(login))
        answer = await self._rest(f"/users/{quote_segment(login)}", {})
        return _simple(answer, f"the owner {login}", with_token=self._token is not None)

    async def gist(self, gist: GistAsk) -> Single:
        """Ask for a gist by its id."""
        if not self._quota.take(extra=True):
            owner = f"{quote_segment(gist.owner)}/" if gist.owner else ""
            return await self.page(f"{owner}{gist.gist}", gist=True)
        answer = await self._rest(f"/gists/{quote_segment(gist.gist)}", {})
        return _simple(answer, "the gist", with_token=self._token is not None)

    async def page(self, path: str, *, gist: bool = False) -> Single:
        """Ask for a page of the site (or of its gists) by its status alone."""
        server = self._site.server
        if gist:
            server = _GISTS if self._site == PUBLIC else f"{server}/gist"
        answer = await self._page(f"{server}/{path}")
        if isinstance(answer, Limit):
            return Single(_limited(answer), source=PAGE)
        if isinstance(answer, NoAnswer):
            return Single(_unanswered(answer), source=PAGE)
        refused = _page_refused(answer)
        if refused is not None:
            return Single(refused, source=PAGE, status=answer.status)
        if answer.status != 200:
            says = f"the page answers {answer.status}"
            return Single(Judged(Gone(GoneReason.GONE_OR_PRIVATE), says), None, PAGE, answer.status)
        moved = answer.url.replace(self._site.server, PUBLIC.server, 1) if answer.hops else None
        permanent = bool(answer.hops) and all(hop.status in {301, 308} for hop in answer.hops)
        says = f"the page answers 200{' at ' + shown(moved) if moved else ''}"
        there = Found(PageFacts(), moved, permanent)
        return Single(Judged(there, says), None, PAGE, answer.status)

    async def remaining(self) -> int | None:
        """Ask how many REST requests are left; the question itself costs none."""
        answer = await self._within_api(self._api + "/rate_limit", {}, 100_000)
        if isinstance(answer, NoAnswer) or answer.status != 200:
            return None
        resources = mapping(mapping(body_json(answer)).get("resources"))
        return count(mapping(resources.get("core")).get("remaining"))

    async def _rest(
        self, path: str, headers: Mapping[str, str], body_limit: int = 500_000
    ) -> Answer | NoAnswer | Limit:
        for attempt in range(_RETRIED_LIMITS):
            shut = await self._gate.enter()
            if shut is not None:
                return shut
            answer = await self._within_api(self._api + path, headers, body_limit)
            if isinstance(answer, Answer):
                self._quota.learn(answer.headers)
            limit = self._gate.closed_by(answer)
            if limit is None:
                return answer
            if self._token is None:
                # Web pages remain; waiting an hour for sixty more requests is nobody's wish.
                self._quota.left = 0
                return limit
            if attempt == _RETRIED_LIMITS - 1:
                return limit
        raise AssertionError("every last try returns")

    async def _within_api(
        self, url: str, headers: Mapping[str, str], body_limit: int
    ) -> Answer | NoAnswer:
        """Ask the API, and again where it says that something has moved within it.

        A rename answers 301 with the public API's own address (octokit/fixtures), also where the
        API is reached under another one: that address is read as a place in the API we ask.
        """
        ask = Ask(
            url,
            headers={**_HEADERS, **headers},
            token=self._token,
            body_limit=body_limit,
            trusted=True,
            follow=False,
        )
        for _ in range(_MOVES):
            answer = await self._door.ask(ask)
            to = answer.headers.get("location") if isinstance(answer, Answer) else None
            if not isinstance(answer, Answer) or answer.status not in _MOVED or not to:
                return answer
            there = join(ask.url, to)
            if there.startswith(f"{_PUBLIC_API}/"):
                there = self._api + there.removeprefix(_PUBLIC_API)
            if not there.startswith(f"{self._api}/"):
                return answer
            ask = replace(ask, url=there)
        return answer

    async def _page(self, url: str) -> Answer | NoAnswer | Limit:
        if self._pages_limited is not None:
            return self._pages_limited
        answer = await self._door.ask(Ask(url, body_limit=0, trusted=True))
        if isinstance(answer, Answer) and answer.status == 404:
            # Nobody but the page speaks here, so it is asked twice before it is believed.
            answer = await self._door.ask(Ask(url, body_limit=0, trusted=True))
        if isinstance(answer, Answer) and answer.status == 429:
            # The site limits link checkers hard (lycheeverse/lychee#1873); asking on prolongs it.
            self._pages_limited = self._gate.limit_in(answer)
            return self._pages_limited or answer
        return answer

    async def _repository_page(self, owner: str, name: str) -> Single:
        answer = await self._page(self._site.address(f"{owner}/{name}"))
        if isinstance(answer, Limit):
            return Single(_limited(answer), source=PAGE)
        if isinstance(answer, NoAnswer):
            return Single(_unanswered(answer), source=PAGE)
        refused = _page_refused(answer)
        if refused is not None:
            return Single(refused, source=PAGE, status=answer.status)
        if answer.status != 200:
            return Single(gone(), None, PAGE, answer.status)
        renamed = _name_in(answer.url, self._site) if answer.hops else None
        return Single(None, RepositoryFacts(full_name=renamed), PAGE, answer.status)

    async def _probe_page(self, full_name: str, probe: Probe) -> Node | Judged:
        # The readings of one ambiguous path share one page.
        url = self._site.address(full_name, *_page_path(probe))
        if url not in self._pages:
            self._pages[url] = await self._page(url)
        answer = self._pages[url]
        if isinstance(answer, Limit):
            return _limited(answer)
        if isinstance(answer, NoAnswer):
            return _unanswered(answer)
        return _page_refused(answer) or _page_node(answer, probe)


def read_repository(answer: Answer | NoAnswer | Limit, *, with_token: bool = True) -> Single:
    """Return what ``GET /repos/{owner}/{repo}`` says, redirects followed."""
    if isinstance(answer, Limit):
        return Single(_limited(answer))
    if isinstance(answer, NoAnswer):
        return Single(_unanswered(answer))
    body = body_json(answer)
    status = answer.status
    if status == 200:
        if not isinstance(body, dict) or text(body.get("full_name")) is None:
            return Single(_odd("GitHub's answer is not a repository"), status=status)
        return Single(None, from_rest(body), status=status, validator=answer.headers.get("etag"))
    return Single(_rest_refused(answer, with_token=with_token) or gone(), status=status)


def _rest_refused(answer: Answer, *, with_token: bool) -> Judged | None:
    """Return the outcome of every status but 200 and 404; a 403 has four meanings.

    The order matters: a block first; limits were told apart before; then permission.
    """
    body = mapping(body_json(answer))
    if answer.status in {403, 451}:
        block = body.get("block")
        if answer.status == 451 or isinstance(block, dict):
            reason = text(mapping(block).get("reason"), 40)
            return blocked(reason or ("dmca" if answer.status == 451 else None))
    if answer.status == 404:
        # A 404 that is no JSON object comes from something else on the way.
        own = isinstance(body_json(answer), dict)
        return None if own else _odd("a 404 that is not in the API's own form")
    message = shown(text(body.get("message")) or "no reason given")
    said = f"GitHub answered {answer.status}: {message}"
    if answer.status == 401 and with_token:
        return Judged(Unknown(UnknownReason.CREDENTIALS, said), said)
    return Judged(Unknown(refusal(answer.status), said), said)


def _simple(answer: Answer | NoAnswer | Limit, what: str, *, with_token: bool) -> Single:
    if isinstance(answer, Limit):
        return Single(_limited(answer))
    if isinstance(answer, NoAnswer):
        return Single(_unanswered(answer))
    if answer.status == 200:
        return Single(Judged(Found(PageFacts()), f"{shown(what)} is there"), status=200)
    refused = _rest_refused(answer, with_token=with_token)
    missing = Judged(Gone(GoneReason.NOT_FOUND), f"GitHub does not know {shown(what)}")
    return Single(refused or missing, status=answer.status)


def _rest_path(full_name: str, probe: Probe) -> str | None:
    base = f"/repos/{quote_segment(full_name, safe='/')}"
    value = probe.value
    if probe.kind is ProbeKind.OBJECT:
        ref, colon, path = value.partition(":")
        if not colon:
            return f"{base}/commits/{quote_segment(ref, safe='/')}"
        at = "" if ref == "HEAD" else f"?ref={quote_segment(ref)}"
        return f"{base}/contents/{quote_segment(path, safe='/')}{at}"
    if probe.kind is ProbeKind.ISSUE:
        return f"{base}/issues/{value}"
    if probe.kind is ProbeKind.RELEASE:
        return f"{base}/releases/tags/{quote_segment(value, safe='/')}"
    return None


def _body_wanted(probe: Probe) -> int:
    """Return how much of the answer to read: of files and commits, only enough for an error."""
    return 20_000 if probe.kind is ProbeKind.OBJECT else 500_000


def _rest_node(
    answer: Answer | NoAnswer | Limit, probe: Probe, *, with_token: bool
) -> Node | Judged:
    if isinstance(answer, Limit):
        return _limited(answer)
    if isinstance(answer, NoAnswer):
        return _unanswered(answer)
    if answer.status in {200, 302, 304}:
        body = mapping(body_json(answer))
        files = {"nodes": list(sequence(body.get("assets")))}
        return Node(Seen.THERE, {"url": body.get("html_url"), "releaseAssets": files})
    # 422: "No commit found for SHA", the answer to a ref that is not there.
    absent = probe.kind in {ProbeKind.OBJECT, ProbeKind.RELEASE}
    refused = _rest_refused(answer, with_token=with_token)
    if (answer.status == 404 and refused is None) or (answer.status == 422 and absent):
        return Node(Seen.NULL if absent else Seen.MISSING)
    if answer.status == 410:
        return Node(Seen.MISSING, None, "it was deleted")
    return refused or _odd("GitHub's answer could not be read")


def _page_path(probe: Probe) -> tuple[str, ...]:
    value = probe.value
    if probe.kind is ProbeKind.OBJECT:
        tail = value.replace(":", "/", 1)
        return ("blob" if "/" in tail else "tree", tail)
    if probe.kind is ProbeKind.RELEASE:
        return ("releases", "tag", value)
    return ("discussions" if probe.kind is ProbeKind.DISCUSSION else "issues", value)


def _page_node(answer: Answer, probe: Probe) -> Node:
    if answer.status != 200:
        absent = probe.kind in {ProbeKind.OBJECT, ProbeKind.RELEASE}
        return Node(Seen.NULL if absent else Seen.MISSING)
    if probe.kind is ProbeKind.OBJECT:
        # A renamed branch redirects on the web; the ref that the link names is still not there.
        ref = probe.value.partition(":")[0]
        if ref != "HEAD" and f"/{ref}/" not in f"/{'/'.join(_segments(answer.url))}/":
            return Node(Seen.NULL)
        return Node(Seen.THERE, {})
    return Node(Seen.THERE, {"url": answer.url} if answer.hops else {})


def _page_refused(answer: Answer) -> Judged | None:
    """Return the outcome of a page's answer that says neither "there" nor "not there"."""
    status = answer.status
    said = f"the page answers {status}"
    if status == 451:
        return blocked("dmca")
    if status == 200 and answer.hops and "/login" in answer.url:
        return Judged(Unknown(UnknownReason.FORBIDDEN, "leads to the sign-in page"), said)
    if answer.hops and not _same_site(answer.hops[0].url, answer.url):
        led = f"led away, to {shown(answer.url)}"
        return Judged(Unknown(UnknownReason.PROTOCOL, led), led)
    if status in {200, 404}:
        return None
    if status == 410:
        return Judged(Gone(GoneReason.GONE), said)
    return Judged(Unknown(refusal(status), said), said)


def _same_site(one: str, other: str) -> bool:
    """Tell whether a redirect stayed with the service: what another host says is not its word."""
    try:
        return parse(one).host == parse(other).host
    except InvalidUrlError:
        return False


def _name_in(url: str, site: Site) -> str | None:
    """Return ``owner/name`` of a repository page's address."""
    if not url.startswith(site.server + "/"):
        return None
    parts = _segments(url)[len(_segments(site.server)) :]
    return f"{parts[0]}/{parts[1]}" if len(parts) >= 2 else None


def _segments(url: str) -> tuple[str, ...]:
    try:
        return parse(url).segments
    except InvalidUrlError:
        return ()


def _limited(limit: Limit) -> Judged:
    return Judged(Unknown(UnknownReason.RATE_LIMITED, str(limit)), f"not answered: {limit}")


def _unanswered(answer: NoAnswer) -> Judged:
    return Judged(Unknown(answer.reason, answer.detail), f"no answer: {answer.detail}")


def _odd(says: str) -> Judged:
    return Judged(Unknown(UnknownReason.PROTOCOL, says), says)
