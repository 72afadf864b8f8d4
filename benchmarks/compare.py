"""Compare linkcheck with other link checkers on the same links, in turn.

``python -m benchmarks.compare`` (10,000 mixed links, the services' limits in force) and
``python -m benchmarks.compare --kind pages --links 5000 --no-limits`` are the two comparisons of
docs/performance.md. Every run gets a new sandbox in a separate process, so that no quotas are
shared. ``lychee`` comes from the extra ``bench``
(``pip install -e '.[bench]'``); ``linkinator`` is used if it is installed.

A tool is stopped after ``--timeout`` seconds; its output until then is counted.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import others
from benchmarks.generate import KINDS
from benchmarks.measure import ProcessResult, SandboxProcess, run, run_sandbox


@dataclass(frozen=True)
class Setting:
    """The input and options of a run."""

    folder: Path
    files: list[Path]
    options: argparse.Namespace

    @property
    def expected(self) -> dict[str, str]:
        """URL to ``alive`` or ``dead``."""
        verdicts: dict[str, str] = json.loads((self.folder / "expected.json").read_text("utf-8"))
        return verdicts


@dataclass(frozen=True)
class Row:
    """One run of one tool."""

    tool: str
    wall: float
    cpu: float
    peak_mb: float
    finished: bool
    requests: dict[str, int]
    limited: int
    """Responses 429, and 403 for an exhausted quota."""
    judged: int
    wrong: int
    """Alive links reported as dead (also after a rate limit), and the reverse."""
    server_cpu: float

    @property
    def total(self) -> int:
        """All requests."""
        return sum(self.requests.values())


Verdicts = dict[str, str]
"""URL to ``alive``, ``dead`` or ``unknown``."""


def linkcheck(setting: Setting, sandbox: SandboxProcess) -> tuple[ProcessResult, Verdicts]:
    """Run linkcheck without a store."""
    report = setting.folder / "report.json"
    report.unlink(missing_ok=True)
    options = setting.options
    command = [sys.executable, "-m", "benchmarks.child", str(sandbox.port), str(report)]
    command += ["--time-scale", str(options.time_scale), *map(str, setting.files)]
    if options.no_tokens:
        command.append("--no-tokens")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = run(command, environment, options.timeout)
    verdicts: Verdicts = {}
    if report.exists():
        meaning = {"alive": "alive", "moved": "alive", "dead": "dead"}
        for link in json.loads(report.read_text("utf-8"))["links"]:
            verdicts[link["url"]] = meaning.get(link["status"], "unknown")
    return process, verdicts


Runner = Callable[[Setting, SandboxProcess], tuple[ProcessResult, Verdicts]]


def tools(setting: Setting) -> dict[str, Runner]:
    """Return the installed tools by name."""
    found: dict[str, Runner] = {"linkcheck": linkcheck}
    options = setting.options
    installed = Path(sys.executable).parent / "lychee"
    run_lychee = str(installed) if installed.exists() else shutil.which("lychee")
    if run_lychee:
        found["lychee"] = lambda s, sandbox: others.run_lychee(
            run_lychee, s.files, sandbox.port, options.timeout, options.equal_politeness
        )
    run_linkinator = shutil.which("linkinator")
    if run_linkinator:
        found["linkinator"] = lambda s, sandbox: others.run_linkinator(
            run_linkinator, s.files, sandbox.port, options.timeout
        )
    return found


def measure(name: str, runner: Runner, setting: Setting) -> Row:
    """Run one tool once."""
    options = setting.options
    with run_sandbox(
        setting.folder / "fixtures.json",
        latency=options.latency,
        time_scale=options.time_scale,
        limits=not options.no_limits,
    ) as sandbox:
        process, verdicts = runner(setting, sandbox)
    counts = sandbox.counts
    expected = setting.expected
    judged = {
        u: verdict for u, verdict in verdicts.items() if u in expected and verdict != "unknown"
    }
    statuses = {int(code): n for code, n in counts["statuses"].items()}
    return Row(
        tool=name,
        wall=process.wall,
        cpu=process.cpu,
        peak_mb=process.peak_mb,
        finished=not process.stopped,
        requests=counts["by_host"],
        limited=statuses.get(429, 0) + statuses.get(403, 0),
        judged=len(judged),
        wrong=sum(verdict != expected[url] for url, verdict in judged.items()),
        server_cpu=sandbox.cpu,
    )


def show(rows: list[Row], setting: Setting) -> None:
    """Print medians, ratios and requests per host."""
    options = setting.options
    limits = "no limits" if options.no_limits else f"limits in force (time x {options.time_scale})"
    print(
        f"{options.links:,} links ({options.kind}), latency {options.latency * 1000:.0f} ms, "
        f"{limits}, {options.runs} runs in turn, medians"
    )
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.platform()}, {os.cpu_count()} cores")
    print()
    heads = ("tool", "wall s", "CPU s", "peak MB", "requests", "429s", "judged", "wrong", "done")
    print("| " + " | ".join(heads) + " | sandbox CPU s |")
    print("|" + "---|" * (len(heads) + 1))
    names = list(dict.fromkeys(row.tool for row in rows))
    for name in names:
        mine = [row for row in rows if row.tool == name]
        done = sum(row.finished for row in mine)
        print(
            f"| {name} | {_median(r.wall for r in mine):.1f} | {_median(r.cpu for r in mine):.2f} "
            f"| {_median(r.peak_mb for r in mine):.0f} | {_median(r.total for r in mine):,.0f} "
            f"| {_median(r.limited for r in mine):,.0f} | {_median(r.judged for r in mine):,.0f} "
            f"| {_median(r.wrong for r in mine):,.0f} | {done} of {len(mine)} "
            f"| {_median(r.server_cpu for r in mine):.1f} |"
        )
    print()
    _ratios(rows, names)
    for name in names:
        last = [row for row in rows if row.tool == name][-1]
        print(f"{name}, requests by host: {_hosts(last.requests)}")


def _ratios(rows: list[Row], names: list[str]) -> None:
    ours = [row for row in rows if row.tool == "linkcheck"]
    for name in names:
        theirs = [row for row in rows if row.tool == name]
        if name == "linkcheck" or len(theirs) != len(ours):
            continue
        pairs = list(zip(ours, theirs, strict=True))
        wall = _median(a.wall / b.wall for a, b in pairs)
        cpu = _median(a.cpu / b.cpu for a, b in pairs if b.cpu)
        asked = _median(a.total / b.total for a, b in pairs if b.total)
        print(f"linkcheck / {name}: wall {wall:.3f}, CPU {cpu:.2f}, requests {asked:.3f}")
    print()


def _hosts(requests: dict[str, int]) -> str:
    known = {host: n for host, n in requests.items() if not host.endswith(".alt")}
    pages = sum(requests.values()) - sum(known.values())
    shown = [f"{host} {n:,}" for host, n in sorted(known.items(), key=lambda item: -item[1])]
    return ", ".join([*shown, f"web hosts together {pages:,}"])


def _median(values: Iterable[float]) -> float:
    found: list[Any] = list(values)
    return statistics.median(found) if found else 0.0


def main() -> None:
    """Run the comparison with the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--links", type=int, default=10_000)
    parser.add_argument("--kind", choices=KINDS, default="mixed")
    parser.add_argument("--latency", type=float, default=0.06, help="seconds before every answer")
    parser.add_argument("--time-scale", type=float, default=1.0, help="length of limits' windows")
    parser.add_argument("--no-limits", action="store_true")
    parser.add_argument("--no-tokens", action="store_true", help="linkcheck gets no tokens")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for one run")
    parser.add_argument("--only", action="append", help="only this tool; repeatable")
    parser.add_argument(
        "--equal-politeness",
        action="store_true",
        help="lychee with linkcheck's concurrency per host (4) and no pause between requests",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = KINDS[options.kind](options.links).write(folder)
        setting = Setting(folder, files, options)
        chosen = tools(setting)
        rows = []
        for _ in range(options.runs):
            for tool, runner in chosen.items():
                if options.only and tool not in options.only:
                    continue
                rows.append(measure(tool, runner, setting))
                print(f"# {rows[-1].tool}: {rows[-1].wall:.1f} s", file=sys.stderr, flush=True)
        show(rows, setting)


if __name__ == "__main__":
    main()
