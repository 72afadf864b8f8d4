from dataclasses import replace
from datetime import UTC, datetime

from linkcheck.engine.evaluate import build_views
from linkcheck.engine.summarize import FACT_NAMES, entry_results, link_results, observed_facts
from linkcheck.model.facts import ModelFacts, PaperFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import Evidence, EvidenceItem, Found, Observation, Status
from linkcheck.model.rule import EntryView
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.model.target import Target
from tests.engine.small_catalog import NOW, catalog, gone, history, identified, known, silent, there

CODE, MODEL = "https://github.com/medbot/medbot", "https://huggingface.co/medbot/medbot-7b"
PAPER = "https://arxiv.org/abs/2303.14070"
WHEN = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)


def views(links: dict[str, str], evidence: dict[Target, Evidence]) -> tuple[EntryView, ...]:
    read = catalog({"medbot": links})
    return build_views(read, identified(read), evidence, ConfirmationSettings(), NOW)


def test_facts_have_neutral_names_and_plain_values() -> None:
    evidence = known(
        there(
            CODE,
            RepositoryFacts(
                full_name="medbot/medbot",
                stars=3512,
                license="MIT",
                pushed_at=WHEN,
                archived=False,
                topics=("health",),
            ),
        ),
        there(
            MODEL,
            ModelFacts(
                full_name="medbot/medbot-7b",
                license="llama2",
                gated="no",
                downloads=0,
                base_models=(),
            ),
        ),
        there(
            PAPER,
            PaperFacts(paper_id="2303.14070", title="MedBot", latest_version=5, withdrawn=False),
        ),
    )
    (view,) = views({"code": CODE, "model": MODEL, "paper": PAPER}, evidence)
    facts = observed_facts(view)
    assert facts == {
        "repository": "medbot/medbot",
        "stars": 3512,
        "license": "MIT",
        "last_push": "2026-01-31",
        "archived": False,
        "topics": ["health"],
        "hub": "medbot/medbot-7b",
        "model_license": "llama2",
        "gated": "no",
        "downloads": 0,
        "paper": "2303.14070",
        "paper_title": "MedBot",
        "paper_version": 5,
        "withdrawn": False,
    }
    assert [name for name in FACT_NAMES if name in facts] == list(facts)


def test_the_code_link_comes_before_others_and_paths_count() -> None:
    other = "https://github.com/other/other/tree/main/x"
    evidence = known(
        there(other, PathFacts(RepositoryFacts(stars=1), "x", "main", exists=True)),
        there(CODE, RepositoryFacts(stars=2)),
    )
    (view,) = views({"demo": other, "code": CODE}, evidence)
    assert observed_facts(view) == {"stars": 2}
    (view,) = views({"demo": other}, evidence)
    assert observed_facts(view) == {"stars": 1}


def test_unknown_keeps_the_last_known_facts_and_gone_drops_them() -> None:
    before = there(CODE, RepositoryFacts(stars=2), days=7)
    for newest, expected in ((silent(CODE), {"stars": 2}), (gone(CODE), {})):
        evidence = {before.target: history(newest, before)}
        (result,) = entry_results(views({"code": CODE}, evidence))
        assert result.observed == expected


def test_one_result_for_each_link_with_all_its_places() -> None:
    read = catalog(
        {"a": {"code": CODE, "paper": PAPER}, "b": {"code": CODE, "x": "htps://x.example"}}
    )
    moved = replace(
        there(CODE), outcome=Found(RepositoryFacts(), "https://github.com/new/medbot", True)
    )
    built = build_views(read, identified(read), known(moved), ConfirmationSettings(), NOW)
    code, paper, broken = link_results(built)
    assert code.status is Status.MOVED
    assert code.final_url == "https://github.com/new/medbot"
    assert code.checked_at == NOW
    assert [(o.entry, o.role) for o in code.occurrences] == [("a", "code"), ("b", "code")]
    assert (paper.status, paper.checked_at) == (Status.SKIPPED, None)
    assert (broken.status, broken.target) == (Status.INVALID, None)


def test_facts_that_a_source_lacks_are_filled_in() -> None:
    def observed(source: str, facts: ModelFacts, days: int) -> Observation:
        found = there(MODEL, facts, days=days)
        return replace(found, evidence=(EvidenceItem(source, found.at, "it is there"),))

    rich = ModelFacts(repository_id="a", license="mit", downloads=7, gated="no")

    def facts(*row: Observation) -> dict[str, object]:
        (view,) = views({"model": MODEL}, {row[0].target: history(*row)})
        return observed_facts(view)

    card = ModelFacts(license="apache-2.0")
    merged = facts(observed("card", card, 0), observed("card", card, 3), observed("api", rich, 7))
    assert merged == {"model_license": "apache-2.0", "gated": "no", "downloads": 7}
    assert facts(observed("api", card, 0), observed("api", rich, 7)) == {
        "model_license": "apache-2.0"
    }
    other = replace(card, repository_id="b")
    assert facts(observed("card", other, 0), observed("api", rich, 7)) == {
        "model_license": "apache-2.0"
    }
