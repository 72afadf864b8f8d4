"""Asks Hugging Face, each question out of a bucket that still has room for it."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from linkcheck.model.observation import UnknownReason
from linkcheck.model.url import InvalidUrlError, join, parse, query_string, quote_segment
from linkcheck.net.messages import HttpClientProtocol, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.huggingface.buckets import API, PAGES, RESOLVERS, Buckets
from linkcheck.providers.huggingface.hub_facts import FIELDS
from linkcheck.providers.huggingface.hub_reply import Reply, ReplyStatus, read_reply
from linkcheck.providers.huggingface.recognize import Kind
from linkcheck.providers.sleep import Sleep

PUBLIC = "https://huggingface.co"
"""The site that links are written for, whatever endpoint is asked."""

PREFIX: dict[Kind, str] = {"model": "", "dataset": "datasets/", "space": "spaces/", "": ""}

CARD_BYTES = 64_000
"""How much of a card is read: its metadata stand first."""

_ROUNDS = 6
"""How often one question waits for a bucket."""

_RETRIED = frozenset({408, 425, 500, 502, 503, 504})

_EXPANDED = {
    kind: "?" + query_string([("expand", name) for name in names]) for kind, names in FIELDS.items()
}

_NEXT = re.compile(r'<([^<>\s]{1,4000})>\s*;\s*rel="?next"?')


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
        now: Callable[[], datetime],
        pause: Sleep,
        patience: float,
    ) -> None:
        """Ask at ``base`` (without a trailing slash); ``patience`` bounds a wait, in seconds."""
        self._client = client
        self._base = base
        self._token = token
        self._now = now
        self._pause = pause
        self._patience = patience
        self._buckets = Buckets(now)
        self._expands = True

    async def acquire_bucket(self, *buckets: str) -> str | HttpFailure:
        """Take a request out of the first bucket that has one, waiting if that helps.

        The caller must send the request, with the bucket that is returned.
        """
        until = self._now()
        for _ in range(_ROUNDS):
            ends = []
            for name in buckets:
                end = self._buckets.take(name)
                if end is None:
                    return name
                ends.append(end)
            until = min(ends)
            seconds = (until - self._now()).total_seconds()
            if seconds > self._patience:
                break
            await self._pause(max(seconds, 0.0))
        says = f"the rate limit is spent until {until:%Y-%m-%d %H:%M} UTC"
        return HttpFailure(UnknownReason.RATE_LIMITED, says, not_before=until)

    def release_bucket(self, bucket: str) -> None:
        """Give back a request that was taken out and is not needed after all."""
        self._buckets.give_back(bucket, {})

    async def info(self, kind: Kind, repository: str) -> Reply:
        """Ask the API about a repository; a redirect to its new name is not followed.

        Its bucket must have been entered (see :meth:`room`).
        """
        return await self._info(kind, quote_segment(repository, safe="/"), follow=False)

    async def revision(self, kind: Kind, repository: str, revision: str) -> Reply:
        """Ask the API about a branch, tag or commit. Its bucket must have been entered."""
        path = f"{quote_segment(repository, safe='/')}/revision/{quote_segment(revision)}"
        return await self._info(kind, path, follow=True)

    async def _info(self, kind: Kind, tail: str, *, follow: bool) -> Reply:
        path = f"/api/{kind}s/{tail}"
        expands = self._expands
        address = path + self._query(kind)
        reply = self._read(
            await self._send(API, address, limit=4_000_000, follow=follow, waits=False)
        )
        if reply.says is ReplyStatus.BAD_REQUEST and expands:
            # The API no longer knows one of the fields: without naming any it tells the usual ones.
            self._expands = False
            room = await self.acquire_bucket(API)
            if isinstance(room, HttpFailure):
                return self._read(room)
            reply = self._read(await self._send(API, path, limit=8_000_000, follow=follow))
        return reply

    async def listing(self, kind: Kind, owner: str, url: str | None = None) -> HubPage | Reply:
        """Ask for a page of an owner's repositories; a :class:`Reply` says why there is none."""
        room = await self.acquire_bucket(API)
        if isinstance(room, HttpFailure):
            return self._read(room)
        fields = [("expand", name) for name in FIELDS[kind]] if self._expands else []
        query = query_string([("author", owner), ("limit", 1000), *fields])
        reply = self._read(await self._send(API, url or f"/api/{kind}s?{query}", limit=16_000_000))
        if reply.says is not ReplyStatus.THERE or reply.response is None:
            return reply
        entries = reply.json
        if not isinstance(entries, list):
            return reply
        following = _NEXT.search(reply.response.headers.get("link", "")[:8000])
        return HubPage(entries, self._own_path(following[1]) if following else None)

    async def file(self, kind: Kind, repository: str, revision: str, path: str) -> Reply:
        """Ask the resolver whether a file is there. Its bucket must have been entered."""
        address = self._resolve(kind, repository, revision, path)
        return self._read(await self._send(RESOLVERS, address, limit=0, follow=False))

    async def card(self, kind: Kind, repository: str) -> Reply:
        """Ask the resolver for the beginning of a card. Its bucket must have been entered."""
        address = self._resolve(kind, repository, "main", "README.md")
        return self._read(await self._send(RESOLVERS, address, limit=CARD_BYTES, waits=False))

    async def paths(
        self, kind: Kind, repository: str, revision: str, paths: Sequence[str]
    ) -> Reply:
        """Ask the API which of the paths are there; the others are left out of its answer.

        Its bucket must have been entered.
        """
        address = (
            f"/api/{kind}s/{quote_segment(repository, safe='/')}"
            f"/paths-info/{quote_segment(revision)}"
        )
        content = json.dumps({"paths": list(paths), "expand": False}).encode()
        return self._read(await self._send(API, address, limit=2_000_000, content=content))

    async def api(self, path: str) -> Reply:
        """Ask the API for anything else."""
        room = await self.acquire_bucket(API)
        if isinstance(room, HttpFailure):
            return self._read(room)
        return self._read(await self._send(API, path, limit=1_000_000))

    async def page(self, path: str) -> Reply:
        """Ask for a page of the site, by its status alone."""
        room = await self.acquire_bucket(PAGES)
        if isinstance(room, HttpFailure):
            return self._read(room)
        return self._read(await self._send(PAGES, path, limit=0))

    def _read(self, response: HttpResponse | HttpFailure) -> Reply:
        return read_reply(response, with_token=self._token is not None)

    async def _send(
        self,
        bucket: str,
        path: str,
        *,
        limit: int,
        content: bytes | None = None,
        follow: bool = True,
        waits: bool = True,
    ) -> HttpResponse | HttpFailure:
        """Send one request; ``waits`` lets the door wait for a limit, else the caller does."""
        headers = {"content-type": "application/json"} if content is not None else {}
        response = await self._client.ask(
            HttpRequest(
                self._base + path,
                method="GET" if content is None else "POST",
                headers=headers,
                content=content,
                token=self._token,
                follow=follow,
                body_limit=limit,
                trusted=True,
                retry_statuses=_RETRIED | {429} if waits else _RETRIED,
            )
        )
        if isinstance(response, HttpResponse):
            self._buckets.give_back(bucket, response.headers, limited=response.status == 429)
        else:
            self._buckets.give_back(bucket, {})
            if response.reason is UnknownReason.RATE_LIMITED and response.not_before is not None:
                self._buckets.close(bucket, response.not_before)
        return response

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
