"""One page for many unrelated sites is not the sites' word."""

from dataclasses import replace

import pytest

from linkcheck.engine.interception import without_intercepted
from linkcheck.model.facts import PageFacts
from linkcheck.model.observation import (
    Found,
    Gone,
    GoneReason,
    Observation,
    Outcome,
    PageTrace,
    Unknown,
    UnknownReason,
)
from linkcheck.providers.web.page_kinds import fingerprint, page_text, says_blocked
from tests.engine.small_catalog import look

GONE = Gone(GoneReason.NOT_FOUND)
MOVED = Found(PageFacts(title="Notice"), "https://block.isp.example/notice", permanent=True)
ALIVE = Found(PageFacts(title="Notice"))
SITES = ("https://a.example/x", "https://b.example/y", "https://c.example/z", "https://d.example/")


def page(text: str, *, certificate: bool = False, address: str | None = None) -> PageTrace:
    return PageTrace(fingerprint(text), says_blocked(text), certificate, address)


def seen(urls: tuple[str, ...], outcome: Outcome, trace: PageTrace | None) -> list[Observation]:
    return [replace(look(url, outcome), trace=trace) for url in urls]


def intercepted(observations: list[Observation]) -> list[bool]:
    after = without_intercepted({o.target: o for o in observations})
    assert list(after) == [o.target for o in observations]
    return [
        isinstance(o.outcome, Unknown) and o.outcome.reason is UnknownReason.INTERCEPTED
        for o in after.values()
    ]


BLOCK = "Access to this website has been blocked"


@pytest.mark.parametrize(
    ("outcome", "trace"),
    [
        (GONE, page("Notice from your provider")),
        (GONE, page(BLOCK)),
        (GONE, page(BLOCK, certificate=True)),
        (Gone(GoneReason.GONE), page("Notice from your provider")),
        (ALIVE, page(BLOCK)),
        (MOVED, page(BLOCK)),
        (MOVED, page(BLOCK, certificate=True)),
    ],
)
def test_one_page_of_unrelated_sites_is_not_believed(outcome: Outcome, trace: PageTrace) -> None:
    assert intercepted(seen(SITES, outcome, trace)) == [True] * 4
    assert intercepted(seen(SITES[:2], outcome, trace)) == [False] * 2


@pytest.mark.parametrize(
    ("outcome", "trace"),
    [
        (GONE, page("404 Not Found")),
        (GONE, page("404 Not Found nginx/1.25")),
        (GONE, page("")),
        (GONE, page("Site not found · GitHub Pages")),
        (GONE, page("404: NOT_FOUND")),
        (GONE, page("Oops! That page can’t be found.")),
        (GONE, page("HTTP Status 404 – Not Found")),
        (GONE, page("Our own words about it", certificate=True)),
        (GONE, None),
        (ALIVE, page("Welcome to nginx!")),
        (ALIVE, page("Home")),
        (ALIVE, page("Page 1", certificate=True)),
        (ALIVE, page("Some title")),
    ],
)
def test_what_is_alike_everywhere_is_believed(outcome: Outcome, trace: PageTrace | None) -> None:
    assert intercepted(seen(SITES, outcome, trace)) == [False] * 4


def test_pages_of_one_owner_are_believed() -> None:
    urls = tuple(f"https://s{n}.medbot.example/x" for n in range(5))
    assert not any(intercepted(seen(urls, GONE, page("MedBot: we have moved on"))))


def test_a_page_without_encryption_is_not_believed_for_many_sites_at_one_address() -> None:
    plain = tuple(url.replace("https:", "http:") for url in SITES)
    trace = page("Search results of your provider", address="198.51.100.7")
    assert intercepted(seen(plain, ALIVE, trace)) == [True] * 4
    assert intercepted(seen(plain[:3], ALIVE, trace)) == [False] * 3
    spread = [
        replace(look(url, ALIVE), trace=replace(trace, address=f"198.51.100.{n}"))
        for n, url in enumerate(plain)
    ]
    assert intercepted(spread) == [False] * 4


def test_the_url_in_a_page_does_not_make_it_another_page() -> None:
    texts = {
        fingerprint(page_text(f"Blocked: {url.partition('://')[2]} is not allowed", "", url))
        for url in SITES
    }
    assert len(texts) == 1
    assert texts != {None}


def test_the_text_of_a_page_without_a_title_is_compared() -> None:
    body = "<html><style>p{}</style><body><p>This page is <b>filtered</b> here</p>"
    assert page_text(None, body, "https://a.example/x") == "This page is filtered here"
