"""What is remembered on the branch: enough to confirm, and nothing that changes at every run."""

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
    Unknown,
    UnknownReason,
)
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.model.target import Target, TargetKind
from linkcheck.store.codec import decode, encode

START = datetime(2026, 6, 1, tzinfo=UTC)
TARGET = Target(TargetKind.WEB, "https://a.example/", "https://a.example/")


def seen(hours: float, outcome: object) -> Observation:
    return Observation(TARGET, START + timedelta(hours=hours), outcome)


GONE = Gone(GoneReason.NOT_FOUND)
HERE = Found(PageFacts())
SILENT = Unknown(UnknownReason.TIMEOUT, "no answer")


def newest_first(*observations: Observation) -> tuple[Observation, ...]:
    return tuple(sorted(observations, key=lambda o: o.at, reverse=True))


def test_a_state_reads_back_as_it_was_written() -> None:
    state = SavedState({TARGET: newest_first(seen(0, HERE), seen(30, GONE))}, {"abc": 7})
    text = serialize_state(state, encode)
    again = parse_state(text, decode)
    assert again == state
    assert serialize_state(again, encode) == text


def test_damaged_states_are_empty_ones() -> None:
    for text in ("", "{", "[]", '{"version":99}', '{"version":1,"targets":[{"target":"x"}]}'):
        assert parse_state(text, decode).observations == {}


def test_many_runs_without_news_change_nothing() -> None:
    state = SavedState({TARGET: (seen(0, HERE),)})
    first = serialize_state(
        merge_state(SavedState(), state.observations, {}, is_full_run=True), encode
    )
    known = list(state.observations[TARGET])
    for hour in range(1, 11):
        known.insert(0, seen(hour, HERE))
        state = merge_state(state, {TARGET: known}, {}, is_full_run=True)
        assert serialize_state(state, encode) == first


def test_a_healthy_sighting_is_renewed_after_a_week() -> None:
    kept = compact_history([seen(0, HERE)], [seen(24 * 8, HERE), seen(0, HERE)])
    assert [o.at for o in kept] == [START + timedelta(days=8)]


def test_what_was_seen_instead_is_kept_at_once() -> None:
    other = Found(RepositoryFacts(repository_id="R_2"))
    kept = compact_history([seen(0, Found(RepositoryFacts(repository_id="R_1")))], [seen(1, other)])
    assert kept[0].outcome == other


def test_a_failure_a_success_and_another_failure_are_not_one_row() -> None:
    kept: tuple[Observation, ...] = ()
    for observation in (seen(0, HERE), seen(30, GONE), seen(60, HERE), seen(90, GONE)):
        kept = compact_history(kept, newest_first(observation, *kept))
    failing = [o for o in kept if not isinstance(o.outcome, Found)]
    assert [o.at for o in failing] == [START + timedelta(hours=90)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([GONE, SILENT]), min_size=2, max_size=40))
def test_what_is_kept_confirms_as_the_whole_history_would(outcomes: list[object]) -> None:
    history = ConfirmationSettings()
    everything: list[Observation] = [seen(-24, HERE)]
    kept: tuple[Observation, ...] = tuple(everything)
    for number, outcome in enumerate(outcomes):
        observation = seen(number * 12, outcome)
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


def test_other_targets_are_kept_unless_the_run_was_whole() -> None:
    other = Target(TargetKind.WEB, "https://b.example/", "https://b.example/")
    before = SavedState({other: (Observation(other, START, HERE),)})
    part = merge_state(before, {TARGET: (seen(0, HERE),)}, {}, is_full_run=False)
    assert set(part.observations) == {TARGET, other}
    assert set(merge_state(before, {TARGET: ()}, {}, is_full_run=True).observations) == {TARGET}


def test_a_missing_path_keeps_its_first_sighting() -> None:
    missing = Found(PathFacts(RepositoryFacts(), "a.md", "main", exists=False))
    kept: tuple[Observation, ...] = (seen(-24, HERE),)
    for day in range(20):
        observation = seen(day * 24, missing)
        kept = compact_history(kept, newest_first(observation, *kept))
    row = [o for o in kept if o.outcome == missing]
    assert row[-1].at == START
    assert row[0].at - row[-1].at >= timedelta(days=3)


def test_limits_do_not_crowd_out_what_counts() -> None:
    limited = Unknown(UnknownReason.RATE_LIMITED, "429")
    kept: tuple[Observation, ...] = (seen(-24, HERE),)
    for day in range(30):
        kept = compact_history(kept, newest_first(seen(day * 24, limited), *kept))
    assert len(kept) == 2
    for day in range(30, 38):
        kept = compact_history(kept, newest_first(seen(day * 24, SILENT), *kept))
    assert sum(o.outcome == SILENT for o in kept) == 8


def test_a_recovery_is_written_down_at_once() -> None:
    kept: tuple[Observation, ...] = (seen(0, HERE),)
    for observation in (seen(30, GONE), seen(60, HERE)):
        kept = compact_history(kept, newest_first(observation, *kept))
    assert [o.at for o in kept] == [START + timedelta(hours=60)]
