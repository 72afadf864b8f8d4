"""Which targets are checked in a run, and what becomes of them when a provider fails or hangs."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

import anyio
import pytest

from linkcheck.engine.observe import (
    ObservationPlan,
    ObservationResults,
    RunScope,
    mark_unanswered,
    observe_all,
    plan_observations,
    shard_of,
)
from linkcheck.model.defects import DefectLog, JobsFailedError
from linkcheck.model.facts import PageFacts
from linkcheck.model.observation import (
    Evidence,
    Found,
    Observation,
    Outcome,
    Unknown,
    UnknownReason,
)
from linkcheck.model.protocols import ObservationRequest, ObservationSink, SilentProgress
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.model.target import ParsedLink, Service, Target
from linkcheck.model.url import Url
from tests.engine.small_catalog import NOW, gone, history, known, silent, target, there

WEB, OTHER = "https://site.example/page", "https://other.example/"
CODE, MODEL = "https://github.com/medbot/medbot", "https://huggingface.co/lab/model"


def requests(*urls: str) -> list[ObservationRequest]:
    return [ObservationRequest(target(url)) for url in urls]


def planned(
    urls: Iterable[str] = (WEB, CODE),
    stored: dict[Target, Evidence] | None = None,
    scope: RunScope | None = None,
    settings: ConfirmationSettings | None = None,
) -> ObservationPlan:
    return plan_observations(
        requests(*urls), stored or {}, scope or RunScope(), settings or ConfirmationSettings(), NOW
    )


def checked(plan: ObservationPlan) -> set[str]:
    return {request.target.url for group in plan.ask.values() for request in group}


class FakeProvider:
    """Reports an outcome for each target, or does what ``act`` does instead."""

    def __init__(
        self,
        service: Service,
        outcome: Callable[[Target], Outcome] = lambda _: Found(PageFacts()),
        error: Exception | None = None,
    ) -> None:
        self.service = service
        self._outcome = outcome
        self._error = error

    def recognize(self, url: Url) -> ParsedLink | None:
        raise NotImplementedError

    async def observe(
        self, questions: Sequence[ObservationRequest], report: ObservationSink
    ) -> None:
        for number, request in enumerate(questions):
            if self._error is not None and number == 1:  # after the first one
                raise self._error
            await anyio.lowlevel.checkpoint()
            report(Observation(request.target, NOW, self._outcome(request.target)))


class Recorder(SilentProgress):
    """Records the calls of the progress display."""

    def __init__(self) -> None:
        self.events: list[object] = []

    def begin(self, totals: object) -> None:
        self.events.append(totals)

    def observed(self, observation: Observation) -> None:
        self.events.append(observation.target.url)

    def end(self) -> None:
        self.events.append("end")


def observe(
    plan: ObservationPlan, *providers: FakeProvider, progress: SilentProgress | None = None
) -> ObservationResults:
    return anyio.run(observe_all, plan, providers, progress or SilentProgress(), lambda: NOW)


def reasons(results: ObservationResults) -> dict[str, UnknownReason | None]:
    return {
        observation.target.url: observation.outcome.reason
        if isinstance(observation.outcome, Unknown)
        else None
        for observation in results.observations.values()
    }


# Planning.


def test_requests_go_to_their_service_and_carry_what_was_last_found() -> None:
    seen = there(WEB, days=400)
    plan = planned(stored=known(seen))
    assert {service: len(group) for service, group in plan.ask.items()} == {
        Service.WEB: 1,
        Service.GITHUB: 1,
    }
    (request,) = plan.ask[Service.WEB]
    assert request.previous == seen
    assert plan.ask[Service.GITHUB][0].previous is None


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        (RunScope(excluded=lambda _: True), "excluded by the configuration"),
        (RunScope(only=frozenset()), "the change does not touch it"),
        (RunScope(services=frozenset({Service.WEB})), "its service is left out"),
        (RunScope(offline=True), "offline"),
    ],
)
def test_targets_outside_the_scope_are_withheld_with_the_reason(
    scope: RunScope, reason: str
) -> None:
    plan = planned([CODE], scope=scope)
    assert plan.ask == {}
    assert plan.withheld[target(CODE)].startswith(reason)
    assert plan.elsewhere == frozenset()


def test_offline_reuses_everything_stored_whatever_its_age() -> None:
    plan = planned([WEB], known(silent(WEB, days=4000)), RunScope(offline=True))
    assert plan.reuse[target(WEB)].reused
    assert plan.withheld == {}


AGES = ConfirmationSettings(max_age=timedelta(days=2))


@pytest.mark.parametrize(
    ("observation", "scope", "is_reused"),
    [
        (there(WEB, days=5), RunScope(), True),  # web pages: 7 days, less up to a fifth
        (there(WEB, days=7.1), RunScope(), False),
        (there(WEB, days=-1), RunScope(), False),  # dated in the future
        (there(CODE, days=1), RunScope(), True),
        (there(CODE, days=2.1), RunScope(), False),
        (there(CODE, days=20), RunScope(max_age=timedelta(days=30)), True),
        (there(WEB, days=1), RunScope(max_age=timedelta(0)), False),
        (silent(WEB, days=0.1), RunScope(), False),
        (gone(WEB, days=1), RunScope(), True),
        (gone(WEB, days=2.1), RunScope(), False),
        (gone(WEB, days=2), RunScope(max_age=timedelta(days=30)), True),
        (gone(WEB, days=3.1), RunScope(max_age=timedelta(days=30)), False),
    ],
)
def test_what_is_young_enough_is_reused(
    observation: Observation, scope: RunScope, is_reused: bool
) -> None:
    plan = planned([observation.target.url], known(observation), scope, AGES)
    assert (observation.target in plan.reuse) is is_reused
    assert (observation.target in {r.target for g in plan.ask.values() for r in g}) is not is_reused


def test_what_is_confirmed_gone_is_checked_again_after_a_week() -> None:
    scope = RunScope(max_age=timedelta(days=30))
    for days, is_reused in ((5.0, True), (7.1, False)):
        evidence = history(gone(WEB, days=days), gone(WEB, days=days + 4))
        plan = planned([WEB], {evidence.target: evidence}, scope)
        assert (target(WEB) in plan.reuse) is is_reused


def test_ages_are_spread_so_that_not_everything_comes_due_on_one_day() -> None:
    urls = [f"https://site-{n}.example/" for n in range(40)]
    stored = known(*(there(url, days=6.3) for url in urls))  # 90 per cent of a week
    plan = planned(urls, stored)
    assert 5 < len(plan.reuse) < 35
    assert planned(urls, stored).reuse == plan.reuse


# Shards.


def test_shards_share_out_every_target_once() -> None:
    urls = [f"https://github.com/owner-{n}/thing" for n in range(30)]
    urls += [f"https://huggingface.co/lab-{n}/model" for n in range(30)]
    urls += [f"https://site-{n}.example/" for n in range(30)]
    parts = [checked(planned(urls, scope=RunScope(shard=(part, 4)))) for part in (1, 2, 3, 4)]
    assert sum(map(len, parts)) == len(urls)
    assert set().union(*parts) == {target(url).url for url in urls}
    for prefix in ("https://github.com/", "https://huggingface.co/", "https://site-"):
        assert all(any(url.startswith(prefix) for url in part) for part in parts)


def test_targets_of_other_shards_are_reported() -> None:
    part = shard_of(target(CODE), 5)
    plan = planned([CODE], scope=RunScope(shard=(part % 5 + 1, 5)))
    assert plan.elsewhere == {target(CODE)}
    assert plan.withheld[target(CODE)] == "it belongs to another shard"


@pytest.mark.parametrize(
    "urls",
    [
        ("https://github.com/medbot/medbot", "https://github.com/medbot/other"),
        ("https://huggingface.co/lab/a", "https://huggingface.co/lab/b"),
        ("https://site.example/a", "https://site.example/b"),
        ("https://arxiv.org/abs/2303.14070", "https://arxiv.org/abs/2401.00001"),
        ("https://doi.org/10.1000/a", "https://doi.org/10.2000/b"),
    ],
)
def test_what_shares_a_rate_limit_shares_a_shard(urls: tuple[str, str]) -> None:
    for shards in (2, 7, 100):
        assert len({shard_of(target(url), shards) for url in urls}) == 1


# Observing.


def test_every_request_gets_one_observation_and_progress_follows() -> None:
    progress = Recorder()
    results = observe(
        planned([WEB, CODE]),
        FakeProvider(Service.WEB),
        FakeProvider(Service.GITHUB),
        FakeProvider(Service.DOI),
        progress=progress,
    )
    assert reasons(results) == {WEB: None, CODE: None}
    assert results.notices == []
    assert progress.events[0] == {Service.GITHUB: 1, Service.WEB: 1}
    assert sorted(map(str, progress.events[1:-1])) == [CODE, WEB]
    assert progress.events[-1] == "end"


def test_a_second_observation_of_a_target_is_dropped() -> None:
    progress = Recorder()
    plan = planned([WEB])
    twice = ObservationPlan({Service.WEB: plan.ask[Service.WEB] * 2}, {}, {})
    results = observe(twice, FakeProvider(Service.WEB), progress=progress)
    assert len(results.observations) == 1
    assert progress.events.count(WEB) == 1


def test_a_provider_that_raises_costs_only_what_it_had_not_settled() -> None:
    failing = FakeProvider(Service.WEB, error=KeyError("charset"))
    results = observe(planned([WEB, OTHER, CODE]), failing, FakeProvider(Service.GITHUB))
    assert reasons(results) == {WEB: None, OTHER: UnknownReason.DEFECT, CODE: None}
    (notice,) = results.notices
    assert notice.defect
    assert notice.message.startswith("the web provider failed: KeyError: 'charset' (")


def test_exceptions_of_many_jobs_are_named_once_each_with_their_count() -> None:
    log = DefectLog()
    for error in (KeyError("a"), KeyError("b"), ValueError("c")):
        log.add(error)
    with pytest.raises(JobsFailedError) as raised:
        log.raise_any()
    failing = FakeProvider(Service.WEB, error=raised.value)
    results = observe(planned([WEB, OTHER]), failing)
    assert [notice.message.partition(" (")[0] for notice in results.notices] == [
        "the web provider failed 2 times: KeyError: 'a'",
        "the web provider failed: ValueError: c",
    ]


def test_an_interrupted_run_marks_the_rest_as_not_checked() -> None:
    plan = planned([WEB, CODE])
    results = ObservationResults(failed={Service.GITHUB})
    mark_unanswered(plan, results, NOW)
    assert reasons(results) == {WEB: UnknownReason.NOT_ASKED, CODE: UnknownReason.DEFECT}
