"""Measure the findings on healthy lists.

``python -m benchmarks.lists FOLDER [--json FILE] [--list NAME …] [-v]`` checks each Markdown list
of a folder in a separate process, over real sockets, against a sandbox in which everything that the
list links to exists and is healthy (:mod:`benchmarks.healthy`). So a finding is a false positive
unless the list itself is wrong.

True titles of arXiv papers are read from ``arxiv_titles.json`` in the folder, an object of
identifiers to titles. Other papers have the title that the list states, or none.

Prints findings per 100 entries, by list and by rule and severity, and the slowest list with its
peak memory; with ``-v`` also every error and warning: ``file:line: severity: rule: message``.
``--json`` writes the figures and all findings to a file.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.healthy import healthy_fixtures
from benchmarks.measure import run, run_sandbox

SEVERITIES = ("error", "warning", "info")
TITLES = "arxiv_titles.json"
MAX_SECONDS = 900.0
ENVIRONMENT = {
    k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "GITHUB_ACTIONS")
}

Json = dict[str, Any]


@dataclass(frozen=True)
class ListResult:
    """The result of one list."""

    name: str
    report: Json
    titles: dict[str, int]
    seconds: float
    cpu: float
    peak_mb: float

    @property
    def entries(self) -> int:
        """The number of entries in the list."""
        return int(self.report["summary"]["entries"])

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """Findings by rule and severity."""
        return Counter((found["rule"], found["severity"]) for found in self.report["findings"])

    @property
    def figures(self) -> Json:
        """The figures of the list, for ``--json``."""
        summary = self.report["summary"]
        return {
            "name": self.name,
            "entries": self.entries,
            "links": summary["links"],
            "status": {k: n for k, n in summary["status"].items() if n},
            "titles": self.titles,
            "seconds": round(self.seconds, 2),
            "cpu": round(self.cpu, 2),
            "peak_mb": round(self.peak_mb, 1),
            "findings": by_rule(self.counts),
        }


def check(file: Path, titles: dict[str, str]) -> ListResult:
    """Check one list; raises ``RuntimeError`` if the run was not complete."""
    fixtures = healthy_fixtures(file, titles)
    with tempfile.TemporaryDirectory() as name:
        path, report = Path(name) / "fixtures.json", Path(name) / "report.json"
        path.write_text(json.dumps(fixtures.sections), "utf-8")
        with run_sandbox(path, latency=0, time_scale=0.01, limits=False) as sandbox:
            command = [sys.executable, "-m", "benchmarks.child", str(sandbox.port), str(report)]
            command += ["--time-scale", "0.01", str(file)]
            process = run(command, ENVIRONMENT, MAX_SECONDS)
        if not report.is_file():
            raise RuntimeError(f"{file.name}: no report\n{process.err}")
        read = json.loads(report.read_text("utf-8"))
    if read["run"]["outcome"] != "complete":
        raise RuntimeError(f"{file.name}: {read['run']['reason']}")
    return ListResult(file.name, read, fixtures.titles, process.wall, process.cpu, process.peak_mb)


def by_rule(counts: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Return the counts by rule and severity, sorted."""
    table: dict[str, dict[str, int]] = {}
    for (rule, severity), number in sorted(counts.items()):
        table.setdefault(rule, {})[severity] = number
    return table


def _row(name: str, entries: int, counts: Counter[tuple[str, str]], more: str) -> str:
    found = [sum(n for (_, s), n in counts.items() if s == severity) for severity in SEVERITIES]
    shown = "".join(f"{n:>7}{_per_100(n, entries):>8}" for n in found)
    return f"{name:<22}{entries:>8}{shown}{more}"


def _per_100(number: int, entries: int) -> str:
    return f"{100 * number / entries:.2f}" if entries else "-"


def show(results: Sequence[ListResult], *, verbose: bool) -> Iterable[str]:
    """Yield the lines of the summary."""
    if verbose:
        for result in results:
            for found in sorted(result.report["findings"], key=lambda found: found["line"]):
                if found["severity"] != "info":
                    what = "{line}: {severity}: {rule}: {message}".format(**found)
                    yield f"{result.name}:{what}"
        yield ""
    entries = sum(result.entries for result in results)
    total = sum((result.counts for result in results), Counter[tuple[str, str]]())
    heads = "".join(f"{severity:>7}{'/100':>8}" for severity in SEVERITIES)
    yield f"{'list':<22}{'entries':>8}{heads}{'seconds':>9}{'MB':>6}  not alive"
    for result in results:
        status = {k: n for k, n in result.figures["status"].items() if k != "alive"}
        ill = ", ".join(f"{n} {k}" for k, n in status.items())
        yield _row(
            result.name,
            result.entries,
            result.counts,
            f"{result.seconds:>9.1f}{result.peak_mb:>6.0f}  {ill}",
        )
    yield _row("total", entries, total, "")
    yield f"\n{'rule':<30}{heads}"
    for rule, found in by_rule(total).items():
        numbers = [found.get(severity, 0) for severity in SEVERITIES]
        yield f"{rule:<30}" + "".join(f"{n:>7}{_per_100(n, entries):>8}" for n in numbers)
    titles = sum((Counter(result.titles) for result in results), Counter[str]())
    yield "\ntitles of papers: " + ", ".join(f"{titles[how]} {how}" for how in results[0].titles)
    slowest = max(results, key=lambda result: result.seconds)
    yield (
        f"slowest: {slowest.name}, {slowest.seconds:.1f} s ({slowest.cpu:.1f} s of CPU), "
        f"peak {slowest.peak_mb:.0f} MB"
    )


def main() -> None:
    """Check the lists of a folder and print the findings."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="write figures and findings to this file")
    parser.add_argument("--list", nargs="+", default=[], help="only these lists (NAME or NAME.md)")
    parser.add_argument("-v", "--verbose", action="store_true", help="show errors and warnings")
    options = parser.parse_args()
    names = {name.removesuffix(".md") for name in options.list}
    files = [f for f in sorted(options.folder.glob("*.md")) if not names or f.stem in names]
    if missing := names - {file.stem for file in files}:
        parser.error(f"{options.folder} has no list {min(missing)}")
    if not files:
        parser.error(f"{options.folder} has no Markdown files")
    titles_file = options.folder / TITLES
    titles = json.loads(titles_file.read_text("utf-8")) if titles_file.is_file() else {}
    results = [check(file, titles) for file in files]
    for line in show(results, verbose=options.verbose):
        print(line)
    if options.json:
        found = [finding for result in results for finding in result.report["findings"]]
        figures = {"lists": [result.figures for result in results], "findings": found}
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
