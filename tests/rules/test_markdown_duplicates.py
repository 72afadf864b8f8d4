"""The rules on duplicates, on items of a Markdown list: through the real reader and engine."""

import pytest

from linkcheck.engine.evaluate import evaluate
from linkcheck.engine.identify import identify
from linkcheck.markdown.entries import load_markdown
from linkcheck.model.entry import Catalog
from linkcheck.model.finding import Finding
from linkcheck.model.settings import RuleSettings
from linkcheck.model.source_text import SourceText
from linkcheck.providers.table import recognize
from linkcheck.rules._examples import NOW
from linkcheck.rules.table import all_rules

RULES = [rule for rule in all_rules() if rule.name in ("duplicate-entry", "duplicate-link")]


def findings(*items: str) -> tuple[Finding, ...]:
    """Return the findings on a Markdown list of items."""
    text = "".join(f"- {item}\n" for item in items)
    entries, problems, skipped = load_markdown(SourceText("list.md", text))
    catalog = Catalog(entries, problems, ("list.md",), skipped)
    result = evaluate(catalog, identify(catalog, recognize), {}, RULES, RuleSettings(), NOW)
    assert result.notices == ()
    return result.findings


def reported(*items: str) -> list[tuple[str, int]]:
    """Return the rule of each finding and the number of its item, from 1."""
    return [(finding.rule, finding.span.line) for finding in findings(*items)]


PAGE = "https://example.com/tool"
CODE = "https://github.com/google-research/bert"


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        (f"[Tool]({PAGE}) - x", f"[Tool]({PAGE}) - y", "duplicate-entry"),
        (f"[Tool]({PAGE})", f"[Gadget]({PAGE})", "duplicate-link"),
        (f"Tool: {PAGE}", f"Gadget: {PAGE}", "duplicate-link"),
        (
            "[Why so](https://medium.com/@a/b)",
            "[Not so](https://medium.com/@a/b)",
            "duplicate-link",
        ),
        (f"[BERT]({CODE})", f"[BERT again]({CODE}/)", "duplicate-link"),
    ],
)
def test_the_main_links_of_two_items_are_duplicates(first: str, second: str, rule: str) -> None:
    assert reported(first, second) == [(rule, 2)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("[Tool](https://example.com/)", "[Gadget](https://example.com/)"),
        ("[Tool](https://example.com)", "[Gadget](https://example.com/#gadget)"),
        (f"[Tool]({PAGE}#one)", f"[Gadget]({PAGE}#two)"),
        (
            f"[Tool](https://example.com/a), [home page]({PAGE})",
            f"[Gadget](https://example.com/b), [home page]({PAGE})",
        ),
        (f"[BERT-110M]({CODE})", f"[BERT-340M]({CODE})"),
        (f"[BERT]({CODE})", f"[BERT Large]({CODE})"),
        (f"[BERT]({CODE})", f"[BERT data]({CODE})"),
        (f"[BERT]({CODE})", f"[BERT again]({CODE}), [paper](https://arxiv.org/abs/1810.04805)"),
        (
            "For more refer to https://zhuanlan.zhihu.com/p/469465499",
            "For more refer to https://zhuanlan.zhihu.com/p/469465499",
        ),
    ],
)
def test_shared_pages_families_and_notes_are_not_duplicates(first: str, second: str) -> None:
    assert reported(first, second) == []


def test_a_page_of_many_items_is_a_collection() -> None:
    assert reported(*(f"[{name}]({PAGE})" for name in ("One", "Two", "Six", "Ten", "Ace"))) == []


def test_messages_show_the_first_spelling_of_a_target() -> None:
    first, second = "https://github.com/Lab/Tool", "https://github.com/lab/tool"
    [finding] = findings(f"[Tool]({first})", f"[Gadget]({second})")
    assert "Lab/Tool" in finding.message


def findings_of(text: str) -> list[tuple[str, str, int]]:
    """Return rule, severity and line of each finding on a Markdown file."""
    entries, problems, skipped = load_markdown(SourceText("list.md", text))
    catalog = Catalog(entries, problems, ("list.md",), skipped)
    result = evaluate(catalog, identify(catalog, recognize), {}, RULES, RuleSettings(), NOW)
    assert result.notices == ()
    return [(f.rule, f.severity.value, f.span.line) for f in result.findings]


HEADER = "| Model | Size | Weights | Code |\n|---|---|---|---|\n"


def test_entries_in_several_sections_are_counted_in_one_finding() -> None:
    section = f"- [Flair]({CODE}) - x\n- [Brax](https://github.com/google/brax) - y\n"
    text = f"## One\n\n{section}\n## Two\n\n{section}\n## Three\n\n{section}"
    assert findings_of(text) == [("duplicate-entry", "info", 8)]


def test_an_entry_twice_in_a_section_is_a_warning_among_other_sections() -> None:
    item = f"- [Flair]({CODE})\n"
    text = f"## One\n\n{item}\n## Two\n\n{item}{item}"
    found = [("duplicate-entry", "info", 7), ("duplicate-entry", "warning", 8)]
    assert findings_of(text) == found


@pytest.mark.parametrize(
    "rows",
    [
        # The weights are in different places.
        (
            f"| Zeta | tiny | [w](https://store.example/t.tar) | [c]({CODE}) |\n"
            f"| Zeta | base | [w](https://store.example/b.tar) | [c]({CODE}) |\n"
        ),
        # Only the sizes differ.
        f"| Zeta | 7B | | [c]({CODE}) |\n| Zeta | 13B | | [c]({CODE}) |\n",
    ],
)
def test_rows_of_two_sizes_are_two_things(rows: str) -> None:
    assert findings_of(f"## Models\n\n{HEADER}{rows}") == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_row_without_the_name_of_the_target_is_the_wrong_one(order: tuple[int, int]) -> None:
    rows = (
        "| Nightingale | | | [code](https://github.com/lab/nightingale) |\n",
        "| Zeta | | | [code](https://github.com/lab/nightingale) |\n",
    )
    text = f"## Models\n\n{HEADER}{rows[order[0]]}{rows[order[1]]}"
    assert findings_of(text) == [("duplicate-link", "warning", 5 + order.index(1))]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Llama-3-Chat", "meta-llama-3.1"),
        ("Zeta2-Chat", "Zeta-Reader"),
        ("Chinese-MobileBERT-base-f4", "Chinese-MobileBERT-base-f2"),
    ],
)
def test_two_of_a_family_share_a_repository(one: str, two: str) -> None:
    code = "https://github.com/meta-llama/llama3"
    assert reported(f"**{one}** [[code]({code})]", f"**{two}** [[code]({code})]") == []


def test_a_target_with_the_name_of_neither_is_no_warning() -> None:
    code = "https://github.com/lab/model-zoo"
    text = f"- **Alpha** [[code]({code})]\n- **Zeta** [[code]({code})]\n"
    assert findings_of(text) == [("duplicate-link", "info", 2)]


def test_an_entry_that_names_the_owner_is_no_slip() -> None:
    text = f"- **Bert** [[code]({CODE})]\n- **Zeta**, with Bert inside [[code]({CODE})]\n"
    assert findings_of(text) == []


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ("《https://github.com/a/owl》", "https://github.com/a/owl"),
        ("url:https://github.com/a/owl", "https://github.com/a/owl"),
        ("https//github.com/a/owl", "https://github.com/a/owl"),
        ("10.1038/s41586-020-2649-2", "https://doi.org/10.1038/s41586-020-2649-2"),
    ],
)
def test_a_damaged_duplicate_is_a_duplicate(damaged: str, sound: str) -> None:
    text = f"# L\n\n## P\n\n- [Owl]({sound}) - Sees.\n- [Owl]({damaged}) - Sees.\n"
    assert "duplicate-entry" in {rule for rule, *_ in findings_of(text)}
