"""DOIs: only a valid response of the handle service is conclusive."""

import pytest

from linkcheck.model.observation import Found, Gone, Unknown, UnknownReason
from linkcheck.model.settings import ServiceSettings
from linkcheck.net.messages import HttpFailure, HttpResponse
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
