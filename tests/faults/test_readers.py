"""Readers of external data return a result or raise their documented error for any input."""

import json
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck import config
from linkcheck.model.errors import UsageError
from linkcheck.model.target import Target, TargetKind
from linkcheck.net.messages import HttpResponse
from linkcheck.net.rate_limits import GitHubRateLimits
from linkcheck.providers.arxiv.feed import MalformedResponseError, parse_feed, parse_record
from linkcheck.providers.doi.provider import classify
from linkcheck.providers.github.graphql_reply import parse_reply as read_graphql
from linkcheck.providers.github.rest_reply import parse_repository
from linkcheck.providers.huggingface.card import parse_card
from linkcheck.providers.huggingface.hub_facts import from_info
from linkcheck.providers.huggingface.hub_reply import parse_reply as read_hub
from linkcheck.report.read_json import load_report
from linkcheck.store.codec import decode

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
quick = settings(max_examples=25, deadline=None)


def variants(sample: Any) -> st.SearchStrategy[Any]:
    """Return variants of the sample with missing parts or parts of another type."""
    other: st.SearchStrategy[Any] = st.one_of(st.none(), st.booleans(), st.integers(), st.floats())
    other |= st.text(max_size=6) | st.just([]) | st.just({})
    other |= st.sampled_from(("2026-13-45", "1e999", "\ud800"))
    if isinstance(sample, dict):
        made = st.fixed_dictionaries({}, optional={key: variants(sample[key]) for key in sample})
        return st.one_of(made, made, other)
    if isinstance(sample, list):
        return st.lists(variants(sample[0]), max_size=3) | other if sample else other
    return st.one_of(st.just(sample), st.just(sample), other)


REPOSITORY = {
    "nameWithOwner": "o/r",
    "full_name": "o/r",
    "databaseId": 7,
    "id": 7,
    "stargazerCount": 1,
    "isArchived": False,
    "archivedAt": "2026-01-01T00:00:00Z",
    "pushedAt": "2026-01-01T00:00:00Z",
    "pushed_at": "2026-01-01T00:00:00Z",
    "licenseInfo": {"spdxId": "MIT", "key": "mit"},
    "license": {"spdx_id": "MIT", "key": "mit"},
    "defaultBranchRef": {"name": "main", "target": {"committedDate": "2026-01-01T00:00:00Z"}},
    "repositoryTopics": {"nodes": [{"topic": {"name": "x"}}]},
    "topics": ["x"],
    "parent": {"nameWithOwner": "p/r", "stargazerCount": 3},
    "latestRelease": {"tagName": "v1", "publishedAt": "2026-01-01T00:00:00Z"},
}
GRAPHQL = {
    "data": {
        "r0": REPOSITORY,
        "rateLimit": {"cost": 1, "remaining": 5, "resetAt": "2026-01-01T00:00:00Z"},
    },
    "errors": [
        {"type": "NOT_FOUND", "path": ["r0", "x"], "message": "no", "extensions": {"code": "X"}}
    ],
}
HUB = {
    "_id": "abc",
    "id": "lab/m",
    "modelId": "lab/m",
    "gated": "auto",
    "likes": 1,
    "downloads": 2,
    "createdAt": "2026-01-01T00:00:00.000Z",
    "lastModified": "2026-01-01T00:00:00.000Z",
    "tags": ["license:mit", "arxiv:2303.14070", "base_model:a/b"],
    "cardData": {"license": "mit", "base_model": ["a/b"], "datasets": ["c/d"], "language": ["en"]},
    "siblings": [{"rfilename": "README.md"}],
}
OBSERVATION = {
    "at": "2026-01-01T00:00:00+00:00",
    "outcome": {"is": "found", "facts": {"is": "page", "title": "x"}, "now_at": "https://x.y/"},
    "evidence": [{"source": "web", "at": "2026-01-01T00:00:00+00:00", "says": "x"}],
    "http_status": 200,
    "requests": 1,
}
HEADER = st.text(max_size=40) | st.sampled_from(
    ("-1", "nan", "inf", "1e400", "9" * 400, "Sat, 21 Nov 99999 12:00:00 GMT", '"a";r=1;t=2', "٣")
)


def answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse("https://h.example/", status, headers or {}, body)


def encode(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@quick
@given(variants(GRAPHQL), st.sampled_from((200, 401, 403, 404, 500, 502)))
def test_graphql(value: Any, status: int) -> None:
    from linkcheck.providers.github.repository_facts import from_graphql

    read_graphql(answer(encode(value), status), ["r0", "r1"])
    GitHubRateLimits().parse(status, {}, encode(value), NOW)
    node = value.get("data") if isinstance(value, dict) else None
    repository = node.get("r0") if isinstance(node, dict) else None
    if isinstance(repository, dict):
        from_graphql(repository)


@quick
@given(variants(REPOSITORY), st.sampled_from((200, 301, 403, 404, 451)))
def test_rest(value: Any, status: int) -> None:
    parse_repository(answer(encode(value), status))


@quick
@given(variants(HUB), st.sampled_from((200, 401, 403, 404, 500)), HEADER)
def test_hub(value: Any, status: int, header: str) -> None:
    read_hub(answer(encode(value), status, {"x-error-code": header}), with_token=True)
    if isinstance(value, dict):
        from_info(value, "model")


@quick
@given(variants({"responseCode": 1, "handle": "10.1/x", "values": []}), st.sampled_from((200, 404)))
def test_doi(value: Any, status: int) -> None:
    classify("10.1/x", answer(encode(value), status))


FRONT = st.lists(
    st.sampled_from(
        [
            "---\n",
            "license: mit\n",
            "license: [a, {b: c}]\n",
            "base_model: &a x\n",
            "*a",
            "- \n",
            ": ",
            "\t",
            "[",
            "{",
            "tags:\n",
            "# T\n",
        ]
    ),
    max_size=12,
).map("".join)


@quick
@given(FRONT.map(str.encode) | FRONT.map(lambda text: f"---\n{text}---\n".encode()) | st.binary())
def test_card(body: bytes) -> None:
    parse_card(body, "model")


PIECES = st.sampled_from(
    (
        '<?xml version="1.0"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        "</feed>",
        "<entry>",
        "</entry>",
        "<id>http://arxiv.org/abs/2303.14070v2</id>",
        "<title>Error</title>",
        '<o:totalResults xmlns:o="http://a9.com/-/spec/opensearch/1.1/">9</o:totalResults>',
        "<published>x</published>",
        '<!DOCTYPE a [<!ENTITY e "x">]>',
        "&e;",
        "\x00",
        "ü",
    )
)


@quick
@given(st.lists(PIECES, max_size=10).map(lambda parts: "".join(parts).encode()) | st.binary())
def test_feed(body: bytes) -> None:
    for read in (parse_feed, parse_record):
        with suppress(MalformedResponseError):
            read(body)


@quick
@given(variants(OBSERVATION))
def test_store(value: Any) -> None:
    target = Target(TargetKind.WEB, "https://x.y/", "https://x.y/")
    with suppress(ValueError, KeyError, TypeError):
        decode(value, target)


REPORT = {
    "schema_version": 1,
    "tool": {"name": "linkcheck", "version": "0.1.0"},
    "run": {"outcome": "complete", "started_at": "2026-01-01T00:00:00Z", "inputs": ["c"]},
    "summary": {"entries": 0},
    "links": [{"url": "x", "target": {"kind": "web", "id": "x"}, "status": "alive"}],
    "entries": [{"id": "a", "observed": {"stars": 1}}],
    "findings": [
        {"rule": "dead-link", "severity": "error", "file": "c", "line": 1, "message": "x"}
    ],
}


@quick
@given(variants(REPORT).map(json.dumps) | st.text(max_size=30))
def test_report(text: str) -> None:
    with suppress(UsageError):
        load_report(text, "x.json")


TOML = st.lists(
    st.sampled_from(
        [
            'paths = ["a"]\n',
            "[net]\n",
            "concurrency = 3\n",
            "[[ignore]]\n",
            'rule = "dead-link"\n',
            '[hosts."x"]\n',
            "attempts = -1\n",
            "max_age = 7\n",
            "[rules]\n",
            "[[source]]\n",
            "path = 1\n",
            "= ",
            "[",
            "2020-01-01\n",
            "\\u0000",
        ]
    ),
    max_size=8,
).map("".join)


@quick
@given(TOML | st.text(max_size=30))
def test_configuration(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "linkcheck.toml"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        with suppress(UsageError):
            config.load(path)
