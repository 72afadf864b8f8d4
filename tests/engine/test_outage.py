"""Law 2: a broken run does nothing."""

from dataclasses import replace

import pytest

from linkcheck.engine.outage import Outage, OutageKind, detect_outage
from linkcheck.model.facts import ModelFacts, PageFacts, PaperFacts, RepositoryFacts
from linkcheck.model.observation import EvidenceItem, Found, Observation, UnknownReason
from tests.engine.small_catalog import catalog, gone, identified, known, silent, there


def repository(i: int) -> str:
    return f"https://github.com/owner{i}/name"


def site(i: int) -> str:
    return f"https://site{i}.example/"


def judge(before: list[Observation], now: list[Observation]) -> Outage | None:
    urls = list(dict.fromkeys(o.target.url for o in (*before, *now)))
    read = catalog({f"e{i:03}": {"link": url} for i, url in enumerate(urls)})
    return detect_outage(known(*before) if before else {}, now, read, identified(read))


def test_a_healthy_run_is_no_outage() -> None:
    assert judge([], []) is None
    assert judge([], [there(site(1)), silent(site(2)), gone(site(3))]) is None


@pytest.mark.parametrize("reason", [UnknownReason.DNS, UnknownReason.CONNECT, UnknownReason.TLS])
def test_most_hosts_silent_at_once_is_our_network(reason: UnknownReason) -> None:
    now = [silent(site(i), reason) for i in range(6)] + [there(site(i)) for i in range(6, 9)]
    outage = judge([], now)
    assert outage is not None
    assert outage.kind is OutageKind.NETWORK
    assert "6 of 9 hosts" in outage.reason


def test_a_minority_of_silent_hosts_is_no_outage() -> None:
    now = [silent(site(i)) for i in range(4)] + [there(site(i)) for i in range(4, 9)]
    assert judge([], now) is None


def test_many_links_of_one_silent_host_count_once() -> None:
    now = [silent(f"{site(0)}{i}") for i in range(50)] + [there(site(1)), there(site(2))]
    assert judge([], now) is None


def test_hosts_that_failed_before_do_not_count() -> None:
    now = [silent(site(i)) for i in range(9)] + [there(site(9))]
    before = [silent(site(i), days=1) for i in range(9)] + [there(site(9), days=1)]
    assert judge(before, now) is None


def test_one_dead_site_alone_is_no_outage_but_a_silent_service_is() -> None:
    assert judge([], [silent(site(1))]) is None
    assert judge([], [silent(repository(1)), silent(site(1))]) is not None


def test_a_refused_private_address_is_no_answer() -> None:
    refused = silent("http://127.0.0.1/", UnknownReason.PRIVATE_ADDRESS)
    assert judge([], [silent(repository(1)), silent(site(1)), refused]) is not None
    assert judge([], [refused]) is None


def test_one_service_down_is_no_outage() -> None:
    before = [there(repository(i), RepositoryFacts(stars=9), days=7) for i in range(40)]
    now = [silent(repository(i), UnknownReason.SERVER_ERROR) for i in range(40)]
    now += [there(site(i)) for i in range(3)]
    assert judge(before, now) is None


def test_server_errors_and_walls_are_answers() -> None:
    now = [silent(site(i), UnknownReason.SERVER_ERROR) for i in range(9)]
    assert judge([], now) is None
    assert judge([], [silent(site(i), UnknownReason.NOT_ASKED) for i in range(9)]) is None


def test_rejected_credentials_are_named_with_their_variable() -> None:
    now = [silent(repository(1), UnknownReason.CREDENTIALS), there(site(1))]
    outage = judge([], now)
    assert outage is not None
    assert outage.kind is OutageKind.CREDENTIALS
    assert "GITHUB_TOKEN" in outage.reason


def test_a_captive_portal() -> None:
    portal = Found(PageFacts(), "http://login.cafe.example/welcome")
    now = [replace(there(site(i)), outcome=portal) for i in range(6)]
    outage = judge([], [*now, there(site(6))])
    assert outage is not None
    assert outage.kind is OutageKind.PORTAL
    assert "login.cafe.example" in outage.reason
    assert judge([], [*now[:3], *(there(site(i)) for i in range(3, 6))]) is None


FACTS = RepositoryFacts(stars=9, license="MIT", topics=("health",))


def runs(lost: int, of: int, changed: RepositoryFacts) -> Outage | None:
    before = [there(repository(i), FACTS, days=7) for i in range(of)]
    now = [there(repository(i), changed if i < lost else FACTS) for i in range(of)]
    return judge(before, now)


@pytest.mark.parametrize(
    "changed",
    [
        replace(FACTS, stars=None),
        replace(FACTS, license=None),
        replace(FACTS, topics=()),
        RepositoryFacts(),
    ],
)
def test_every_fact_is_counted_on_its_own(changed: RepositoryFacts) -> None:
    assert runs(5, 100, changed) is not None
    assert runs(4, 100, changed) is None, "at least five"
    assert runs(4, 4, changed) is None
    assert runs(6, 200, changed) is None, "at least five per cent"
    assert runs(10, 200, changed) is not None


def test_losing_a_fact_is_not_hidden_by_those_who_never_had_it() -> None:
    with_it = [there(repository(i), ModelFacts(downloads=5), days=7) for i in range(6)]
    without = [there(repository(i), ModelFacts(likes=1), days=7) for i in range(6, 300)]
    now = [there(repository(i), ModelFacts(likes=1)) for i in range(300)]
    outage = judge([*with_it, *without], now)
    assert outage is not None
    assert "6 of 6 entries" in outage.reason
    assert "“downloads”" in outage.reason


def test_many_newly_gone_targets_are_an_outage() -> None:
    before = [there(repository(i), FACTS, days=7) for i in range(100)]
    now = [gone(repository(i)) if i < 5 else there(repository(i), FACTS) for i in range(100)]
    outage = judge(before, now)
    assert outage is not None
    assert "5 of 100 entries" in outage.reason
    assert "gone" in outage.reason
    assert judge(before, now[1:]) is None


def test_unknown_observations_lose_no_facts() -> None:
    papers = [f"https://arxiv.org/abs/2303.{i:05}" for i in range(1, 60)]
    before = [there(url, PaperFacts(title="A paper"), days=7) for url in papers]
    now = [silent(url, UnknownReason.RATE_LIMITED) for url in papers]
    assert judge(before, [*now, there(site(1))]) is None


def test_facts_gained_or_changed_are_no_loss() -> None:
    assert runs(100, 100, replace(FACTS, stars=0, archived=True, license="NOASSERTION")) is None


def test_badges_and_invalid_links_lose_nothing() -> None:
    entries = {
        f"e{i:03}": {"code": repository(100 + i), "badge": repository(i), "homepage": "htps://x y"}
        for i in range(20)
    }
    read = catalog(entries)
    before = known(*(there(repository(i), FACTS, days=7) for i in (*range(20), *range(100, 120))))
    badges = [there(repository(i), RepositoryFacts()) for i in range(20)]
    links = [there(repository(i), RepositoryFacts()) for i in range(100, 120)]
    assert detect_outage(before, badges, read, identified(read)) is None
    assert detect_outage(before, links, read, identified(read)) is not None


def from_source(source: str, observation: Observation) -> Observation:
    return replace(observation, evidence=(EvidenceItem(source, observation.at, "it is there"),))


def test_facts_that_another_source_lacks_are_not_lost() -> None:
    def both(now_source: str) -> Outage | None:
        before = [from_source("api", there(repository(i), FACTS, days=7)) for i in range(50)]
        now = [from_source(now_source, there(repository(i), RepositoryFacts())) for i in range(50)]
        return judge(before, now)

    assert both("api") is not None
    assert both("file") is None
