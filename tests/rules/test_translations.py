"""A list and its translation bear the same ids; each is judged by its own links."""

from linkcheck.catalog.markdown import load_markdown
from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.model.entry import Catalog
from linkcheck.model.facts import RepositoryFacts
from linkcheck.model.observation import Evidence, Found, Observation
from linkcheck.model.settings import RuleSettings
from linkcheck.model.text import SourceText
from linkcheck.providers.recognition import recognise
from linkcheck.rules.examples import NOW
from linkcheck.rules.table import load


def test_a_wrong_link_in_one_of_the_two_is_reported_there_and_once():
    good, bad = "https://github.com/lab/S2ORC", "https://github.com/jbshp/GenCompareSum"
    texts = {
        "README.md": f"- **S2ORC**: [code]({bad})\n",
        "README.zh.md": f"- **S2ORC**: [code]({good})\n",
    }
    entries = tuple(
        entry for file, text in texts.items() for entry in load_markdown(SourceText(file, text))[0]
    )
    catalog = Catalog(entries, (), tuple(texts))
    identified = identify(catalog, recognise)
    evidence = {
        q.target: Evidence(q.target, (Observation(q.target, NOW, Found(RepositoryFacts())),))
        for q in identified.questions
    }
    rules = [load("name-mismatch")]
    result = evaluate(catalog, identified, evidence, rules, RuleSettings(), NOW)
    assert [(f.span.file, f.url) for f in result.findings] == [("README.md", bad)]
    assert entries[0].id == entries[1].id
