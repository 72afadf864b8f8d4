"""Every example of every rule, through the catalog reader and the engine."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import pytest

from linkcheck.app.check_local import with_local_links
from linkcheck.catalog.yaml_entries import load_yaml
from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.fixes.edits import apply
from linkcheck.markdown.entries import load_markdown_file
from linkcheck.model.entry import Catalog
from linkcheck.model.finding import Finding
from linkcheck.model.observation import Evidence, Observation
from linkcheck.model.rule import Example, Rule, RuleScope
from linkcheck.model.settings import RuleSettings
from linkcheck.model.source_text import SourceText
from linkcheck.model.target import Target
from linkcheck.providers.table import recognize
from linkcheck.rules._examples import NOW
from linkcheck.rules.table import all_rules

RULES = all_rules()
CASES = [
    pytest.param(rule, example, id=f"{rule.name}: {example.title}")
    for rule in RULES
    for example in rule.examples
]


@dataclass(frozen=True)
class Names:
    """A repository with the given file names."""

    names: tuple[str, ...]

    def has(self, path: str) -> bool:
        return path in self.names

    def read(self, path: str) -> str | None:
        return None

    def paths(self) -> Collection[str]:
        return self.names


def read(example: Example, text: str) -> Catalog:
    if example.format == "markdown":
        found = load_markdown_file(SourceText("README.md", text))
        catalog = Catalog(
            found.entries, found.problems, ("README.md",), found.skipped, (found.file,)
        )
        files = None if example.files is None else Names(example.files)
        return with_local_links(catalog, lambda file: (file, files))
    entries, problems, skipped = load_yaml(SourceText("catalog.yaml", text))
    return Catalog(entries, problems, ("catalog.yaml",), skipped)


def evidence_of(example: Example) -> dict[Target, Evidence]:
    """Return the observations of an example, on the targets of its links."""
    evidence = {}
    for url, seen in example.observed.items():
        target = recognize(url).target
        observations: tuple[Observation, ...] = seen if isinstance(seen, tuple) else (seen,)
        evidence[target] = Evidence(target, tuple(replace(o, target=target) for o in observations))
    return evidence


def evaluate_example(
    example: Example, text: str, rules: tuple[Rule, ...] = RULES
) -> tuple[Finding, ...]:
    catalog = read(example, text)
    result = evaluate(
        catalog, identify(catalog, recognize), evidence_of(example), rules, RuleSettings(), NOW
    )
    assert result.notices == ()
    return result.findings


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_examples_have_the_expected_findings(rule: Rule, example: Example) -> None:
    findings = evaluate_example(example, example.catalog)
    mine = [finding for finding in findings if finding.rule == rule.name]
    assert len(mine) == len(example.finds), [finding.message for finding in mine]
    for finding, piece in zip(mine, example.finds, strict=True):
        assert piece in finding.message
    assert (example.fixed is None) == (not any(finding.fix for finding in mine))


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_one_cause_is_one_finding(rule: Rule, example: Example) -> None:
    """No other rule reports the cause again; rules on ignores are about other findings."""
    if not example.finds or rule.scope is RuleScope.IGNORE:
        return
    others = {finding.rule for finding in evaluate_example(example, example.catalog)} - {rule.name}
    assert not others


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_required_traits_lose_no_findings(rule: Rule, example: Example) -> None:
    without_traits = tuple(replace(each, requires_traits=0) for each in RULES)
    assert evaluate_example(example, example.catalog, without_traits) == evaluate_example(
        example, example.catalog
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_only_rules_on_entries_require_traits(rule: Rule) -> None:
    assert bool(rule.requires_traits) == (rule.scope is RuleScope.ENTRY)


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        pytest.param(rule, example, id=f"{rule.name}: {example.title}")
        for rule in RULES
        for example in rule.examples
        if example.fixed is not None
    ],
)
def test_fixing_converges(rule: Rule, example: Example) -> None:
    findings = evaluate_example(example, example.catalog)
    edits = [edit for finding in findings if finding.fix for edit in finding.fix.edits]
    spliced = apply(example.catalog, edits)
    assert spliced.dropped == ()
    assert spliced.text == example.fixed
    assert apply(spliced.text, edits).text == example.fixed
    assert [
        finding for finding in evaluate_example(example, spliced.text) if finding.rule == rule.name
    ] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_has_examples_with_and_without_findings(rule: Rule) -> None:
    assert any(example.finds for example in rule.examples), "an example that it reports"
    assert any(not example.finds for example in rule.examples), "one that it does not report"
    assert rule.fixable == any(example.fixed is not None for example in rule.examples)
    titles = [example.title for example in rule.examples]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_messages_are_short_sentences(rule: Rule) -> None:
    for example in rule.examples:
        for finding in evaluate_example(example, example.catalog):
            assert finding.message[0].isupper() or not finding.message[0].isalpha()
            assert finding.message.endswith((".", "?"))
            assert "\n" not in finding.message
            assert len(finding.message) < 400
