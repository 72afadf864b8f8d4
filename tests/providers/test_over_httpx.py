"""Providers with the real HTTP client, with respx in place of every connection."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import anyio
import httpx
import pytest
import respx

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
from tests.providers.fake_http import question
from tests.virtual_time import START

PAGE = "https://site.example/paper"
Make = Callable[[HttpClientProtocol], Provider]


def web(client: HttpClientProtocol) -> Provider:
    return WebProvider(client, ServiceSettings(), lambda: START)


def observe_urls(router: respx.MockRouter, make: Make, *urls: str) -> Mapping[str, Observation]:
    """Observe URLs with a provider; every request goes to ``router``."""
    observations: dict[str, Observation] = {}

    async def main() -> None:
        async with open_client(
            replace(NetSettings(), read_timeout=1.0, connect_timeout=1.0),
            progress=SilentProgress(),
            not_before={},
            now=lambda: START,
            backoff=Backoff(base=0.001),
            transport=httpx.MockTransport(router.async_handler),
        ) as client:
            await make(client).observe(
                [question(url) for url in urls],
                lambda observation: observations.update({observation.target.url: observation}),
            )

    anyio.run(main)
    return observations


def test_a_page_is_read_to_its_title() -> None:
    router = respx.MockRouter()
    route = router.get(PAGE).respond(html="<title>A paper</title><p>rest")
    [observation] = observe_urls(router, web, PAGE).values()
    assert observation.outcome == Found(PageFacts(title="A paper"))
    request = route.calls.last.request
    assert request.headers["user-agent"].startswith("linkcheck/")
    assert "authorization" not in request.headers


def test_a_404_is_confirmed_by_a_second_request() -> None:
    router = respx.MockRouter()
    route = router.get(PAGE).mock(side_effect=[httpx.Response(404), httpx.Response(404)])
    [observation] = observe_urls(router, web, PAGE).values()
    assert isinstance(observation.outcome, Gone)
    first, second = (call.request.headers for call in route.calls)
    assert first["accept-language"] != second["accept-language"]
    assert "sec-fetch-mode" not in first
    assert second["sec-fetch-mode"] == "navigate"


def test_an_unconfirmed_404_is_not_gone() -> None:
    router = respx.MockRouter()
    router.get(PAGE).mock(
        side_effect=[httpx.Response(404), httpx.Response(200, html="<title>There</title>")]
    )
    [observation] = observe_urls(router, web, PAGE).values()
    assert observation.outcome == Found(PageFacts(title="There"))


def test_a_permanent_redirect_has_the_new_url() -> None:
    router = respx.MockRouter()
    router.get(PAGE).respond(301, headers={"location": "https://new.example/paper"})
    router.get("https://new.example/paper").respond(html="<title>A paper</title>")
    [observation] = observe_urls(router, web, PAGE).values()
    assert isinstance(observation.outcome, Found)
    assert (observation.outcome.now_at, observation.outcome.permanent) == (
        "https://new.example/paper",
        True,
    )


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
def test_a_transport_failure_is_unknown(failure: Exception, reason: UnknownReason) -> None:
    router = respx.MockRouter()
    route = router.get(PAGE).mock(side_effect=failure)
    [observation] = observe_urls(router, web, PAGE).values()
    assert isinstance(observation.outcome, Unknown)
    assert observation.outcome.reason is reason
    assert 1 <= route.call_count <= 3


def test_a_doi_is_requested_from_the_handle_service() -> None:
    router = respx.MockRouter()
    router.get("https://doi.org/api/handles/10.1000/abc").respond(
        404, json={"responseCode": 100, "handle": "10.1000/abc"}
    )
    agency = [{"DOI": "10.1000", "RA": "Crossref"}]
    router.get("https://doi.org/ra/10.1000").respond(json=agency)
    make = lambda client: DoiProvider(client, ServiceSettings(), lambda: START)  # noqa: E731
    [observation] = observe_urls(router, make, "https://doi.org/10.1000/abc").values()
    assert isinstance(observation.outcome, Gone)


def test_one_request_for_many_papers() -> None:
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

    make = lambda client: ArxivProvider(client, ServiceSettings(), lambda: START)  # noqa: E731
    observation = observe_urls(router, make, *(f"https://arxiv.org/abs/{paper}" for paper in ids))
    titles = {
        observation.outcome.facts.title
        for observation in observation.values()
        if isinstance(observation.outcome, Found)
        and isinstance(observation.outcome.facts, PaperFacts)
    }
    assert titles == {f"Paper {paper}" for paper in ids}
    assert route.call_count == 1


def observe_again(router: respx.MockRouter, known: Observation) -> Observation:
    """Observe a page again, given its stored observation."""
    observations: list[Observation] = []

    async def main() -> None:
        async with open_client(
            NetSettings(),
            progress=SilentProgress(),
            not_before={},
            now=lambda: START,
            transport=httpx.MockTransport(router.async_handler),
        ) as client:
            request = replace(question(known.target.url), previous=known)
            await web(client).observe([request], observations.append)

    anyio.run(main)
    [observation] = observations
    return observation


def test_a_page_with_an_etag_gets_a_conditional_request() -> None:
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
    [first] = observe_urls(router, web, PAGE).values()
    assert first.validator == 'W/"v1"'
    second = observe_again(router, first)
    assert second.outcome == Found(PageFacts(title="A paper"))
    assert (second.http_status, second.validator) == (304, 'W/"v1"')
    third = observe_again(router, second)
    assert third.http_status == 200  # a full request every other time
    fourth = observe_again(router, third)
    assert fourth.outcome == Found(PageFacts(title="Another"))
    assert fourth.validator == '"v2"'
    assert isinstance(observe_again(router, fourth).outcome, Gone)
    validators = [call.request.headers.get("if-none-match") for call in route.calls]
    assert validators == [None, 'W/"v1"', None, 'W/"v1"', '"v2"', None]


@pytest.mark.parametrize(
    ("there", "validators"),
    [("https://site.example/new", ['"v1"', None]), ("https://new.example/paper", [None])],
)
def test_a_304_after_a_redirect_is_followed_by_a_full_request(
    there: str, validators: list[str | None]
) -> None:
    """The ETag is sent to the page's own host only."""
    router = respx.MockRouter()
    router.get(PAGE).mock(
        side_effect=[
            httpx.Response(200, html="<title>A paper</title>", headers={"etag": '"v1"'}),
            *[httpx.Response(301, headers={"location": there})] * 2,
        ]
    )
    page = httpx.Response(200, html="<title>A paper</title>")
    route = router.get(there).mock(side_effect=[httpx.Response(304), page][-len(validators) :])
    [first] = observe_urls(router, web, PAGE).values()
    second = observe_again(router, first)
    assert isinstance(second.outcome, Found)
    assert (second.outcome.now_at, second.validator) == (there, None)
    assert second.requests == 2 * len(validators)
    assert [call.request.headers.get("if-none-match") for call in route.calls] == validators


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
def test_only_complete_pages_have_a_validator(status: int, headers: dict[str, str]) -> None:
    router = respx.MockRouter()
    router.get(PAGE).respond(status, html="<title>A paper</title>", headers=headers)
    [observation] = observe_urls(router, web, PAGE).values()
    assert observation.validator is None


def test_an_unrequested_304_is_unknown() -> None:
    router = respx.MockRouter()
    router.get(PAGE).respond(304)
    [observation] = observe_urls(router, web, PAGE).values()
    assert isinstance(observation.outcome, Unknown)
