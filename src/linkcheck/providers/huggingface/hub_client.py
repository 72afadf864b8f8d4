"""Send requests to the Hub's API, its resolver of files, and its pages."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huggingface_hub.errors import BadRequestError

from linkcheck.model.url import InvalidUrlError, join, parse, query_string, quote_segment
from linkcheck.net.messages import HttpClientProtocol, HttpRequest
from linkcheck.providers.huggingface.hub_facts import FIELDS
from linkcheck.providers.huggingface.hub_rate_limits import API, PAGES, RESOLVERS
from linkcheck.providers.huggingface.hub_reply import Reply, parse_reply
from linkcheck.providers.huggingface.recognize import URL_PREFIXES, Kind
from linkcheck.providers.json_fields import as_mapping, as_text

SITE = "https://huggingface.co"
"""The base of public URLs, whatever endpoint gets the requests."""

MAX_CARD_BYTES = 64_000
"""The part of a card that is read; its metadata is at the start."""

_EXPAND_QUERIES = {
    kind: "?" + query_string([("expand", name) for name in names]) for kind, names in FIELDS.items()
}

_NEXT_LINK = re.compile(r'<([^<>\s]{1,4000})>\s*;\s*rel="?next"?')


_EXAMPLE_PATHS = {API: "/api/models", RESOLVERS: "/o/n/resolve/main/README.md", PAGES: "/"}
"""A path of each bucket, to query its state from the HTTP client."""


@dataclass(frozen=True, slots=True)
class HubPage:
    """One page of a listing."""

    entries: Sequence[object]
    next_path: str | None
    """Path and query of the next page."""

    @property
    def names(self) -> set[str]:
        """The lower-case ids of its repositories."""
        ids = (as_text(as_mapping(entry).get("id")) for entry in self.entries)
        return {name.lower() for name in ids if name}


class HubClient:
    """Client of the Hub's HTTP API."""

    def __init__(
        self,
        client: HttpClientProtocol,
        base: str,
        token: str | None,
        on_rejected_token: Callable[[str], None] = lambda _message: None,
    ) -> None:
        """Send requests to ``base``, a URL without a trailing slash.

        After the Hub has rejected the token, which calls ``on_rejected_token`` once with its
        message, requests are anonymous.
        """
        self._client = client
        self._on_rejected_token = on_rejected_token
        self._base = base
        self._token = token
        self._can_expand = True

    def choose_bucket(self, *buckets: str) -> str:
        """Return the first bucket with requests left, else the one that is reset first."""
        return min(buckets, key=self._wait)

    def _wait(self, bucket: str) -> float:
        return self._client.rate_limit(self._base + _EXAMPLE_PATHS[bucket], self._token).wait

    async def get_info(self, kind: Kind, repository: str) -> Reply:
        """Get the API's description of a repository, without following a redirect to a new id."""
        return await self._get_info(kind, quote_segment(repository, safe="/"), follow=False)

    async def get_revision(self, kind: Kind, repository: str, revision: str) -> Reply:
        """Get the API's description of a branch, tag or commit."""
        path = f"{quote_segment(repository, safe='/')}/revision/{quote_segment(revision)}"
        return await self._get_info(kind, path, follow=True)

    async def _get_info(self, kind: Kind, tail: str, *, follow: bool) -> Reply:
        path = f"/api/{kind}s/{tail}"
        can_expand = self._can_expand
        query = _EXPAND_QUERIES[kind] if can_expand else ""
        reply = await self._send(path + query, limit=4_000_000, follow=follow, instead=RESOLVERS)
        if reply.error is BadRequestError and can_expand:
            # The API no longer has one of the fields: without ``expand`` it returns its defaults.
            self._can_expand = False
            reply = await self._send(path, limit=8_000_000, follow=follow)
        return reply

    async def get_listing(self, kind: Kind, owner: str, path: str | None = None) -> HubPage | Reply:
        """Get a page of an owner's repositories: the first, or that at ``path``."""
        fields = [("expand", name) for name in FIELDS[kind]] if self._can_expand else []
        query = query_string([("author", owner), ("limit", 1000), *fields])
        reply = await self._send(path or f"/api/{kind}s?{query}", limit=16_000_000)
        if reply.error is not None or reply.response is None:
            return reply
        entries = reply.json
        if not isinstance(entries, list):
            return reply
        next_link = _NEXT_LINK.search(reply.response.headers.get("link", "")[:8000])
        return HubPage(entries, _api_path(next_link[1]) if next_link else None)

    async def get_file(self, kind: Kind, repository: str, revision: str, path: str) -> Reply:
        """Get the status of a file, without following redirects."""
        file_path = _resolve_path(kind, repository, revision, path)
        return await self._send(file_path, limit=0, follow=False)

    async def get_card(self, kind: Kind, repository: str) -> Reply:
        """Get the first :data:`MAX_CARD_BYTES` of a card."""
        path = _resolve_path(kind, repository, "main", "README.md")
        return await self._send(path, limit=MAX_CARD_BYTES, instead=API)

    async def get_paths_info(
        self, kind: Kind, repository: str, revision: str, paths: Sequence[str]
    ) -> Reply:
        """Get a list of those paths that exist."""
        path = (
            f"/api/{kind}s/{quote_segment(repository, safe='/')}"
            f"/paths-info/{quote_segment(revision)}"
        )
        content = json.dumps({"paths": list(paths), "expand": False}).encode()
        return await self._send(path, limit=2_000_000, content=content)

    async def get_api(self, path: str) -> Reply:
        """Get another path of the API."""
        return await self._send(path, limit=1_000_000)

    async def get_page(self, path: str) -> Reply:
        """Get the status of a page of the site."""
        return await self._send(path, limit=0)

    async def _send(
        self,
        path: str,
        *,
        limit: int,
        content: bytes | None = None,
        follow: bool = True,
        instead: str | None = None,
    ) -> Reply:
        """Send one request.

        ``instead`` is a bucket that the caller can use in place of this one: while it has requests
        left, the client does not wait for a rate limit.
        """

        async def request(token: str | None) -> Reply:
            return await self._send_with(
                token, path, limit=limit, content=content, follow=follow, instead=instead
            )

        token = self._token
        reply = await request(token)
        if not reply.is_token_rejected or token is None:
            return reply
        if self._token is not None:
            self._token = None
            self._on_rejected_token(reply.explained.explanation if reply.explained else "")
        return await request(None)

    async def _send_with(
        self,
        token: str | None,
        path: str,
        *,
        limit: int,
        content: bytes | None,
        follow: bool,
        instead: str | None,
    ) -> Reply:
        headers = {"content-type": "application/json"} if content is not None else {}
        response = await self._client.send(
            HttpRequest(
                self._base + path,
                method="GET" if content is None else "POST",
                headers=headers,
                content=content,
                token=token,
                follow_redirects=follow,
                body_limit=limit,
                max_wait=0.0 if instead is not None and self._wait(instead) == 0 else None,
                trusted=True,
            )
        )
        return parse_reply(response, with_token=token is not None)


def _resolve_path(kind: Kind, repository: str, revision: str, path: str) -> str:
    return (
        f"/{URL_PREFIXES[kind]}{quote_segment(repository, safe='/')}"
        f"/resolve/{quote_segment(revision)}/{quote_segment(path, safe='/')}"
    )


def _api_path(url: str) -> str | None:
    """Return path and query of a ``next`` link; ``None`` if it is not one of the API."""
    path = "/" + url.partition("://")[2].partition("/")[2] if "://" in url else url
    return path if path.startswith("/api/") else None


def public_url(kind: Kind, repository: str, tail: str = "") -> str:
    """Return the URL of a repository, or of a path in it, on the site."""
    suffix = f"/{quote_segment(tail, safe='/:@!$&()+,;=')}" if tail else ""
    return f"{SITE}/{URL_PREFIXES[kind]}{quote_segment(repository, safe='/')}{suffix}"


def find_repository(url: str, kind: Kind) -> str | None:
    """Return the id of the repository in a URL of the API or the resolver."""
    try:
        segments = list(parse(url).segments)
    except InvalidUrlError:
        return None
    if segments[:2] == ["api", f"{kind}s"]:
        segments = segments[2:]
    elif segments[:1] == ["api"]:
        return None
    elif URL_PREFIXES[kind]:
        segments = segments[1:]
    for word in ("resolve", "revision", "paths-info", "discussions"):
        if word in segments[1:]:
            segments = segments[: segments.index(word, 1)]
    return "/".join(segments) if 1 <= len(segments) <= 2 else None


def is_redirect(reply: Reply) -> bool:
    """Return whether a response is a redirect that was not followed."""
    return reply.response is not None and reply.response.status in {301, 302, 303, 307, 308}


def find_new_id(reply: Reply, kind: Kind) -> str | None:
    """Return the id of the repository that an unfollowed redirect leads to.

    It is ``None`` for the redirects of existing files: small ones lead to a cache on the same host,
    large ones to another host.
    """
    if reply.response is None or not is_redirect(reply):
        return None
    try:
        location = join(reply.response.url, reply.response.headers.get("location", ""))
    except ValueError:
        return None
    if not _same_origin(reply.response.url, location):
        return None
    return find_repository(location, kind)


def final_repository(reply: Reply, kind: Kind, requested: str) -> str:
    """Return the id of the repository after the redirects of a response.

    Redirects to the storage of a file (``/api/resolve-cache/…``, another host) keep it.
    """
    current = requested
    for hop in reply.response.hops if reply.response else ():
        repository = find_repository(hop.location, kind)
        if repository is not None and _same_origin(hop.url, hop.location):
            current = repository
    return current


def _same_origin(one: str, other: str) -> bool:
    try:
        return parse(one).origin == parse(other).origin
    except InvalidUrlError:
        return False
