"""Catalogs in which everything is wrong in the same way are judged in time that is no square."""

import time
from random import Random

import pytest

from linkcheck.catalog.markdown import load_markdown
from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.model.entry import Catalog
from linkcheck.model.facts import Facts, PaperFacts, RepositoryFacts
from linkcheck.model.observation import Evidence, Found, Observation
from linkcheck.model.settings import RuleSettings
from linkcheck.model.target import TargetKind
from linkcheck.model.text import SourceText
from linkcheck.providers.recognition import recognise
from linkcheck.rules.examples import NOW
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


@pytest.mark.parametrize(
    ("item", "entries"), [(one_repository_for_all, 4000), (papers_of_other_titles, 1200)]
)
def test_a_crowd_is_judged_soon(item, entries):
    text = "".join(f"- {item(number)}\n" for number in range(1, entries + 1))
    catalog = Catalog(load_markdown(SourceText("list.md", text))[0], (), ("list.md",))
    identified = identify(catalog, recognise)
    evidence = {}
    for question in identified.questions:
        paper = question.target.kind is TargetKind.ARXIV
        facts: Facts = PaperFacts(title=title()) if paper else RepositoryFacts()
        seen = Observation(question.target, NOW, Found(facts))
        evidence[question.target] = Evidence(question.target, (seen,))
    start = time.process_time()
    result = evaluate(catalog, identified, evidence, all_rules(), RuleSettings(), NOW)
    assert time.process_time() - start < 8
    assert len({finding.entry for finding in result.findings}) > 0.9 * entries
