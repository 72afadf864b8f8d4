"""Comparison of base models."""

from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.matching.base_models import BaseModelRelation, compare_base_models


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_compare_symmetrically(one: str, two: str) -> None:
    assert compare_base_models(one, one) is not BaseModelRelation.DIFFERENT
    assert compare_base_models(one, two) == compare_base_models(two, one)
