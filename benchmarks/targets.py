"""What linkcheck costs apart from waiting: start-up, warm runs, judging, memory.

``python -m benchmarks.targets [startup] [warm] [judge] [memory]`` prints CPU seconds (user and
system, of whole processes unless said otherwise) and peak memory; medians of ``--runs``.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Finished, Served, run, serve
from benchmarks.worlds import mixed

ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def child(served: Served, folder: Path, *more: str) -> tuple[Finished, dict[str, object]]:
    """Run linkcheck once against a sandbox; returns what it took and what it says of itself."""
    files = [str(file) for file in sorted(folder.glob("catalog-*.md"))]
    command = [sys.executable, "-m", "benchmarks.child", str(served.port)]
    command += [str(folder / "report.json"), *more, "--time-scale", "0.01", *files]
    finished = run(command, ENVIRONMENT, 900)
    if not finished.out:
        raise RuntimeError(finished.err)
    told: dict[str, object] = json.loads(finished.out.splitlines()[-1])
    return finished, told


def startup(runs: int) -> None:
    """Print the time of ``--version`` and the CPU time of a check of five links."""
    version = [
        run([sys.executable, "-m", "linkcheck", "--version"], ENVIRONMENT, 60) for _ in range(runs)
    ]
    print(f"--version: {statistics.median(r.wall for r in version):.3f} s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mixed(5).write(folder)
        with serve(folder / "world.json", latency=0, time_scale=0.01, limits=True) as served:
            five = [child(served, folder)[0] for _ in range(runs)]
    print(f"five links: {statistics.median(r.cpu for r in five):.2f} s of CPU")


def warm(links: int) -> None:
    """Print a cold run, one with everything fresh, and one with everything stale."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mixed(links).write(folder)
        store = ("--store", str(folder / "store.db"))
        with serve(folder / "world.json", latency=0, time_scale=0.01, limits=True) as served:
            runs = {"cold": (), "fresh": ("--max-age", "30"), "stale": ("--stale",)}
            for what, more in runs.items():
                finished, told = child(served, folder, *store, *more)
                asked = sum(dict(told["requests"]).values())  # type: ignore[call-overload]
                print(
                    f"{links:,} links, {what}: {finished.cpu:.2f} s of CPU, {asked:,} requests, "
                    f"{told['reused']:,} reused, peak {finished.peak_mb:.0f} MB"
                )


def memory(sizes: tuple[int, ...]) -> None:
    """Print time and peak memory by size, without latency, with a hundredth of every pause."""
    for links in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            mixed(links).write(folder)
            with serve(folder / "world.json", latency=0, time_scale=0.01, limits=True) as served:
                finished, _ = child(served, folder)
        print(
            f"{links:>8,} links: {finished.cpu:7.1f} s of CPU, {finished.wall:7.1f} s, "
            f"peak {finished.peak_mb:5.0f} MB",
            flush=True,
        )


def judge(links: int) -> None:
    """Print the CPU seconds of each step that asks nobody, in this process."""
    from linkcheck.catalog.load import load_catalog
    from linkcheck.engine.evaluate import evaluate
    from linkcheck.engine.identify import identify
    from linkcheck.engine.summarize import entry_results, link_results
    from linkcheck.model.facts import ModelFacts, PageFacts, PaperFacts, RepositoryFacts
    from linkcheck.model.garbage_collection import tune_garbage_collector
    from linkcheck.model.observation import (
        Evidence,
        EvidenceItem,
        Found,
        Gone,
        GoneReason,
        Observation,
    )
    from linkcheck.model.result import RequestCount, RunOutcome, RunResult
    from linkcheck.model.settings import RuleSettings
    from linkcheck.model.target import Service, Target
    from linkcheck.providers.table import recognize
    from linkcheck.report import OutputCapabilities, get_renderer
    from linkcheck.rules.table import all_rules

    tune_garbage_collector()
    now = datetime.now(UTC)

    def seen(target: Target, number: int) -> Evidence:
        name = target.key
        facts = {
            Service.GITHUB: RepositoryFacts(full_name=name, stars=number, license="MIT"),
            Service.HUGGINGFACE: ModelFacts(full_name=name, kind="model", license="apache-2.0"),
            Service.ARXIV: PaperFacts(paper_id=name, title="Things considered", latest_version=1),
            Service.WEB: PageFacts(title=f"Page {number}"),
        }[target.service]
        outcome = Found(facts) if number % 20 else Gone(GoneReason.NOT_FOUND)
        item = EvidenceItem("benchmark", now, "as the benchmark has it")
        return Evidence(target, (Observation(target, now, outcome, (item,)),))

    with tempfile.TemporaryDirectory() as name:
        files = mixed(links).write(Path(name))
        steps: dict[str, float] = {}
        clock = time.process_time()

        def step(what: str) -> None:
            nonlocal clock
            steps[what] = time.process_time() - clock
            clock = time.process_time()

        catalog = load_catalog(files, root=Path(name))
        step("read")
        identified = identify(catalog, recognize)
        step("identify")
        evidence = {
            question.target: seen(question.target, number)
            for number, question in enumerate(identified.requests)
        }
        clock = time.process_time()
        found = evaluate(catalog, identified, evidence, all_rules(), RuleSettings(), now)
        step("judge")
        result = RunResult(
            "0",
            RunOutcome.COMPLETE,
            None,
            now,
            now,
            (),
            RequestCount(),
            0,
            link_results(found.entries),
            entry_results(found.entries),
            found.findings,
        )
        step("collect")
        get_renderer("json")(result, OutputCapabilities())
        step("render")
    inside = sum(seconds for what, seconds in steps.items() if what != "read")
    shown = ", ".join(f"{what} {seconds:.2f}" for what, seconds in steps.items())
    print(f"{links:,} links: {shown}; without reading {inside:.2f} s of CPU")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.targets", description=__doc__)
    parser.add_argument("what", nargs="*", default=["startup", "warm", "judge", "memory"])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    for what in options.what:
        match what:
            case "startup":
                startup(options.runs)
            case "warm":
                warm(10_000)
            case "judge":
                judge(100_000)
            case "memory":
                memory((1_000, 10_000, 30_000, 100_000))
            case _:
                parser.error(f"there is no '{what}'")


if __name__ == "__main__":
    main()
