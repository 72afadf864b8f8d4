"""The shipped fixtures cover the shipped catalog, with made-up values marked."""

import json
from pathlib import Path

import pytest

from linkcheck.catalog.load import load_catalog
from linkcheck.model.target import TargetKind
from linkcheck.model.url import InvalidUrlError, is_skipped_scheme, parse
from linkcheck.providers.table import recognize
from linkcheck.sandbox import demo
from linkcheck.sandbox.fixtures import Behavior, Fixtures, Paper, Repository, WebHost

ROOT = Path(__file__).parents[2]
HINT = "run tools/build_fixtures.py"


def links() -> set[str]:
    entries = load_catalog([demo.shipped_catalog()], root=ROOT).entries
    seeds = (ROOT / "tests" / "data" / "seed_urls.txt").read_text("utf-8").splitlines()
    return {link.url for entry in entries for link in entry.links} | {
        line.partition("\t")[0] for line in seeds
    }


def covers(fixtures: Fixtures, url: str) -> bool:
    try:
        target = recognize(url).target
    except InvalidUrlError:
        return True
    match target.kind:
        case TargetKind.GITHUB_REPO | TargetKind.GITHUB_PATH:
            return "/".join(target.key.split("/")[:2]) in fixtures.repository_by_name
        case TargetKind.HF_MODEL | TargetKind.HF_DATASET | TargetKind.HF_SPACE:
            return (target.kind.removeprefix("hf-"), target.key) in fixtures.hub_by_name
        case TargetKind.ARXIV:
            return target.key in fixtures.paper_by_id
        case TargetKind.DOI:
            return target.key in fixtures.doi_by_id
        case TargetKind.WEB:
            at = parse(target.url)
            return at.host in fixtures.host_by_name
        case _:
            return True


def test_the_fixtures_cover_the_catalog() -> None:
    fixtures = demo.fixtures()
    missing = sorted(u for u in links() if not is_skipped_scheme(u) and not covers(fixtures, u))
    assert not missing, f"{HINT}: {missing[:5]}"


def test_made_up_values_are_marked() -> None:
    for repo in demo.fixtures().repositories:
        if repo.stars and not repo.name.startswith(("linkcheck-demo/", "linkcheck-origin/")):
            assert "stars" in repo.assumed, repo.name


def test_seeded_defects_name_entries_of_the_demo() -> None:
    text = "".join(file.read_text("utf-8") for file in demo.inputs()[1].glob("*.yaml"))
    ids = {line.removeprefix("- id: ") for line in text.splitlines() if line.startswith("- id")}
    assert {defect.entry for defect in demo.seeded_defects()} <= ids
    assert len({(defect.entry, defect.rule) for defect in demo.seeded_defects()}) == len(
        demo.seeded_defects()
    )


def test_fixture_files_have_one_item_per_line() -> None:
    for file in [*demo.HERE.parent.joinpath("catalog_fixtures").glob("*.json"), demo.DEMO_FIXTURES]:
        for line in file.read_text("utf-8").splitlines():
            if line.startswith("    {"):
                assert isinstance(json.loads(line.rstrip(",")), dict)


def test_later_fixtures_take_precedence() -> None:
    lower = Fixtures(
        repositories=(Repository("a/b", stars=1), Repository("a/c")),
        hosts=(WebHost("x.example", {"/": Behavior(title="old"), "/kept": Behavior()}),),
        papers=(Paper("2301.00001"),),
    )
    upper = Fixtures(
        repositories=(Repository("A/B", stars=2),),
        hosts=(WebHost("x.example", {"/": Behavior(title="new")}),),
    )
    both = upper.over(lower)
    assert both.repository_by_name["a/b"].stars == 2
    assert "a/c" in both.repository_by_name
    assert both.host_by_name["x.example"].pages["/"].title == "new"
    assert "/kept" in both.host_by_name["x.example"].pages
    assert both.papers == lower.papers


@pytest.mark.parametrize(
    ("ref", "path", "kind"),
    [
        ("HEAD", "", "tree"),
        ("main", "docs", "tree"),
        ("v1", "docs/a.md", "blob"),
        ("dev", "only.md", "blob"),
        ("main", "only.md", None),
        ("HEAD", "doc", None),
        ("nope", "docs", None),
    ],
)
def test_paths_in_a_repository(ref: str, path: str, kind: str | None) -> None:
    repo = Repository("a/b", branches=("dev",), tags=("v1",), files=("docs/a.md", "dev:only.md"))
    assert repo.look_up(ref, path) == kind
