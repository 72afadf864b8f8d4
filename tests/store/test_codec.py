import json
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.model.facts import Facts, ModelFacts, PathFacts, RepositoryFacts
from linkcheck.model.github_ids import is_node_id
from linkcheck.model.observation import (
    EvidenceItem,
    Found,
    Observation,
    Outcome,
    Unknown,
    UnknownReason,
)
from linkcheck.model.target import Target, TargetKind
from linkcheck.store.codec import TAGS, decode, encode, format_time, parse_time

TARGET = Target(TargetKind.GITHUB_REPO, "a/b", "https://github.com/A/b")
EARLY, LATE = datetime(1971, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(
    EARLY.replace(tzinfo=None),
    LATE.replace(tzinfo=None),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
st.register_type_strategy(datetime, MOMENTS)

OBSERVATIONS = st.builds(
    Observation,
    target=st.just(TARGET),
    at=MOMENTS,
    outcome=st.one_of([st.from_type(kind) for kind in get_args(Outcome)]),
    evidence=st.lists(st.builds(EvidenceItem, st.text(), MOMENTS, st.text()), max_size=2).map(
        tuple
    ),
    http_status=st.none() | st.integers(100, 999),
    validator=st.none() | st.text(max_size=20),
    requests=st.integers(0, 9),
)


def has_node_id(observation: Observation) -> bool:
    """Whether a generated id looks like one that is replaced by its database id."""
    repository = observation.repository
    return repository is not None and is_node_id(repository.repository_id or "")


@settings(max_examples=60, deadline=None)
@given(OBSERVATIONS)
def test_decoding_gives_the_encoded_observation(observation: Observation) -> None:
    text = json.dumps(encode(observation))
    again = decode(json.loads(text), TARGET)
    assert again == observation or has_node_id(observation)
    assert type(again.outcome) is type(observation.outcome)


def test_every_outcome_and_every_kind_of_facts_has_a_tag() -> None:
    assert set(TAGS) == {*get_args(Outcome), *get_args(Facts)}
    assert len(set(TAGS.values())) == len(TAGS)


def test_the_layout_is_compact_and_plain() -> None:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    facts = PathFacts(RepositoryFacts(stars=3, topics=()), "x", "main", exists=True)
    evidence = (EvidenceItem("github-graphql", at, "it is there"),)
    assert encode(Observation(TARGET, at, Found(facts), evidence)) == {
        "v": 1,
        "at": "2026-11-21T12:00:00.000000Z",
        "outcome": {
            "is": "found",
            "facts": {
                "is": "path",
                "repository": {"stars": 3, "topics": []},
                "path": "x",
                "ref": "main",
                "exists": True,
            },
        },
        "evidence": [["github-graphql", "it is there"]],
    }


def test_unknown_fields_are_ignored() -> None:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    encoded = encode(Observation(TARGET, at, Found(ModelFacts(likes=1))))
    encoded["mood"] = "good"
    encoded["outcome"]["facts"]["colour"] = {"red": 1}
    assert decode(encoded, TARGET) == Observation(TARGET, at, Found(ModelFacts(likes=1)))


def test_observations_of_earlier_versions_are_read() -> None:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    facts = PathFacts(RepositoryFacts(stars=3, topics=("a",)), "x", "main", exists=True)
    encoded = {
        "v": 1,
        "at": "2026-11-21T12:00:00.000000Z",
        "outcome": {
            "is": "found",
            "facts": {
                "is": "path",
                "repository": {"is": "repository", "stars": 3, "topics": ["a"]},
                "path": "x",
                "ref": "main",
                "exists": True,
            },
        },
    }
    assert decode(encoded, TARGET) == Observation(TARGET, at, Found(facts))


def unknown(**changes: object) -> dict[str, object]:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    encoded = encode(Observation(TARGET, at, Unknown(UnknownReason.DNS, "no such name")))
    return {name: value for name, value in (encoded | changes).items() if value is not None}


@pytest.mark.parametrize(
    "encoded",
    [
        {},
        unknown(at=None),
        unknown(at="yesterday"),
        unknown(at="2026-11-21T12:00:00"),
        unknown(at=3),
        unknown(outcome={"is": "dreamt"}),
        unknown(outcome={"is": "unknown"}),
        unknown(outcome={"is": "unknown", "reason": "bored"}),
        unknown(outcome={"is": "found", "facts": {"is": "unknown", "reason": "dns"}}),
        unknown(outcome={"is": "found", "facts": {"is": "repository", "stars": "many"}}),
        unknown(outcome={"is": "found", "facts": {"is": "repository", "fork": 1}}),
        unknown(outcome={"is": "found", "facts": {"is": "repository", "topics": "abc"}}),
        unknown(outcome="found"),
        unknown(outcome=[]),
        unknown(evidence=[["only a source"]]),
        unknown(evidence="abc"),
        unknown(requests="1"),
        unknown(http_status=True),
    ],
)
def test_invalid_observations_are_rejected(encoded: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(encoded, TARGET)


@given(MOMENTS, MOMENTS)
@settings(max_examples=50, deadline=None)
def test_times_sort_as_text(one: datetime, other: datetime) -> None:
    assert (one < other) == (format_time(one) < format_time(other))
    assert parse_time(format_time(one)) == one


def test_a_time_without_a_zone_is_rejected() -> None:
    with pytest.raises(ValueError, match="zone"):
        format_time(EARLY.replace(tzinfo=None))
