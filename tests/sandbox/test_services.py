"""The documented behavior of each service."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from linkcheck.sandbox import Limits, Sandbox

Ask = Callable[..., httpx.Response]
Start = Callable[..., tuple[Sandbox, Ask]]

BEARER = {"Authorization": "Bearer token"}


def graphql(ask: Ask, query: str, **variables: object) -> dict[str, Any]:
    answer = ask(
        "https://api.github.com/graphql",
        "POST",
        json={"query": query, "variables": variables},
        headers=BEARER,
    )
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://api.github.com/repos/octo/new", 200),
        ("https://api.github.com/repos/OCTO/New", 200),
        ("https://api.github.com/repos/octo/old", 301),
        ("https://api.github.com/repos/octo/none", 404),
        ("https://api.github.com/repos/octo/secret", 404),
        ("https://api.github.com/repos/octo/dmca", 451),
        ("https://api.github.com/repos/octo/tos", 403),
        ("https://api.github.com/repos/octo/new/contents/docs?ref=main", 200),
        ("https://api.github.com/repos/octo/new/contents/docs/b.md", 404),
        ("https://api.github.com/repos/octo/new/license", 200),
        ("https://api.github.com/repos/octo/empty/license", 404),
        ("https://api.github.com/repos/octo/new/releases/tags/v1", 200),
        ("https://api.github.com/repos/octo/new/issues/2", 200),
        ("https://api.github.com/repos/octo/new/issues/3", 404),
        ("https://api.github.com/users/octo", 200),
        ("https://api.github.com/gists/abc123", 200),
        ("https://api.github.com/gists/none", 404),
        ("https://github.com/octo/new", 200),
        ("https://github.com/octo/old", 301),
        ("https://github.com/octo/new/blob/feature/x/docs/a.md", 200),
        ("https://github.com/octo/new/blob/dev/only-dev.md", 200),
        ("https://github.com/octo/new/blob/main/only-dev.md", 404),
        ("https://github.com/octo/new/blob/master/docs/a.md", 302),
        ("https://raw.githubusercontent.com/octo/new/main/docs/a.md", 200),
        ("https://raw.githubusercontent.com/octo/new/master/docs/a.md", 404),
        ("https://github.com/octo", 200),
        ("https://github.com/nobody", 404),
        ("https://huggingface.co/api/models/google-bert/bert", 200),
        ("https://huggingface.co/api/models/bert", 307),
        ("https://huggingface.co/api/models/Google-BERT/bert", 307),
        ("https://huggingface.co/api/models/no/no", 401),
        ("https://huggingface.co/api/models/o/off", 200),
        ("https://huggingface.co/api/datasets/o/data", 200),
        ("https://huggingface.co/api/models/google-bert/bert/revision/nope", 404),
        ("https://huggingface.co/api/models/google-bert/bert?expand[]=nope", 400),
        ("https://huggingface.co/google-bert/bert/resolve/main/config.json", 200),
        ("https://huggingface.co/google-bert/bert/resolve/main/none.json", 404),
        ("https://huggingface.co/datasets/o/data/resolve/main/README.md", 200),
        ("https://huggingface.co/bert/resolve/main/README.md", 307),
        ("https://huggingface.co/o/gated/resolve/main/README.md", 401),
        ("https://huggingface.co/api/papers/1706.03762", 200),
        ("https://huggingface.co/api/papers/2301.00001", 404),
        ("https://huggingface.co/api/collections/someone/best-1", 200),
        ("https://huggingface.co/api/collections/someone/best-2", 404),
        ("https://huggingface.co/api/users/someone/overview", 200),
        ("https://huggingface.co/api/organizations/google-bert/overview", 200),
        ("https://huggingface.co/api/users/google-bert/overview", 404),
        ("https://arxiv.org/abs/1706.03762v7", 200),
        ("https://arxiv.org/abs/1706.03762v8", 404),
        ("https://arxiv.org/pdf/1706.03762.pdf", 301),
        ("https://arxiv.org/abs/2412.99999", 200),
        ("https://arxiv.org/pdf/2412.99999", 404),
        ("https://arxiv.org/pdf/2412.99999v1", 200),
        ("https://doi.org/10.1000/x", 302),
        ("https://doi.org/10.1000/none", 404),
        ("https://doi.org/10.48550/arXiv.1706.03762", 302),
        ("https://doi.org/api/handles/10.1000/x", 200),
        ("https://doi.org/api/handles/10.1000/none", 404),
        ("https://example.org/", 200),
        ("https://example.org/moved", 301),
        ("https://example.org/none", 404),
        ("http://example.org/plain", 301),
        ("https://example.org/plain", 200),
    ],
)
def test_status(ask: Ask, url: str, status: int) -> None:
    assert ask(url).status_code == status


def test_graphql_renames_and_paths_with_partial_errors(ask: Ask) -> None:
    body = graphql(
        ask,
        """query($name: String!) {
          r0: repository(owner: "octo", name: $name) {
            ...Repo
            p0: object(expression: "HEAD:docs") { __typename oid }
            p1: object(expression: "dev:only-dev.md") { __typename }
            p2: object(expression: "master:docs") { __typename }
            ref(qualifiedName: "refs/heads/feature/x") { name }
          }
          r1: repository(owner: "octo", name: "gone") { ...Repo }
          r2: repository(owner: "corp", name: "saml") { ...Repo }
          rateLimit { cost remaining }
        }
        fragment Repo on Repository {
          id nameWithOwner licenseInfo { spdxId } stargazerCount
          repositoryTopics(first: 20) { nodes { topic { name } } }
          defaultBranchRef { name target { ... on Commit { committedDate } } }
        }""",
        name="old",
    )
    repo = body["data"]["r0"]
    assert repo["nameWithOwner"] == "octo/new"
    assert repo["licenseInfo"] == {"spdxId": "MIT"}
    assert repo["p0"]["__typename"] == "Tree"
    assert repo["p1"]["__typename"] == "Blob"
    assert repo["p2"] is None
    assert repo["ref"] == {"name": "feature/x"}
    assert repo["repositoryTopics"]["nodes"] == [{"topic": {"name": "medicine"}}]
    assert repo["defaultBranchRef"]["target"]["committedDate"]
    assert body["data"]["r1"] is None
    assert [(e["type"], e["path"]) for e in body["errors"]] == [
        ("NOT_FOUND", ["r1"]),
        ("FORBIDDEN", ["r2"]),
    ]
    assert body["errors"][1]["extensions"] == {"saml_failure": True}


def test_graphql_null_for_blocked_private_and_unfollowed_renames(ask: Ask) -> None:
    body = graphql(
        ask,
        """{ a: repository(owner: "octo", name: "dmca") { id }
             b: repository(owner: "octo", name: "secret") { id }
             c: repository(owner: "octo", name: "old", followRenames: false) { id }
             d: repository(owner: "octo", name: "new") { stargazers(first: 1) { totalCount } }
             e: repository(owner: "octo", name: "corpfork") { id parent { nameWithOwner } } }""",
    )
    data = body["data"]
    assert [data[key] for key in "abcd"] == [None, None, None, None]
    assert data["e"]["parent"] is None
    assert {(e["type"], *e["path"]) for e in body["errors"]} == {
        ("NOT_FOUND", "a"),
        ("NOT_FOUND", "b"),
        ("NOT_FOUND", "c"),
        ("FORBIDDEN", "d"),
        ("FORBIDDEN", "e", "parent"),
    }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('{ repository(owner: "octo", name: "new") { starCount } }', "starCount"),
        ('{ repository(owner: "octo", nam: "new") { id } }', "nam"),
        ('{ repository(owner: "octo", name: "new") }', "must have selections"),
        ('{ repository(owner: "octo", name: "new") { id { x } } }', "scalars"),
        ("{ repository(owner: $o, name: $o) { id } }", "$o"),
        ("query($o: String!) { viewer { login } }", "$o"),
        ("{ viewer { ...Gone } }", "Gone"),
        ('{ repository(owner: "octo", name: "new") { releases { totalCount } } }', "first"),
        ("{ viewer { login ", "Parse error"),
    ],
)
def test_a_wrong_query_gets_an_error_and_no_data(ask: Ask, query: str, message: str) -> None:
    body = graphql(ask, query)
    assert "data" not in body
    assert message in body["errors"][0]["message"]


def test_graphql_owners_issues_and_urls(ask: Ask) -> None:
    body = graphql(
        ask,
        """{ o: repositoryOwner(login: "corp") { __typename login }
             u: user(login: "octo") { gist(name: "abc123") { url } }
             i: repository(owner: "octo", name: "new") {
               issueOrPullRequest(number: 2) { __typename ... on PullRequest { number } }
               release(tagName: "v1") { tagName }
             }
             r: resource(url: "https://github.com/octo/new/issues/1") { __typename url } }""",
    )["data"]
    assert body["o"] == {"__typename": "Organization", "login": "corp"}
    assert body["u"]["gist"]["url"].endswith("/octo/abc123")
    assert body["i"]["issueOrPullRequest"] == {"__typename": "PullRequest", "number": 2}
    assert body["i"]["release"] == {"tagName": "v1"}
    assert body["r"]["__typename"] == "Issue"


def test_graphql_requires_a_valid_token(ask: Ask) -> None:
    url, query = "https://api.github.com/graphql", {"query": "{ viewer { login } }"}
    assert ask(url, "POST", json=query).status_code == 401
    revoked = {"Authorization": "Bearer revoked"}
    assert ask(url, "POST", json=query, headers=revoked).json()["message"] == "Bad credentials"


def test_graphql_fails_above_the_alias_limit(start: Start) -> None:
    limits = Limits(github_aliases=2)
    query = (
        "{" + " ".join(f'r{n}: repositoryOwner(login: "octo") {{ login }}' for n in range(3)) + "}"
    )
    _, ask = start(limits=limits)
    body = graphql(ask, query)
    assert body["data"] == {"r0": {"login": "octo"}, "r1": {"login": "octo"}, "r2": None}
    assert body["errors"][0]["type"] == "RESOURCE_LIMITS_EXCEEDED"


def test_primary_limits(start: Start) -> None:
    limits = Limits(github_graphql=1, github_core_anonymous=1)
    _, ask = start(limits=limits)
    assert "data" in graphql(ask, "{ viewer { login } }")
    assert graphql(ask, "{ viewer { login } }")["errors"][0]["type"] == "RATE_LIMIT"
    assert ask("https://api.github.com/repos/octo/new").status_code == 200
    refused = ask("https://api.github.com/repos/octo/new")
    assert refused.status_code == 403
    assert refused.headers["x-ratelimit-remaining"] == "0"
    left = ask("https://api.github.com/rate_limit").json()["resources"]
    assert left["core"]["remaining"] == 0


def test_a_304_costs_no_quota(ask: Ask) -> None:
    url = "https://api.github.com/repos/octo/new"
    first = ask(url, headers=BEARER)
    second = ask(url, headers={**BEARER, "If-None-Match": first.headers["etag"]})
    assert second.status_code == 304
    assert second.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]


def test_secondary_limit_has_a_retry_after(start: Start) -> None:
    limits = Limits(github_secondary_rest=1)
    _, ask = start(limits=limits)
    assert ask("https://api.github.com/repos/octo/new", headers=BEARER).status_code == 200
    refused = ask("https://api.github.com/repos/octo/new", headers=BEARER)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "secondary rate limit" in refused.json()["message"]


def test_huggingface_missing_and_gated_repositories(ask: Ask) -> None:
    missing = ask("https://huggingface.co/api/models/no/no")
    assert "x-error-code" not in missing.headers
    assert missing.headers["ratelimit"].startswith('"api";r=')
    known = ask("https://huggingface.co/api/models/no/no", headers=BEARER)
    assert (known.status_code, known.headers["x-error-code"]) == (404, "RepoNotFound")
    gated = ask("https://huggingface.co/o/gated/resolve/main/README.md")
    assert gated.headers["x-error-code"] == "GatedRepo"
    assert gated.headers["ratelimit"].startswith('"resolvers";r=')
    assert (
        ask("https://huggingface.co/o/gated/resolve/main/README.md", headers=BEARER).status_code
        == 403
    )


def test_huggingface_listing_has_pages(ask: Ask) -> None:
    url = "https://huggingface.co/api/models?author=google-bert&limit=2&expand[]=sha"
    found = []
    while url:
        page = ask(url)
        found += [item["id"] for item in page.json()]
        assert set(page.json()[0]) == {"_id", "id", "sha"}
        url = page.links.get("next", {}).get("url", "")
    assert sorted(found) == ["google-bert/bert", "google-bert/other", "google-bert/third"]


def test_huggingface_s_rate_limit(start: Start) -> None:
    limits = Limits(huggingface_api=1)
    _, ask = start(limits=limits)
    assert ask("https://huggingface.co/api/models/google-bert/bert").status_code == 200
    refused = ask("https://huggingface.co/api/models/google-bert/bert")
    assert refused.status_code == 429
    assert refused.headers["ratelimit"].startswith('"api";r=0;t=')
    card = ask("https://huggingface.co/google-bert/bert/resolve/main/README.md")
    assert card.text.startswith("---\nlicense: apache-2.0\n")


def test_huggingface_paths_info_omits_missing_paths(ask: Ask) -> None:
    found = ask(
        "https://huggingface.co/api/models/google-bert/bert/paths-info/main",
        "POST",
        json={"paths": ["config.json", "none", "onnx"]},
    ).json()
    assert [(item["type"], item["path"]) for item in found] == [
        ("file", "config.json"),
        ("directory", "onnx"),
    ]


def feed(ask: Ask, query: str) -> httpx.Response:
    return ask(f"https://export.arxiv.org/api/query?{query}")


@pytest.mark.parametrize(
    ("query", "entries", "status"),
    [
        ("id_list=1706.03762,9999.99999&max_results=100", 1, 200),
        ("id_list=1706.03762v8&max_results=100", 0, 200),
        ("id_list=1706.03762v2&max_results=100", 1, 200),
        ("id_list=" + ",".join(f"2301.{n:05d}" for n in range(1, 21)), 10, 200),
        ("id_list=1706.03762,abc", 1, 400),
        ("id_list=" + ",".join(["1706.03762"] * 641), 0, 414),
    ],
)
def test_arxiv(query: str, entries: int, status: int, start: Start) -> None:
    _, ask = start(enforce_limits=False)
    answer = feed(ask, query)
    assert answer.status_code == status
    assert answer.text.count("<entry>") == entries


def test_arxiv_s_rate_limit(start: Start) -> None:
    _, ask = start()
    assert feed(ask, "id_list=1706.03762").status_code == 200
    refused = feed(ask, "id_list=1706.03762")
    assert (refused.status_code, refused.text) == (429, "Rate exceeded.")
    assert "retry-after" not in refused.headers


def test_oai_has_the_license(ask: Ask) -> None:
    url = "https://oaipmh.arxiv.org/oai?verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:"
    assert "<license>http" in ask(f"{url}1706.03762").text


def test_wayback(ask: Ask) -> None:
    url = "https://archive.org/wayback/available?url=https://example.org/"
    assert ask(f"{url}lost").json()["archived_snapshots"]["closest"]["timestamp"].startswith("2020")
    assert ask(f"{url}other").json()["archived_snapshots"] == {}
    many = "url=https%3A%2F%2Fexample.org%2Flost&tag=7\nurl=https%3A%2F%2Fexample.org%2Fother&tag=8"
    body = ask(
        "https://archive.org/wayback/available",
        "POST",
        content=many,
        headers={"wayback-api-version": "2"},
    ).json()["results"]
    assert [(one["tag"], bool(one["archived_snapshots"])) for one in body] == [
        ("7", True),
        ("8", False),
    ]


def test_a_page_s_sequence_of_responses(ask: Ask) -> None:
    assert [ask("https://example.org/flap").status_code for _ in range(4)] == [503, 503, 200, 200]
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        ask("https://example.org/broken")


def test_limits_that_are_not_enforced(start: Start) -> None:
    limits = Limits(enforced=False, huggingface_api=2, github_core_anonymous=2)
    _, ask = start(limits=limits)
    for _ in range(5):
        answer = ask("https://huggingface.co/api/models/someone/nothing")
        assert ";r=2;" in answer.headers["ratelimit"]
        answer = ask("https://api.github.com/repos/someone/nothing")
        assert answer.headers["x-ratelimit-remaining"] == "2"
