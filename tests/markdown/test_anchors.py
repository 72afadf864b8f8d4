"""The anchors that GitHub gives to a Markdown text."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.markdown.anchors import Slugger, find_anchors, slugify_heading

TABLE = json.loads((Path(__file__).parents[1] / "data/slugs.json").read_text("utf-8"))
"""Made by tools/make_slugs.mjs with github-slugger."""


def test_the_table_has_every_kind_of_character() -> None:
    assert len(TABLE["texts"]) > 500


def test_slugs_match_those_of_github_slugger() -> None:
    wrong = [
        (text, slug, slugify_heading(text))
        for text, slug in TABLE["texts"]
        if slugify_heading(text) != slug
    ]
    assert not wrong


@pytest.mark.parametrize(("headings", "slugs"), TABLE["documents"])
def test_repeated_slugs_are_numbered_like_github_slugger_does(
    headings: list[str], slugs: list[str]
) -> None:
    slugger = Slugger()
    assert [slugger.slug(heading) for heading in headings] == slugs


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("# A b", {"a-b"}),
        ("# A b #", {"a-b"}),
        ("A b\n===", {"a-b"}),
        ("A *b*\n---", {"a-b"}),
        ("## 一、简介（新）", {"一简介新"}),
        ("## 🚀 Start", {"-start"}),
        ("## :rocket: Start", {"rocket-start"}),
        ("# A\n# A\n## a", {"a", "a-1", "a-2"}),
        ("# **A** `b` [c](https://d.example) ~~e~~", {"a-b-c-e"}),
        ("# [A  b](x)", {"a--b"}),
        ("# ![logo](x.png) A", {"-a"}),
        ("# A [![badge](x.svg)](y)", {"a-"}),
        ("# A &amp; B", {"a--b"}),
        ("# <b>A</b> <!-- note -->b", {"a-b"}),
        ('# <a name="Top-1"></a>A', {"Top-1", "a"}),
        ("# a_b `c_d` \\*e\\*", {"a_b-c_d-e"}),
        ("# $x$ y", {"x-y"}),
        ("- # A\n\n> ## B", {"a", "b"}),
        ("<h2>A</h2>", {"a"}),
        ("<h2 align=center id='X'>A &amp; B</h2>", {"X", "a--b"}),
        ("<h1>\n\nA\n\n</h1>", {"a"}),
        ("<details><summary><h3>A</h3></summary>\n\n# B\n\n</details>", {"a", "b"}),
        ('<p id="a"><a name = b></a><img ID="c"></p>', {"a", "b", "c"}),
        ('text <span id="a">b</span>', {"a"}),
        ('<a data-id="a" href="#b">c</a>', set()),
        ('`<a id="a">` <!-- <a id="b"> -->', set()),
        ('```\n# A\n<a id="a">\n```', set()),
        ("    # A", set()),
        ("#A", set()),
        ("---\ntitle: A\n---\n# B", {"b"}),
        ("\ufeff# A", {"a"}),
        ("# A\r\n# B\r\n", {"a", "b"}),
        ("a[^n]\n\n[^n]: b", {"fnref-n", "fn-n", "footnote-label"}),
        ("", set()),
    ],
)
def test_the_anchors_of_a_text(text: str, anchors: set[str]) -> None:
    assert find_anchors(text) == anchors


def test_both_spellings_are_anchors_where_github_is_not_known() -> None:
    assert {"a-b", "ab"} <= find_anchors("A\nb\n===")
    assert {"--a", "a"} <= find_anchors("<h1>\n  A\n</h1>")
    assert {"a", "a1"} <= find_anchors("# A[^n]\n\n[^n]: b")


HEADINGS = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\\`*_[]<>&$!#~:"
    ),
    min_size=1,
).map(str.strip)


@given(st.lists(HEADINGS.filter(bool), max_size=8))
def test_every_heading_has_a_unique_anchor(headings: list[str]) -> None:
    plain = [f"x{heading}x" for heading in headings]
    anchors = find_anchors("\n\n".join(f"## {heading}" for heading in plain))
    slugger = Slugger()
    slugs = [slugger.slug(heading) for heading in plain]
    assert len(set(slugs)) == len(slugs)
    assert set(slugs) <= anchors


@given(st.text(st.sampled_from(list("#a \n<>h1/=-*[]()!`\"'id&;|:\ud800^")), max_size=200))
def test_any_text_has_anchors(text: str) -> None:
    assert all(isinstance(anchor, str) for anchor in find_anchors(text))
