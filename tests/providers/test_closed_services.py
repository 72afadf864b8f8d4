"""Services that were shut down or moved as a whole."""

from collections.abc import Mapping
from datetime import date

import pytest

from linkcheck.model.observation import Found, Gone, GoneReason, Observation, UnknownReason
from linkcheck.model.protocols import ObservationRequest
from linkcheck.model.settings import ServiceSettings
from linkcheck.net.messages import Hop, HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.table import recognize
from linkcheck.providers.web.closed_services import CLOSED_SERVICES, find_closed_service
from linkcheck.providers.web.provider import WebProvider
from tests.providers.fake_http import FakeHttp, answer, observe
from tests.virtual_time import START

HTML = {"content-type": "text/html"}
PARKED = answer(200, "<title>Welcome</title>", HTML)
DOWN = HttpFailure(UnknownReason.DNS, "no such name")


def observe_link(
    link: str, replies: Mapping[str, HttpResponse | HttpFailure] | None = None
) -> Observation:
    """Observe a page; every URL without a reply shows a parking page."""

    def script(request: HttpRequest) -> HttpResponse | HttpFailure:
        return (replies or {}).get(request.url, answer(200, "<title>Hi</title>", HTML, request.url))

    provider = WebProvider(FakeHttp(script), ServiceSettings(), lambda: START)
    [observation] = observe(provider, [ObservationRequest(recognize(link).target)]).values()
    return observation


def redirected(link: str, to: str) -> HttpResponse:
    return answer(200, "<title>Elsewhere</title>", HTML, to, hops=(Hop(link, 301, to),))


@pytest.mark.parametrize(
    "link",
    [
        "https://goo.gl/abc123",
        "https://medbot.page.link/x",
        "https://paperswithcode.com/paper/medbot",
        "http://www.citeulike.org/user/x/article/1",
        "https://travis-ci.org/github",
        "https://lgtm.com/projects/g/a/b",
        "https://david-dm.org/a/b",
        "https://badge.waffle.io/a/b.svg",
        "https://dl.dropboxusercontent.com/u/1/paper.pdf",
        "https://archive.codeplex.com/?p=medbot",
        "https://medbot.glitch.me/",
    ],
)
@pytest.mark.parametrize("reply", [None, DOWN, answer(404), answer(503)])
def test_a_page_of_a_closed_service_is_gone_whatever_it_shows(
    link: str, reply: HttpResponse | HttpFailure | None
) -> None:
    observation = observe_link(link, {link: reply} if reply else None)
    assert observation.outcome == Gone(GoneReason.GONE)
    assert "was closed on" in observation.evidence[0].says


@pytest.mark.parametrize(
    ("link", "successor"),
    [
        ("https://travis-ci.org/acme/tool", "https://app.travis-ci.com/github/acme/tool"),
        ("https://travis-ci.org/acme/tool/builds/7", "https://app.travis-ci.com/github/acme/tool"),
        ("https://code.google.com/p/medbot/", "https://code.google.com/archive/p/medbot"),
        ("http://code.google.com/p/medbot/wiki/Home", "https://code.google.com/archive/p/medbot"),
        (
            "http://medbot.googlecode.com/files/a.zip",
            "https://storage.googleapis.com/google-code-archive-downloads/v2/code.google.com/medbot/a.zip",
        ),
        (
            "https://rawgit.com/acme/tool/v1/dist/a.html",
            "https://cdn.jsdelivr.net/gh/acme/tool@v1/dist/a.html",
        ),
        ("https://academic.microsoft.com/paper/2963403868", "https://openalex.org/W2963403868"),
    ],
)
def test_the_documented_successor_is_suggested_if_it_is_there(link: str, successor: str) -> None:
    assert observe_link(link).outcome == Gone(GoneReason.GONE, successor)
    missing = observe_link(link, {successor: answer(404)})
    assert missing.outcome == Gone(GoneReason.GONE)


@pytest.mark.parametrize(
    ("link", "to", "is_kept"),
    [
        ("https://paperswithcode.com/paper/x", "https://huggingface.co/papers/2312.08914", True),
        ("https://paperswithcode.com/paper/x", "https://huggingface.co/papers/trending", False),
        ("https://paperswithcode.com/sota", "https://github.com/paperswithcode", False),
        ("https://goo.gl/abc123", "https://medbot.example/model", True),
        ("https://goo.gl/abc123", "https://goo.gl/", False),
        ("https://lgtm.com/projects/g/a/b", "https://github.blog/2022-08-15-x/", False),
        ("https://medbot.glitch.me/", "https://medbot.example/", True),
        ("https://code.google.com/p/medbot/", "https://github.com/medbot/medbot", True),
    ],
)
def test_a_redirect_to_the_thing_itself_is_kept(link: str, to: str, is_kept: bool) -> None:
    observation = observe_link(link, {link: redirected(link, to)})
    assert isinstance(observation.outcome, Found if is_kept else Gone)


@pytest.mark.parametrize(
    "link",
    [
        "https://code.google.com/archive/p/medbot",
        "https://goo.gl/maps/abc",
        "https://www.dropbox.com/s/abc/paper.pdf",
        "https://dl.dropboxusercontent.com/s/abc/paper.pdf",
        "https://notgoo.gl/abc",
        "https://travis-ci.com/github/acme/tool",
        "https://git.io/abc",
    ],
)
def test_what_still_exists_is_not_closed(link: str) -> None:
    assert find_closed_service(link, date(2026, 12, 1)) is None


def test_a_service_is_open_until_it_closes() -> None:
    link = "https://paperswithcode.com/paper/medbot"
    assert find_closed_service(link, date(2025, 7, 24)) is None
    assert find_closed_service(link, date(2025, 7, 25)) is not None


def test_every_entry_has_a_source_and_a_date() -> None:
    for service in CLOSED_SERVICES:
        assert service.source.startswith("https://"), service.name
        assert date(2010, 1, 1) < service.closed < date(2026, 12, 31), service.name
        assert all(host == host.lower() and "/" not in host for host in service.hosts)


def test_a_file_that_is_still_served_is_found() -> None:
    link = "https://cdn.rawgit.com/acme/tool/v1/a.css"
    reply = answer(200, "a{}", {"content-type": "text/css"}, link)
    assert isinstance(observe_link(link, {link: reply}).outcome, Found)
