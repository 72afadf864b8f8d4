"""Comparison of stated titles with the titles of papers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.matching.title_statements import (
    TitleRelation,
    compare_stated_title,
    find_statement,
    states_title,
)

SAME, NEAR, OTHER, UNKNOWN = (
    TitleRelation.SAME,
    TitleRelation.NEAR,
    TitleRelation.OTHER,
    TitleRelation.UNKNOWN,
)


@pytest.mark.parametrize(
    ("stated", "title", "relation"),
    [
        ("Owls see everything at night", "Owls See Everything at Night", SAME),
        ("Pre-training owls on moles", "Pretraining Owls on Moles", SAME),
        ("OwlTalk: A Talking Model for …", "OwlTalk: A Talking Model for Embodied Chains", SAME),
        ("A Talking Model for Chains", "OwlTalk: A Talking Model for Chains", SAME),
        ("Owls at night", "Owls at night: a field study of hunting birds", SAME),
        ("Datasets for LLMs: A Survey", "Datasets for Large Language Models: A Survey", SAME),
        ("GAP: Owls hunt moles in the dark", "OWLET: Owls hunt moles in the dark", SAME),
        # A topic, a translation, another subtitle, an acronym: nothing is decided.
        ("LLMs in Medicine", "A Survey of Large Language Models in Medicine: Progress", UNKNOWN),
        ("Attention paper", "Attention Is All You Need", UNKNOWN),
        ("Enquête sur les grands modèles de langue", "A Survey of Large Language Models", UNKNOWN),
        ("大语言模型综述", "A Survey of Large Language Models", UNKNOWN),
        ("LLMs as Database Administrators", "LLM As DBA", UNKNOWN),
        (
            "A Survey of Hunting Owls: Principles and Methods",
            "A Survey of Hunting Owls: Progress and Methods",
            UNKNOWN,
        ),
        # One word or a negation apart.
        ("A Survey on Evaluation of Owls", "A Survey on Hallucination of Owls", NEAR),
        ("Owls cannot teach themselves to hunt", "Owls can teach themselves to hunt", NEAR),
        ("A Survey of Small Language Models", "A Survey of Large Language Models", NEAR),
        ("Supervised learning of owl calls", "Unsupervised learning of owl calls", NEAR),
        # Topic words in common do not make two surveys one.
        (
            "A Survey of Large Language Models in Medicine: Progress and Challenge",
            "Retrieval-Augmented Generation for Large Language Models: A Survey",
            OTHER,
        ),
        ("Owls see everything at night", "Moles dig tunnels under the barn", OTHER),
        ("Learning distributed calls of barn owls", "Deep learning", OTHER),
    ],
)
def test_titles_are_compared(stated: str, title: str, relation: TitleRelation) -> None:
    assert compare_stated_title(stated, title) is relation


@pytest.mark.parametrize(
    ("text", "is_stated"),
    [
        ("[2023] Owls see everything at night. A. Bird et al. paper", True),
        ("OwlSet: Owls see everything at night", True),
        ("Owls see nothing at noon, and moles dig", False),
        ("", False),
    ],
)
def test_a_line_states_a_title(text: str, is_stated: bool) -> None:
    assert states_title(text, "Owls See Everything at Night") is is_stated


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_texts_are_compared(one: str, two: str) -> None:
    assert compare_stated_title(one, one) in (SAME, UNKNOWN)
    assert isinstance(compare_stated_title(one, two), TitleRelation)
    statement = find_statement(one, two)
    assert statement is None or statement
