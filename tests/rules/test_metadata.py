"""The labeled tables: precision and recall of the rules that hold claims against facts."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.matching import base_models, derived_names, names, titles
from linkcheck.matching.licenses import compare
from linkcheck.model.source_text import word_set

ROOT = Path(__file__).resolve().parents[2]


def bench():
    sys.path.insert(0, str(ROOT))
    try:
        return import_module("benchmarks.metadata")
    finally:
        sys.path.remove(str(ROOT))


BENCH = bench()


RECALL = {
    "names": 0.95,
    "names_second": 0.86,
    "names_third": 0.65,
    "names_fourth": 0.63,
    "names_fifth": 0.92,
}
"""What was reached. The third and fourth hold nearly nothing but near namesakes and versions."""
PRECISION = {"names_fifth": 0.92}
"""Where it is below what is asked of all tables: one warning in 28 pairs, drawn last, unseen."""


@pytest.mark.parametrize("score", BENCH.scores(), ids=lambda score: score.name)
def test_no_false_error_and_few_misses(score):
    assert score.error_precision == 1.0, score.false_errors
    assert score.precision >= PRECISION.get(score.name, 0.95), score.false
    assert score.recall >= RECALL[score.name], score.missed


@pytest.mark.parametrize(
    ("claimed", "declared", "relation"),
    [
        ("apache-2.0", "Apache-2.0", "equal"),
        ("Apache License, Version 2.0", "Apache-2.0", "compatible-spelling"),
        ("GPL-3.0-or-later", "GPL-3.0", "compatible-spelling"),
        ("CC BY 4.0", "cc-by-nc-4.0", "stricter"),
        ("MIT", "GPL-3.0", "stricter"),
        ("MIT", "llama3", "stricter"),
        ("GPL-3.0", "MIT", "different"),
        ("BSD-2-Clause", "BSD-3-Clause", "different"),
        ("Apache-2.0", "mit, cc-by-4.0", "different"),
        ("MIT (non-commercial)", "MIT", "unknown"),
        ("see LICENSE file", "Apache-2.0", "unknown"),
    ],
)
def test_how_a_declared_license_stands_to_a_claimed_one(claimed, declared, relation):
    assert str(compare.compare_licenses(claimed, declared)) == relation


HUB_IDS = sorted(
    word_set(
        "apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigcode-openrail-m"
        " bigscience-bloom-rail-1.0 afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause"
        " bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0"
        " cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0"
        " cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0"
        " cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0"
        " eupl-1.1 eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc"
        " h-research intel-research lppl-1.3c ms-pl apple-ascl apple-amlr mpl-2.0 odc-by odbl"
        " openmdw-1.0 openmdw-1.1 openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl"
        " lgpl-lr deepfloyd-if-license fair-noncommercial-research-license llama2 llama3 llama3.1"
        " llama3.2 llama3.3 llama4 grok2-community gemma"
    )
)


@pytest.mark.parametrize("hub_id", HUB_IDS)
def test_every_license_id_of_hugging_face_is_read_and_itself(hub_id):
    found = compare.parse_license(hub_id)
    assert found is not None
    assert not compare.compare_licenses(hub_id, found.identifier).differs
    others = [
        other
        for other in HUB_IDS
        if compare.compare_licenses(hub_id, other) is compare.LicenseRelation.EQUAL
    ]
    assert others == [hub_id]


@pytest.mark.parametrize("text", ["", "other", "NOASSERTION", "unknown", "None", "无", "N/A", " "])
def test_what_says_nothing_is_never_held_against_anybody(text):
    assert compare.parse_license(text) is None
    assert compare.compare_licenses("MIT", text) is compare.LicenseRelation.UNKNOWN
    assert compare.compare_licenses(text, "MIT") is compare.LicenseRelation.UNKNOWN


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_compared_and_differs_from_itself_never(one, two):
    assert not compare.compare_licenses(one, one).differs
    assert compare.compare_licenses(one, two).differs == compare.compare_licenses(two, one).differs
    assert base_models.compare_base_models(one, one) is not base_models.BaseModelRelation.DIFFERENT
    assert base_models.compare_base_models(one, two) == base_models.compare_base_models(two, one)
    assert titles.compare_title([one], one).fit is not titles.TitleFit.OTHER
    names.find_name(one, two)
    names.is_acronym(one, two)


@pytest.mark.parametrize("text", ["(" * 400, "MIT OR " * 300 + "MIT", "a-" * 500, "GPL " * 999])
def test_hostile_licenses_cost_no_time(text):
    assert compare.compare_licenses("MIT", text) is compare.LicenseRelation.UNKNOWN


def test_text_decoded_wrongly_is_no_evidence():
    garbled = "大型语言模型编码临床知识".encode().decode("cp1252", errors="replace")
    verdict = titles.compare_title([garbled], "BioGPT: Generative Pre-trained Transformer")
    assert verdict.fit is titles.TitleFit.UNKNOWN


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
def test_a_name_is_found_in_any_spelling(name, text):
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
def test_a_name_is_told_from_one_made_from_it(name, text):
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
def test_a_name_is_not_told_from_what_may_be_it(name, text):
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
def test_versions_are_apart_where_both_say_which(name, text, found):
    assert derived_names.different_version(name, text) == found


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
def test_a_title_of_a_relative(name, title, fit):
    verdict = titles.compare_title([name], title)
    assert verdict.fit is fit
    assert verdict.fit is not titles.TitleFit.OTHER or not verdict.sure


def test_a_name_of_common_parts_makes_no_error():
    title = "Med3D: Transfer Learning for 3D Medical Image Analysis"
    assert not titles.compare_title(["MedicalNet"], title).sure
    assert titles.compare_title(["Quxalot"], title).sure


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_names_can_be_held_against_each_other(one, two):
    assert not derived_names.is_derived_name(one, one)
    assert derived_names.different_version(one, one) is None
    derived_names.is_derived_name(one, two)
    derived_names.has_letter_suffix(one, two)
    derived_names.is_part_of(one, two)
    derived_names.different_version(one, two)
