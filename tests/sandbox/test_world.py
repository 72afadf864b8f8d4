"""The shipped world knows what the shipped catalog links to, and is honest about it."""

import json
from pathlib import Path

import pytest

from linkcheck.catalog.load import load_catalog
from linkcheck.model.target import TargetKind
from linkcheck.model.url import InvalidUrlError, is_skipped_scheme, parse
from linkcheck.providers.table import recognize
from linkcheck.sandbox import demo
from linkcheck.sandbox.fixtures import Behavior, Paper, Repository, WebHost, World

ROOT = Path(__file__).parents[2]
MEND = "run tools/build_world.py"


def links() -> set[str]:
    entries = load_catalog([demo.shipped_catalog()], root=ROOT).entries
    seeds = (ROOT / "tests" / "data" / "seed_urls.txt").read_text("utf-8").splitlines()
    return {link.url for entry in entries for link in entry.links} | {
        line.partition("\t")[0] for line in seeds
    }


def knows(world: World, url: str) -> bool:
    try:
        target = recognize(url).target
    except InvalidUrlError:
        return True
    match target.kind:
        case TargetKind.GITHUB_REPO | TargetKind.GITHUB_PATH:
            return "/".join(target.key.split("/")[:2]) in world.repository_by_name
        case TargetKind.HF_MODEL | TargetKind.HF_DATASET | TargetKind.HF_SPACE:
            return (target.kind.removeprefix("hf-"), target.key) in world.hub_by_name
        case TargetKind.ARXIV:
            return target.key in world.paper_by_id
        case TargetKind.DOI:
            return target.key in world.doi_by_id
        case TargetKind.WEB:
            at = parse(target.url)
            return at.host in world.host_by_name
        case _:
            return True


def test_the_world_covers_the_catalog() -> None:
    world = demo.world()
    strangers = sorted(u for u in links() if not is_skipped_scheme(u) and not knows(world, u))
    assert not strangers, f"{MEND}: {strangers[:5]}"


def test_made_up_values_are_marked() -> None:
    for repo in demo.world().repositories:
        if repo.stars and not repo.name.startswith(("linkcheck-demo/", "linkcheck-origin/")):
            assert "stars" in repo.assumed, repo.name


def test_planted_defects_point_to_entries_of_the_demo() -> None:
    text = "".join(file.read_text("utf-8") for file in demo.inputs()[1].glob("*.yaml"))
    ids = {line.removeprefix("- id: ") for line in text.splitlines() if line.startswith("- id")}
    assert {plant.entry for plant in demo.planted()} <= ids
    assert len({(plant.entry, plant.rule) for plant in demo.planted()}) == len(demo.planted())


def test_world_files_hold_one_thing_a_line() -> None:
    for file in [*demo.HERE.parent.joinpath("world").glob("*.json"), demo.PLANTED_WORLD]:
        for line in file.read_text("utf-8").splitlines():
            if line.startswith("    {"):
                assert isinstance(json.loads(line.rstrip(",")), dict)


def test_worlds_lie_over_each_other() -> None:
    lower = World(
        repositories=(Repository("a/b", stars=1), Repository("a/c")),
        hosts=(WebHost("x.example", {"/": Behavior(title="old"), "/kept": Behavior()}),),
        papers=(Paper("2301.00001"),),
    )
    upper = World(
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
