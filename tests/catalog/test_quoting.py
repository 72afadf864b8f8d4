"""Encoding of values in the style of the scalars that they replace."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.catalog.quoting import encode_scalar

VALUES = st.text(min_size=1, max_size=12).map(str.strip).filter(bool)


@pytest.mark.parametrize(
    ("value", "style", "flow", "written"),
    [
        ("https://a.example/b?c=d#e", "", False, "https://a.example/b?c=d#e"),
        ("https://a.example/b,c", "", True, "'https://a.example/b,c'"),
        ("https://a.example/b,c", "", False, "https://a.example/b,c"),
        ("https://a.example/?b", "", True, "'https://a.example/?b'"),
        ("a: b", "", False, "'a: b'"),
        ("a #b", "", False, "'a #b'"),
        ("it's: x", "", False, '"it\'s: x"'),
        ("it's", "'", False, "it''s"),
        ('say "x" \\', '"', False, 'say \\"x\\" \\\\'),
        ("a\nb", "", False, '"a\\nb"'),
        ("- a", "", False, "'- a'"),
        ("-a", "", False, "-a"),
        (":a", "", False, ":a"),
        (":a", "", True, "':a'"),
    ],
)
def test_values_get_the_least_quoting_necessary(
    value: str, style: str, flow: bool, written: str
) -> None:
    assert encode_scalar(value, style, flow=flow) == written


def test_values_not_allowed_in_single_quotes() -> None:
    with pytest.raises(ValueError, match="single quotes"):
        encode_scalar("a\nb", "'")


@settings(max_examples=200)
@given(VALUES, st.booleans(), st.sampled_from(["", "'", '"']))
def test_encoded_values_round_trip(value: str, flow: bool, style: str) -> None:
    try:
        inner = encode_scalar(value, style, flow=flow)
    except ValueError:
        assert style == "'"
        return
    text = f"a: [{style}{inner}{style}, b]" if flow else f"a: {style}{inner}{style}  # c\nd: e"
    read = yaml.load(text, Loader=yaml.BaseLoader)["a"]
    assert (read[0] if flow else read) == value
