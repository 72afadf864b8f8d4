"""Measure CPU time and memory: start-up, warm runs, evaluation, memory by size.

``python -m benchmarks.targets [startup] [warm] [evaluate] [memory]`` prints CPU seconds (user and
system; of whole processes, except for ``evaluate``) and peak memory; medians of ``--runs``.
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

from benchmarks.generate import mixed
from benchmarks.measure import ProcessResult, SandboxProcess, run, run_sandbox

ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def child(
    sandbox: SandboxProcess, folder: Path, *more: str
) -> tuple[ProcessResult, dict[str, object]]:
    """Run linkcheck once against a sandbox; return its measurements and its own summary."""
    files = [str(file) for file in sorted(folder.glob("catalog-*.md"))]
    command = [sys.executable, "-m", "benchmarks.child", str(sandbox.port)]
    command += [str(folder / "report.json"), *more, "--time-scale", "0.01", *files]
    process = run(command, ENVIRONMENT, 900)
    if not process.out:
        raise RuntimeError(process.err)
    summary: dict[str, object] = json.loads(process.out.splitlines()[-1])
    return process, summary


def startup(runs: int) -> None:
    """Print the time of ``--version`` and the CPU time of a check of five links."""
    version = [
        run([sys.executable, "-m", "linkcheck", "--version"], ENVIRONMENT, 60) for _ in range(runs)
    ]
    print(f"--version: {statistics.median(r.wall for r in version):.3f} s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mixed(5).write(folder)
        with run_sandbox(
            folder / "fixtures.json", latency=0, time_scale=0.01, limits=True
        ) as sandbox:
            five = [child(sandbox, folder)[0] for _ in range(runs)]
    print(f"five links: {statistics.median(r.cpu for r in five):.2f} s of CPU")


def warm(links: int) -> None:
    """Print the figures of a cold run, one with fresh and one with stale observations."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mixed(links).write(folder)
        store = ("--store", str(folder / "store.db"))
        with run_sandbox(
            folder / "fixtures.json", latency=0, time_scale=0.01, limits=True
        ) as sandbox:
            runs = {"cold": (), "fresh": ("--max-age", "30"), "stale": ("--stale",)}
            for what, more in runs.items():
                process, summary = child(sandbox, folder, *store, *more)
                asked = sum(dict(summary["requests"]).values())  # type: ignore[call-overload]
                print(
                    f"{links:,} links, {what}: {process.cpu:.2f} s of CPU, {asked:,} requests, "
                    f"{summary['reused']:,} reused, peak {process.peak_mb:.0f} MB"
                )


def memory(sizes: tuple[int, ...]) -> None:
    """Print time and peak memory by size, without latency, at a time scale of a hundredth."""
    for links in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            mixed(links).write(folder)
            with run_sandbox(
                folder / "fixtures.json", latency=0, time_scale=0.01, limits=True
            ) as sandbox:
                process, _ = child(sandbox, folder)
        print(
            f"{links:>8,} links: {process.cpu:7.1f} s of CPU, {process.wall:7.1f} s, "
            f"peak {process.peak_mb:5.0f} MB",
            flush=True,
        )


def evaluation(links: int) -> None:
    """Print the CPU seconds of each step without network access, in this process."""
    from linkcheck.catalog.load import load_catalog
    from linkcheck.engine.evaluate import evaluate
    from linkcheck.engine.identify import identify
    from linkcheck.engine.summarize import entry_results, link_results
    from linkcheck.model.facts import Facts, ModelFacts, PageFacts, PaperFacts, RepositoryFacts
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

    def evidence_of(target: Target, number: int) -> Evidence:
        name = target.key
        facts_by_service: dict[Service, Facts] = {
            Service.GITHUB: RepositoryFacts(full_name=name, stars=number, license="MIT"),
            Service.HUGGINGFACE: ModelFacts(full_name=name, kind="model", license="apache-2.0"),
            Service.ARXIV: PaperFacts(paper_id=name, title="Things considered", latest_version=1),
            Service.WEB: PageFacts(title=f"Page {number}"),
        }
        facts = facts_by_service[target.service]
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
            request.target: evidence_of(request.target, number)
            for number, request in enumerate(identified.requests)
        }
        clock = time.process_time()
        found = evaluate(catalog, identified, evidence, all_rules(), RuleSettings(), now)
        step("evaluate")
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
    """Run the named benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.targets", description=__doc__)
    parser.add_argument("what", nargs="*", default=["startup", "warm", "evaluate", "memory"])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    for what in options.what:
        match what:
            case "startup":
                startup(options.runs)
            case "warm":
                warm(10_000)
            case "evaluate":
                evaluation(100_000)
            case "memory":
                memory((1_000, 10_000, 30_000, 100_000))
            case _:
                parser.error(f"there is no '{what}'")


if __name__ == "__main__":
    main()
