"""The saved state: enough to confirm a finding, and nothing that changes at every run."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.engine.link_status import is_confirmed_gone
from linkcheck.forge.state_branch import (
    SavedState,
    compact_history,
    merge_state,
    parse_state,
    serialize_state,
)
from linkcheck.model.facts import PageFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import (
    Evidence,
    Found,
    Gone,
    GoneReason,
    Observation,
    Outcome,
    Unknown,
    UnknownReason,
)
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.model.target import Target, TargetKind
from linkcheck.store.codec import decode, encode

START = datetime(2026, 6, 1, tzinfo=UTC)
TARGET = Target(TargetKind.WEB, "https://a.example/", "https://a.example/")


def observed(hours: float, outcome: Outcome) -> Observation:
    return Observation(TARGET, START + timedelta(hours=hours), outcome)


GONE: Outcome = Gone(GoneReason.NOT_FOUND)
HERE = Found(PageFacts())
SILENT = Unknown(UnknownReason.TIMEOUT, "no answer")


def newest_first(*observations: Observation) -> tuple[Observation, ...]:
    return tuple(sorted(observations, key=lambda o: o.at, reverse=True))


def test_a_state_reads_back_as_it_was_written() -> None:
    state = SavedState({TARGET: newest_first(observed(0, HERE), observed(30, GONE))}, {"abc": 7})
    text = serialize_state(state, encode)
    again = parse_state(text, decode)
    assert again == state
    assert serialize_state(again, encode) == text


def test_damaged_states_are_empty_ones() -> None:
    for text in ("", "{", "[]", '{"version":99}', '{"version":1,"targets":[{"target":"x"}]}'):
        assert parse_state(text, decode).observations == {}


def test_many_runs_without_news_change_nothing() -> None:
    state = SavedState({TARGET: (observed(0, HERE),)})
    first = serialize_state(
        merge_state(SavedState(), state.observations, SavedState(), is_full_run=True), encode
    )
    known = list(state.observations[TARGET])
    for hour in range(1, 11):
        known.insert(0, observed(hour, HERE))
        state = merge_state(state, {TARGET: known}, SavedState(), is_full_run=True)
        assert serialize_state(state, encode) == first


def test_a_found_target_is_saved_again_after_a_week() -> None:
    kept = compact_history([observed(0, HERE)], [observed(24 * 8, HERE), observed(0, HERE)])
    assert [o.at for o in kept] == [START + timedelta(days=8)]


def test_a_changed_target_is_saved_at_once() -> None:
    other = Found(RepositoryFacts(repository_id="R_2"))
    kept = compact_history(
        [observed(0, Found(RepositoryFacts(repository_id="R_1")))], [observed(1, other)]
    )
    assert kept[0].outcome == other


def test_a_success_ends_a_streak_of_failures() -> None:
    kept: tuple[Observation, ...] = ()
    for observation in (
        observed(0, HERE),
        observed(30, GONE),
        observed(60, HERE),
        observed(90, GONE),
    ):
        kept = compact_history(kept, newest_first(observation, *kept))
    failing = [o for o in kept if not isinstance(o.outcome, Found)]
    assert [o.at for o in failing] == [START + timedelta(hours=90)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([GONE, SILENT]), min_size=2, max_size=40))
def test_what_is_kept_confirms_as_the_whole_history_would(outcomes: list[Outcome]) -> None:
    history = ConfirmationSettings()
    everything: list[Observation] = [observed(-24, HERE)]
    kept: tuple[Observation, ...] = tuple(everything)
    for number, outcome in enumerate(outcomes):
        observation = observed(number * 12, outcome)
        everything.insert(0, observation)
        kept = compact_history(kept, newest_first(observation, *kept))
        now = observation.at
        whole = is_confirmed_gone(Evidence(TARGET, tuple(everything)), history, now)
        small = is_confirmed_gone(
            Evidence(TARGET, newest_first(observation, *(o for o in kept if o.at != now))),
            history,
            now,
        )
        if small:
            assert whole
    last = is_confirmed_gone(Evidence(TARGET, tuple(everything)), history, everything[0].at)
    if outcomes == [GONE] * len(outcomes):
        assert is_confirmed_gone(Evidence(TARGET, kept), history, everything[0].at) == last


def test_other_targets_are_kept_unless_the_run_was_full() -> None:
    other = Target(TargetKind.WEB, "https://b.example/", "https://b.example/")
    before = SavedState({other: (Observation(other, START, HERE),)})
    part = merge_state(before, {TARGET: (observed(0, HERE),)}, SavedState(), is_full_run=False)
    assert set(part.observations) == {TARGET, other}
    assert set(merge_state(before, {TARGET: ()}, SavedState(), is_full_run=True).observations) == {
        TARGET
    }


def test_a_missing_path_keeps_its_first_observation() -> None:
    missing = Found(PathFacts(RepositoryFacts(), "a.md", "main", exists=False))
    kept: tuple[Observation, ...] = (observed(-24, HERE),)
    for day in range(20):
        observation = observed(day * 24, missing)
        kept = compact_history(kept, newest_first(observation, *kept))
    row = [o for o in kept if o.outcome == missing]
    assert row[-1].at == START
    assert row[0].at - row[-1].at >= timedelta(days=3)


def test_limits_do_not_crowd_out_what_counts() -> None:
    limited = Unknown(UnknownReason.RATE_LIMITED, "429")
    kept: tuple[Observation, ...] = (observed(-24, HERE),)
    for day in range(30):
        kept = compact_history(kept, newest_first(observed(day * 24, limited), *kept))
    assert len(kept) == 2
    for day in range(30, 38):
        kept = compact_history(kept, newest_first(observed(day * 24, SILENT), *kept))
    assert sum(o.outcome == SILENT for o in kept) == 8


def test_a_recovery_is_saved_at_once() -> None:
    kept: tuple[Observation, ...] = (observed(0, HERE),)
    for observation in (observed(30, GONE), observed(60, HERE)):
        kept = compact_history(kept, newest_first(observation, *kept))
    assert [o.at for o in kept] == [START + timedelta(hours=60)]
