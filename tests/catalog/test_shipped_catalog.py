"""The shipped catalog: complete against its sources, valid, without duplicates."""

from pathlib import Path

import pytest

from linkcheck.catalog.load import load_catalog
from linkcheck.model.entry import Catalog
from linkcheck.model.target import Target
from linkcheck.model.url import InvalidUrlError
from linkcheck.model.url_repair import repair_url
from linkcheck.providers.table import recognize

ROOT = Path(__file__).resolve().parents[2]
CORRECTIONS = (ROOT / "docs/catalog-corrections.md").read_text("utf-8")
SOURCES = (ROOT / "docs/catalog-sources.md").read_text("utf-8")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog([Path("catalog")], root=ROOT)


def target_of(url: str) -> Target | None:
    try:
        return recognize(url).target
    except InvalidUrlError:
        meant = repair_url(url)
        return recognize(meant).target if meant else None


def test_every_url_of_the_sources_is_in_the_catalog_or_explained(catalog: Catalog) -> None:
    there = {target_of(link.url) for entry in catalog.entries for link in entry.links}
    rows = (ROOT / "tests/data/seed_urls.txt").read_text("utf-8").splitlines()
    urls = [row.split("\t")[0] for row in rows if row.strip()]
    assert len(urls) > 350
    lost = [url for url in urls if target_of(url) not in there and url not in CORRECTIONS]
    assert not lost


def test_the_catalog_loads_without_a_problem(catalog: Catalog) -> None:
    assert len(catalog.entries) > 300
    assert not catalog.problems
    assert len({entry.id for entry in catalog.entries}) == len(catalog.entries)


def test_every_entry_names_sources_that_the_page_explains(catalog: Catalog) -> None:
    slugs = {slug for entry in catalog.entries for slug in entry.listed_in}
    assert slugs
    assert not [entry.id for entry in catalog.entries if not entry.listed_in]
    assert not [slug for slug in slugs if f"`{slug}`" not in SOURCES]


def test_no_text_of_the_catalog_is_mis_decoded() -> None:
    # What UTF-8 looks like when it was read as Windows-1252 or Latin-1.
    signs = ("Ã¤", "Ã¼", "Ã¶", "åŒ", "â€", "ï¼", "\ufffd")
    for path in (ROOT / "catalog").rglob("*.yaml"):
        text = path.read_text("utf-8")
        assert not [sign for sign in signs if sign in text], path


def test_every_file_names_its_schema_for_editors() -> None:
    for path in (ROOT / "catalog").rglob("*.yaml"):
        first = path.read_text("utf-8").partition("\n")[0]
        prefix = "# yaml-language-server: $schema="
        assert first.startswith(prefix)
        assert (path.parent / first.removeprefix(prefix)).resolve().is_file(), path
