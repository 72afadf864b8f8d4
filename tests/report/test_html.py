"""The HTML report as a text; what a browser makes of it is in test_html_in_chromium.py."""

import re
from dataclasses import replace
from typing import Any

import pytest

from linkcheck.model.finding import Severity
from linkcheck.model.result import RunOutcome
from linkcheck.model.rule import Remedy
from linkcheck.report import FORMAT_BY_SUFFIX, OutputCapabilities, get_renderer
from linkcheck.report.html.advice import advice_for
from linkcheck.rules.table import NAMES, load
from tests.report.page_parser import Page
from tests.report.report_results import HOSTILE, result

render = get_renderer("html")


def test_suffix_names_the_format() -> None:
    assert FORMAT_BY_SUFFIX[".html"] == "html"


def test_nothing_is_loaded_from_anywhere() -> None:
    page = Page(render(result(), OutputCapabilities()))
    loading = {"src", "srcset", "data", "action", "background", "poster"}
    assert not [a for _, attributes in page.elements for a in attributes if a in loading]
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    assert "@import" not in page.words
    assert "url(" not in page.words


def test_every_address_is_http() -> None:
    page = Page(render(result(hostile=True), OutputCapabilities()))
    hrefs = {a["href"] or "" for a in page.all("a")}
    assert all(h.startswith(("https://", "http://", "#")) for h in hrefs)


def test_addresses_that_run_are_shown_not_linked() -> None:
    one = result(5)
    bad = replace(one.findings[0], url="javascript:alert(1)")
    text = render(replace(one, findings=(bad,)), OutputCapabilities())
    assert "javascript:alert(1)" in Page(text).words
    assert 'href="javascript' not in text


def test_hostile_text_stays_text() -> None:
    text = render(result(hostile=True), OutputCapabilities())
    page = Page(text)
    assert not page.all("img")
    assert len(page.all("script")) == 1
    assert "</script><img src=x onerror=alert(1)>" in page.words
    assert "{{7*7}}" in page.words
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert HOSTILE not in text


def test_no_handlers_and_no_inline_styles() -> None:
    page = Page(render(result(hostile=True), OutputCapabilities()))
    names = {name for _, attributes in page.elements for name in attributes}
    assert not [name for name in names if name.startswith("on")]
    assert "style" not in names


def test_policy_admits_only_digests() -> None:
    page = Page(render(result(), OutputCapabilities()))
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert len(re.findall(r"'sha256-[A-Za-z0-9+/]{43}='", policy)) == 2


def test_all_is_in_the_page_without_scripts() -> None:
    one = result(25)
    words = Page(render(one, OutputCapabilities())).words
    for finding in one.findings:
        assert finding.message in words
        assert finding.evidence[0].says in words
    for entry in one.entries:
        assert entry.entry.name in words
    assert "https://github.com/owner/model-4-new" in words


def test_identifiers_are_unique_and_links_inside_lead_somewhere() -> None:
    page = Page(render(result(40), OutputCapabilities()))
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    inner = {(a["href"] or "")[1:] for a in page.all("a") if (a["href"] or "").startswith("#")}
    assert inner <= set(ids)


def test_a_thousand_entries_stay_under_a_megabyte() -> None:
    assert len(render(result(1_000), OutputCapabilities()).encode()) < 1_000_000


def test_same_result_gives_the_same_page() -> None:
    assert render(result(), OutputCapabilities()) == render(
        result(), OutputCapabilities(width=200, color=True)
    )


@pytest.mark.parametrize("rule", NAMES)
def test_every_rule_has_advice(rule: str) -> None:
    assert load(rule).remedy is not Remedy.OTHER


def test_a_fix_takes_precedence_over_the_advice_of_the_rule() -> None:
    keys = {f.rule: advice_for(f, load(f.rule)).key for f in result().findings}
    assert keys == {"dead-link": "replace", "moved-link": "apply"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"findings": ()}, "All is well"),
        (
            {"outcome": RunOutcome.INCONCLUSIVE, "reason": "No host answered.", "findings": ()},
            "No host answered.",
        ),
        ({"interrupted": True}, "the run was stopped"),
        ({"findings": (), "links": (), "entries": (), "targets": 0}, "All is well"),
    ],
)
def test_the_outcome_comes_first(change: dict[str, Any], words: str) -> None:
    page = Page(render(replace(result(), **change), OutputCapabilities()))
    assert words in page.words


def test_headline_counts() -> None:
    one = result(5)
    words = Page(render(one, OutputCapabilities())).words
    assert "1 error to mend" in words
    mild = tuple(f for f in one.findings if f.severity is Severity.WARNING)
    assert (
        "Nothing broken, 1 warning"
        in Page(render(replace(one, findings=mild), OutputCapabilities())).words
    )


def test_services_show_their_requests() -> None:
    words = " ".join(Page(render(result(), OutputCapabilities())).words.split())
    assert "GitHub 25 25 25 0 0 0 3 24 s" in words
    assert "arXiv 0 0 0 0 0 0 2" in words
