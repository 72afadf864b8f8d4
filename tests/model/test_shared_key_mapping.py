"""What is told of an entry is a mapping like any other."""

import json

import pytest

from linkcheck.model.shared_key_mapping import EMPTY_MAPPING, SharedKeyMapping

FACTS: dict[str, object] = {"stars": 3, "license": "MIT", "topics": ["a"]}


def test_it_has_the_items_of_the_original_in_order() -> None:
    told = SharedKeyMapping(FACTS)
    assert told == FACTS
    assert list(told) == list(FACTS)
    assert json.dumps(dict(told)) == json.dumps(dict(told.items())) == json.dumps(FACTS)
    assert told.get("license") == "MIT"
    assert told.get("forks") is None
    assert "stars" in told
    with pytest.raises(KeyError, match="forks"):
        told["forks"]


def test_it_does_not_change_with_the_original() -> None:
    facts = dict(FACTS)
    told = SharedKeyMapping(facts)
    facts["stars"] = 4
    assert told["stars"] == 3


def test_the_empty_mapping_is_falsy() -> None:
    assert not EMPTY_MAPPING
    assert EMPTY_MAPPING == {}
    assert SharedKeyMapping(FACTS) != EMPTY_MAPPING
