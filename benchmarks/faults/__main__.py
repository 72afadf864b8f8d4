"""Run the matrix, print failures and write the table: ``python -m benchmarks.faults``."""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from benchmarks.faults import tls
from benchmarks.faults.cases import Case, all_cases
from benchmarks.faults.cell import Outcome, run_cell
from benchmarks.faults.table import summary, table
from benchmarks.faults.upstreams import UPSTREAMS, Upstream
from benchmarks.reliability import write_section

COMMAND = "python -m benchmarks.faults"
WORKERS = 16
"""Concurrent processes; runs mostly wait for timeouts."""

MAX_MATRIX_SECONDS = 600.0
"""Maximum seconds for the whole matrix."""


def _run_job(job: tuple[Case, Upstream]) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        return run_cell(*job, Path(folder))


def run(
    only: str = "*", upstream: str = "*", workers: int = WORKERS, *, sample: bool = False
) -> list[Outcome]:
    """Run every matching cell; return the outcomes in the table's order.

    ``sample`` runs each fault with only one upstream.
    """
    jobs = [
        (case, up)
        for case in all_cases()
        for up in UPSTREAMS
        if up.name not in case.not_for
        and fnmatchcase(case.name, only)
        and fnmatchcase(up.name, upstream)
    ]
    if sample:
        jobs = _rotated(jobs)
    with tempfile.TemporaryDirectory() as folder:
        tls.trust(Path(folder))
        # Import everything before forking.
        run_cell(all_cases()[0], UPSTREAMS[0], Path(folder))
        context = multiprocessing.get_context("fork")
        with context.Pool(min(workers, len(jobs))) as pool:
            first = pool.map_async(_run_job, jobs, chunksize=1).get(timeout=MAX_MATRIX_SECONDS)
        # Short timeouts may expire on a busy machine, so failures are run again, alone.
        return [
            replace(_run_job(job), is_retry=True) if outcome.wrong else outcome
            for job, outcome in zip(jobs, first, strict=True)
        ]


def _rotated(jobs: Sequence[tuple[Case, Upstream]]) -> list[tuple[Case, Upstream]]:
    """Return one upstream for every fault, in rotation."""
    by_case: dict[str, list[tuple[Case, Upstream]]] = {}
    for job in jobs:
        by_case.setdefault(job[0].name, []).append(job)
    return [group[n % len(group)] for n, group in enumerate(by_case.values())]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the matrix; return 1 if any outcome is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="*", help="faults by name (a glob)")
    parser.add_argument("--upstream", default="*", help="upstreams by name (a glob)")
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--sample", action="store_true", help="each fault with one upstream")
    parser.add_argument("--check", action="store_true", help="do not write docs/reliability.md")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every cell")
    chosen = parser.parse_args(arguments)
    start = time.monotonic()
    outcomes = run(chosen.only, chosen.upstream, chosen.workers, sample=chosen.sample)
    seconds = time.monotonic() - start
    for outcome in outcomes:
        if outcome.wrong or chosen.verbose:
            print(
                f"{'WRONG' if outcome.wrong else 'ok':5} {outcome.case} / {outcome.upstream}: "
                f"{', '.join(outcome.statuses)} in {outcome.seconds:.1f} s; "
                f"{'; '.join(outcome.wrong)} {outcome.evidence}"
            )
    words = summary(outcomes, seconds)
    print(words)
    is_complete = (chosen.only, chosen.upstream, chosen.sample) == ("*", "*", False)
    if is_complete and not chosen.check:
        text = f"{words}\n\n{table(outcomes, [up.name for up in UPSTREAMS])}"
        write_section("faults", COMMAND, text)
    return 1 if any(outcome.wrong for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
