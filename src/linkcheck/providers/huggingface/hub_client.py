"""Asks Hugging Face, each question out of a bucket that still has room for it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from linkcheck.model.url import InvalidUrlError, join, parse, query_string, quote_segment
from linkcheck.net.messages import HttpClientProtocol, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.huggingface.hub_facts import FIELDS
from linkcheck.providers.huggingface.hub_reply import Reply, ReplyStatus, read_reply
from linkcheck.providers.huggingface.rate_limits import API, PAGES, RESOLVERS
from linkcheck.providers.huggingface.recognize import Kind

PUBLIC = "https://huggingface.co"
"""The site that links are written for, whatever endpoint is asked."""

PREFIX: dict[Kind, str] = {"model": "", "dataset": "datasets/", "space": "spaces/", "": ""}

CARD_BYTES = 64_000
"""How much of a card is read: its metadata stand first."""

_EXPANDED = {
    kind: "?" + query_string([("expand", name) for name in names]) for kind, names in FIELDS.items()
}

_NEXT = re.compile(r'<([^<>\s]{1,4000})>\s*;\s*rel="?next"?')


_EXAMPLES = {API: "/api/models", RESOLVERS: "/o/n/resolve/main/README.md", PAGES: "/"}
"""A path of each bucket, to ask how much is left of it."""


@dataclass(frozen=True, slots=True)
class HubPage:
    """One page of a listing."""

    entries: Sequence[object]
    next: str | None


class HubClient:
    """One caller of Hugging Face."""

    def __init__(
        self,
        client: HttpClientProtocol,
        base: str,
        token: str | None,
    ) -> None:
        """Ask at ``base`` (without a trailing slash)."""
        self._client = client
        self._base = base
        self._token = token
        self._expands = True

    def choose_bucket(self, *buckets: str) -> str:
        """Return the first bucket with requests left, else the one that is filled first."""
        return min(buckets, key=self._wait)

    def _wait(self, bucket: str) -> float:
        return self._client.rate_limit(self._base + _EXAMPLES[bucket], self._token).wait

    async def info(self, kind: Kind, repository: str) -> Reply:
        """Ask the API about a repository; a redirect to its new name is not followed."""
        return await self._info(kind, quote_segment(repository, safe="/"), follow=False)

    async def revision(self, kind: Kind, repository: str, revision: str) -> Reply:
        """Ask the API about a branch, tag or commit."""
        path = f"{quote_segment(repository, safe='/')}/revision/{quote_segment(revision)}"
        return await self._info(kind, path, follow=True)

    async def _info(self, kind: Kind, tail: str, *, follow: bool) -> Reply:
        path = f"/api/{kind}s/{tail}"
        expands = self._expands
        address = path + self._query(kind)
        reply = self._read(
            await self._send(address, limit=4_000_000, follow=follow, instead=RESOLVERS)
        )
        if reply.says is ReplyStatus.BAD_REQUEST and expands:
            # The API no longer knows one of the fields: without naming any it tells the usual ones.
            self._expands = False
            reply = self._read(await self._send(path, limit=8_000_000, follow=follow))
        return reply

    async def listing(self, kind: Kind, owner: str, url: str | None = None) -> HubPage | Reply:
        """Ask for a page of an owner's repositories; a :class:`Reply` says why there is none."""
        fields = [("expand", name) for name in FIELDS[kind]] if self._expands else []
        query = query_string([("author", owner), ("limit", 1000), *fields])
        reply = self._read(await self._send(url or f"/api/{kind}s?{query}", limit=16_000_000))
        if reply.says is not ReplyStatus.THERE or reply.response is None:
            return reply
        entries = reply.json
        if not isinstance(entries, list):
            return reply
        following = _NEXT.search(reply.response.headers.get("link", "")[:8000])
        return HubPage(entries, self._own_path(following[1]) if following else None)

    async def file(self, kind: Kind, repository: str, revision: str, path: str) -> Reply:
        """Ask the resolver whether a file is there."""
        address = self._resolve(kind, repository, revision, path)
        return self._read(await self._send(address, limit=0, follow=False))

    async def card(self, kind: Kind, repository: str) -> Reply:
        """Ask the resolver for the beginning of a card."""
        address = self._resolve(kind, repository, "main", "README.md")
        return self._read(await self._send(address, limit=CARD_BYTES, instead=API))

    async def paths(
        self, kind: Kind, repository: str, revision: str, paths: Sequence[str]
    ) -> Reply:
        """Ask the API which of the paths are there; the others are left out of its answer."""
        address = (
            f"/api/{kind}s/{quote_segment(repository, safe='/')}"
            f"/paths-info/{quote_segment(revision)}"
        )
        content = json.dumps({"paths": list(paths), "expand": False}).encode()
        return self._read(await self._send(address, limit=2_000_000, content=content))

    async def api(self, path: str) -> Reply:
        """Ask the API for anything else."""
        return self._read(await self._send(path, limit=1_000_000))

    async def page(self, path: str) -> Reply:
        """Ask for a page of the site, by its status alone."""
        return self._read(await self._send(path, limit=0))

    def _read(self, response: HttpResponse | HttpFailure) -> Reply:
        return read_reply(response, with_token=self._token is not None)

    async def _send(
        self,
        path: str,
        *,
        limit: int,
        content: bytes | None = None,
        follow: bool = True,
        instead: str | None = None,
    ) -> HttpResponse | HttpFailure:
        """Send one request.

        ``instead`` names a bucket that the caller can turn to: while that has requests left, no
        rate limit is waited for.
        """
        headers = {"content-type": "application/json"} if content is not None else {}
        return await self._client.ask(
            HttpRequest(
                self._base + path,
                method="GET" if content is None else "POST",
                headers=headers,
                content=content,
                token=self._token,
                follow=follow,
                body_limit=limit,
                max_wait=0.0 if instead is not None and self._wait(instead) == 0 else None,
                trusted=True,
            )
        )

    def _query(self, kind: Kind) -> str:
        if not self._expands:
            return ""
        return _EXPANDED[kind]

    def _resolve(self, kind: Kind, repository: str, revision: str, path: str) -> str:
        return (
            f"/{PREFIX[kind]}{quote_segment(repository, safe='/')}"
            f"/resolve/{quote_segment(revision)}/{quote_segment(path, safe='/')}"
        )

    def _own_path(self, url: str) -> str | None:
        """Return path and query of a ``next`` link; where it points off the API, nothing."""
        path = "/" + url.partition("://")[2].partition("/")[2] if "://" in url else url
        return path if path.startswith("/api/") else None


def public_address(kind: Kind, repository: str, tail: str = "") -> str:
    """Return the address of a repository, or of something in it, on the site."""
    behind = f"/{quote_segment(tail, safe='/:@!$&()+,;=')}" if tail else ""
    return f"{PUBLIC}/{PREFIX[kind]}{quote_segment(repository, safe='/')}{behind}"


def repository_in(url: str, kind: Kind) -> str | None:
    """Return the id of the repository that an API or resolver address is about."""
    try:
        segments = list(parse(url).segments)
    except InvalidUrlError:
        return None
    if segments[:2] == ["api", f"{kind}s"]:
        segments = segments[2:]
    elif segments[:1] == ["api"]:
        return None
    elif PREFIX[kind]:
        segments = segments[1:]
    for word in ("resolve", "revision", "paths-info", "discussions"):
        if word in segments[1:]:
            segments = segments[: segments.index(word, 1)]
    return "/".join(segments) if 1 <= len(segments) <= 2 else None


def is_redirect(reply: Reply) -> bool:
    """Say whether an answer is a redirect that was not followed."""
    return reply.response is not None and reply.response.status in {301, 302, 303, 307, 308}


def renamed_to(reply: Reply, kind: Kind) -> str | None:
    """Return the repository that an unfollowed redirect leads to.

    Small files redirect to a cache on the same host and large ones to another host: those name no
    repository, and mean that the file is there.
    """
    if reply.response is None or not is_redirect(reply):
        return None
    try:
        there = join(reply.response.url, reply.response.headers.get("location", ""))
    except ValueError:
        return None
    if not _same_origin(reply.response.url, there):
        return None
    return repository_in(there, kind)


def final_repository(reply: Reply, kind: Kind, asked: str) -> str:
    """Return the repository that an answer is about, after redirects.

    Redirects to where a file is stored (``/api/resolve-cache/…``, another host) name none.
    """
    current = asked
    for hop in reply.response.hops if reply.response else ():
        named = repository_in(hop.location, kind)
        if named is not None and _same_origin(hop.url, hop.location):
            current = named
    return current


def _same_origin(one: str, other: str) -> bool:
    try:
        return parse(one).origin == parse(other).origin
    except InvalidUrlError:
        return False
