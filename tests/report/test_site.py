"""The static site as texts: its files, its downloads, what changed, and hostile input."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from linkcheck.model.facts import ModelFacts, PaperFacts, PathFacts, RepositoryFacts
from linkcheck.model.observation import (
    Evidence,
    Found,
    Gone,
    GoneReason,
    Observation,
    Outcome,
    Unknown,
    UnknownReason,
)
from linkcheck.model.target import Target, TargetKind
from linkcheck.report.site import site_files
from linkcheck.report.site.catalog_changes import find_changes
from linkcheck.report.site.data import page_slugs
from tests.report.page_parser import Page
from tests.report.report_results import HOSTILE, NOW
from tests.report.site_builders import site

TARGET = Target(TargetKind.GITHUB_REPO, "o/n", "https://github.com/o/n")
ATOM = "{http://www.w3.org/2005/Atom}"


def pages(made: dict[str, str]) -> dict[str, Page]:
    return {path: Page(text) for path, text in made.items() if path.endswith(".html")}


def test_a_page_per_kind_and_entry_and_the_downloads() -> None:
    made = dict(site_files(site()))
    assert {"index.html", "changes.html", "atom.xml", "catalog.json", "catalog.csv"} <= set(made)
    assert {"kind/model.html", "kind/dataset.html", "entry/entry-0.html"} <= set(made)
    assert "kind/tool.html" not in made


@pytest.mark.parametrize("hostile", [False, True])
def test_links_inside_the_site_lead_to_its_files_and_nothing_else_is_loaded(hostile: bool) -> None:
    made = dict(site_files(site(hostile=hostile)))
    for path, page in pages(made).items():
        for tag, attributes in page.elements:
            address = attributes.get("href") or attributes.get("src")
            if address is None or address.startswith(("#", "data:")):
                continue
            if address.startswith(("https://", "http://")):
                assert tag == "a"
                continue
            steps: list[str] = []
            for part in (PurePosixPath(path).parent / address).parts:
                steps = steps[:-1] if part == ".." else [*steps, part]
            assert "/".join(steps) in made, (path, address)


def test_hostile_text_stays_text_in_every_page() -> None:
    made = dict(site_files(site(hostile=True)))
    for path, page in pages(made).items():
        assert not [tag for tag, _ in page.elements if tag == "img"], path
        assert all(a.get("src") for tag, a in page.elements if tag == "script"), path
        assert not [n for _, a in page.elements for n in a if n.startswith("on")], path
        assert not [a for _, a in page.elements if (a.get("href") or "").startswith("java")], path
    assert not any(
        "\u202e" in text or "\x1b" in text for path, text in made.items() if "json" not in path
    )
    entry = next(page for path, page in pages(made).items() if path.startswith("entry/"))
    assert "onerror=alert(1)" in entry.words


def test_no_file_leaves_the_folder() -> None:
    assert all(re.fullmatch(r"[a-z0-9./-]+", path) for path in dict(site_files(site(hostile=True))))
    assert not any(".." in path for path in dict(site_files(site(hostile=True))))


def test_file_names_are_plain_and_never_alike() -> None:
    names = ["a", "A", "a b", "a-b", "", "con", "index", "../x", "é", "x" * 200, "a"]
    made = page_slugs(names)
    assert len(set(made)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,90}", slug) for slug in made)
    assert made[0] == "a"


def test_claims_and_observed_facts_share_a_row() -> None:
    words = " ".join(dict(site_files(site()))["entry/entry-0.html"].split())
    assert "<td>MIT</td><td>MIT (code)</td>" in words
    assert "2026-11-21" in words
    assert "Listed in a-list" in words


def test_csv_holds_no_formulas() -> None:
    rows = list(csv.reader(io.StringIO(dict(site_files(site(hostile=True)))["catalog.csv"])))
    assert len({len(row) for row in rows}) == 1
    assert all(cell[:1] not in ("=", "+", "-", "@") for row in rows for cell in row)


def test_json_keeps_the_texts_as_they_are() -> None:
    document = json.loads(dict(site_files(site(hostile=True)))["catalog.json"])
    assert document["entries"][0]["name"] == HOSTILE
    assert document["entries"][0]["links"][0]["last_seen"] == "2026-11-21T12:00:00Z"


def test_feed_is_valid_atom() -> None:
    feed = ET.fromstring(dict(site_files(site(hostile=True)))["atom.xml"])
    assert feed.tag == f"{ATOM}feed"
    assert all(feed.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated"))
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 1
    needed = ("id", "title", "updated", "link")
    assert all(entries[0].find(f"{ATOM}{name}") is not None for name in needed)


def test_same_data_gives_the_same_site() -> None:
    assert dict(site_files(site())) == dict(site_files(site()))


def seen(day: int, outcome: Outcome) -> Observation:
    return Observation(TARGET, NOW + timedelta(days=day), outcome)


def repository(**facts: Any) -> Found:
    return Found(RepositoryFacts(**facts))


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        (repository(), Gone(GoneReason.NOT_FOUND), ["is gone"]),
        (Gone(GoneReason.NOT_FOUND), repository(), ["is there again"]),
        (repository(archived=False), repository(archived=True), ["was archived"]),
        (repository(license="MIT"), repository(license="GPL-3.0"), ["license: MIT became GPL-3.0"]),
        (repository(license="MIT"), repository(), []),
        (repository(stars=1), repository(stars=9), []),
        (
            repository(),
            Found(RepositoryFacts(), now_at="https://github.com/o/m", permanent=True),
            ["moved to https://github.com/o/m"],
        ),
        (
            Found(PathFacts(RepositoryFacts(), "a", "main", exists=True)),
            Found(PathFacts(RepositoryFacts(), "a", "main", exists=False)),
            ["the path is not there any more"],
        ),
        (
            Found(ModelFacts(base_models=("a",), gated="no")),
            Found(ModelFacts(base_models=("a", "b"), gated="auto")),
            ["gate: no became auto", "base models: a became a, b"],
        ),
        (
            Found(PaperFacts(withdrawn=False, latest_version=1)),
            Found(PaperFacts(withdrawn=True, latest_version=2)),
            ["was withdrawn", "version: 1 became 2"],
        ),
    ],
)
def test_what_changed(was: Outcome, now: Outcome, words: list[str]) -> None:
    silent = Unknown(UnknownReason.TIMEOUT)
    evidence = Evidence(TARGET, (seen(2, now), seen(1, silent), seen(0, was)))
    found = list(find_changes(evidence, ("e",)))
    assert [change.description for change in found] == words
    assert all(change.at == NOW + timedelta(days=2) for change in found)
