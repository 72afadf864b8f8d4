"""arXiv: batches, rate limits, and the outcome of each kind of response."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.model.facts import PaperFacts
from linkcheck.model.observation import Found, Gone, GoneReason, Observation, Unknown, UnknownReason
from linkcheck.model.protocols import ObservationRequest
from linkcheck.model.settings import ServiceSettings
from linkcheck.model.target import Target, TargetKind
from linkcheck.model.url import parse
from linkcheck.net.messages import HttpFailure, HttpRequest, HttpResponse
from linkcheck.providers.arxiv.feed import MalformedResponseError, parse_feed, parse_record
from linkcheck.providers.arxiv.provider import ArxivProvider
from tests.providers.fake_http import FakeHttp, answer, observe
from tests.virtual_time import START

Script = Callable[[HttpRequest], HttpResponse | HttpFailure]
OAI = "oaipmh.arxiv.org"


def ids(count: int, start: int = 1) -> list[str]:
    return [f"2401.{number:05d}" for number in range(start, start + count)]


def entry(key: str, version: int = 1, comment: str = "") -> str:
    said = f"<arxiv:comment>{escape(comment)}</arxiv:comment>" if comment else ""
    return (
        f"<entry><id>http://arxiv.org/abs/{key}v{version}</id><title>On\n  {key}</title>"
        f"<published>2024-01-02T03:04:05Z</published><author><name>A. Uthor</name></author>"
        f"{said}<arxiv:doi>10.1/x</arxiv:doi></entry>"
    )


def feed(entries: Sequence[str], total: int | None = None) -> str:
    count = len(entries) if total is None else total
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:o="http://a9.com/-/spec/opensearch/1.1/">'
        f"<o:totalResults>{count}</o:totalResults>{''.join(entries)}</feed>"
    )


def bad(key: str) -> HttpResponse:
    where = f"https://arxiv.org/api/errors#incorrect_id_format_for_{key}"
    return answer(400, feed([f"<entry><id>{where}</id><title>Error</title></entry>"]))


def requested_ids(request: HttpRequest) -> list[str]:
    pairs = dict(parse(request.url).query_pairs)
    return [key for key in pairs.get("id_list", "").split(",") if key]


def feed_without(*missing: str, record: str = "") -> Script:
    """Return arXiv with every paper but ``missing``, consistently; ``record`` is OAI-PMH's body."""

    def script(request: HttpRequest) -> HttpResponse | HttpFailure:
        if request.method == "HEAD":
            return answer(404 if request.url.rpartition("/")[2] in missing else 200)
        if OAI in request.url:
            return answer(200, record or ABSENT)
        keys = requested_ids(request)
        assert dict(parse(request.url).query_pairs)["max_results"] == str(len(keys))
        return answer(200, feed([entry(key, 3) for key in keys if key not in missing]))

    return script


def observe_papers(
    script: Script, keys: Sequence[str], versions: dict[str, tuple[int, ...]] | None = None
) -> tuple[dict[str, Observation], FakeHttp]:
    http = FakeHttp(script)
    provider = ArxivProvider(http, ServiceSettings(), http.clock.now)
    questions = [
        ObservationRequest(
            Target(TargetKind.ARXIV, key, f"https://arxiv.org/abs/{key}"),
            versions=(versions or {}).get(key, ()),
        )
        for key in keys
    ]
    return observe(provider, questions), http


def test_batches_of_a_hundred_three_seconds_apart() -> None:
    observations, http = observe_papers(feed_without(), ids(250))
    assert all(isinstance(o.outcome, Found) for o in observations.values())
    assert [len(requested_ids(request)) for request in http.asked] == [100, 100, 50]
    assert http.times == [START + timedelta(seconds=3 * n) for n in range(3)]


def test_facts_of_a_paper() -> None:
    observations, _ = observe_papers(feed_without(), ["2401.00001"], {"2401.00001": (1, 3, 9)})
    paper = observations["2401.00001"].paper
    assert paper is not None
    assert paper.title == "On 2401.00001"
    assert (paper.latest_version, paper.missing_versions) == (3, (9,))
    assert (paper.authors, paper.doi, paper.withdrawn) == (("A. Uthor",), "10.1/x", False)


def test_a_paper_missing_from_a_complete_feed_is_gone() -> None:
    observations, _ = observe_papers(feed_without("2401.00002"), ids(3))
    assert isinstance(observations["2401.00002"].outcome, Gone)
    assert isinstance(observations["2401.00001"].outcome, Found)


@pytest.mark.parametrize(
    "reply",
    [
        answer(200, feed([entry("2401.00001")], total=3)),
        answer(200, feed([entry("2401.00001"), entry("2401.00001", 2)])),
        answer(200, feed([entry("2401.00001"), entry("2401.77777")])),
        answer(200, feed([entry("2401.00001"), "<entry><id>nonsense</id></entry>"])),
    ],
)
def test_an_inconsistent_feed_proves_no_paper_gone(reply: HttpResponse) -> None:
    observations, _ = observe_papers(lambda _request: reply, ids(3))
    assert isinstance(observations["2401.00001"].outcome, Found)
    for key in ids(2, 2):
        assert isinstance(observations[key].outcome, Unknown)


def with_pages(feed_reply: HttpResponse, page: int, record: str) -> Script:
    """Return arXiv with the same feed for every batch, abstract page and record."""

    def script(request: HttpRequest) -> HttpResponse | HttpFailure:
        if request.method == "HEAD":
            assert "/abs/" in request.url
            return answer(page)
        return answer(200, record) if OAI in request.url else feed_reply

    return script


EMPTY = answer(200, feed([]))
OTHER = answer(200, feed([entry("2401.00002")]))


@pytest.mark.parametrize("oai_record", ["RECORD", "ABSENT", "<html>busy</html>"])
@pytest.mark.parametrize("page", [200, 404, 503])
@pytest.mark.parametrize("reply", [EMPTY, OTHER])
def test_a_paper_is_gone_if_two_of_three_sources_lack_it(
    reply: HttpResponse, page: int, oai_record: str
) -> None:
    script = with_pages(reply, page, {"RECORD": RECORD, "ABSENT": ABSENT}.get(oai_record, ""))
    keys = ids(1) if reply is EMPTY else ids(2)
    outcome = observe_papers(script, keys)[0]["2401.00001"].outcome
    lacking = (reply is OTHER) + (page == 404) + (oai_record == "ABSENT")
    if page == 200 or (oai_record == "RECORD" and not (reply is OTHER and page == 404)):
        assert isinstance(outcome, Found)
    else:
        assert isinstance(outcome, Gone if lacking >= 2 else Unknown)


def test_an_empty_feed_alone_proves_nothing() -> None:
    for count in (1, 4, 5, 20):
        observations, _ = observe_papers(lambda _request: answer(200, feed([])), ids(count))
        assert not any(isinstance(o.outcome, Gone) for o in observations.values())


def test_after_an_empty_feed_papers_are_requested_with_oai_pmh() -> None:
    observations, _ = observe_papers(with_pages(EMPTY, 200, RECORD), ids(20))
    paper = observations["2401.00001"].paper
    assert paper is not None
    assert paper.title == "On things"
    # The record is that of another paper, and after three failures OAI-PMH is left alone.
    assert isinstance(observations["2401.00002"].outcome, Unknown)


def test_a_paper_that_only_its_page_has_is_found() -> None:
    observations, _ = observe_papers(with_pages(OTHER, 200, ABSENT), ids(2))
    assert observations["2401.00001"].outcome == Found(PaperFacts(paper_id="2401.00001"))


def test_an_identifier_of_a_future_month_is_gone_without_a_request() -> None:
    keys = ["2612.00001", "2611.00001", "2711.00001"]
    observations, http = observe_papers(feed_without(), keys)
    outcomes = [observations[key].outcome for key in keys]
    assert outcomes[::2] == [Gone(GoneReason.IMPOSSIBLE)] * 2
    assert isinstance(outcomes[1], Found)
    assert len(http.asked) == 1


BOMB = (
    '<!DOCTYPE f [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    '<feed xmlns="http://www.w3.org/2005/Atom">&b;</feed>'
)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (answer(200, ""), UnknownReason.PROTOCOL),
        (answer(200, "<html><body>Hello</body></html>"), UnknownReason.PROTOCOL),
        (answer(200, "<feed xmlns='http://www.w3.org/2005/Atom'/>"), UnknownReason.PROTOCOL),
        (answer(200, feed([entry("2401.00001")])[:-30]), UnknownReason.PROTOCOL),
        (answer(200, BOMB), UnknownReason.PROTOCOL),
        (answer(200, feed([]), truncated=True), UnknownReason.PROTOCOL),
        (answer(200, feed([]), broken=True, truncated=True), UnknownReason.RESET),
        (answer(200, "Rate exceeded."), UnknownReason.RATE_LIMITED),
        (answer(429, "Rate exceeded."), UnknownReason.RATE_LIMITED),
        (answer(503, ""), UnknownReason.SERVER_ERROR),
        (answer(403, ""), UnknownReason.FORBIDDEN),
        (answer(404, "<html>"), UnknownReason.CLIENT_ERROR),
        (HttpFailure(UnknownReason.TIMEOUT, "silent"), UnknownReason.TIMEOUT),
        (HttpFailure(UnknownReason.DNS, "no name"), UnknownReason.DNS),
    ],
)
def test_a_failed_batch_is_unknown(
    reply: HttpResponse | HttpFailure, reason: UnknownReason
) -> None:
    observations, http = observe_papers(lambda _request: reply, ids(150))
    for observation in observations.values():
        assert isinstance(observation.outcome, Unknown)
        assert observation.outcome.reason is reason
    assert len(http.asked) < 12


def test_a_rate_limited_batch_is_retried_later() -> None:
    replies = [answer(200, "Rate exceeded."), answer(429, ""), None]

    def script(request: HttpRequest) -> HttpResponse | HttpFailure:
        return replies.pop(0) or feed_without()(request)

    observations, http = observe_papers(script, ids(2))
    assert all(isinstance(o.outcome, Found) for o in observations.values())
    assert http.times[-1] - START >= timedelta(seconds=12)


def test_an_invalid_identifier_is_removed_from_its_batch() -> None:
    def script(request: HttpRequest) -> HttpResponse | HttpFailure:
        return (
            bad("2401.00002") if "2401.00002" in requested_ids(request) else feed_without()(request)
        )

    observations, http = observe_papers(script, ids(4))
    assert isinstance(observations["2401.00002"].outcome, Unknown)
    assert sum(isinstance(o.outcome, Found) for o in observations.values()) == 3
    assert len(http.asked) == 2


def test_a_refused_batch_is_halved_to_find_the_invalid_identifier() -> None:
    def script(request: HttpRequest) -> HttpResponse | HttpFailure:
        return (
            answer(400, "no feed")
            if "2401.00002" in requested_ids(request)
            else feed_without()(request)
        )

    observations, _ = observe_papers(script, ids(8))
    assert isinstance(observations["2401.00002"].outcome, Unknown)
    assert sum(isinstance(o.outcome, Found) for o in observations.values()) == 7


def test_the_number_of_splits_is_limited() -> None:
    observations, http = observe_papers(lambda _request: answer(400, "no"), ids(300))
    assert all(isinstance(o.outcome, Unknown) for o in observations.values())
    assert len(http.asked) < 80


def test_malformed_identifiers_are_not_requested() -> None:
    observations, http = observe_papers(feed_without(), ["2401.00001", "2413.00001", "2401.1"])
    assert requested_ids(http.asked[0]) == ["2401.00001"]
    assert isinstance(observations["2413.00001"].outcome, Unknown)


def test_old_identifiers_are_found() -> None:
    observations, _ = observe_papers(feed_without(), ["math/0309136"])
    assert isinstance(observations["math/0309136"].outcome, Found)


@pytest.mark.parametrize(("status", "withdrawn"), [(404, True), (200, False), (503, None)])
def test_a_withdrawal_is_confirmed_by_the_missing_pdf(status: int, withdrawn: bool | None) -> None:
    def script(request: HttpRequest) -> HttpResponse | HttpFailure:
        if request.method == "HEAD":
            assert request.url == "https://export.arxiv.org/pdf/2401.00001v2"
            return answer(status)
        return answer(200, feed([entry("2401.00001", 2, "This paper has been withdrawn.")]))

    observations, http = observe_papers(script, ["2401.00001"])
    paper = observations["2401.00001"].paper
    assert paper is not None
    assert paper.withdrawn is withdrawn
    assert "withdrawal" in observations["2401.00001"].evidence[0].says
    assert http.times[1] - http.times[0] >= timedelta(seconds=3)


RECORD = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><metadata>
<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2401.00001</id>
<version version="v1"><date>Tue, 2 Jan 2024 03:04:05 GMT</date></version>
<version version="v2"><date>Wed, 3 Jan 2024 03:04:05 GMT</date></version>
<title>On things</title><authors>A. Uthor, B. Writer and C. Else</authors>
<license>http://example.org/licence</license></arXivRaw>
</metadata></record></GetRecord></OAI-PMH>"""
ABSENT = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<error code="idDoesNotExist">none</error></OAI-PMH>"""


def test_oai_pmh_is_used_for_a_rate_limited_batch_as_long_as_it_answers() -> None:
    def script(request: HttpRequest) -> HttpResponse | HttpFailure:
        if request.method == "HEAD":
            return answer(404)
        if OAI not in request.url:
            return answer(429, "Rate exceeded.")
        key = request.url.partition("arXiv.org%3A")[2].partition("&")[0]
        if key in {"2401.00002", "2401.00003"}:
            return answer(503, "")
        return answer(200, ABSENT if key == "2401.00004" else RECORD.replace("2401.00001", key))

    observations, http = observe_papers(script, ids(60))
    paper = observations["2401.00001"].paper
    assert paper is not None
    assert (paper.latest_version, paper.license) == (2, "http://example.org/licence")
    assert paper.authors == ("A. Uthor", "B. Writer", "C. Else")
    assert isinstance(observations["2401.00004"].outcome, Gone)
    assert sum(isinstance(o.outcome, Found) for o in observations.values()) == 57
    assert isinstance(observations["2401.00003"].outcome, Unknown)
    api = [request for request in http.asked if "/api/query" in request.url]
    assert len(api) <= 3


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda t: feed([t]).encode()))
def test_any_bytes_are_a_feed_or_malformed(body: bytes) -> None:
    for read in (parse_feed, parse_record):
        try:
            read(body)
        except MalformedResponseError:
            continue
