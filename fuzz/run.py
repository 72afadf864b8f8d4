"""Run one target for a bounded time: ``python -m fuzz.run url --seconds 180``."""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FUZZED = (
    "linkcheck.model.url",
    "linkcheck.net.address_guard",
    "linkcheck.providers",
    "linkcheck.catalog",
)


def fuzz(name: str, arguments: list[str]) -> None:
    """Run the fuzzer, which ends the process."""
    import atheris

    with atheris.instrument_imports(include=list(FUZZED)):
        from fuzz.targets import TARGETS

        # Lazy imports are triggered here so that they are instrumented.
        for seed in sorted((HERE / "corpus" / name).iterdir()):
            TARGETS[name](seed.read_bytes())
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name])
    atheris.Fuzz()


def bounded(name: str, seconds: int) -> int:
    """Run a target in a separate process, and write its figures into the docs."""
    from benchmarks.reliability import write_section

    findings = HERE / "findings"
    findings.mkdir(exist_ok=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as grown:
        done = subprocess.run(
            (
                *(sys.executable, "-m", "fuzz.run", name, "--inside", grown),
                *(str(HERE / "corpus" / name), f"-max_total_time={seconds}", "-timeout=20"),
                *("-rss_limit_mb=2048", "-max_len=4096", f"-artifact_prefix={findings}/{name}-"),
                "-print_final_stats=1",
            ),
            cwd=HERE.parent,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        size = len(list(Path(grown).iterdir()))
    executed = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    inputs = int(executed[1]) if executed else 0
    found = re.findall(r"Test unit written to (\S+)", done.stderr)
    cover = re.findall(r"cov: (\d+)", done.stderr)
    words = (
        f"{inputs:,} inputs in {time.monotonic() - start:.0f} s; {len(found)} findings; "
        f"{cover[-1] if cover else '?'} branches reached, corpus grown to {size} inputs"
    )
    print(f"{name}: {words}")
    if done.returncode:
        print(done.stderr[-3000:])
    else:
        write_section(f"fuzz-{name}", f"python -m fuzz.run {name} --seconds {seconds}", words)
    return done.returncode


def main() -> int:
    """Run a target, or one input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=("url", "markdown", "yaml"))
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen, rest = parser.parse_known_args()
    if chosen.inside or rest:
        fuzz(chosen.target, rest)
        return 0
    return bounded(chosen.target, chosen.seconds)


if __name__ == "__main__":
    sys.exit(main())
