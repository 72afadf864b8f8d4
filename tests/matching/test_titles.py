"""Comparison of titles with names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.matching import titles


@pytest.mark.parametrize(
    ("name", "title", "fit"),
    [
        ("GPT-4", "GPT-4o System Card", titles.TitleFit.OTHER),
        ("GPT-4o", "GPT-4 Technical Report", titles.TitleFit.UNKNOWN),
        ("BioT5", "BioT5+: Towards Generalized Biological Understanding", titles.TitleFit.OTHER),
        (
            "nnU-Net",
            "nnU-Net: Self-adapting Framework for U-Net-Based Images",
            titles.TitleFit.SAME,
        ),
        ("U-Net", "nnU-Net: Self-adapting Framework for U-Net-Based Images", titles.TitleFit.SAME),
        ("U-Net", "nnU-Net: a self-configuring method", titles.TitleFit.OTHER),
    ],
)
def test_titles_of_related_systems(name: str, title: str, fit: titles.TitleFit) -> None:
    verdict = titles.compare_title([name], title)
    assert verdict.fit is fit
    assert verdict.fit is not titles.TitleFit.OTHER or verdict.is_relative


def test_mojibake_is_no_evidence() -> None:
    garbled = "大型语言模型编码临床知识".encode().decode("cp1252", errors="replace")
    verdict = titles.compare_title([garbled], "BioGPT: Generative Pre-trained Transformer")
    assert verdict.fit is titles.TitleFit.UNKNOWN


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60))
def test_no_title_differs_from_itself(text: str) -> None:
    assert titles.compare_title([text], text).fit is not titles.TitleFit.OTHER
