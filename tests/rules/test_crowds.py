"""Catalogs in which everything is wrong in the same way are judged in time that is no square."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.markdown.entries import load_markdown
from linkcheck.matching.names import distinctive_words, find_name, share_stem
from linkcheck.matching.passage_index import PassageIndex
from linkcheck.model.entry import Catalog
from linkcheck.model.facts import Facts, PageFacts, PaperFacts, RepositoryFacts
from linkcheck.model.observation import Evidence, Found, Observation
from linkcheck.model.settings import RuleSettings
from linkcheck.model.source_text import SourceText, word_set
from linkcheck.model.target import TargetKind
from linkcheck.providers.table import recognize
from linkcheck.rules._examples import NOW
from linkcheck.rules.table import all_rules

CHANCE = Random(8)
SYLLABLES = [a + b for a in "bcdfglmnprst" for b in ("a", "e", "i", "o", "ur", "al")]


def title() -> str:
    """Return eight made-up words."""
    return " ".join("".join(CHANCE.choices(SYLLABLES, k=3)) for _ in range(8)).capitalize()


def one_repository_for_all(number: int) -> str:
    return f"S{number}ORC: [code](https://github.com/jbshp/GenCompareSum)"


def papers_of_other_titles(number: int) -> str:
    return f"{title()} [paper](https://arxiv.org/abs/2303.{number:05})"


@pytest.mark.timeout(60)  # minutes, where each is held against each
@pytest.mark.parametrize(
    ("item", "entries"), [(one_repository_for_all, 4000), (papers_of_other_titles, 1200)]
)
def test_a_crowd_is_judged_soon(item, entries):
    text = "".join(f"- {item(number)}\n" for number in range(1, entries + 1))
    catalog = Catalog(load_markdown(SourceText("list.md", text))[0], (), ("list.md",))
    identified = identify(catalog, recognize)
    evidence = {}
    for question in identified.requests:
        paper = question.target.kind is TargetKind.ARXIV
        facts: Facts = PaperFacts(title=title()) if paper else RepositoryFacts()
        seen = Observation(question.target, NOW, Found(facts))
        evidence[question.target] = Evidence(question.target, (seen,))
    result = evaluate(catalog, identified, evidence, all_rules(), RuleSettings(), NOW)
    assert len({finding.entry for finding in result.findings}) > 0.9 * entries


def facts_of(kind: TargetKind) -> Facts:
    """Return what a service might say of a thing that nobody knows."""
    if kind is TargetKind.ARXIV:
        first, *others = title().split()
        return PaperFacts(title=f"{first}Net: {' '.join(others)}")
    return PageFacts(title=title()) if kind is TargetKind.WEB else RepositoryFacts()


def strange_repositories(number: int) -> str:
    return f"[c](https://github.com/x{number}/{title().split()[0]})"


def strange_papers_and_pages(number: int) -> str:
    return f"[paper](https://arxiv.org/abs/2303.{number:05}) [p](https://h{number}.example.com/a)"


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("links", "count"), [(strange_repositories, 5000), (strange_papers_and_pages, 3000)]
)
def test_one_entry_with_a_crowd_of_links_is_judged_soon(links, count):
    text = "- Quxalot: " + " ".join(links(number) for number in range(1, count + 1)) + "\n"
    catalog = Catalog(load_markdown(SourceText("list.md", text))[0], (), ("list.md",))
    assert len(catalog.entries) == 1
    identified = identify(catalog, recognize)
    evidence = {}
    for question in identified.requests:
        seen = Observation(question.target, NOW, Found(facts_of(question.target.kind)))
        evidence[question.target] = Evidence(question.target, (seen,))
    result = evaluate(catalog, identified, evidence, all_rules(), RuleSettings(), NOW)
    assert len(result.findings) > count / 10


WORDS = st.sampled_from(
    sorted(
        word_set(
            "BioSyn bio syn BioSyn2 mention mentions MedMentions abcd abcdxyz abcduvw 本草 GPT"
            " studies study biosynthesis xTrimo v2 2"
        )
    )
)
FILLER = [(f"quux{number} of nothing", 9) for number in range(40)]
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.sampled_from([None, 1, 2, 3])), max_size=20), TEXTS)
def test_passages_answer_as_if_each_text_were_read(some, name):
    for texts in (some, some + FILLER):
        check_passages(texts, name)


def check_passages(texts, name):
    passages = PassageIndex(texts)
    for but in (1, 2, 9):
        left = [text for text, source in texts if source != but]
        told = frozenset().union(*(distinctive_words(text) for text in left))
        assert passages.without(but).has_name(name) == any(find_name(name, text) for text in left)
        assert passages.without(but).has_any_word(distinctive_words(name)) == share_stem(
            distinctive_words(name), told
        )
