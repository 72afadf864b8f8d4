"""A small GitHub: answers our batched queries and single requests from a world of a few things."""

import json
import re
from binascii import crc32
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse
from tests.providers.fake_http import answer

LIMITS = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4990"}


def node(full_name: str, **changes: object) -> dict[str, object]:
    """A repository as GraphQL gives it."""
    return {
        "id": f"R_{full_name}",
        "databaseId": crc32(full_name.lower().encode()),
        "nameWithOwner": full_name,
        "url": f"https://github.com/{full_name}",
        "isArchived": False,
        "isDisabled": False,
        "isEmpty": False,
        "isFork": False,
        "isPrivate": False,
        "stargazerCount": 41,
        "forkCount": 7,
        "pushedAt": "2026-10-02T03:04:05Z",
        "createdAt": "2020-01-01T00:00:00Z",
        "description": "what it does",
        "homepageUrl": "https://example.org",
        "licenseInfo": {"spdxId": "MIT", "key": "mit", "name": "MIT License"},
        "defaultBranchRef": {"name": "main", "target": {"committedDate": "2026-09-01T00:00:00Z"}},
        "latestRelease": {"tagName": "v2"},
        "repositoryTopics": {"nodes": [{"topic": {"name": "medicine"}}]},
        "parent": None,
        **changes,
    }


def rest_body(full_name: str, **changes: object) -> dict[str, object]:
    """A repository as REST gives it."""
    return {
        "id": 7,
        "node_id": f"R_{full_name}",
        "full_name": full_name,
        "private": False,
        "fork": True,
        "parent": {"full_name": "first/source", "stargazers_count": 900, "archived": False},
        "stargazers_count": 12,
        "forks_count": 3,
        "default_branch": "main",
        "topics": ["nlp"],
        "archived": True,
        "disabled": False,
        "pushed_at": "2025-05-05T00:00:00Z",
        "created_at": "2019-01-01T00:00:00Z",
        "license": {"key": "other", "name": "Other", "spdx_id": None},
        **changes,
    }


@dataclass
class Hub:
    """The script of a :class:`FakeHttp`. Keys of ``repositories`` are lower-case ``owner/name``."""

    repositories: dict[str, Mapping[str, object]] = field(default_factory=dict)
    objects: set[tuple[str, str]] = field(default_factory=set)
    """Lower-case full name and git expression of what is there."""
    pieces: dict[tuple[str, str], object] = field(default_factory=dict)
    """Lower-case full name and ``issueOrPullRequest 5``, ``release v1``, … with its value."""
    owners: set[str] = field(default_factory=set)
    gists: set[str] = field(default_factory=set)
    errors: dict[str, Mapping[str, object]] = field(default_factory=dict)
    """Lower-case full name to the error that makes it null (``NOT_FOUND`` where nothing is set)."""
    silent_nulls: set[str] = field(default_factory=set)
    saml_parents: set[str] = field(default_factory=set)
    submodules: dict[str, str] = field(default_factory=dict)
    """The text of ``.gitmodules`` by lower-case full name."""
    rest: dict[str, Any] = field(default_factory=dict)
    """Answers to single requests by ``host/path``; 404 where nothing is set."""
    before: Callable[[HttpRequest], HttpResponse | HttpFailure | None] = lambda _: None
    """May answer in place of the world."""

    def __call__(self, ask: HttpRequest) -> HttpResponse | HttpFailure:
        early = self.before(ask)
        if early is not None:
            return early
        if ask.url.endswith("/graphql"):
            return self._graphql(ask)
        place = ask.url.partition("://")[2]
        missing = answer(404, {"message": "Not Found"}, LIMITS, url=ask.url)
        found: HttpResponse | HttpFailure = self.rest.get(place, missing)
        return found

    def _graphql(self, ask: HttpRequest) -> HttpResponse:
        payload = json.loads(ask.content or b"")
        values = payload["variables"]
        data: dict[str, object] = {
            "rateLimit": {"cost": 1, "remaining": 4990, "resetAt": "2026-11-01T13:00:00Z"}
        }
        errors: list[object] = []
        for line in payload["query"].splitlines():
            head = re.match(r"  (\w+): (\w+)\((.*?)\) \{(.*)\}$", line)
            if head is None:
                continue
            alias, what, arguments, inside = head.groups()
            args = [values[name] for name in re.findall(r"\$(\w+)", arguments)]
            if what == "repository":
                data[alias] = self._repository(alias, args, inside, values, errors)
            elif what == "repositoryOwner":
                there = args[0].lower() in self.owners
                data[alias] = {"__typename": "User", "login": args[0]} if there else None
            else:
                gist = re.search(r"gist\(name: \$(\w+)\)", inside)
                there = gist is not None and values[gist[1]] in self.gists
                data[alias] = {"gist": {"id": "G_1"} if there else None}
        body = {"data": data, **({"errors": errors} if errors else {})}
        return answer(200, body, LIMITS, url=ask.url)

    def _repository(
        self,
        alias: str,
        args: list[str],
        inside: str,
        values: Mapping[str, object],
        errors: list[object],
    ) -> object:
        full_name = f"{args[0]}/{args[1]}".lower()
        if full_name in self.silent_nulls:
            return None
        saml = full_name in self.saml_parents and "parent {" in inside
        if saml or full_name in self.errors or full_name not in self.repositories:
            error: dict[str, object] = {
                "type": "FORBIDDEN",
                "extensions": {"saml_failure": True},
                "message": "SAML",
            }
            if not saml:
                missing = {"type": "NOT_FOUND", "message": "none"}
                error = dict(self.errors.get(full_name, missing))
            errors.append({"path": [alias], **error})
            return None
        found = dict(self.repositories[full_name])
        for probe, field_name, arguments in re.findall(r"(p\d+): (\w+)(?:\((.*?)\))?", inside):
            named = [values[name] for name in re.findall(r"\$(\w+)", arguments)]
            if field_name == "object":
                if named[0] == "HEAD:.gitmodules":
                    text = self.submodules.get(full_name)
                    found[probe] = {"__typename": "Blob", "text": text} if text else None
                    continue
                there = (full_name, named[0]) in self.objects
                found[probe] = {"__typename": "Blob"} if there else None
                continue
            key = " ".join([field_name, *map(str, named)])
            found[probe] = self.pieces.get((full_name, key))
            if found[probe] is None and field_name in {"issueOrPullRequest", "discussion"}:
                errors.append({"path": [alias, probe], "type": "NOT_FOUND", "message": "none"})
        return found
