"""Web pages: the outcome of each kind of response."""

from collections.abc import Sequence

import pytest

from linkcheck.model.facts import PageFacts
from linkcheck.model.observation import (
    Found,
    Gone,
    GoneReason,
    Observation,
    Unknown,
    UnknownReason,
)
from linkcheck.model.protocols import ObservationRequest
from linkcheck.model.settings import ServiceSettings
from linkcheck.net.messages import Hop, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.table import recognize
from linkcheck.providers.web.provider import WebProvider
from tests.providers.fake_http import FakeHttp, answer, observe
from tests.virtual_time import START

URL = "https://example.org/deep/page"
Reply = HttpResponse | HttpFailure
HTML = {"content-type": "text/html; charset=utf-8"}


def html(title: str = "A page", status: int = 200, url: str = URL, **more: object) -> HttpResponse:
    return answer(status, f"<html><title>{title}</title>", HTML, url, **more)


def observe_page(
    script: Reply | Sequence[Reply], url: str = URL, *, fragments: tuple[str, ...] = ()
) -> tuple[Observation, FakeHttp]:
    """Observe a page; the last reply of a script is repeated."""
    replies = list(script) if isinstance(script, Sequence) else [script]
    http = FakeHttp(lambda _request: replies.pop(0) if len(replies) > 1 else replies[0])
    settings = ServiceSettings(check_fragments=bool(fragments))
    provider = WebProvider(http, settings, lambda: START)
    question = ObservationRequest(recognize(url).target, fragments=fragments)
    [observation] = observe(provider, [question]).values()
    return observation, http


def test_a_page_is_found_with_one_get() -> None:
    observation, http = observe_page(html("Hello &amp; welcome"))
    assert observation.outcome == Found(PageFacts(title="Hello & welcome"))
    assert (observation.http_status, observation.requests) == (200, 1)
    assert [request.method for request in http.asked] == ["GET"]
    assert http.asked[0].body_limit <= 65536


def test_titles_are_decoded_with_the_charset_of_the_page() -> None:
    body = "<meta charset=gb18030><title>医学大模型</title>".encode("gb18030")
    observation, _ = observe_page(HttpResponse(URL, 200, {"content-type": "text/html"}, body))
    assert observation.page is not None
    assert observation.page.title == "医学大模型"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (html(status=401), UnknownReason.FORBIDDEN),
        (html(status=403), UnknownReason.FORBIDDEN),
        (html(status=406), UnknownReason.FORBIDDEN),
        (html(status=418), UnknownReason.FORBIDDEN),
        (html(status=429), UnknownReason.RATE_LIMITED),
        (html(status=451), UnknownReason.FORBIDDEN),
        (html(status=999), UnknownReason.FORBIDDEN),
        (html(status=500), UnknownReason.SERVER_ERROR),
        (html(status=503), UnknownReason.SERVER_ERROR),
        (html(status=526), UnknownReason.SERVER_ERROR),
        (html(status=400), UnknownReason.CLIENT_ERROR),
        (html(status=405), UnknownReason.CLIENT_ERROR),
        (html(status=302), UnknownReason.PROTOCOL),
        (html("Just a moment...", 403), UnknownReason.CHALLENGE),
        (html("Just a moment...", 200), UnknownReason.CHALLENGE),
        (html("Just a moment...", 404), UnknownReason.CHALLENGE),
        (answer(403, "", {"cf-mitigated": "challenge"}), UnknownReason.CHALLENGE),
        (answer(404, "", {"cf-mitigated": "challenge"}), UnknownReason.CHALLENGE),
        (answer(202, "", {"x-amzn-waf-action": "challenge"}), UnknownReason.CHALLENGE),
        (html(status=404, broken=True), UnknownReason.RESET),
        (html(status=410, broken=True), UnknownReason.RESET),
        (html("404 - Page not found"), UnknownReason.CLIENT_ERROR),
        (html("My site | 404 Not Found"), UnknownReason.CLIENT_ERROR),
        (HttpFailure(UnknownReason.TLS, "expired"), UnknownReason.TLS),
        (HttpFailure(UnknownReason.TIMEOUT, "silent"), UnknownReason.TIMEOUT),
    ],
)
def test_inconclusive_pages_are_unknown(
    reply: HttpResponse | HttpFailure, reason: UnknownReason
) -> None:
    observation, _ = observe_page(reply)
    assert isinstance(observation.outcome, Unknown)
    assert observation.outcome.reason is reason


@pytest.mark.parametrize("title", ["Area 404: a film", "What HTTP 404 Not Found means and how"])
def test_a_page_about_errors_is_found(title: str) -> None:
    observation, _ = observe_page(html(title))
    assert isinstance(observation.outcome, Found)


def test_two_404_responses_are_gone() -> None:
    observation, http = observe_page(html("Nothing", 404))
    assert observation.outcome == Gone(GoneReason.NOT_FOUND)
    assert len(http.asked) == 2
    assert http.asked[0].headers != http.asked[1].headers


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        (html("Back", 200), Found),
        (html(status=503), Unknown),
        (HttpFailure(UnknownReason.RESET, "reset"), Unknown),
        (html(status=410), Gone),
    ],
)
def test_the_second_response_is_decisive(second: HttpResponse | HttpFailure, outcome: type) -> None:
    observation, _ = observe_page([html(status=404), second])
    assert isinstance(observation.outcome, outcome)


def test_a_410_needs_no_confirmation() -> None:
    observation, http = observe_page(html(status=410))
    assert observation.outcome == Gone(GoneReason.GONE)
    assert len(http.asked) == 1


def moved(to: str, *statuses: int, title: str = "A page") -> HttpResponse:
    hops = tuple(Hop(URL, status, to) for status in statuses)
    return html(title, url=to, hops=hops)


@pytest.mark.parametrize(
    ("statuses", "permanent"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 302), False), ((307,), False)],
)
def test_a_redirect_chain_is_permanent_if_every_redirect_is(
    statuses: tuple[int, ...], permanent: bool
) -> None:
    observation, _ = observe_page(moved("https://new.example/page", *statuses))
    assert isinstance(observation.outcome, Found)
    assert observation.outcome.now_at == "https://new.example/page"
    assert observation.outcome.permanent is permanent


def test_a_redirect_to_the_home_page_is_recorded_as_it_is() -> None:
    observation, _ = observe_page(moved("https://example.org/", 301))
    assert isinstance(observation.outcome, Found)
    assert observation.outcome.now_at == "https://example.org/"
    assert observation.outcome.permanent


def test_the_fragment_of_a_redirect_is_part_of_the_new_url() -> None:
    observation, _ = observe_page(moved("https://example.org/manual#sec-2", 301))
    assert isinstance(observation.outcome, Found)
    assert observation.outcome.now_at == "https://example.org/manual#sec-2"


def test_a_redirect_to_the_same_url_is_no_move() -> None:
    observation, _ = observe_page(moved(URL, 302))
    assert isinstance(observation.outcome, Found)
    assert observation.outcome.now_at is None


@pytest.mark.parametrize(
    "to",
    [
        "https://example.org/login?next=/deep/page",
        "https://accounts.google.com/ServiceLogin?continue=x",
        "https://login.example.org/",
        "https://example.org/users/sign_in",
    ],
)
def test_a_redirect_to_a_login_page_is_no_move(to: str) -> None:
    observation, _ = observe_page(moved(to, 301))
    assert observation.outcome == Found(PageFacts(login_required=True))


def test_a_redirect_to_an_error_page_is_recorded_with_its_url() -> None:
    observation, _ = observe_page(moved("https://example.org/404.html", 302))
    assert isinstance(observation.outcome, Found)
    assert observation.outcome.now_at == "https://example.org/404.html"


def test_https_is_requested_once_for_a_page_over_http() -> None:
    plain = "http://example.org/deep/page"
    observation, http = observe_page([html(url=plain), html()], plain)
    assert observation.page is not None
    assert observation.page.https_works is True
    assert http.urls == [f"GET {plain}", f"GET {URL}"]


@pytest.mark.parametrize(
    ("secure", "works"),
    [
        (html("Another page"), False),
        (html(status=404), False),
        (HttpFailure(UnknownReason.TLS, "expired"), False),
        (HttpFailure(UnknownReason.CONNECT, "refused"), False),
        (HttpFailure(UnknownReason.NOT_ASKED, "no time"), None),
        (html(status=503), None),
        (html(url="http://example.org/deep/page"), False),
    ],
)
def test_https_must_serve_the_same_page(
    secure: HttpResponse | HttpFailure, works: bool | None
) -> None:
    plain = "http://example.org/deep/page"
    observation, _ = observe_page([html(url=plain), secure], plain)
    assert observation.page is not None
    assert observation.page.https_works is works


def test_https_is_not_requested_after_a_redirect_to_it() -> None:
    plain = "http://example.org/deep/page"
    reply = html(url=URL, hops=(Hop(plain, 301, URL),))
    observation, http = observe_page(reply, plain)
    assert observation.outcome == Found(PageFacts(title="A page"), URL, permanent=True)
    assert len(http.asked) == 1


def test_fragments_are_checked_if_configured() -> None:
    body = '<a id="one">x</a><h2 name=two>y</h2><p id="user-content-three">z</p><!-- id="no" -->'
    observation, http = observe_page(
        HttpResponse(URL, 200, HTML, body.encode()),
        fragments=("one", "two", "three", "four", ":~:text=x", "/route"),
    )
    assert observation.page is not None
    assert observation.page.fragments == (
        ("one", True),
        ("two", True),
        ("three", True),
        ("four", False),
    )
    assert http.asked[0].stop_after is None


def test_only_found_fragments_count_on_a_truncated_page() -> None:
    reply = HttpResponse(URL, 200, HTML, b'<a id="one">x</a>', truncated=True)
    observation, _ = observe_page(reply, fragments=("one", "two"))
    assert observation.page is not None
    assert observation.page.fragments == (("one", True),)


def test_requests_alternate_between_hosts() -> None:
    http = FakeHttp(lambda request: html(url=request.url))
    provider = WebProvider(http, ServiceSettings(), lambda: START)
    links = [f"https://{host}.example/{n}" for host in "ab" for n in range(3)]
    observe(provider, [ObservationRequest(recognize(link).target) for link in links])
    assert [request.url[8] for request in http.given] == list("ababab")


def test_reading_stops_after_the_title() -> None:
    asked: list[HttpRequest] = []

    def script(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        return html()

    observe_page(script(HttpRequest(URL)))
    client_requests = observe_page(html())[1].asked
    assert client_requests[0].stop_after == b"</title>"
    assert client_requests[0].html_only


def test_a_404_is_confirmed_as_a_browser_asks() -> None:
    def script(request: HttpRequest) -> HttpResponse:
        is_browser = "Mozilla/5.0" in request.headers.get("user-agent", "")
        return html("The page") if is_browser else html("Not Found", 404)

    http = FakeHttp(script)
    provider = WebProvider(http, ServiceSettings(), lambda: START)
    [observation] = observe(provider, [ObservationRequest(recognize(URL).target)]).values()
    assert observation.outcome == Found(PageFacts(title="The page"))
    assert observation.evidence[0].says.startswith("HTTP 404 at first")


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize(
    "title",
    [
        "This domain is for sale",
        "medbot.example is for sale | Sedo",
        "Buy this domain",
        "Domain not found",
        "The domain medbot.example has expired",
        "Parked Domain name on Hostinger DNS system",
        "HugeDomains.com - MedBot.com",
        "域名出售",
        "Web page blocked",
        "Access to this site has been blocked by your administrator",
        "FortiGuard Intrusion Prevention - Access Blocked",
    ],
)
def test_parking_and_block_pages_are_neither_alive_nor_gone(title: str, status: int) -> None:
    observation, _ = observe_page(html(title, status))
    assert isinstance(observation.outcome, Unknown)
    assert observation.outcome.reason is UnknownReason.INTERCEPTED


@pytest.mark.parametrize(
    "title",
    [
        "Unsupervised domain adaptation",
        "Houses for sale",
        "Domain-specific models: what is available",
        "Content filtering in search engines",
        "Access to data",
        "Node.js is available",
        "The site",
    ],
)
def test_pages_about_domains_and_filters_are_found(title: str) -> None:
    observation, _ = observe_page(html(title))
    assert isinstance(observation.outcome, Found)


def test_a_parking_script_without_a_title_is_not_alive() -> None:
    body = '<html><head><script>window.onload=function(){window.location.href="/lander"}</script>'
    observation, _ = observe_page(answer(200, body, HTML, URL))
    assert isinstance(observation.outcome, Unknown)


VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("link", "picture", "page", "outcome"),
    [
        (VIDEO, 200, html("A film - YouTube"), Found),
        (VIDEO, 404, html("- YouTube"), Gone),
        (VIDEO, 404, html("A film - YouTube"), Gone),
        (VIDEO, 503, html("A film - YouTube"), Found),
        (VIDEO, 503, html(" - YouTube"), Unknown),
        (VIDEO, 200, html("Sorry", 429), Found),
        (VIDEO, 404, html("Sorry", 429), Gone),
        ("https://youtu.be/dQw4w9WgXcQ?t=7", 404, html("- YouTube"), Gone),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ", 404, html("- YouTube"), Gone),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", 404, html("- YouTube"), Gone),
        ("https://www.youtube.com/@channel", 404, html("A channel - YouTube"), Found),
        ("https://www.youtube.com/playlist?list=PL1", 404, html("A list - YouTube"), Found),
    ],
)
def test_a_removed_video_is_gone_by_its_picture(
    link: str, picture: int, page: HttpResponse, outcome: type
) -> None:
    def script(request: HttpRequest) -> HttpResponse:
        if "img.youtube.com" in request.url:
            assert request.url == "https://img.youtube.com/vi/dQw4w9WgXcQ/0.jpg"
            return answer(picture)
        return page

    http = FakeHttp(script)
    provider = WebProvider(http, ServiceSettings(), lambda: START)
    [observation] = observe(provider, [ObservationRequest(recognize(link).target)]).values()
    assert isinstance(observation.outcome, outcome)
