"""Small fixtures, and a client that requests them as the HTTP client does."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from linkcheck.sandbox import Sandbox, parse_fixtures

FIXTURES = {
    "repositories": [
        {
            "name": "octo/new",
            "previous": ["octo/old"],
            "license": "MIT",
            "stars": 10,
            "files": ["README.md", "docs/a.md", "dev:only-dev.md"],
            "branches": ["dev", "feature/x"],
            "tags": ["v1"],
            "release": "v1",
            "topics": ["medicine"],
            "issues": [1],
            "pulls": [2],
            "renamed_branches": {"master": "main"},
        },
        {"name": "octo/dmca", "blocked": "dmca"},
        {"name": "octo/tos", "blocked": "tos"},
        {"name": "octo/secret", "private": True},
        {"name": "octo/empty", "empty": True},
        {"name": "corp/saml", "saml": True},
        {"name": "octo/fork", "parent": "octo/new", "license": "NOASSERTION"},
        {"name": "octo/corpfork", "parent": "corp/saml"},
    ],
    "owners": [
        {"login": "octo", "gists": ["abc123"]},
        {"login": "corp", "organization": True},
        {"login": "someone", "service": "huggingface", "collections": ["someone/best-1"]},
    ],
    "hubs": [
        {
            "name": "google-bert/bert",
            "previous": ["bert"],
            "license": "apache-2.0",
            "arxiv": ["1810.04805"],
            "files": ["config.json", "onnx/model.onnx"],
        },
        {"name": "google-bert/other"},
        {"name": "google-bert/third"},
        {"name": "o/gated", "gated": "manual", "license": "gemma"},
        {"name": "o/off", "disabled": True},
        {"name": "o/data", "kind": "dataset", "license": "cc-by-4.0"},
    ],
    "papers": [
        {"id": "1706.03762", "title": "Attention & all", "versions": 7, "hub": True},
        {"id": "2412.99999", "versions": 2, "withdrawn": True, "comment": "withdrawn by authors"},
        *({"id": f"2301.{n:05d}", "title": f"Paper {n}"} for n in range(1, 31)),
    ],
    "dois": [{"id": "10.1000/X", "url": "https://example.org/x"}],
    "hosts": [
        {
            "name": "example.org",
            "pages": {
                "/": {"title": "Home"},
                "/moved": {"status": 301, "location": "/"},
                "/flap": {"sequence": [{"status": 503}, {"status": 503}, {"status": 200}]},
                "/broken": {"fault": "reset-before-headers"},
                "http:/plain": {"status": 301, "location": "https://example.org/plain"},
                "/plain": {"title": "Plain"},
            },
        },
        {"name": "plain.example", "https": False, "default": {"title": "Old"}},
        {"name": "gone.example", "exists": False},
        {"name": "inside.example", "address": "10.0.0.7", "default": {}},
    ],
    "snapshots": {"https://example.org/lost": "20200101000000"},
}

Ask = Callable[..., httpx.Response]
Start = Callable[..., tuple[Sandbox, Ask]]


def make_client(sandbox: Sandbox) -> Ask:
    """Return a function that requests a URL of a service or host from the sandbox."""

    def ask(url: str, method: str = "GET", **kwargs: Any) -> httpx.Response:
        scheme, _, rest = url.partition("://")
        host, _, path = rest.partition("/")
        headers = {"Host": host, "X-Sandbox-Scheme": scheme, **kwargs.pop("headers", {})}
        return httpx.request(
            method, f"{sandbox.address}/{path}", headers=headers, trust_env=False, **kwargs
        )

    return ask


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a sandbox, by default with the small fixtures."""
    with ExitStack() as stack:

        def begin(fixtures: object = None, **options: Any) -> tuple[Sandbox, Ask]:
            parsed = parse_fixtures(fixtures or FIXTURES)
            sandbox = stack.enter_context(Sandbox.start(parsed, **options))
            return sandbox, make_client(sandbox)

        yield begin


@pytest.fixture
def sandbox(start: Start) -> Sandbox:
    return start(time_scale=0.001)[0]


@pytest.fixture
def ask(sandbox: Sandbox) -> Ask:
    return make_client(sandbox)
