"""Parsing and comparison of licenses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.matching.licenses import compare
from linkcheck.model.source_text import word_set


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
def test_relation_of_two_licenses(claimed: str, declared: str, relation: str) -> None:
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
def test_hugging_face_ids_are_parsed_and_distinct(hub_id: str) -> None:
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
def test_placeholders_contradict_no_license(text: str) -> None:
    assert compare.parse_license(text) is None
    assert compare.compare_licenses("MIT", text) is compare.LicenseRelation.UNKNOWN
    assert compare.compare_licenses(text, "MIT") is compare.LicenseRelation.UNKNOWN


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_texts_compare_symmetrically(one: str, two: str) -> None:
    assert not compare.compare_licenses(one, one).differs
    assert compare.compare_licenses(one, two).differs == compare.compare_licenses(two, one).differs


@pytest.mark.parametrize("text", ["(" * 400, "MIT OR " * 300 + "MIT", "a-" * 500, "GPL " * 999])
def test_very_long_licenses_are_unknown(text: str) -> None:
    assert compare.compare_licenses("MIT", text) is compare.LicenseRelation.UNKNOWN
