"""The static site in a real browser, opened from disk."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from linkcheck.report.site import SiteData, site_files
from tests.report.chromium import chromium, opened, violations
from tests.report.site_builders import site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("site"), site(40))


def write(folder: Path, data: SiteData) -> Path:
    for path, text in site_files(data):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")
    return folder


def count(page: "Page") -> str:
    text: str = page.locator("#entry-count").inner_text()
    return text


def test_filters_narrow_the_table(browser: "Browser", folder: Path) -> None:
    with opened(browser, folder / "kind/model.html") as page:
        assert count(page) == "30 of 30 entries"
        page.get_by_label("Base model", exact=True).select_option("BLOOM")
        assert count(page) == "10 of 30 entries"
        page.get_by_label("Language", exact=True).select_option("en")
        assert count(page) == "0 of 30 entries"
        page.get_by_role("button", name="Reset").click()
        page.get_by_label("Gated", exact=True).select_option("yes")
        assert count(page) == "20 of 30 entries"
        page.get_by_label("Status", exact=True).select_option("dead")
        assert count(page) == "0 of 30 entries"


def test_an_entry_is_two_clicks_away(browser: "Browser", folder: Path) -> None:
    with opened(browser, folder / "index.html") as page:
        page.get_by_role("navigation").get_by_role("link", name="Models").click()
        page.get_by_role("link", name="Name 4", exact=True).click()
        assert page.get_by_role("heading", level=1).inner_text().startswith("Name 4")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["index.html", "kind/model.html", "entry/entry-1.html", "changes.html"]
)
def test_nothing_against_it(browser: "Browser", folder: Path, path: str, scheme: str) -> None:
    size = {"width": 360, "height": 900}
    with opened(browser, folder / path, viewport=size, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert violations(page) == []


def test_hostile_catalog_shows_as_text(browser: "Browser", tmp_path: Path) -> None:
    made = write(tmp_path, site(hostile=True))
    for path in ("index.html", "kind/model.html", "changes.html"):
        with opened(browser, made / path) as page:
            assert page.locator("img").count() == 0
