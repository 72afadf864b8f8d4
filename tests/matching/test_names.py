"""Search for names and derived names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.matching import derived_names, names


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MS\\hat{~}2", "allenai ms2"),
        ("PubMedQA", "pubmed_qa"),
        ("Med Mention", "MedMentions"),
        ("α-Fold", "AlphaFold"),
        ("DISC MedLLM", "DISC-MedLLM"),
    ],
)
def test_names_are_found_in_any_spelling(name: str, text: str) -> None:
    assert names.find_name(name, text) is names.NameMatch.FULL


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("U-Net", "nnU-Net"),
        ("U-Net", "nnUNet"),
        ("BLIP-2", "instructblip-vicuna-7b"),
        ("CBLUE", "PromptCBLUE"),
        ("GPT", "BioGPT"),
    ],
)
def test_derived_names(name: str, text: str) -> None:
    assert derived_names.is_derived_name(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("U-Net", "U-Net"),
        ("Alpaca", "stanford_alpaca"),
        ("Radiomics", "pyradiomics"),
        ("Huatuo", "HuatuoGPT"),
        ("Chat", "WebChat"),
        ("RAG", "coverage"),
        ("本草", "Bencao"),
        ("", "x"),
    ],
)
def test_names_that_are_not_derived(name: str, text: str) -> None:
    assert not derived_names.is_derived_name(name, text)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Llama 3", "Llama-2-7b-hf", "llama 2"),
        ("Qwen2-VL", "Qwen2.5-VL-7B-Instruct", "qwen 2.5 vl"),
        ("MIMIC-III", "mimic-iv", "mimic iv"),
        ("Llama 3.1", "Llama-3-8B", None),
        ("cMedQA", "cMedQA2", None),
        ("Gemma 2", "gemma-2b", None),
        ("GPT-4", "GPT-4", None),
        ("ChestX-ray14", "ChestX-ray8", None),
    ],
)
def test_different_versions(name: str, text: str, found: str | None) -> None:
    assert derived_names.different_version(name, text) == found


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_names_can_be_compared(one: str, two: str) -> None:
    assert not derived_names.is_derived_name(one, one)
    assert derived_names.different_version(one, one) is None
    derived_names.is_derived_name(one, two)
    derived_names.has_letter_suffix(one, two)
    derived_names.is_part_of(one, two)
    derived_names.different_version(one, two)
    names.find_name(one, two)
    names.is_acronym(one, two)
