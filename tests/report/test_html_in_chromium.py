"""The HTML report in a real browser, opened from disk."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linkcheck.model.observation import Status
from linkcheck.report import OutputCapabilities, get_renderer
from tests.report.chromium import chromium, opened, violations
from tests.report.report_results import entry, finding, result

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
render = get_renderer("html")


FILTER = """word => {
    const at = performance.now();
    document.getElementById('search').value = word;
    document.getElementById('rule').dispatchEvent(new Event('change'));
    document.body.getBoundingClientRect();
    return performance.now() - at;
}"""
SORT = """() => {
    const at = performance.now();
    document.querySelectorAll('#entry-table th button')[4].click();
    document.body.getBoundingClientRect();
    return performance.now() - at;
}"""
"""Each returns the milliseconds until the page is laid out again."""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(result(60), OutputCapabilities()), encoding="utf-8")
    return path


def visible(page: "Page", selector: str) -> int:
    number: int = page.locator(selector).locator("visible=true").count()
    return number


def test_search_narrows_findings_and_entries(browser: "Browser", report: Path) -> None:
    with opened(browser, report) as page:
        assert visible(page, ".finding") == 24
        page.keyboard.press("/")
        page.keyboard.type("model-13")
        page.locator("#entry-count", has_text="1 of 60").wait_for()
        assert visible(page, ".finding") == 1
        assert page.locator("#finding-count").inner_text() == "1 of 24 findings"
        page.keyboard.press("Escape")
        page.locator("#entry-count", has_text="60 of 60").wait_for()
        assert visible(page, ".finding") == 24


def test_severity_rule_status_and_kind(browser: "Browser", report: Path) -> None:
    with opened(browser, report) as page:
        page.get_by_label("error", exact=True).uncheck()
        assert visible(page, ".finding[data-severity=error]") == 0
        assert visible(page, "#g-replace") == 0
        page.get_by_label("error", exact=True).check()
        page.get_by_label("Rule", exact=True).select_option("dead-link")
        assert visible(page, ".finding") == 12
        page.get_by_label("Status", exact=True).select_option("moved")
        page.get_by_label("Kind", exact=True).select_option("paper")
        assert page.locator("#entry-count").inner_text() == "4 of 60 entries"
        page.get_by_role("button", name="Reset").click()
        assert page.locator("#entry-count").inner_text() == "60 of 60 entries"


@pytest.mark.parametrize(
    ("column", "cell", "number"),
    [("Stars", 4, True), ("Last push", 5, False), ("Licence", 3, False), ("Entry", 0, False)],
)
def test_entries_sort_both_ways_with_the_keyboard(
    browser: "Browser", report: Path, column: str, cell: int, number: bool
) -> None:
    with opened(browser, report) as page:
        page.get_by_role("button", name=column, exact=True).focus()
        orders = []
        for _ in range(2):
            page.keyboard.press("Enter")
            texts = page.locator(f"#entry-table tbody td:nth-child({cell + 1})").all_inner_texts()
            values = [int(t.replace(",", "")) if number else t for t in texts]
            direction = page.locator("th[aria-sort]:not([aria-sort=none])").get_attribute(
                "aria-sort"
            )
            assert values == sorted(values, reverse=direction == "descending")
            orders.append(direction)
        assert set(orders) == {"ascending", "descending"}


def test_status_sorts_the_worst_first(browser: "Browser", report: Path) -> None:
    with opened(browser, report) as page:
        for first in ("dead", "alive"):
            page.locator("#entry-table").get_by_role("button", name="Status").click()
            # Waits for the order: on a busy machine the page may still be at it.
            page.locator(f"#entry-table tbody tr:first-child[data-status={first}]").wait_for()


def test_every_control_is_reached_by_tab(browser: "Browser", report: Path) -> None:
    with opened(browser, report) as page:
        reached = set()
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.id || document.activeElement.name"))
        assert {"search", "severity", "rule", "reset"} <= reached


def test_j_and_k_walk_the_findings(browser: "Browser", report: Path) -> None:
    with opened(browser, report) as page:
        now = "document.activeElement.id"
        page.keyboard.press("j")
        first = page.evaluate(now)
        page.keyboard.press("j")
        second = page.evaluate(now)
        page.keyboard.press("k")
        assert first.startswith("f-")
        assert second != first
        assert page.evaluate(now) == first


def test_a_fix_is_copied_or_at_least_selected(browser: "Browser", report: Path) -> None:
    with opened(browser, report) as page:
        button = page.get_by_role("button", name="Copy the new text").first
        wanted = button.locator("xpath=..").locator("ins").inner_text()
        button.click()
        page.locator("#said", has_text="The fix is").wait_for(state="attached")
        got = page.evaluate("getSelection().toString()")
        assert page.locator("#said").inner_text() == "The fix is copied." or got in wanted


def test_rule_opens_from_a_finding(browser: "Browser", report: Path) -> None:
    with opened(browser, report) as page:
        page.locator(".finding a[href='#rule-dead-link']").first.click()
        assert page.locator("#rule-dead-link").get_attribute("open") is not None


def test_an_entry_leads_to_its_finding_even_past_the_first_hundred(
    browser: "Browser", tmp_path: Path
) -> None:
    path = tmp_path / "many.html"
    path.write_text(render(result(900), OutputCapabilities()), encoding="utf-8")
    with opened(browser, path) as page:
        page.locator("#search").fill("model-893")
        page.locator("#entry-count", has_text="1 of 900").wait_for()
        anchor = page.locator("#entry-table tbody a[href^='#f-']").get_attribute("href")
        assert anchor
        page.get_by_role("button", name="Reset").click()
        page.evaluate("hash => { location.hash = hash; }", anchor)
        page.locator(anchor).wait_for()
        assert "model-893" in page.locator(anchor).inner_text()


def test_readable_without_javascript(browser: "Browser", report: Path) -> None:
    with opened(browser, report, java_script_enabled=False) as page:
        assert visible(page, ".finding") == 24
        assert visible(page, "#entry-table tbody tr") == 60
        assert visible(page, "#search") == 0


def test_hostile_names_show_as_text(browser: "Browser", tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(render(result(20, hostile=True), OutputCapabilities()), encoding="utf-8")
    with opened(browser, path) as page:
        assert page.locator("img").count() == 0
        assert "</script><img src=x onerror=alert(1)>" in page.locator("#entries").inner_text()
        assert "</script><img src=x onerror=alert(1)>" in page.locator("#findings").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280, 2560, 3840])
def test_no_sideways_scrolling_and_nothing_against_it(
    browser: "Browser", report: Path, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, report, viewport=size, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        if width in (360, 1280):
            assert violations(page) == []


def test_ten_thousand_entries_open_and_filter_at_once(
    browser: "Browser", tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = tmp_path / "large.html"
    path.write_text(render(result(10_000), OutputCapabilities()), encoding="utf-8")
    started = time.monotonic()
    with opened(browser, path) as page:
        opening = time.monotonic() - started
        blocked = page.evaluate(FILTER, "model-77")
        again = page.evaluate(FILTER, "")
        sorting = page.evaluate(SORT)
        record_property("opening_s", opening)
        record_property("filter_ms", blocked)
        record_property("sort_ms", sorting)
        print(f"open {opening:.2f} s, filter {blocked:.0f}, {again:.0f} ms, sort {sorting:.0f} ms")
        assert page.locator("#entry-table tbody tr").count() == 300
        assert opening < 60
        assert max(blocked, again) < 5_000
        assert sorting < 5_000


def test_every_hostile_text_shows_as_text(browser: "Browser", tmp_path: Path) -> None:
    table = Path(__file__).parents[1] / "data/hostile.json"
    texts = [row["text"] for row in json.loads(table.read_text("utf-8"))]
    one = result(5)
    facts = {"license": "x", "last_push": "y", "stars": 3}
    entries = tuple(
        replace(entry(n, text), observed={**facts, "license": text}) for n, text in enumerate(texts)
    )
    found = tuple(finding(n, Status.DEAD, text) for n, text in enumerate(texts))
    path = tmp_path / "hostile.html"
    page_text = render(replace(one, entries=entries, findings=found), OutputCapabilities())
    path.write_text(page_text, encoding="utf-8")
    with opened(browser, path) as page:
        assert page.locator("#entry-table tbody tr").count() == len(texts)
        assert page.locator(".finding").count() == len(texts)
        assert (
            page.locator("main :is(img, iframe, object, embed, script, style, base)").count() == 0
        )
        assert page.title().endswith("linkcheck report")
