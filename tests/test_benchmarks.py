"""The benchmarks run and have right results on small fixtures."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "command",
    [
        ("compare", "--links", "60", "--runs", "1", "--only", "linkcheck", "--time-scale", "0.01"),
        ("compare", "--links", "60", "--runs", "1", "--only", "linkcheck", "--no-limits"),
    ],
)
def test_the_comparison_runs_and_finds_nothing_wrong(command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{command[0]}", *command[1:], "--latency", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    [row] = [line for line in done.stdout.splitlines() if line.startswith("| linkcheck |")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    judged, wrong, finished = cells[6:9]
    assert (judged, wrong, finished) == ("60", "0", "1 of 1")


def test_the_targets_are_measured() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.targets", "startup", "--runs", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        "--version",
        "five links",
    ]


LIST = """\
# Things

- [Ant](https://github.com/ant/ant) - [docs](https://github.com/ant/ant/blob/v2/docs/a%20b.md),
  [bug](https://github.com/ant/ant/issues/7), [release](https://github.com/ant/ant/releases/tag/v3),
  [wiki](https://github.com/ant/ant/wiki/Home), [owner](https://github.com/ant),
  [sponsors](https://github.com/sponsors/ant), [gist](https://gist.github.com/ant/0123456789abcdef0123)
- [Bee](https://huggingface.co/bee/bee-7b) - [file](https://huggingface.co/bee/bee-7b/blob/v1/a.bin),
  [data](https://huggingface.co/datasets/bee/honey), [docs](https://huggingface.co/docs/hub/index),
  [page](https://huggingface.co/papers/2301.00001), [bees](https://huggingface.co/collections/bee/all-0a1)
- [Cat](https://cat.example:8443/a/?q=%E7%8C%AB#top) - <https://doi.org/10.1000/Cat.1>
- [Typo](https://example.com:port/)

## Papers

- [On the flight of bees in winter](https://arxiv.org/abs/2301.00002v3)
- [Owls see everything at night](https://arxiv.org/abs/2301.00003)
- [Paper](https://arxiv.org/abs/2301.00004), [list](https://arxiv.org/list/cs.CL/recent)
"""


def test_healthy_fixtures_cover_a_list(tmp_path: Path) -> None:
    (tmp_path / "animals.md").write_text(LIST, "utf-8")
    (tmp_path / "empty.md").write_text("# Nothing\n", "utf-8")
    titles = {
        "2301.00003": "On the flight of bees in winter",
        "2301.00001": "Bees in hives of glass",
    }
    (tmp_path / "arxiv_titles.json").write_text(json.dumps(titles), "utf-8")
    figures = tmp_path / "figures.json"
    command = ["-m", "benchmarks.lists", str(tmp_path), "--json", str(figures), "-v"]
    done = subprocess.run(
        [sys.executable, *command, "--list", "animals"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    [read] = json.loads(figures.read_text("utf-8"))["lists"]
    assert read["status"] == {"alive": 20, "invalid": 1}
    assert read["titles"] == {"given": 2, "stated": 1, "unknown": 1}
    assert read["findings"]["invalid-link"] == {"error": 1}
    # The only other error is the paper with the title of the row above.
    errors = [line.split(": ")[:3] for line in done.stdout.splitlines() if ": error: " in line]
    assert sorted(errors) == [
        ["animals.md:11", "error", "invalid-link"],
        ["animals.md:16", "error", "title-mismatch"],
    ]
