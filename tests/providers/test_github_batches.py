"""GitHub with a token: one query for many, and what its answers mean."""

import json
from base64 import b64encode
from binascii import crc32
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from linkcheck.model.facts import PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason, Observation, Unknown, UnknownReason
from linkcheck.model.settings import ServiceSettings
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.github.provider import GitHubProvider
from tests.providers.fake_github import LIMITS, Hub, node, rest_body
from tests.providers.fake_http import FakeHttp, answer, observe, question
from tests.virtual_time import START

API = "api.github.com"


class Run:
    """A provider with a token over a scripted hub."""

    def __init__(self, hub: Hub, **settings: Any) -> None:
        self.http = FakeHttp(hub)
        self.notices: list[str] = []
        self.provider = GitHubProvider(
            self.http,
            ServiceSettings(github_token="secret", **settings),
            self.http.clock.now,
            self.notices.append,
        )

    def __call__(self, *links: str) -> dict[str, Observation]:
        return observe(self.provider, [question(link) for link in links])

    @property
    def queries(self) -> int:
        return sum(ask.url.endswith("/graphql") for ask in self.http.asked)


def github(path: str) -> str:
    return f"https://github.com/{path}"


def unknown(observation: Observation) -> UnknownReason:
    assert isinstance(observation.outcome, Unknown), observation
    return observation.outcome.reason


def test_facts_of_a_model() -> None:
    parent = {"nameWithOwner": "big/one", "stargazerCount": 9, "isArchived": True}
    run = Run(Hub({"o/n": node("O/n", isFork=True, isArchived=True, parent=parent)}))
    seen = run(github("O/n"))["o/n"]
    assert seen.outcome == Found(
        RepositoryFacts(
            repository_id=str(crc32(b"o/n")),
            full_name="O/n",
            stars=41,
            forks=7,
            license="MIT",
            pushed_at=datetime(2026, 10, 2, 3, 4, 5, tzinfo=UTC),
            committed_at=datetime(2026, 9, 1, tzinfo=UTC),
            created_at=datetime(2020, 1, 1, tzinfo=UTC),
            archived=True,
            disabled=False,
            empty=False,
            private=False,
            fork=True,
            parent="big/one",
            parent_stars=9,
            parent_archived=True,
            description="what it does",
            homepage="https://example.org",
            topics=("medicine",),
            latest_release="v2",
            default_branch="main",
        )
    )
    assert seen.at == START
    assert seen.evidence[0].source == "github-graphql"


def test_the_token_goes_to_the_configured_endpoint_and_nothing_into_the_query_text() -> None:
    run = Run(Hub({"o/n": node("o/n")}), github_graphql="http://127.0.0.1:9/graphql")
    run(github("o/n"), github('o/n/blob/main/a"){evil}'))
    ask = run.http.asked[0]
    assert (ask.url, ask.token, ask.trusted) == ("http://127.0.0.1:9/graphql", "secret", True)
    assert "evil" not in json.loads(ask.content or b"")["query"]
    assert "secret" not in repr(ask)


@pytest.mark.parametrize(("count", "queries"), [(1, 1), (50, 1), (51, 2), (120, 3)])
def test_fifty_repositories_to_a_query(count: int, queries: int) -> None:
    hub = Hub({f"o/n{i}": node(f"o/n{i}") for i in range(count)}, owners={"o"})
    run = Run(hub)
    links = [github(f"o/n{i}") for i in range(count)]
    seen = run(*links, github("o/n0/tree/main/docs"), github("o/n0/issues"), github("o"))
    assert len(run.http.asked) == queries
    assert all(isinstance(o.outcome, Found) for o in seen.values())


def test_a_repository_asked_in_several_ways_is_one_alias() -> None:
    run = Run(Hub({"o/n": node("o/n")}, objects={("o/n", "main:a"), ("o/n", "main")}))
    seen = run(github("o/n"), github("O/N/blob/main/a"), github("o/n/tree/main"))
    text = json.loads(run.http.asked[0].content or b"")["query"]
    assert text.count("repository(") == 1
    assert all(isinstance(o.outcome, Found) for o in seen.values())
    assert all(o.repository and o.repository.stars == 41 for o in seen.values())


def test_a_rename_is_recognized_without_regard_to_case() -> None:
    hub = Hub({"old/name": node("New/Name"), "o/n": node("O/N")}, objects={("old/name", "v1:a b")})
    seen = Run(hub)(github("old/name"), github("o/n"), github("old/name/blob/v1/a%20b"))
    moved = seen["old/name"].outcome
    assert isinstance(moved, Found)
    assert (moved.now_at, moved.permanent) == (github("New/Name"), True)
    same = seen["o/n"].outcome
    assert isinstance(same, Found)
    assert (same.now_at, same.permanent) == (None, False)
    path = seen["old/name/tree/v1/a b"].outcome
    assert isinstance(path, Found)
    assert path.now_at == github("New/Name/blob/v1/a%20b")


@pytest.mark.parametrize(
    ("link", "objects", "ref", "path", "exists", "suggested"),
    [
        ("o/n/tree/main/data", {"main:data"}, "main", "data", True, None),
        ("o/n/tree/v1", {"v1"}, "v1", "", True, None),
        ("o/n/blob/a/b/c.md", {"a/b:c.md"}, "a/b", "c.md", True, None),
        ("o/n/tree/a/b", {"a/b"}, "a/b", "", True, None),
        ("o/n/tree/a/b", {"a:b", "a/b"}, "a", "b", True, None),
        ("o/n/blob/master/d/x", {"HEAD:d/x"}, "master", "d/x", False, "blob/main/d/x"),
        ("o/n/tree/master", set(), "master", "", False, "tree/main"),
        ("o/n/tree/dev", set(), "dev", "", False, None),
        ("o/n/blob/main/gone", set(), "main", "gone", False, None),
        ("o/n/raw/master/x", {"HEAD:x"}, "master", "x", False, "raw/main/x"),
        ("o/n/blob/master/a%23b", {"HEAD:a#b"}, "master", "a#b", False, "blob/main/a%23b"),
    ],
)
def test_paths(
    link: str, objects: set[str], ref: str, path: str, exists: bool, suggested: str | None
) -> None:
    hub = Hub({"o/n": node("o/n")}, objects={("o/n", e) for e in objects})
    run = Run(hub)
    (seen,) = run(github(link)).values()
    assert isinstance(seen.facts, PathFacts)
    assert (seen.facts.ref, seen.facts.path, seen.facts.exists) == (ref, path, exists)
    assert seen.facts.suggested_url == (github(f"o/n/{suggested}") if suggested else None)
    assert len(run.http.asked) == 1


def test_raw_hosts_and_commits_are_paths_too() -> None:
    hub = Hub({"o/n": node("o/n")}, objects={("o/n", "main:x.csv"), ("o/n", "abc123")})
    seen = Run(hub)("https://raw.githubusercontent.com/o/n/main/x.csv", github("o/n/commit/abc123"))
    assert all(isinstance(o.facts, PathFacts) and o.facts.exists for o in seen.values())


def test_not_found_is_settled_by_one_rest_call_each() -> None:
    blocked = {"message": "Repository access blocked", "block": {"reason": "tos"}}
    taken_down = {"message": "Repository access blocked", "block": {"reason": "dmca"}}
    hub = Hub(
        {"o/n": node("o/n")},
        rest={
            f"{API}/repos/o/tos": answer(403, blocked, LIMITS),
            f"{API}/repos/o/dmca": answer(451, taken_down, LIMITS),
            f"{API}/repos/o/moved": answer(200, rest_body("new/place"), LIMITS),
            f"{API}/repos/o/perms": answer(403, {"message": "Resource not accessible"}, LIMITS),
            f"{API}/repos/o/broken": answer(502, "<html>", LIMITS),
            f"{API}/repos/o/odd": answer(200, ["?"], LIMITS),
            f"{API}/repos/o/mute": HttpFailure(UnknownReason.TIMEOUT, "no answer within 20 s"),
        },
    )
    run = Run(hub)
    names = ["gone", "tos", "dmca", "moved", "perms", "broken", "odd", "mute"]
    seen = run(github("o/n"), *(github(f"o/{n}") for n in names))
    assert run.queries == 1
    assert sorted({u for u in run.http.urls if "graphql" not in u}) == sorted(
        f"GET https://{API}/repos/o/{n}" for n in names
    )
    assert seen["o/gone"].outcome == Gone(GoneReason.GONE_OR_PRIVATE)
    assert seen["o/gone"].http_status == 404
    assert seen["o/tos"].outcome == Found(RepositoryFacts(disabled=True, blocked="tos"))
    assert seen["o/dmca"].outcome == Found(RepositoryFacts(disabled=True, blocked="dmca"))
    moved = seen["o/moved"].outcome
    assert isinstance(moved, Found)
    assert (moved.now_at, moved.permanent) == (github("new/place"), True)
    facts = seen["o/moved"].repository
    assert facts is not None
    assert (facts.license, facts.archived, facts.parent_stars) == ("NOASSERTION", True, 900)
    assert unknown(seen["o/perms"]) is UnknownReason.FORBIDDEN
    assert unknown(seen["o/broken"]) is UnknownReason.SERVER_ERROR
    assert unknown(seen["o/odd"]) is UnknownReason.PROTOCOL
    assert unknown(seen["o/mute"]) is UnknownReason.TIMEOUT


def test_paths_of_a_missing_repository_share_its_fate_and_its_request() -> None:
    blocked = {"message": "Repository access blocked", "block": {"reason": "dmca"}}
    hub = Hub(rest={f"{API}/repos/o/dmca": answer(451, blocked, LIMITS)})
    run = Run(hub)
    seen = run(*(github(f"o/{n}{p}") for n in ("gone", "dmca") for p in ("", "/tree/main/x")))
    assert len(run.http.asked) == 3
    assert isinstance(seen["o/gone/tree/main/x"].outcome, Gone)
    facts = seen["o/dmca/tree/main/x"].repository
    assert facts is not None
    assert facts.blocked == "dmca"


def test_a_null_is_judged_by_its_error_and_never_by_being_null() -> None:
    hub = Hub(
        {"o/n": node("o/n"), "o/fork": node("o/fork")},
        silent_nulls={"o/null"},
        saml_parents={"o/fork"},
        errors={
            "o/saml": {"type": "FORBIDDEN", "extensions": {"saml_failure": True}, "message": "no"},
            "o/new": {"type": "SOMETHING_NEW", "message": "?"},
            "o/untyped": {"message": "Something went wrong"},
        },
    )
    run = Run(hub)
    seen = run(*(github(f"o/{n}") for n in ("n", "fork", "null", "saml", "new", "untyped")))
    assert isinstance(seen["o/n"].outcome, Found)
    assert isinstance(seen["o/fork"].outcome, Found)
    assert unknown(seen["o/null"]) is UnknownReason.PROTOCOL
    assert unknown(seen["o/saml"]) is UnknownReason.FORBIDDEN
    assert unknown(seen["o/new"]) is UnknownReason.PROTOCOL
    assert unknown(seen["o/untyped"]) is UnknownReason.PROTOCOL
    assert run.queries == 2


def test_what_the_token_may_not_see_is_requested_without_it() -> None:
    refused = {"type": "FORBIDDEN", "extensions": {"saml_failure": True}, "message": "no"}
    listed = answer(403, {"message": "your IP address is not permitted"}, LIMITS)
    public = answer(200, rest_body("o/public", id=12), LIMITS)
    hub = Hub(
        errors={"o/public": refused, "o/secret": refused},
        rest={f"{API}/repos/o/public/contents/a?ref=main": answer(200, {}, LIMITS)},
    )
    hub.before = lambda ask: (
        (listed if ask.token else public)
        if ask.url.endswith(("/repos/o/listed", "/repos/o/public"))
        else None
    )
    run = Run(hub)
    seen = run(*map(github, ("o/public", "o/public/blob/main/a", "o/listed", "o/secret")))
    for key in ("o/public", "o/public/tree/main/a", "o/listed"):
        repository = seen[key].repository
        assert repository is not None
        assert repository.repository_id == "12"
    assert unknown(seen["o/secret"]) is UnknownReason.FORBIDDEN
    assert all(ask.token is None for ask in run.http.asked if "/repos/o/public" in ask.url)


def swap(answers: dict[str, object], by: int) -> dict[str, object]:
    values = list(answers.values())
    return dict(zip(answers, (*values[by:], *values[:by]), strict=True))


@pytest.mark.parametrize("by", [1, 3])
def test_swapped_answers_move_no_repository(by: int) -> None:
    world: dict[str, Mapping[str, object]]
    world = {f"o/n{i}": node(f"o/n{i}") for i in range(6)}
    world["old/name"] = node("New/Name")
    rest = {f"{API}/repos/o/n{i}": answer(200, rest_body(f"o/n{i}"), LIMITS) for i in range(6)}
    rest[f"{API}/repos/old/name"] = answer(200, rest_body("New/Name"), LIMITS)
    hub = Hub(world, rest=rest)

    def before(ask: HttpRequest) -> HttpResponse | None:
        if not ask.url.endswith("/graphql"):
            return None
        reply = Hub(world)(ask)
        assert isinstance(reply, HttpResponse)
        data = json.loads(reply.body)["data"]
        data.pop("rateLimit")
        return answer(200, {"data": swap(data, by)}, LIMITS)

    hub.before = before
    seen = Run(hub)(*(github(name) for name in world))
    for name in world:
        outcome = seen[name].outcome
        assert isinstance(outcome, Found)
        assert outcome.now_at == (github("New/Name") if name == "old/name" else None)


def test_two_repositories_that_became_one_are_both_moved() -> None:
    hub = Hub({"a/x": node("o/n"), "b/x": node("o/n"), "o/n": node("o/n")})
    run = Run(hub)
    seen = run(github("a/x"), github("b/x"), github("o/n"))
    assert [o.outcome.now_at for o in seen.values() if isinstance(o.outcome, Found)] == [
        github("o/n"), github("o/n"), None
    ]  # fmt: skip
    assert len(run.http.asked) == 1


def test_another_name_with_another_id_is_confirmed() -> None:
    hub = Hub(
        {"o/n": node("p/q")}, rest={f"{API}/repos/o/n": answer(200, rest_body("o/n"), LIMITS)}
    )
    run = Run(hub)
    known = Observation(
        question(github("o/n")).target, START, Found(RepositoryFacts(repository_id="7"))
    )
    [seen] = observe(run.provider, [question(github("o/n"), known)]).values()
    assert isinstance(seen.outcome, Found)
    assert seen.outcome.now_at is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"r0": {**node("o/n")}},
        {"r0": {**node("o/n"), "p0": None}},
    ],
)
def test_an_answer_that_is_left_out_proves_nothing(data: dict[str, object]) -> None:
    run = Run(Hub(before=lambda _: answer(200, {"data": data}, LIMITS)))
    seen = run(github("o/n/blob/dev/x"))["o/n/tree/dev/x"]
    assert unknown(seen) in {UnknownReason.PROTOCOL, UnknownReason.SERVER_ERROR}


def test_an_owner_with_another_login_is_requested_again() -> None:
    hub = Hub(
        before=lambda ask: (
            answer(200, {"data": {"o0": {"__typename": "User", "login": "other"}}}, LIMITS)
            if ask.url.endswith("/graphql")
            else None
        )
    )
    assert isinstance(Run(hub)(github("someone"))["someone"].outcome, Gone)


@pytest.mark.parametrize(
    ("number", "node_id", "stored"),
    [
        (1296269, "R_kgDOABPHjQ", "1296269"),
        (None, "R_kgDOABPHjQ", "1296269"),
        (None, "MDEwOlJlcG9zaXRvcnkxMjk2MjY5", "1296269"),
        (1296269, "another-format-of-2027", "1296269"),
        (None, "another-format-of-2027", None),
    ],
)
def test_a_repository_s_identity_is_its_database_id(
    number: int | None, node_id: str, stored: str | None
) -> None:
    run = Run(Hub({"o/n": node("o/n", databaseId=number, id=node_id)}))
    repository = run(github("o/n"))["o/n"].repository
    assert repository is not None
    assert repository.repository_id == stored


SUBMODULES = '[submodule "third"]\n\tpath = third_party/lib\n\turl = ../lib.git\n'


@pytest.mark.parametrize(
    ("path", "exists"),
    [
        ("third_party/lib", True),
        ("third_party/lib/src/x.py", True),
        ("third_party/library", False),
        ("third_party/lib2/x", False),
        ("x", False),
    ],
)
@pytest.mark.parametrize("token", [True, False])
def test_a_path_in_a_submodule_is_not_missing(path: str, exists: bool, token: bool) -> None:
    encoded = b64encode(SUBMODULES.encode()).decode()
    hub = Hub(
        {"o/n": node("o/n")},
        submodules={"o/n": SUBMODULES},
        rest={
            f"{API}/repos/o/n": answer(200, rest_body("o/n"), LIMITS),
            f"{API}/repos/o/n/contents/.gitmodules": answer(200, {"content": encoded}, LIMITS),
        },
    )
    run = Run(hub)
    if not token:
        run.provider = GitHubProvider(
            run.http, ServiceSettings(), run.http.clock.now, run.notices.append
        )
    [seen] = run(github(f"o/n/blob/main/{path}")).values()
    assert isinstance(seen.facts, PathFacts)
    assert seen.facts.exists is exists


REFS = {"v1.0", "main", "feature/x", "HEAD:docs/guide.md"}


@pytest.mark.parametrize(
    ("link", "missing", "suggested"),
    [
        ("commits/main", None, None),
        ("commits/feature/x", None, None),
        ("commits/main/docs/gone.md", None, None),
        ("commits/nope", "nope", None),
        ("commits/master/docs/guide.md", "master", "commits/main/docs/guide.md"),
        ("commits/master/docs/gone.md", "master", None),
        ("find/nope", "nope", None),
        ("compare/v1.0...main", None, None),
        ("compare/v1.0..main", None, None),
        ("compare/v1.0...feature/x.diff", None, None),
        ("compare/main", None, None),
        ("compare/v1.0...nope", "nope", None),
        ("compare/nope...main", "nope", None),
        ("compare/master...v1.0", "master", "compare/main...v1.0"),
        ("archive/main.zip", None, None),
        ("archive/refs/tags/v1.0.tar.gz", None, None),
        ("archive/refs/heads/feature/x.zip", None, None),
        ("archive/refs/tags/v9.zip", "v9", None),
        ("archive/master.zip", "master", "archive/main.zip"),
        ("zipball/v1.0", None, None),
        ("zipball/v9", "v9", None),
        ("tarball/refs/tags/v9", "v9", None),
    ],
)
@pytest.mark.parametrize("token", [True, False])
def test_refs_in_pages_are_looked_up(
    link: str, missing: str | None, suggested: str | None, token: bool
) -> None:
    hub = Hub({"o/n": node("o/n")}, objects={("o/n", ref) for ref in REFS})
    hub.rest[f"{API}/repos/o/n"] = answer(200, rest_body("o/n"), LIMITS)
    for ref in REFS - {"HEAD:docs/guide.md"}:
        hub.rest[f"{API}/repos/o/n/commits/{ref}"] = answer(200, {}, LIMITS)
    hub.rest[f"{API}/repos/o/n/contents/docs/guide.md"] = answer(200, {}, LIMITS)
    run = Run(hub)
    if not token:
        run.provider = GitHubProvider(
            run.http, ServiceSettings(), run.http.clock.now, run.notices.append
        )
    [seen] = run(github(f"o/n/{link}")).values()
    facts = seen.facts
    assert isinstance(facts, PathFacts)
    assert (facts.ref if not facts.exists else None) == missing
    assert facts.suggested_url == (github(f"o/n/{suggested}") if suggested else None)
    assert not token or len(run.http.asked) == 1


@pytest.mark.parametrize(
    "link",
    [
        "compare/someone:main...o:main",
        "compare/main@{1day}...main",
        "archive/v1",
        "actions/workflows/pages/pages-build-deployment",
        "actions/workflows/dynamic/dependabot/update-graph",
        "actions/workflows/12345",
        "actions/runs/1",
        "releases/new",
        "compare",
        "commits",
    ],
)
def test_pages_that_name_nothing_to_look_up_are_left_alone(link: str) -> None:
    run = Run(Hub({"o/n": node("o/n")}))
    [seen] = run(github(f"o/n/{link}")).values()
    assert isinstance(seen.facts, RepositoryFacts)
    assert len(run.http.asked) == 1


@pytest.mark.parametrize(
    ("link", "rest", "outcome"),
    [
        ("actions/workflows/ci.yml", None, "there"),
        ("actions/workflows/ci.yml/badge.svg", None, "there"),
        ("actions/workflows/old.yml", "actions/workflows/old.yml", "there"),
        ("actions/workflows/nope.yaml", None, "missing-path"),
        ("milestone/3", "milestones/3", "there"),
        ("milestone/77", None, "gone"),
        ("releases/v2", None, "there"),
        ("releases/v9.9", None, "gone"),
    ],
)
def test_workflows_milestones_and_releases(link: str, rest: str | None, outcome: str) -> None:
    objects = {("o/n", "HEAD:.github/workflows/ci.yml")}
    release = {("o/n", "release v2"): {"tagName": "v2", "url": github("o/n/releases/tag/v2")}}
    hub = Hub({"o/n": node("o/n")}, objects=objects, pieces=dict(release))
    if rest:
        hub.rest[f"{API}/repos/o/n/{rest}"] = answer(200, {}, LIMITS)
    [seen] = Run(hub)(github(f"o/n/{link}")).values()
    if outcome == "gone":
        assert isinstance(seen.outcome, Gone)
    else:
        assert isinstance(seen.outcome, Found)
        assert is_missing_path(seen) is (outcome == "missing-path")


def is_missing_path(observation: Observation) -> bool:
    return isinstance(observation.facts, PathFacts) and not observation.facts.exists


def test_a_forbidden_parent_with_good_data_does_no_harm() -> None:
    def before(ask: HttpRequest) -> HttpResponse:
        error = {"type": "FORBIDDEN", "path": ["r0", "parent"], "message": "SAML"}
        return answer(200, {"data": {"r0": node("o/n", isFork=True)}, "errors": [error]})

    run = Run(Hub(before=before))
    assert isinstance(run(github("o/n"))["o/n"].outcome, Found)
    assert len(run.http.asked) == 1


def aliases(ask: HttpRequest) -> int:
    return str(json.loads(ask.content or b"")["query"]).count("repository(")


def heavy_status(ask: HttpRequest) -> HttpResponse | None:
    return answer(502, {"message": "We couldn't respond in time"}) if aliases(ask) > 3 else None


def heavy_gateway(ask: HttpRequest) -> HttpResponse | None:
    return answer(504, "<html>") if aliases(ask) > 3 else None


def heavy_nodes(ask: HttpRequest) -> HttpResponse | None:
    error = {"type": "MAX_NODE_LIMIT_EXCEEDED", "message": "too many"}
    return answer(200, {"errors": [error]}) if aliases(ask) > 3 else None


def heavy_nulls(ask: HttpRequest) -> HttpResponse | None:
    if aliases(ask) <= 3:
        return None
    names = [f"r{i}" for i in range(aliases(ask))]
    errors = [
        {"type": "RESOURCE_LIMITS_EXCEEDED", "path": [n], "message": "too much"} for n in names
    ]
    return answer(200, {"data": dict.fromkeys(names), "errors": errors})


def heavy_field(ask: HttpRequest) -> HttpResponse | None:
    if aliases(ask) <= 3:
        return None
    data = {f"r{i}": node(f"o/n{i}") for i in range(aliases(ask))} | {"r1": None}
    path = ["r1", "latestRelease"]
    error = {"type": "RESOURCE_LIMITS_EXCEEDED", "path": path, "message": "too much"}
    return answer(200, {"data": data, "errors": [error]})


def heavy_untyped(ask: HttpRequest) -> HttpResponse | None:
    error = {"message": "Something went wrong while executing your query."}
    return answer(200, {"data": None, "errors": [error]}) if aliases(ask) > 3 else None


def heavy_silence(ask: HttpRequest) -> HttpFailure | None:
    return HttpFailure(UnknownReason.TIMEOUT, "no answer") if aliases(ask) > 3 else None


@pytest.mark.parametrize(
    "before",
    [
        heavy_status,
        heavy_gateway,
        heavy_nodes,
        heavy_nulls,
        heavy_field,
        heavy_untyped,
        heavy_silence,
    ],
)
def test_what_is_too_heavy_is_halved(
    before: Callable[[HttpRequest], HttpResponse | HttpFailure | None],
) -> None:
    hub = Hub({f"o/n{i}": node(f"o/n{i}") for i in range(10)}, before=before)
    seen = Run(hub)(*(github(f"o/n{i}") for i in range(10)))
    assert all(isinstance(o.outcome, Found) for o in seen.values())


def test_a_batch_that_fails_kills_nobody() -> None:
    run = Run(Hub(before=lambda _: answer(502, "")))
    seen = run(*(github(f"o/n{i}") for i in range(5)))
    failed = {UnknownReason.SERVER_ERROR, UnknownReason.HOST_DOWN}
    assert {unknown(o) for o in seen.values()} <= failed
    assert len(run.http.asked) <= 9


def test_an_api_that_never_answers_is_left_alone_soon() -> None:
    run = Run(Hub(before=lambda _: HttpFailure(UnknownReason.TIMEOUT, "no answer within 20 s")))
    seen = run(*(github(f"o/n{i}") for i in range(500)))
    assert {unknown(o) for o in seen.values()} == {UnknownReason.TIMEOUT}
    assert len(run.http.asked) <= 6


def test_a_rejected_token_is_said_once_and_ends_it() -> None:
    body = {"message": "Bad credentials"}
    run = Run(Hub(before=lambda _: answer(401, body)))
    seen = run(*(github(f"o/n{i}") for i in range(300)))
    assert {unknown(o) for o in seen.values()} == {UnknownReason.CREDENTIALS}
    assert len(run.notices) == 1
    assert "GITHUB_TOKEN" in run.notices[0]
    assert len(run.http.asked) <= 2


def reset_in(seconds: float) -> dict[str, str]:
    moment = START + timedelta(seconds=seconds)
    return {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(moment.timestamp()))}


PRIMARY = {"errors": [{"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": "spent"}]}
OLDER = {"errors": [{"type": "RATE_LIMITED", "message": "spent"}]}
CODED = {"errors": [{"extensions": {"code": "graphql_rate_limit"}, "message": "spent"}]}
SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait."}
LIMITED = [
    (200, PRIMARY, reset_in(30), 30),
    (200, OLDER, reset_in(30), 30),
    (200, CODED, {}, 60),
    (403, {"message": "API rate limit exceeded for user ID 1."}, reset_in(20), 20),
    (403, SECONDARY, {"retry-after": "15"}, 15),
    (403, SECONDARY, {}, 60),
    (429, SECONDARY, {"retry-after": "Sun, 01 Nov 2026 12:00:40 GMT"}, 40),
    (429, "", {}, 60),
]


@pytest.mark.parametrize(("status", "body", "headers", "seconds"), LIMITED)
def test_limits_are_waited_for_within_patience(
    status: int, body: object, headers: dict[str, str], seconds: float
) -> None:
    answers = iter([answer(status, body, headers)])
    run = Run(Hub({"o/n": node("o/n")}, before=lambda _: next(answers, None)))
    assert isinstance(run(github("o/n"))["o/n"].outcome, Found)
    assert len(run.http.times) == 2
    assert (
        timedelta(0)
        <= run.http.times[1] - START - timedelta(seconds=seconds)
        < timedelta(seconds=1)
    )


@pytest.mark.parametrize(("status", "body"), [(200, PRIMARY), (403, SECONDARY), (429, SECONDARY)])
def test_limits_beyond_the_deadline_are_reported_and_never_death(status: int, body: object) -> None:
    run = Run(Hub(before=lambda _: answer(status, body, reset_in(3000))))
    run.http.deadline = 2000
    seen = run(*(github(f"o/n{i}") for i in range(300)))
    assert {unknown(o) for o in seen.values()} == {UnknownReason.RATE_LIMITED}
    assert "12:50 UTC" in str(seen["o/n0"].outcome)
    assert len(run.http.asked) <= 2


def test_a_spent_limit_is_waited_for_before_it_is_hit() -> None:
    def before(ask: HttpRequest) -> HttpResponse | None:
        if run.http.clock.now() >= START + timedelta(seconds=30):
            return None
        data = {f"r{i}": node(f"o/n{i}") for i in range(aliases(ask))}
        return answer(200, {"data": data}, reset_in(30))

    run = Run(Hub({f"o/n{i}": node(f"o/n{i}") for i in range(9)}, before=before), github_batch=3)
    run(*(github(f"o/n{i}") for i in range(9)))
    early, *late = run.http.times
    assert early == START
    assert all(at >= START + timedelta(seconds=30) for at in late)


def test_repositories_requested_again_do_not_exceed_the_batch_size() -> None:
    names = [f"o/n{i}" for i in range(30)]
    hub = Hub({name: node(name) for name in names}, saml_parents=set(names))
    run = Run(hub, github_batch=7)
    seen = run(*map(github, names))
    assert all(isinstance(o.outcome, Found) for o in seen.values())
    assert max(map(aliases, run.http.asked)) <= 7
    assert run.queries == 10


def test_a_rest_limit_while_settling_is_never_death() -> None:
    limited = answer(403, {"message": "API rate limit exceeded"}, reset_in(3000))
    run = Run(Hub(rest={f"{API}/repos/o/n": limited}))
    assert unknown(run(github("o/n"))["o/n"]) is UnknownReason.RATE_LIMITED


@pytest.mark.parametrize(
    "body",
    ["not json", [], {}, {"data": []}, {"data": {}}, {"data": {"r0": 5}}, {"data": {"r0": {}}}],
)
def test_an_answer_of_another_shape_is_unknown(body: object) -> None:
    run = Run(Hub(before=lambda _: answer(200, body)))
    assert unknown(run(github("o/n"))["o/n"]) is UnknownReason.PROTOCOL


def test_null_and_missing_fields_are_unknown_facts() -> None:
    bare = {"nameWithOwner": "o/n", "stargazerCount": "many", "licenseInfo": [], "isFork": 1}
    run = Run(Hub({"o/n": bare, "o/m": dict.fromkeys(node("x/y")) | {"nameWithOwner": "o/m"}}))
    seen = run(github("o/n"), github("o/m"))
    assert seen["o/n"].outcome == Found(RepositoryFacts(full_name="o/n"))
    assert seen["o/m"].outcome == Found(RepositoryFacts(full_name="o/m"))


def test_an_unknown_license_is_noassertion() -> None:
    other = {"spdxId": None, "key": "other", "name": "Other"}
    run = Run(Hub({"o/n": node("o/n", licenseInfo=other)}))
    facts = run(github("o/n"))["o/n"].repository
    assert facts is not None
    assert facts.license == "NOASSERTION"


def test_pieces_of_a_repository() -> None:
    release = {"tagName": "v1", "url": "x", "releaseAssets": {"nodes": [{"name": "a.zip"}]}}
    hub = Hub(
        {"o/n": node("o/n")},
        objects={("o/n", "tag-only")},
        pieces={
            ("o/n", "issueOrPullRequest 5"): {"url": github("o/n/issues/5")},
            ("o/n", "issueOrPullRequest 6"): {"url": github("o/other/issues/2")},
            ("o/n", "discussion 3"): {"url": github("o/n/discussions/3")},
            ("o/n", "release v1"): release,
            ("o/n", "release a.zip v1"): release,
            ("o/n", "release b.zip v1"): {**release, "releaseAssets": {"nodes": []}},
            ("o/n", "hasWikiEnabled"): False,
        },
        rest={f"{API}/repos/o/n/issues/8": answer(410, {"message": "deleted"}, LIMITS)},
    )
    links = [
        "issues/5", "issues/6", "issues/7", "issues/8", "discussions/3", "discussions/4",
        "releases/tag/v1", "releases/tag/tag-only", "releases/tag/none",
        "releases/download/v1/a.zip", "releases/download/v1/b.zip", "wiki/Home", "issues", "pulls",
    ]  # fmt: skip
    run = Run(hub)
    seen = run(*(github(f"o/n/{link}") for link in links))
    outcomes = {key.removeprefix("o/n/"): o.outcome for key, o in seen.items()}
    gone = {key for key, outcome in outcomes.items() if isinstance(outcome, Gone)}
    assert gone == {
        "issues/7",
        "issues/8",
        "discussions/4",
        "releases/tag/none",
        "releases/download/v1/b.zip",
    }
    transferred = outcomes["issues/6"]
    assert isinstance(transferred, Found)
    assert (transferred.now_at, transferred.permanent) == (github("o/other/issues/2"), True)
    wiki = outcomes["wiki/Home"]
    assert isinstance(wiki, Found)
    assert (wiki.now_at, wiki.permanent) == (github("o/n"), False)
    assert all(isinstance(o, Found) for k, o in outcomes.items() if k not in gone)
    assert run.queries == 1
    assert len(run.http.asked) == 3


def test_owners_and_gists_ride_along() -> None:
    hub = Hub(
        {"o/n": node("o/n")},
        owners={"someone"},
        gists={"0123456789abcdef0123"},
        rest={f"{API}/gists/aaaaaaaaaaaaaaaaaaaa": answer(200, {"id": "a"}, LIMITS)},
    )
    run = Run(hub)
    seen = run(
        github("o/n"),
        github("Someone"),
        github("nobody"),
        "https://gist.github.com/someone/0123456789abcdef0123",
        "https://gist.github.com/someone/ffffffffffffffffffff",
        "https://gist.github.com/aaaaaaaaaaaaaaaaaaaa",
    )
    assert seen["someone"].outcome == Found(PageFacts())
    assert seen["nobody"].outcome == Gone(GoneReason.NOT_FOUND)
    assert seen["gist/0123456789abcdef0123"].outcome == Found(PageFacts())
    assert seen["gist/ffffffffffffffffffff"].outcome == Gone(GoneReason.NOT_FOUND)
    assert seen["gist/aaaaaaaaaaaaaaaaaaaa"].outcome == Found(PageFacts())
    assert run.queries == 1
    assert len(run.http.asked) == 4


def test_nothing_asked_for_nothing() -> None:
    run = Run(Hub())
    assert run() == {}
    assert run.http.asked == []
