"""GitHub without a token: sixty REST requests, then web pages, and nothing invented."""

from dataclasses import replace
from typing import Any

import pytest

from linkcheck.model.facts import PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import Found, Gone, GoneReason, Observation, Unknown, UnknownReason
from linkcheck.model.settings import ServiceSettings
from linkcheck.net.messages import Hop, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.github.provider import GitHubProvider, anonymous_notice
from tests.providers.fake_github import Hub, rest_body
from tests.providers.fake_http import FakeHttp, answer, observe, question
from tests.virtual_time import START

API = "api.github.com"
WEB = "github.com"


def quota_headers(left: int) -> dict[str, str]:
    reset = int(START.timestamp()) + 3600
    return {"x-ratelimit-remaining": str(left), "x-ratelimit-reset": str(reset)}


def quota(left: int) -> HttpResponse:
    core = {"limit": 60, "remaining": left, "reset": int(START.timestamp()) + 3600}
    return answer(200, {"resources": {"core": core}}, quota_headers(left))


class Run:
    """A provider without a token over a scripted hub."""

    def __init__(self, hub: Hub, left: int = 60, **settings: Any) -> None:
        hub.rest.setdefault(f"{API}/rate_limit", quota(left))
        self.http = FakeHttp(hub)
        self.notices: list[str] = []
        self.provider = GitHubProvider(
            self.http,
            ServiceSettings(**settings),
            self.http.clock.now,
            self.notices.append,
        )

    def __call__(self, *links: str, known: Observation | None = None) -> dict[str, Observation]:
        return observe(self.provider, [question(link, known) for link in links])


def github(path: str) -> str:
    return f"https://{WEB}/{path}"


def unknown(observation: Observation) -> UnknownReason:
    assert isinstance(observation.outcome, Unknown), observation
    return observation.outcome.reason


def redirected(status: int, start: str, end: str, final: int = 200) -> HttpResponse:
    return answer(final, "", url=end, hops=(Hop(start, status, end),))


def test_rest_gives_facts_and_the_notice_recommends_a_token() -> None:
    body = answer(200, rest_body("o/n"), {"etag": '"v1"', "x-ratelimit-remaining": "59"})
    run = Run(Hub(rest={f"{API}/repos/o/n": body}))
    seen = run(github("o/n"))["o/n"]
    facts = seen.repository
    assert facts is not None
    assert (facts.full_name, facts.stars, facts.archived, facts.topics) == (
        "o/n",
        12,
        True,
        ("nlp",),
    )
    assert (seen.validator, seen.http_status, seen.evidence[0].source) == (
        '"v1"',
        200,
        "github-rest",
    )
    assert len(run.notices) == 1
    assert "GITHUB_TOKEN" in run.notices[0]
    assert run.http.urls == [f"GET https://{API}/rate_limit", f"GET https://{API}/repos/o/n"]


def test_what_was_seen_before_is_asked_for_conditionally() -> None:
    def script(ask: HttpRequest) -> HttpResponse | None:
        if "/repos/" not in ask.url:
            return None
        assert ask.headers["if-none-match"] == '"v1"'
        return answer(304, None, {"etag": '"v1"'})

    facts = RepositoryFacts(full_name="o/n", stars=5)
    target = question(github("o/n")).target
    known = Observation(target, START, Found(facts), validator='"v1"')
    seen = Run(Hub(before=script))(github("o/n"), known=known)["o/n"]
    assert seen.outcome == Found(facts)
    assert (seen.validator, seen.http_status) == ('"v1"', 304)


@pytest.mark.parametrize(("counted", "by_api"), [(False, 20), (True, 10)])
def test_what_github_does_not_count_is_not_counted(counted: bool, by_api: int) -> None:
    """Whether "unchanged" is free without a token is not documented: only the response shows."""
    left = 10

    def script(ask: HttpRequest) -> HttpResponse | None:
        nonlocal left
        if "/repos/" in ask.url:
            left -= counted
            return answer(304, None, {"etag": '"v1"', **quota_headers(left)})
        return None if "/rate_limit" in ask.url else answer(200, "", url=ask.url)

    run = Run(Hub(before=script), left=10)
    asked = []
    for number in range(20):
        link = github(f"o/n{number}")
        facts = Found(RepositoryFacts(full_name=f"o/n{number}"))
        known = Observation(question(link).target, START, facts, validator='"v1"')
        asked.append(question(link, known))
    observe(run.provider, asked)
    assert sum("/repos/" in url for url in run.http.urls) == by_api


def test_pages_take_over_where_the_quota_ends() -> None:
    rest: dict[str, object] = {f"{API}/repos/o/n0": answer(200, rest_body("o/n0"))}
    rest |= {
        f"{WEB}/o/n1": answer(200, "", url=github("o/n1")),
        f"{WEB}/o/n2": answer(404, ""),
        f"{WEB}/o/n3": redirected(301, github("o/n3"), github("new/n3")),
        f"{WEB}/o/n4": answer(451, ""),
        f"{WEB}/o/n5": answer(503, ""),
        f"{WEB}/o/n6": HttpFailure(UnknownReason.RESET, "broke off"),
        f"{WEB}/o/n7": redirected(302, github("o/n7"), github("login?return_to=o/n7")),
    }
    seen = Run(Hub(rest=rest), left=1)(*(github(f"o/n{i}") for i in range(8)))
    facts = seen["o/n0"].repository
    assert facts is not None
    assert facts.stars == 12
    assert seen["o/n1"].outcome == Found(RepositoryFacts())
    assert seen["o/n2"].outcome == Gone(GoneReason.GONE_OR_PRIVATE)
    moved = seen["o/n3"].outcome
    assert isinstance(moved, Found)
    assert (moved.now_at, moved.permanent) == (github("new/n3"), True)
    assert seen["o/n4"].outcome == Found(RepositoryFacts(disabled=True, blocked="dmca"))
    assert unknown(seen["o/n5"]) is UnknownReason.SERVER_ERROR
    assert unknown(seen["o/n6"]) is UnknownReason.RESET
    assert unknown(seen["o/n7"]) is UnknownReason.FORBIDDEN


def test_a_limited_site_is_left_alone_and_nobody_dies() -> None:
    limited = answer(429, "", {"retry-after": "3600"})
    rest = {f"{WEB}/o/n{i}": limited for i in range(40)}
    run = Run(Hub(rest=rest), left=0)
    run.http.deadline = 3600
    seen = run(*(github(f"o/n{i}") for i in range(40)))
    assert {unknown(o) for o in seen.values()} == {UnknownReason.RATE_LIMITED}
    assert len(run.http.asked) <= 5


def test_a_quota_that_others_spent_is_believed() -> None:
    spent = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1793540000"}
    limited = answer(403, {"message": "API rate limit exceeded for 192.0.2.1."}, spent)
    rest = {f"{API}/repos/o/n{i}": limited for i in range(9)}
    rest |= {f"{WEB}/o/n{i}": answer(200, "") for i in range(9)}
    run = Run(Hub(rest=rest))
    seen = run(*(github(f"o/n{i}") for i in range(9)))
    assert all(isinstance(o.outcome, Found) for o in seen.values())
    assert sum(API in url for url in run.http.urls) <= 5


@pytest.mark.parametrize("left", [60, 0])
def test_paths_and_pieces_by_either_way(left: int) -> None:
    repo = f"{API}/repos/o/n"
    rest = {
        repo: answer(200, rest_body("o/n")),
        f"{repo}/contents/a%20b?ref=main": answer(200, {}),
        f"{repo}/contents/x": answer(200, {}),
        f"{repo}/commits/v1": answer(200, {}),
        f"{repo}/commits/v9": answer(422, {"message": "No commit found for SHA: v9"}),
        f"{repo}/issues/5": answer(200, {"html_url": github("o/n/issues/5")}),
        f"{repo}/releases/tags/v1": answer(200, {"html_url": "x", "assets": []}),
        f"{WEB}/o/n": answer(200, "", url=github("o/n")),
        f"{WEB}/o/n/blob/main/a%20b": answer(200, "", url=github("o/n/blob/main/a%20b")),
        f"{WEB}/o/n/blob/HEAD/x": answer(200, "", url=github("o/n/blob/HEAD/x")),
        f"{WEB}/o/n/blob/master/x": redirected(
            301, github("o/n/blob/master/x"), github("o/n/blob/main/x")
        ),
        f"{WEB}/o/n/tree/v1": answer(200, "", url=github("o/n/tree/v1")),
        f"{WEB}/o/n/issues/5": answer(200, "", url=github("o/n/issues/5")),
        f"{WEB}/o/n/discussions/2": answer(200, "", url=github("o/n/discussions/2")),
        f"{WEB}/o/n/releases/tag/v1": answer(200, ""),
    }
    links = [
        "", "/blob/main/a%20b", "/blob/main/no", "/blob/master/x", "/tree/v1", "/tree/v9",
        "/issues/5", "/issues/6", "/discussions/2", "/releases/tag/v1", "/releases/tag/v9", "/wiki",
    ]  # fmt: skip
    run = Run(Hub(rest=rest), left=left)
    seen = run(*(github(f"o/n{link}") for link in links))
    exists = {k: o.facts.exists for k, o in seen.items() if isinstance(o.facts, PathFacts)}
    assert exists == {
        "o/n/tree/main/a b": True,
        "o/n/tree/main/no": False,
        "o/n/tree/master/x": False,
        "o/n/tree/v1": True,
        "o/n/tree/v9": False,
    }
    moved = seen["o/n/tree/master/x"].facts
    assert isinstance(moved, PathFacts)
    # Only the API names the default branch.
    assert moved.suggested_url == (github("o/n/blob/main/x") if left else None)
    gone = {k for k, o in seen.items() if isinstance(o.outcome, Gone)}
    assert gone == {"o/n/issues/6", "o/n/releases/tag/v9"}
    assert not any(isinstance(o.outcome, Unknown) for o in seen.values())


@pytest.mark.parametrize("left", [60, 0])
def test_owners_gists_and_odd_pages(left: int) -> None:
    gist = "0123456789abcdef0123"
    rest = {
        f"{API}/users/someone": answer(200, {"login": "someone"}),
        f"{API}/gists/{gist}": answer(200, {"id": gist}),
        f"{WEB}/someone": answer(200, ""),
        f"gist.github.com/someone/{gist}": answer(200, ""),
        f"{WEB}/o/n/made-up": answer(404, ""),
    }
    seen = Run(Hub(rest=rest), left=left)(
        github("someone"),
        github("nobody"),
        f"https://gist.github.com/someone/{gist}",
        github("o/n/made-up"),
    )
    assert seen["someone"].outcome == Found(PageFacts())
    assert isinstance(seen["nobody"].outcome, Gone)
    assert seen[f"gist/{gist}"].outcome == Found(PageFacts())
    assert isinstance(seen["o/n/made-up"].outcome, Gone)


def test_a_configured_server_is_asked_in_place_of_github() -> None:
    local = "127.0.0.1:8080"
    rest = {
        f"{local}/api/rate_limit": quota(0),
        f"{local}/o/n": answer(200, "", url=f"http://{local}/o/n"),
    }
    run = Run(Hub(rest=rest), github_api=f"http://{local}/api", github_server=f"http://{local}/")
    assert isinstance(run(github("o/n"))["o/n"].outcome, Found)
    assert all(ask.trusted and ask.url.startswith(f"http://{local}/") for ask in run.http.asked)


def test_an_unreadable_quota_is_taken_for_sixty() -> None:
    hub = Hub(rest={f"{API}/repos/o/n": answer(200, rest_body("o/n"))})
    hub.rest[f"{API}/rate_limit"] = answer(500, "")
    assert isinstance(Run(hub)(github("o/n"))["o/n"].outcome, Found)


def test_connection_failures_are_unknown() -> None:
    down = HttpFailure(UnknownReason.DNS, "the name has no address")
    seen = Run(Hub(before=lambda _: replace(down)))(github("o/n"), github("o/n/tree/main/x"))
    assert {unknown(o) for o in seen.values()} == {UnknownReason.DNS}


def test_the_readings_of_one_path_share_one_page() -> None:
    run = Run(Hub(rest={f"{WEB}/o/n": answer(200, "", url=github("o/n"))}), left=0)
    seen = run(github("o/n/blob/a/b/c.md"))["o/n/tree/a/b/c.md"]
    assert isinstance(seen.facts, PathFacts)
    assert not seen.facts.exists
    pages = [url for url in run.http.urls if "/blob/" in url]
    assert len(set(pages)) == 2
    assert len(pages) == 4, "a page that says 404 is looked at twice"


@pytest.mark.parametrize(
    ("things", "left", "says", "not_said"),
    [
        (1, 60, "1 GitHub repository or page is asked over the anonymous REST API.", "others"),
        (1, 0, "is asked by its web page, without stars", "others"),
        (30, 60, "30 GitHub repositories and pages are asked one by one over the", "others"),
        (90, 60, "up to 60 over the anonymous REST API and the others by", "by its web page"),
    ],
)
def test_the_notice_counts_what_is_asked_and_how(
    things: int, left: int, says: str, not_said: str
) -> None:
    words = anonymous_notice(things, left, 1)
    assert says in words
    assert not_said not in words
