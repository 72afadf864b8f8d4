"""Law 2: a broken run does nothing."""

from dataclasses import replace

import pytest

from linkcheck.engine.outage import Outage, OutageKind, detect_outage
from linkcheck.engine.service_failures import find_service_failures, without_unreliable
from linkcheck.model.facts import ModelFacts, PaperFacts, RepositoryFacts
from linkcheck.model.observation import (
    TRANSPORT_REASONS,
    EvidenceItem,
    Found,
    Gone,
    Observation,
    Unknown,
    UnknownReason,
)
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


def failing(count: int, reason: UnknownReason = UnknownReason.SERVER_ERROR) -> list[Observation]:
    return [silent(repository(i), reason) for i in range(count)]


def failures(observed: list[Observation]) -> dict[str, str]:
    return {str(s): f.reason for s, f in find_service_failures(observed).items()}


def test_a_service_that_fails_for_nearly_all_of_its_targets_is_named() -> None:
    assert failures(failing(4)) == {}
    assert "5 of 5 targets failed" in failures(failing(5))["github"]
    fine = [there(repository(i)) for i in range(100, 102)]
    assert failures([*failing(18), *fine]).keys() == {"github"}
    assert failures([*failing(17), *fine]) == {}
    assert failures([silent(site(i)) for i in range(50)]) == {}


@pytest.mark.parametrize(
    ("reason", "is_failure"),
    [
        *((reason, True) for reason in TRANSPORT_REASONS),
        (UnknownReason.RATE_LIMITED, True),
        (UnknownReason.NOT_ASKED, True),
        (UnknownReason.FORBIDDEN, True),
        (UnknownReason.PROTOCOL, True),
        (UnknownReason.DEFECT, False),
    ],
)
def test_reasons_that_are_the_failure_of_a_service(reason: UnknownReason, is_failure: bool) -> None:
    assert bool(failures(failing(5, reason))) is is_failure


def test_refused_identifiers_are_no_failure_of_a_registry() -> None:
    papers = [f"https://arxiv.org/abs/2312.0000{i}" for i in range(6)]
    refused = UnknownReason.CLIENT_ERROR
    assert failures([silent(url, refused) for url in papers]) == {}
    assert failures(failing(6, refused)).keys() == {"github"}


def test_one_rejected_token_is_enough() -> None:
    observed = [there(repository(i)) for i in range(90)]
    found = failures([*observed, silent(repository(90), UnknownReason.CREDENTIALS)])
    assert "GITHUB_TOKEN" in found["github"]


def test_what_is_missing_for_a_rejected_token_is_unknown() -> None:
    observed = [silent(repository(1), UnknownReason.CREDENTIALS), gone(repository(2))]
    observed += [there(repository(3)), gone(site(4))]
    by_target = {o.target: o for o in observed}
    reliable = without_unreliable(by_target, find_service_failures(observed))
    outcomes = [type(o.outcome) for o in reliable.values()]
    assert outcomes == [Unknown, Unknown, Found, Gone]


def test_a_service_with_most_targets_makes_the_run_inconclusive() -> None:
    def outage(services: int, sites: int, reused: int = 0) -> Outage | None:
        now = failing(services) + [there(site(i)) for i in range(sites)]
        read = catalog({f"e{i:03}": {"link": o.target.url} for i, o in enumerate(now)})
        found = find_service_failures(now)
        return detect_outage({}, now, read, identified(read), failures=found, reused=reused)

    found = outage(6, 5)
    assert found is not None
    assert found.kind is OutageKind.SERVICE
    assert found.reason.startswith("GitHub could not be checked: 6 of 6 targets failed")
    assert outage(6, 6) is None
    assert outage(6, 5, reused=1) is None


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
