"""SharedKeyMapping is a mapping that does not change with its original."""

import json

import pytest

from linkcheck.model.shared_key_mapping import EMPTY_MAPPING, SharedKeyMapping

FACTS: dict[str, object] = {"stars": 3, "license": "MIT", "topics": ["a"]}


def test_it_has_the_items_of_the_original_in_order() -> None:
    mapping = SharedKeyMapping(FACTS)
    assert mapping == FACTS
    assert list(mapping) == list(FACTS)
    assert json.dumps(dict(mapping)) == json.dumps(dict(mapping.items())) == json.dumps(FACTS)
    assert mapping.get("license") == "MIT"
    assert mapping.get("forks") is None
    assert "stars" in mapping
    with pytest.raises(KeyError, match="forks"):
        mapping["forks"]


def test_it_does_not_change_with_the_original() -> None:
    facts = dict(FACTS)
    mapping = SharedKeyMapping(facts)
    facts["stars"] = 4
    assert mapping["stars"] == 3


def test_the_empty_mapping_is_falsy() -> None:
    assert not EMPTY_MAPPING
    assert EMPTY_MAPPING == {}
    assert SharedKeyMapping(FACTS) != EMPTY_MAPPING
