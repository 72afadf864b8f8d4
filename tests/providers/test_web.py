"""Web pages: what each kind of answer means for the link."""

import pytest
from fake_http import FakeHttp, answer, observe

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

URL = "https://example.org/deep/page"
HTML = {"content-type": "text/html; charset=utf-8"}


def html(title: str = "A page", status: int = 200, url: str = URL, **more: object) -> HttpResponse:
    return answer(status, f"<html><title>{title}</title>", HTML, url, **more)


def look(
    script: object, url: str = URL, *, fragments: tuple[str, ...] = ()
) -> tuple[Observation, FakeHttp]:
    from virtual_time import START

    replies = list(script) if isinstance(script, list | tuple) else [script]
    http = FakeHttp(lambda _ask: replies.pop(0) if len(replies) > 1 else replies[0])
    settings = ServiceSettings(check_fragments=bool(fragments))
    provider = WebProvider(http, settings, lambda: START)
    question = ObservationRequest(recognize(url).target, fragments=fragments)
    [observation] = observe(provider, [question]).values()
    return observation, http


def test_a_page_is_found_with_one_get() -> None:
    seen, http = look(html("Hello &amp; welcome"))
    assert seen.outcome == Found(PageFacts(title="Hello & welcome"))
    assert (seen.http_status, seen.requests) == (200, 1)
    assert [ask.method for ask in http.asked] == ["GET"]
    assert http.asked[0].body_limit <= 65536


def test_titles_are_decoded_as_the_page_says() -> None:
    body = "<meta charset=gb18030><title>医学大模型</title>".encode("gb18030")
    seen, _ = look(HttpResponse(URL, 200, {"content-type": "text/html"}, body))
    assert seen.page is not None
    assert seen.page.title == "医学大模型"


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
def test_what_settles_nothing_is_never_gone(
    reply: HttpResponse | HttpFailure, reason: UnknownReason
) -> None:
    seen, _ = look(reply)
    assert isinstance(seen.outcome, Unknown)
    assert seen.outcome.reason is reason


@pytest.mark.parametrize("title", ["Area 404: a film", "What HTTP 404 Not Found means and how"])
def test_a_page_about_errors_is_a_page(title: str) -> None:
    seen, _ = look(html(title))
    assert isinstance(seen.outcome, Found)


def test_not_found_twice_is_gone() -> None:
    seen, http = look(html("Nothing", 404))
    assert seen.outcome == Gone(GoneReason.NOT_FOUND)
    assert len(http.asked) == 2
    assert http.asked[0].headers != http.asked[1].headers


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        (html("Back", 206), Found),
        (html(status=503), Unknown),
        (HttpFailure(UnknownReason.RESET, "reset"), Unknown),
        (html(status=410), Gone),
    ],
)
def test_the_second_look_decides(second: HttpResponse | HttpFailure, outcome: type) -> None:
    seen, _ = look([html(status=404), second])
    assert isinstance(seen.outcome, outcome)


def test_gone_for_good_needs_one_look() -> None:
    seen, http = look(html(status=410))
    assert seen.outcome == Gone(GoneReason.GONE)
    assert len(http.asked) == 1


def moved(to: str, *statuses: int, title: str = "A page") -> HttpResponse:
    hops = tuple(Hop(URL, status, to) for status in statuses)
    return html(title, url=to, hops=hops)


@pytest.mark.parametrize(
    ("statuses", "permanent"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 302), False), ((307,), False)],
)
def test_a_move_is_permanent_when_every_step_is(statuses: tuple[int, ...], permanent: bool) -> None:
    seen, _ = look(moved("https://new.example/page", *statuses))
    assert isinstance(seen.outcome, Found)
    assert seen.outcome.now_at == "https://new.example/page"
    assert seen.outcome.permanent is permanent


def test_the_front_page_is_not_where_it_went() -> None:
    seen, _ = look(moved("https://example.org/", 301))
    assert isinstance(seen.outcome, Found)
    assert not seen.outcome.permanent


def test_back_at_the_same_address_is_no_move() -> None:
    seen, _ = look(moved(URL, 302))
    assert isinstance(seen.outcome, Found)
    assert seen.outcome.now_at is None


@pytest.mark.parametrize(
    "to",
    [
        "https://example.org/login?next=/deep/page",
        "https://accounts.google.com/ServiceLogin?continue=x",
        "https://login.example.org/",
        "https://example.org/users/sign_in",
    ],
)
def test_a_sign_in_page_is_no_move(to: str) -> None:
    seen, _ = look(moved(to, 301))
    assert seen.outcome == Found(PageFacts(login_required=True))


def test_an_error_address_is_not_alive_and_not_gone() -> None:
    seen, _ = look(moved("https://example.org/404.html", 302))
    assert isinstance(seen.outcome, Unknown)


def test_https_is_tried_once_for_a_page_in_the_clear() -> None:
    plain = "http://example.org/deep/page"
    seen, http = look([html(url=plain), html()], plain)
    assert seen.page is not None
    assert seen.page.https_works is True
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
def test_https_must_serve_the_same(secure: HttpResponse | HttpFailure, works: bool | None) -> None:
    plain = "http://example.org/deep/page"
    seen, _ = look([html(url=plain), secure], plain)
    assert seen.page is not None
    assert seen.page.https_works is works


def test_https_is_not_tried_when_http_leads_there_itself() -> None:
    plain = "http://example.org/deep/page"
    reply = html(url=URL, hops=(Hop(plain, 301, URL),))
    seen, http = look(reply, plain)
    assert seen.outcome == Found(PageFacts(title="A page"), URL, permanent=True)
    assert len(http.asked) == 1


def test_fragments_are_looked_for_when_wanted() -> None:
    body = '<a id="one">x</a><h2 name=two>y</h2><p id="user-content-three">z</p><!-- id="no" -->'
    seen, http = look(
        HttpResponse(URL, 200, HTML, body.encode()),
        fragments=("one", "two", "three", "four", ":~:text=x", "/route"),
    )
    assert seen.page is not None
    assert seen.page.fragments == (
        ("one", True),
        ("two", True),
        ("three", True),
        ("four", False),
    )
    assert http.asked[0].stop_after is None


def test_a_page_cut_short_judges_only_what_was_seen() -> None:
    reply = HttpResponse(URL, 200, HTML, b'<a id="one">x</a>', truncated=True)
    seen, _ = look(reply, fragments=("one", "two"))
    assert seen.page is not None
    assert seen.page.fragments == (("one", True),)


def test_hosts_take_turns() -> None:
    from virtual_time import START

    http = FakeHttp(lambda ask: html(url=ask.url))
    provider = WebProvider(http, ServiceSettings(), lambda: START)
    links = [f"https://{host}.example/{n}" for host in "ab" for n in range(3)]
    observe(provider, [ObservationRequest(recognize(link).target) for link in links])
    assert [ask.url[8] for ask in http.given] == list("ababab")


def test_the_head_of_a_page_is_enough() -> None:
    asked: list[HttpRequest] = []

    def script(ask: HttpRequest) -> HttpResponse:
        asked.append(ask)
        return html()

    look(script(HttpRequest(URL)))
    door_asks = look(html())[1].asked
    assert door_asks[0].stop_after == b"</title>"
    assert door_asks[0].html_only
