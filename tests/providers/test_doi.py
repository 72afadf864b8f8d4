"""DOIs: only a valid response of the handle service is conclusive."""

import pytest

from linkcheck.model.observation import Found, Gone, GoneReason, Unknown, UnknownReason
from linkcheck.model.settings import ServiceSettings
from linkcheck.model.url import parse
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.doi.provider import DoiProvider
from tests.providers.fake_http import FakeHttp, answer, observe, question
from tests.virtual_time import START

LINK = "https://doi.org/10.1000/AbC(1)"


def observe_doi(reply: HttpResponse | HttpFailure) -> tuple[object, FakeHttp]:
    http = FakeHttp(lambda _request: reply)
    provider = DoiProvider(http, ServiceSettings(), lambda: START)
    [observation] = observe(provider, [question(LINK)]).values()
    return observation.outcome, http


def test_a_registered_doi_is_found_without_a_request_to_the_publisher() -> None:
    outcome, http = observe_doi(
        answer(200, {"responseCode": 1, "handle": "10.1000/abc(1)", "values": []})
    )
    assert isinstance(outcome, Found)
    assert http.urls == ["GET https://doi.org/api/handles/10.1000/abc(1)"]
    assert not http.asked[0].follow_redirects


def test_an_unregistered_doi_is_gone() -> None:
    outcome, _ = observe_doi(answer(404, {"responseCode": 100, "handle": "10.1000/abc(1)"}))
    assert isinstance(outcome, Gone)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (answer(404, "<html>Not found"), UnknownReason.PROTOCOL),
        (answer(404, {"responseCode": 1}), UnknownReason.PROTOCOL),
        (answer(404, {"responseCode": 100, "handle": "10.1/other"}), UnknownReason.PROTOCOL),
        (answer(404, {"responseCode": 100}, broken=True), UnknownReason.PROTOCOL),
        (answer(200, {"responseCode": 100}), UnknownReason.PROTOCOL),
        (answer(200, {"responseCode": 2}), UnknownReason.PROTOCOL),
        (answer(200, "[" * 100_000), UnknownReason.PROTOCOL),
        (answer(200, ""), UnknownReason.PROTOCOL),
        (answer(200, {"responseCode": 200}), UnknownReason.CLIENT_ERROR),
        (answer(302, ""), UnknownReason.PROTOCOL),
        (answer(429, ""), UnknownReason.RATE_LIMITED),
        (answer(500, {"responseCode": 2}), UnknownReason.SERVER_ERROR),
        (HttpFailure(UnknownReason.DNS, "no name"), UnknownReason.DNS),
    ],
)
def test_other_responses_are_unknown(
    reply: HttpResponse | HttpFailure, reason: UnknownReason
) -> None:
    outcome, _ = observe_doi(reply)
    assert isinstance(outcome, Unknown)
    assert outcome.reason is reason


class Registry:
    """The handle service and the lookup of agencies, with the given DOIs and prefixes."""

    def __init__(self, *registered: str, prefixes: tuple[str, ...] = ("10.1000",)) -> None:
        self.registered = registered
        self.prefixes = prefixes

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = "/".join(parse(request.url).segments)
        if path.startswith("ra/"):
            state = {"RA": "Crossref"} if path[3:] in self.prefixes else {"status": UNKNOWN}
            return answer(200, [{"DOI": path[3:], **state}])
        doi = path.removeprefix("api/handles/")
        if doi in self.registered:
            return answer(200, {"responseCode": 1, "handle": doi, "values": []})
        return answer(404, {"responseCode": 100, "handle": doi})


UNKNOWN = "DOI does not exist"


@pytest.mark.parametrize(
    ("link", "repaired"),
    [
        ("https://doi.org/10.1000/x.", "10.1000/x"),
        ("https://doi.org/10.1000/x,", "10.1000/x"),
        ("https://doi.org/10.1000/x).", "10.1000/x"),
        ("https://doi.org/10.1000/x(1)))", "10.1000/x(1)"),
        ("https://doi.org/https://doi.org/10.1000/x", "10.1000/x"),
        ("https://doi.org/http://dx.doi.org/10.1000/x", "10.1000/x"),
        ("https://doi.org/doi.org/10.1000/x", "10.1000/x"),
        ("https://doi.org/doi:10.1000/x;", "10.1000/x"),
        ("https://doi.org/10.1000/2026.01.02.3v2.full.pdf", "10.1000/2026.01.02.3"),
        ("https://doi.org/10.1000/x/abstract", "10.1000/x"),
        ("https://doi.org/10.1000/a–b", "10.1000/a-b"),
    ],
)
def test_a_damaged_doi_is_gone_with_the_one_that_was_meant(link: str, repaired: str) -> None:
    http = FakeHttp(Registry(repaired))
    provider = DoiProvider(http, ServiceSettings(), lambda: START)
    [observation] = observe(provider, [question(link)]).values()
    assert observation.outcome == Gone(GoneReason.IMPOSSIBLE, f"https://doi.org/{repaired}")
    assert len(http.asked) <= 3


@pytest.mark.parametrize("doi", ["10.1000/x.", "10.1000/x(1)", "10/abc", "10.1000/v2.full"])
def test_a_registered_doi_is_never_repaired(doi: str) -> None:
    http = FakeHttp(Registry(doi, "10.1000/x"))
    provider = DoiProvider(http, ServiceSettings(), lambda: START)
    [observation] = observe(provider, [question(f"https://doi.org/{doi}")]).values()
    assert isinstance(observation.outcome, Found)
    assert len(http.asked) == 1


@pytest.mark.parametrize(
    ("doi", "reason"),
    [
        ("10.1000/none", GoneReason.NOT_FOUND),
        ("10.1101/2026.11.29.1", GoneReason.NOT_FOUND),
        ("10.99999/xyz", GoneReason.IMPOSSIBLE),
        ("10.1000/none.", GoneReason.IMPOSSIBLE),
        ("10/none", GoneReason.IMPOSSIBLE),
    ],
)
def test_only_a_possible_doi_may_be_registered_later(doi: str, reason: GoneReason) -> None:
    http = FakeHttp(Registry())
    provider = DoiProvider(http, ServiceSettings(), lambda: START)
    [observation] = observe(provider, [question(f"https://doi.org/{doi}")]).values()
    assert observation.outcome == Gone(reason)


def test_the_agency_of_a_prefix_is_looked_up_once() -> None:
    http = FakeHttp(Registry())
    provider = DoiProvider(http, ServiceSettings(), lambda: START)
    dois = [f"https://doi.org/10.77777/{n}" for n in range(40)]
    assert {o.outcome for o in observe(provider, [question(doi) for doi in dois]).values()} == {
        Gone(GoneReason.IMPOSSIBLE)
    }
    assert sum("/ra/" in request.url for request in http.asked) <= 8
