"""Names and repositories in abstracts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.matching.mentions import MAX_MENTIONS, find_mentions


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We also release BioELECTRA.", ["BioELECTRA"]),
        ("We build OwlData and propose OwlNet, a 7B model.", ["OwlData", "OwlNet", "7B"]),
        ("Our model is termed OWl TAlker (OWTA).", ["OWl TAlker", "OWTA"]),
        ("Trees of Owls outperforms the rest.", ["Trees of Owls"]),
        ("Code: https://github.com/lab/owl-net.git", ["lab/owl-net"]),
        ("See lab.github.io/owl for data.", ["lab/owl", "See"]),
        ("We show that large language models reason.", []),
    ],
)
def test_an_abstract_mentions_names(text: str, names: list[str]) -> None:
    assert list(find_mentions(text)) == names


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_texts_have_few_mentions_of_their_own_words(one: str, two: str) -> None:
    found = find_mentions(one, None, two)
    assert len(found) <= MAX_MENTIONS
    assert len(set(found)) == len(found)
