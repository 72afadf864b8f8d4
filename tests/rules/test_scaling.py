"""Large catalogs in which every link is wrong are evaluated in less than quadratic time."""

from collections.abc import Callable
from random import Random

import pytest

from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.markdown.entries import load_markdown
from linkcheck.model.entry import Catalog
from linkcheck.model.facts import Facts, PageFacts, PaperFacts, RepositoryFacts
from linkcheck.model.observation import Evidence, Found, Observation
from linkcheck.model.settings import RuleSettings
from linkcheck.model.source_text import SourceText
from linkcheck.model.target import TargetKind
from linkcheck.providers.table import recognize
from linkcheck.rules._examples import NOW
from linkcheck.rules.table import all_rules

RANDOM = Random(8)
SYLLABLES = [a + b for a in "bcdfglmnprst" for b in ("a", "e", "i", "o", "ur", "al")]


def title() -> str:
    """Return eight made-up words."""
    return " ".join("".join(RANDOM.choices(SYLLABLES, k=3)) for _ in range(8)).capitalize()


def one_repository_for_all(number: int) -> str:
    return f"S{number}ORC: [code](https://github.com/jbshp/GenCompareSum)"


def papers_of_other_titles(number: int) -> str:
    return f"{title()} [paper](https://arxiv.org/abs/2303.{number:05})"


@pytest.mark.timeout(60)  # minutes if every pair is compared
@pytest.mark.parametrize(
    ("item", "entries"), [(one_repository_for_all, 4000), (papers_of_other_titles, 1200)]
)
def test_many_entries_are_evaluated_in_time(item: Callable[[int], str], entries: int) -> None:
    text = "".join(f"- {item(number)}\n" for number in range(1, entries + 1))
    catalog = Catalog(load_markdown(SourceText("list.md", text))[0], (), ("list.md",))
    identified = identify(catalog, recognize)
    evidence = {}
    for request in identified.requests:
        paper = request.target.kind is TargetKind.ARXIV
        facts: Facts = PaperFacts(title=title()) if paper else RepositoryFacts()
        observation = Observation(request.target, NOW, Found(facts))
        evidence[request.target] = Evidence(request.target, (observation,))
    result = evaluate(catalog, identified, evidence, all_rules(), RuleSettings(), NOW)
    assert len({finding.entry for finding in result.findings}) > 0.9 * entries


def facts_of(kind: TargetKind) -> Facts:
    """Return facts of a target that matches no entry."""
    if kind is TargetKind.ARXIV:
        first, *others = title().split()
        return PaperFacts(title=f"{first}Net: {' '.join(others)}")
    return PageFacts(title=title()) if kind is TargetKind.WEB else RepositoryFacts()


def unrelated_repositories(number: int) -> str:
    return f"[c](https://github.com/x{number}/{title().split()[0]})"


def unrelated_papers_and_pages(number: int) -> str:
    return f"[paper](https://arxiv.org/abs/2303.{number:05}) [p](https://h{number}.example.com/a)"


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("links", "count"), [(unrelated_repositories, 5000), (unrelated_papers_and_pages, 3000)]
)
def test_many_links_of_one_entry_are_evaluated_in_time(
    links: Callable[[int], str], count: int
) -> None:
    text = "- Quxalot: " + " ".join(links(number) for number in range(1, count + 1)) + "\n"
    catalog = Catalog(load_markdown(SourceText("list.md", text))[0], (), ("list.md",))
    assert len(catalog.entries) == 1
    identified = identify(catalog, recognize)
    evidence = {}
    for request in identified.requests:
        observation = Observation(request.target, NOW, Found(facts_of(request.target.kind)))
        evidence[request.target] = Evidence(request.target, (observation,))
    result = evaluate(catalog, identified, evidence, all_rules(), RuleSettings(), NOW)
    assert len(result.findings) > count / 10
