"""Law 2: a healthy run is kept. Dead hosts only cast doubt on our network; a check decides."""

from collections.abc import Sequence

import anyio
import pytest

from linkcheck.engine.connectivity import ConnectivityEvidence, doubt_connectivity
from linkcheck.engine.network_monitor import MAX_SECONDS, MAX_SILENT_SECONDS
from linkcheck.engine.observe import ObservationPlan, ObservationResults, observe_all
from linkcheck.engine.outage import network_outage
from linkcheck.model.facts import PageFacts
from linkcheck.model.observation import Found, Observation, Outcome, Unknown, UnknownReason
from linkcheck.model.protocols import ObservationRequest, ObservationSink, SilentProgress
from linkcheck.model.target import ParsedLink, Service
from linkcheck.model.url import Url
from tests.engine.small_catalog import NOW, gone, look, silent, target, there
from tests.virtual_time import SkippingLoop

REPOSITORY = "https://github.com/owner/name"


def site(i: int) -> str:
    return f"https://site{i}.example/"


def page(i: int, title: str | None, now_at: str | None = None) -> Observation:
    return look(site(i).replace("example", f"tld{i}"), Found(PageFacts(title), now_at))


def symptom(observed: Sequence[Observation], *, certificate: bool = False) -> str | None:
    doubt = doubt_connectivity(observed, has_valid_certificate=certificate)
    return doubt.symptom if doubt else None


@pytest.mark.parametrize(
    ("observed", "is_proven"),
    [
        ([], False),
        ([there(REPOSITORY)], True),
        ([gone(REPOSITORY)], True),
        ([silent(REPOSITORY, UnknownReason.SERVER_ERROR)], False),
        ([page(1, "One")], False),
        ([page(1, "One"), page(2, "Two")], True),
        ([page(1, "Sign in"), page(2, "Sign in")], False),
        ([page(1, "site1.tld1 is blocked"), page(2, "site2.tld2 is blocked")], False),
        ([page(1, None, "http://portal.example/"), page(2, None, "http://portal.example/")], False),
        ([page(1, None, "http://portal.example/"), page(2, "Two")], True),
        ([there("https://a.same.example/"), gone("https://b.same.example/")], False),
        ([page(1, "One"), gone(site(2))], True),
        ([gone(site(1)), gone("https://site.other/")], False),
        ([silent(site(i), UnknownReason.PROXY) for i in range(3)], False),
    ],
)
def test_what_proves_that_the_network_works(observed: list[Observation], is_proven: bool) -> None:
    assert ConnectivityEvidence(observed).is_proven is is_proven
    assert ConnectivityEvidence(reversed(observed)).is_proven is is_proven


def test_a_run_without_requests_is_not_doubted() -> None:
    assert symptom([]) is None
    assert symptom([silent(site(1), UnknownReason.NOT_ASKED)]) is None
    assert symptom([silent("http://127.0.0.1/", UnknownReason.PRIVATE_ADDRESS)]) is None


@pytest.mark.parametrize(
    "reason",
    [UnknownReason.DNS, UnknownReason.CONNECT, UnknownReason.TLS, UnknownReason.PROXY],
)
def test_most_hosts_without_a_response_are_doubtful_whatever_else_came(
    reason: UnknownReason,
) -> None:
    observed = [silent(site(i), reason) for i in range(6)] + [there(site(i)) for i in range(6, 9)]
    assert symptom(observed, certificate=True) == (
        "6 of 9 hosts did not respond (site0.example, site1.example, site2.example, …)"
    )
    assert symptom([*observed, there(site(0))], certificate=True) is not None
    assert symptom(observed[4:], certificate=True) is None


def test_many_links_of_one_silent_host_count_once() -> None:
    observed = [silent(f"{site(0)}{i}") for i in range(50)] + [there(site(1))]
    assert symptom(observed, certificate=True) is None


def test_responses_without_proof_are_doubtful() -> None:
    observed = [silent(site(i), UnknownReason.SERVER_ERROR) for i in range(9)]
    assert symptom(observed) == "no host gave a response that only it could give"
    assert symptom(observed, certificate=True) is None
    assert symptom([*observed, there(REPOSITORY)]) is None


def test_a_captive_portal_is_named() -> None:
    redirects = [page(i, None, "http://login.cafe.example/welcome") for i in range(6)]
    assert symptom(redirects) == "6 of 6 unrelated sites redirect to login.cafe.example"
    titles = [page(i, "Hotel WiFi") for i in range(5)]
    assert symptom(titles) == "5 of 5 unrelated sites show one page, “Hotel WiFi”"
    assert symptom(titles, certificate=True) is None
    assert symptom([*titles, there(REPOSITORY)]) is None
    doubt = doubt_connectivity(titles, has_valid_certificate=False)
    assert doubt is not None
    reason = network_outage(doubt, ["api.github.com", "doi.org"]).reason
    assert "captive portal" in reason
    assert "api.github.com, doi.org" in reason


class Check:
    """A network that works or not; the check takes some seconds."""

    def __init__(self, *, works: bool, certificate: bool = False) -> None:
        self.works = works
        self.certificate = certificate
        self.times: list[float] = []

    def has_valid_certificate(self) -> bool:
        return self.certificate

    async def is_working(self) -> bool:
        self.times.append(anyio.current_time())
        await anyio.sleep(1)
        return self.works


class Pages:
    """Reports an outcome for each host after so many seconds."""

    service = Service.WEB

    def __init__(self, *plan: tuple[float, Outcome]) -> None:
        self._plan = plan
        self.ended_at = 0.0

    def recognize(self, url: Url) -> ParsedLink | None:
        raise NotImplementedError

    async def observe(self, requests: Sequence[ObservationRequest], sink: ObservationSink) -> None:
        async def report(request: ObservationRequest, seconds: float, outcome: Outcome) -> None:
            await anyio.sleep(seconds)
            sink(Observation(request.target, NOW, outcome))

        try:
            async with anyio.create_task_group() as tasks:
                for request, step in zip(requests, self._plan, strict=True):
                    tasks.start_soon(report, request, *step)
        finally:
            self.ended_at = anyio.current_time()

    def run(self, check: Check) -> ObservationResults:
        requests = tuple(ObservationRequest(target(site(i))) for i in range(len(self._plan)))
        plan = ObservationPlan({Service.WEB: requests}, {}, {})
        return anyio.run(
            observe_all,
            plan,
            [self],
            SilentProgress(),
            lambda: NOW,
            None,
            check,
            backend_options={"loop_factory": SkippingLoop},
        )


NO_NAME = (0.002, Unknown(UnknownReason.DNS))
SILENT = (60.0, Unknown(UnknownReason.TIMEOUT))


def alive(seconds: float) -> tuple[float, Outcome]:
    return seconds, Found(PageFacts("A page"))


def test_five_dead_names_are_no_outage_if_a_service_responds() -> None:
    check = Check(works=True)
    results = Pages(*[NO_NAME] * 5, *[alive(0.4)] * 40).run(check)
    assert not results.is_network_down
    assert len(check.times) == 1
    assert sum(isinstance(o.outcome, Found) for o in results.observations.values()) == 40


def test_a_valid_certificate_makes_the_check_unnecessary() -> None:
    check = Check(works=False, certificate=True)
    assert not Pages(*[NO_NAME] * 9, alive(30)).run(check).is_network_down
    assert check.times == []


def test_a_run_ends_when_nothing_proves_that_the_network_works() -> None:
    pages, check = Pages(*[NO_NAME] * 9, *[SILENT] * 90), Check(works=False)
    assert pages.run(check).is_network_down
    assert pages.ended_at == pytest.approx(MAX_SECONDS)
    assert check.times == [pytest.approx(0.002)]


def test_timeouts_alone_are_doubtful_after_some_seconds() -> None:
    pages, check = Pages(*[SILENT] * 3), Check(works=False)
    assert pages.run(check).is_network_down
    assert check.times == [pytest.approx(MAX_SILENT_SECONDS)]
    assert pages.ended_at == pytest.approx(MAX_SECONDS)


def test_nothing_is_concluded_while_a_response_may_come() -> None:
    class Late(Check):
        async def is_working(self) -> bool:
            works = await super().is_working()
            self.certificate = True  # of the page that is still in flight
            return works

    results = Pages(*[NO_NAME] * 9, alive(5), SILENT).run(Late(works=False))
    assert not results.is_network_down
    assert Pages(*[NO_NAME] * 9, alive(5), SILENT).run(Check(works=False)).is_network_down
