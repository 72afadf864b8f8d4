"""A small Hugging Face: answers from a table, with its headers and its two buckets."""

from dataclasses import dataclass, field
from typing import Any

from linkcheck.net.messages import Hop, HttpFailure, HttpRequest, HttpResponse
from tests.providers.fake_http import answer

BASE = "https://huggingface.co"


def info(name: str, **changes: object) -> dict[str, object]:
    """A model as the API gives it."""
    return {
        "_id": f"id-of-{name}",
        "id": name,
        "sha": "c" * 40,
        "createdAt": "2023-03-02T23:29:04.000Z",
        "lastModified": "2024-02-19T11:06:12.000Z",
        "likes": 20,
        "downloads": 7237,
        "gated": False,
        "disabled": False,
        "private": False,
        "pipeline_tag": "fill-mask",
        "tags": ["en", "dataset:bookcorpus", "arxiv:1810.04805", "license:mit", "region:us"],
        "cardData": {"license": "mit", "datasets": ["bookcorpus"], "language": "en"},
        **changes,
    }


def missing(*, token: bool = False) -> HttpResponse:
    """What a missing or private repository answers."""
    if token:
        headers = {"x-error-code": "RepoNotFound", "x-error-message": "Repository not found"}
        return answer(404, {"error": "Repository not found"}, headers)
    said = "Invalid username or password."
    return answer(401, {"error": said}, {"x-error-message": said})


def refused(status: int, code: str, message: str = "no") -> HttpResponse:
    """An error with a code."""
    return answer(status, message, {"x-error-code": code, "x-error-message": message})


def moved(path: str, to: str, final: HttpResponse, status: int = 307) -> HttpResponse:
    """An answer after a redirect."""
    hop = Hop(BASE + path, status, BASE + to)
    return HttpResponse(BASE + to, final.status, final.headers, final.body, hops=(hop,))


@dataclass
class FakeHub:
    """Scripted responses by path (without the query)."""

    answers: dict[str, Any] = field(default_factory=dict)
    """HttpResponse, HttpFailure or a function of the HttpRequest, by path."""
    token: bool = False
    left: dict[str, int] = field(default_factory=dict)
    """Requests left by bucket; unlimited where nothing is set."""
    reset: int = 235
    """Seconds until a spent bucket is filled again."""

    def __call__(self, request: HttpRequest) -> HttpResponse | HttpFailure:
        path = "/" + request.url.partition("://")[2].partition("/")[2].partition("?")[0]
        bucket = "pages"
        if path.startswith("/api/"):
            bucket = "api"
        elif "/resolve/" in path:
            bucket = "resolvers"
        left = self.left.get(bucket, 1000)
        self.left[bucket] = max(0, left - 1)
        headers = {"ratelimit": f'"{bucket}";r={self.left[bucket]};t={self.reset}'}
        if left <= 0:
            return answer(429, {"error": "We had to rate limit you"}, headers)
        given = self.answers.get(path)
        if given is None and path in {"/api/models", "/api/datasets", "/api/spaces"}:
            given = answer(200, [])
        if given is None:
            api = path.startswith(("/api/papers", "/api/users", "/api/org", "/api/coll", "/papers"))
            api = api or "/discussions/" in path
            given = answer(404, {"error": "not here"}) if api else missing(token=self.token)
        elif not isinstance(given, HttpResponse | HttpFailure):
            given = given(request)
        if isinstance(given, HttpFailure):
            return given
        if given.hops and not request.follow_redirects:
            to = given.hops[0].location.removeprefix(BASE)
            self.answers.setdefault(
                to, HttpResponse(given.url, given.status, given.headers, given.body)
            )
            return answer(given.hops[0].status, "", {**headers, "location": to}, url=request.url)
        return HttpResponse(
            given.url if given.hops else request.url,
            given.status,
            {**headers, **given.headers},
            given.body,
            given.truncated,
            given.broken,
            given.hops,
        )
