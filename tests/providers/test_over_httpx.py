"""Providers behind the real door, with respx in place of every connection."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import anyio
import httpx
import pytest
import respx
from fake_http import question

from linkcheck.model.facts import PageFacts, PaperFacts
from linkcheck.model.observation import Found, Gone, Observation, Unknown, UnknownReason
from linkcheck.model.protocols import Provider, SilentProgress
from linkcheck.model.settings import NetSettings, ServiceSettings
from linkcheck.net.client import open_client
from linkcheck.net.messages import HttpClientProtocol
from linkcheck.net.rate_limits import Backoff
from linkcheck.providers.arxiv.provider import ArxivProvider
from linkcheck.providers.doi.provider import DoiProvider
from linkcheck.providers.web.provider import WebProvider
from virtual_time import START

PAGE = "https://site.example/paper"
Make = Callable[[HttpClientProtocol], Provider]


def web(door: HttpClientProtocol) -> Provider:
    return WebProvider(door, ServiceSettings(), lambda: START)


def look(router: respx.MockRouter, make: Make, *urls: str) -> Mapping[str, Observation]:
    """Ask a provider about links; every request goes to ``router``."""
    seen: dict[str, Observation] = {}

    async def main() -> None:
        async with open_client(
            replace(NetSettings(), read_timeout=1.0, connect_timeout=1.0),
            progress=SilentProgress(),
            not_before={},
            now=lambda: START,
            backoff=Backoff(base=0.001),
            transport=httpx.MockTransport(router.async_handler),
        ) as door:
            await make(door).observe(
                [question(url) for url in urls],
                lambda observation: seen.update({observation.target.url: observation}),
            )

    anyio.run(main)
    return seen


def test_a_page_is_read_to_its_title() -> None:
    router = respx.MockRouter()
    route = router.get(PAGE).respond(html="<title>A paper</title><p>rest")
    [seen] = look(router, web, PAGE).values()
    assert seen.outcome == Found(PageFacts(title="A paper"))
    request = route.calls.last.request
    assert request.headers["user-agent"].startswith("linkcheck/")
    assert "authorization" not in request.headers


def test_not_found_is_believed_at_the_second_look() -> None:
    router = respx.MockRouter()
    route = router.get(PAGE).mock(side_effect=[httpx.Response(404), httpx.Response(404)])
    [seen] = look(router, web, PAGE).values()
    assert isinstance(seen.outcome, Gone)
    first, second = (call.request.headers["accept"] for call in route.calls)
    assert first != second


def test_not_found_that_is_not_repeated_is_not_believed() -> None:
    router = respx.MockRouter()
    router.get(PAGE).mock(
        side_effect=[httpx.Response(404), httpx.Response(200, html="<title>There</title>")]
    )
    [seen] = look(router, web, PAGE).values()
    assert seen.outcome == Found(PageFacts(title="There"))


def test_a_permanent_redirect_tells_the_new_address() -> None:
    router = respx.MockRouter()
    router.get(PAGE).respond(301, headers={"location": "https://new.example/paper"})
    router.get("https://new.example/paper").respond(html="<title>A paper</title>")
    [seen] = look(router, web, PAGE).values()
    assert isinstance(seen.outcome, Found)
    assert (seen.outcome.now_at, seen.outcome.permanent) == ("https://new.example/paper", True)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (httpx.ConnectError("refused"), UnknownReason.CONNECT),
        (httpx.ConnectTimeout("slow"), UnknownReason.TIMEOUT),
        (httpx.ReadTimeout("silent"), UnknownReason.TIMEOUT),
        (httpx.ReadError("broke off"), UnknownReason.RESET),
        (httpx.RemoteProtocolError("no HTTP"), UnknownReason.PROTOCOL),
    ],
)
def test_a_failing_connection_is_no_verdict(failure: Exception, reason: UnknownReason) -> None:
    router = respx.MockRouter()
    route = router.get(PAGE).mock(side_effect=failure)
    [seen] = look(router, web, PAGE).values()
    assert isinstance(seen.outcome, Unknown)
    assert seen.outcome.reason is reason
    assert 1 <= route.call_count <= 3


def test_a_name_is_asked_of_the_handle_service() -> None:
    router = respx.MockRouter()
    router.get("https://doi.org/api/handles/10.1000/abc").respond(
        404, json={"responseCode": 100, "handle": "10.1000/abc"}
    )
    make = lambda door: DoiProvider(door, ServiceSettings(), lambda: START)  # noqa: E731
    [seen] = look(router, make, "https://doi.org/10.1000/abc").values()
    assert isinstance(seen.outcome, Gone)


def test_many_papers_are_one_request() -> None:
    entry = (
        "<entry><id>http://arxiv.org/abs/{0}v1</id><title>Paper {0}</title>"
        "<published>2024-01-01T00:00:00Z</published></entry>"
    )
    ids = [f"2401.0000{number}" for number in range(1, 6)]
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        '<t:totalResults xmlns:t="http://a9.com/-/spec/opensearch/1.1/">5</t:totalResults>'
    ) + "".join(map(entry.format, ids))
    router = respx.MockRouter()
    route = router.get(host="export.arxiv.org").respond(
        text=feed + "</feed>", headers={"content-type": "application/atom+xml"}
    )

    make = lambda door: ArxivProvider(door, ServiceSettings(), lambda: START)  # noqa: E731
    seen = look(router, make, *(f"https://arxiv.org/abs/{paper}" for paper in ids))
    titles = {
        observation.outcome.facts.title
        for observation in seen.values()
        if isinstance(observation.outcome, Found)
        and isinstance(observation.outcome.facts, PaperFacts)
    }
    assert titles == {f"Paper {paper}" for paper in ids}
    assert route.call_count == 1


def again(router: respx.MockRouter, known: Observation) -> Observation:
    """Look at a page of which something is known."""
    seen: list[Observation] = []

    async def main() -> None:
        async with open_client(
            NetSettings(),
            progress=SilentProgress(),
            not_before={},
            now=lambda: START,
            transport=httpx.MockTransport(router.async_handler),
        ) as door:
            asked = replace(question(known.target.url), previous=known)
            await web(door).observe([asked], seen.append)

    anyio.run(main)
    [observation] = seen
    return observation


def test_a_page_is_asked_for_in_case_it_has_changed() -> None:
    router = respx.MockRouter()
    route = router.get(PAGE).mock(
        side_effect=[
            httpx.Response(200, html="<title>A paper</title>", headers={"etag": 'W/"v1"'}),
            httpx.Response(304, headers={"etag": 'W/"v1"'}),
            httpx.Response(200, html="<title>A paper</title>", headers={"etag": 'W/"v1"'}),
            httpx.Response(200, html="<title>Another</title>", headers={"etag": '"v2"'}),
            httpx.Response(404),
            httpx.Response(404),
        ]
    )
    [first] = look(router, web, PAGE).values()
    assert first.validator == 'W/"v1"'
    second = again(router, first)
    assert second.outcome == Found(PageFacts(title="A paper"))
    assert (second.http_status, second.validator) == (304, 'W/"v1"')
    third = again(router, second)
    assert third.http_status == 200  # looked at itself, every other time
    fourth = again(router, third)
    assert fourth.outcome == Found(PageFacts(title="Another"))
    assert fourth.validator == '"v2"'
    assert isinstance(again(router, fourth).outcome, Gone)
    asked = [call.request.headers.get("if-none-match") for call in route.calls]
    assert asked == [None, 'W/"v1"', None, 'W/"v1"', '"v2"', None]


@pytest.mark.parametrize(
    ("there", "asked"),
    [("https://site.example/new", ['"v1"', None]), ("https://new.example/paper", [None])],
)
def test_unchanged_elsewhere_is_looked_at(there: str, asked: list[str | None]) -> None:
    """On its own host the answer is 304 at first; another host is not told what it cannot know."""
    router = respx.MockRouter()
    router.get(PAGE).mock(
        side_effect=[
            httpx.Response(200, html="<title>A paper</title>", headers={"etag": '"v1"'}),
            *[httpx.Response(301, headers={"location": there})] * 2,
        ]
    )
    page = httpx.Response(200, html="<title>A paper</title>")
    route = router.get(there).mock(side_effect=[httpx.Response(304), page][-len(asked) :])
    [first] = look(router, web, PAGE).values()
    second = again(router, first)
    assert isinstance(second.outcome, Found)
    assert (second.outcome.now_at, second.validator) == (there, None)
    assert second.requests == 2 * len(asked)
    assert [call.request.headers.get("if-none-match") for call in route.calls] == asked


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {}),
        (200, {"etag": "unquoted"}),
        (200, {"etag": '"' + "x" * 200 + '"'}),
        (404, {"etag": '"v1"'}),
        (206, {"etag": '"v1"'}),
    ],
)
def test_only_a_whole_and_healthy_page_is_remembered(status: int, headers: dict[str, str]) -> None:
    router = respx.MockRouter()
    router.get(PAGE).respond(status, html="<title>A paper</title>", headers=headers)
    [seen] = look(router, web, PAGE).values()
    assert seen.validator is None


def test_unchanged_that_nobody_asked_for_tells_nothing() -> None:
    router = respx.MockRouter()
    router.get(PAGE).respond(304)
    [seen] = look(router, web, PAGE).values()
    assert isinstance(seen.outcome, Unknown)
