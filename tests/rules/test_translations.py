"""A list and its translation have the same ids; each is evaluated by its own links."""

from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.markdown.entries import load_markdown
from linkcheck.model.entry import Catalog
from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.finding import Finding
from linkcheck.model.observation import Evidence, Found, Observation
from linkcheck.model.settings import RuleSettings
from linkcheck.model.source_text import SourceText
from linkcheck.providers.table import recognize
from linkcheck.rules._examples import NOW
from linkcheck.rules.table import load


def findings(texts: dict[str, str]) -> tuple[Finding, ...]:
    """Return the findings of the rule on names for these files."""
    entries = tuple(
        entry for file, text in texts.items() for entry in load_markdown(SourceText(file, text))[0]
    )
    assert len({entry.id for entry in entries}) == 1
    catalog = Catalog(entries, (), tuple(texts))
    identified = identify(catalog, recognize)
    evidence = {
        q.target: Evidence(q.target, (Observation(q.target, NOW, Found(RepositoryFacts())),))
        for q in identified.requests
    }
    rules = [load("name-mismatch")]
    return evaluate(catalog, identified, evidence, rules, RuleSettings(), NOW).findings


GOOD, BAD = "https://github.com/lab/S2ORC", "https://github.com/jbshp/GenCompareSum"


def test_a_wrong_link_in_one_list_is_reported_once() -> None:
    found = findings(
        {
            "README.md": f"- **S2ORC**: [code]({BAD})\n",
            "README.zh.md": f"- **S2ORC**: [code]({GOOD})\n",
        }
    )
    assert [(f.span.file, f.url) for f in found] == [("README.md", BAD)]


def test_the_texts_of_one_list_do_not_explain_links_of_the_other() -> None:
    texts = {
        "README.md": f"- **S2ORC**: [code]({BAD}), [data](https://github.com/other/gencomparesum)\n",
        "README.zh.md": f"- **S2ORC**: [code]({BAD})\n",
    }
    for ordered in (texts, dict(reversed(texts.items()))):
        assert [f.span.file for f in findings(ordered)] == ["README.zh.md"]
