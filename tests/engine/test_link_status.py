"""Law 1: silence is not death."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.engine.link_status import is_confirmed_dead, link_status
from linkcheck.model.facts import PageFacts, PaperFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import (
    COUNTS_TOWARDS_DEAD,
    Evidence,
    Found,
    Observation,
    Outcome,
    Status,
    Unknown,
    UnknownReason,
)
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.model.target import ParsedLink
from linkcheck.model.url import InvalidUrlError
from linkcheck.providers.table import recognize
from tests.engine.small_catalog import NOW, gone, history, look, silent, there

WEB = "https://medbot.example/a"
REPOSITORY = "https://github.com/medbot/medbot"


def reader(url: str) -> ParsedLink | None:
    try:
        return recognize(url)
    except InvalidUrlError:
        return None


def judged(
    *observations: Observation, url: str = WEB, settings: ConfirmationSettings | None = None
) -> Status:
    evidence = history(*observations) if observations else None
    return link_status(recognize(url), evidence, settings or ConfirmationSettings(), NOW, reader)


def test_no_observation_is_skipped() -> None:
    assert judged() is Status.SKIPPED
    assert (
        link_status(
            recognize(WEB), Evidence(recognize(WEB).target), ConfirmationSettings(), NOW, reader
        )
        is Status.SKIPPED
    )


def test_gone_is_dead_at_once() -> None:
    assert judged(there(WEB)) is Status.ALIVE
    assert judged(gone(WEB)) is Status.DEAD
    assert judged(gone(WEB), there(WEB, days=1)) is Status.DEAD


@pytest.mark.parametrize("reason", UnknownReason)
def test_one_failure_of_any_kind_is_never_dead(reason: UnknownReason) -> None:
    status = judged(silent(WEB, reason))
    assert status in {Status.UNREACHABLE, Status.BLOCKED, Status.SKIPPED}


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (UnknownReason.TIMEOUT, Status.UNREACHABLE),
        (UnknownReason.SERVER_ERROR, Status.UNREACHABLE),
        (UnknownReason.DNS, Status.UNREACHABLE),
        (UnknownReason.RATE_LIMITED, Status.BLOCKED),
        (UnknownReason.FORBIDDEN, Status.BLOCKED),
        (UnknownReason.CHALLENGE, Status.BLOCKED),
        (UnknownReason.NOT_ASKED, Status.SKIPPED),
    ],
)
def test_status_of_unknown_observations(reason: UnknownReason, status: Status) -> None:
    assert judged(silent(WEB, reason)) is status


def test_three_silent_runs_over_six_days_are_dead() -> None:
    row = [silent(WEB), silent(WEB, days=3), silent(WEB, days=6)]
    assert judged(*row) is Status.DEAD
    assert judged(*row[:2]) is Status.UNREACHABLE, "two runs are too few"
    close = [silent(WEB), silent(WEB, days=3), silent(WEB, days=5.9)]
    assert judged(*close) is Status.UNREACHABLE, "the days are too few"
    assert judged(*row, settings=ConfirmationSettings(confirm_failures=4)) is Status.UNREACHABLE
    assert judged(*row, settings=ConfirmationSettings(confirm_days=7)) is Status.UNREACHABLE


@pytest.mark.parametrize("reason", sorted(COUNTS_TOWARDS_DEAD - {UnknownReason.HIDDEN}), ids=str)
@pytest.mark.parametrize(
    "url",
    [
        REPOSITORY,
        "https://huggingface.co/medbot/medbot",
        "https://arxiv.org/abs/2303.14070",
        "https://doi.org/10.1000/182",
    ],
)
def test_a_failing_service_makes_no_target_dead(url: str, reason: UnknownReason) -> None:
    row = [silent(url, reason, days=day) for day in (0, 4, 9, 30)]
    assert judged(*row, url=url) is Status.UNREACHABLE
    assert not confirmed(*row, url=url)


def test_a_success_resets_the_row() -> None:
    row = [silent(WEB), silent(WEB, days=3), there(WEB, days=4), silent(WEB, days=9)]
    assert judged(*row) is Status.UNREACHABLE


@pytest.mark.parametrize(
    "reason", [r for r in UnknownReason if r not in COUNTS_TOWARDS_DEAD], ids=str
)
def test_uncounted_failures_neither_count_nor_reset(reason: UnknownReason) -> None:
    only_these = [silent(WEB, reason, days=day) for day in (0, 5, 10, 15)]
    assert judged(*only_these) is not Status.DEAD
    between = [silent(WEB), silent(WEB, reason, days=2), silent(WEB, days=4), silent(WEB, days=8)]
    assert judged(*between) is Status.DEAD
    at_the_end = [silent(WEB, reason), *(silent(WEB, days=day) for day in (2, 5, 9))]
    assert judged(*at_the_end) is not Status.DEAD, "today it was something else than silence"


def test_a_failure_does_not_revive_a_confirmed_gone_target() -> None:
    twice = [gone(WEB, days=1), gone(WEB, days=4)]
    assert judged(silent(WEB), *twice) is Status.DEAD
    assert judged(silent(WEB, UnknownReason.RATE_LIMITED), *twice) is Status.DEAD
    assert judged(silent(WEB), gone(WEB, days=1)) is Status.UNREACHABLE
    assert judged(silent(WEB), gone(WEB, days=1), gone(WEB, days=2)) is Status.UNREACHABLE
    assert judged(silent(WEB), *twice[:1], there(WEB, days=2), *twice[1:]) is Status.UNREACHABLE


def test_a_hidden_model_is_dead_after_several_runs() -> None:
    model = "https://huggingface.co/medbot/medbot"
    hidden = [silent(model, UnknownReason.HIDDEN, days=day) for day in (0, 3, 6)]
    assert judged(*hidden, url=model) is Status.DEAD
    assert judged(*hidden[:2], url=model) is Status.UNREACHABLE
    assert judged(*hidden[:2], there(model, days=4), hidden[2], url=model) is Status.UNREACHABLE
    assert judged(silent(model, days=0), *hidden, url=model) is Status.UNREACHABLE


def test_observations_from_a_wrong_clock_do_not_count() -> None:
    row = [silent(WEB, days=-400), silent(WEB), silent(WEB, days=3)]
    assert judged(*row) is Status.UNREACHABLE


def move(now_at: str, *, permanent: bool = True, url: str = WEB) -> Status:
    return judged(look(url, Found(PageFacts(), now_at, permanent)), url=url)


def test_moved_means_a_permanent_redirect_to_another_target() -> None:
    assert move("https://medbot.example/b") is Status.MOVED
    assert move("https://medbot.example/b", permanent=False) is Status.ALIVE
    assert move("https://medbot.example/a#top") is Status.ALIVE
    assert move("https://github.com/new/medbot", url=REPOSITORY) is Status.MOVED
    assert move("https://github.com/MedBot/Medbot.git", url=REPOSITORY) is Status.ALIVE
    assert move("not an address") is Status.ALIVE


def test_a_last_slash_is_no_move() -> None:
    assert move("https://medbot.example/a/") is Status.ALIVE
    assert move("https://medbot.example/a", url="https://medbot.example/a/#x") is Status.ALIVE
    assert move("https://medbot.example/a/?x=1") is Status.MOVED
    assert move("https://other.example/a/") is Status.MOVED


def test_a_root_that_redirects_to_its_landing_page_is_alive() -> None:
    front = "https://medbot.example/"
    assert move("https://www.medbot.example/en/", url=front) is Status.ALIVE
    assert move("https://other.example/", url=front) is Status.MOVED
    assert move("https://other.example/en/", url=front) is Status.MOVED


def test_a_repository_without_the_linked_path_is_dead() -> None:
    facts = PathFacts(RepositoryFacts(), "data", "main", exists=False)
    url = f"{REPOSITORY}/tree/main/data"
    assert judged(there(url, facts), url=url) is Status.DEAD


def test_a_path_that_is_on_the_default_branch_has_moved() -> None:
    facts = PathFacts(RepositoryFacts(), "x", "master", False, f"{REPOSITORY}/blob/main/x")
    url = f"{REPOSITORY}/blob/master/x"
    assert judged(there(url, facts), url=url) is Status.MOVED


def test_what_the_service_blocks_is_blocked() -> None:
    facts = RepositoryFacts(blocked="dmca")
    assert judged(there(REPOSITORY, facts), url=REPOSITORY) is Status.BLOCKED


def test_a_missing_version_is_dead_for_the_link_that_pins_it() -> None:
    paper = there("https://arxiv.org/abs/2303.14070", PaperFacts(missing_versions=(9,)))
    assert judged(paper, url="https://arxiv.org/abs/2303.14070v9") is Status.DEAD
    assert judged(paper, url="https://arxiv.org/abs/2303.14070v1") is Status.ALIVE
    assert judged(paper, url="https://arxiv.org/abs/2303.14070") is Status.ALIVE


def confirmed(*row: Observation, url: str = WEB) -> bool:
    return is_confirmed_dead(recognize(url), history(*row), ConfirmationSettings(), NOW)


def test_gone_is_confirmed_by_a_second_observation() -> None:
    assert not confirmed(gone(WEB))
    assert not confirmed(gone(WEB), gone(WEB, days=2))
    assert confirmed(gone(WEB), gone(WEB, days=3))
    assert confirmed(gone(WEB), silent(WEB, UnknownReason.DNS, days=1), gone(WEB, days=3))
    assert not confirmed(gone(WEB), there(WEB, days=1), gone(WEB, days=3))
    assert confirmed(silent(WEB), silent(WEB, days=3), silent(WEB, days=6))
    url = f"{REPOSITORY}/tree/main/data"
    facts = PathFacts(RepositoryFacts(), "data", "main", exists=False)
    assert not confirmed(there(url, facts), url=url)
    assert confirmed(there(url, facts), there(url, facts, days=4), url=url)
    back = replace(facts, exists=True)
    assert not confirmed(
        there(url, facts), there(url, back, days=1), there(url, facts, days=4), url=url
    )


unknowns = st.sampled_from(UnknownReason).map(Unknown)
outcomes: st.SearchStrategy[Outcome] = st.one_of(unknowns, st.just(Found(PageFacts())))


@settings(max_examples=200)
@given(st.lists(st.tuples(outcomes, st.floats(0, 30)), min_size=1, max_size=8))
def test_failures_alone_need_the_full_count_and_time_to_be_dead(
    looks: list[tuple[Outcome, float]],
) -> None:
    looks = sorted(looks, key=lambda item: item[1])
    row = [look(WEB, outcome, days) for outcome, days in looks]
    status = judged(*row)
    if status is Status.DEAD:
        silent_row = []
        for observation in row:
            if isinstance(observation.outcome, Found):
                break
            assert isinstance(observation.outcome, Unknown)
            if observation.outcome.reason in COUNTS_TOWARDS_DEAD:
                silent_row.append(observation)
        assert len(silent_row) >= 3
        assert silent_row[0].at - silent_row[-1].at >= timedelta(days=6)
        assert silent_row[0] is row[0]
