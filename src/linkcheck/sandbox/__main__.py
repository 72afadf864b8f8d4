"""``python -m linkcheck.sandbox``: a sandbox in a process of its own, for benchmarks and by hand.

Prints one line of JSON (the address, and environment variables that lead other programs there),
serves until its standard input ends, and then prints one more with what it was asked.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from linkcheck.sandbox.fixture_file import load_world
from linkcheck.sandbox.fixtures import WorldError
from linkcheck.sandbox.server import Sandbox


def main() -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m linkcheck.sandbox", description=__doc__)
    parser.add_argument("world", nargs="*", type=Path, help="world files; none: the demo's")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--time-scale", type=float, help="speed of the limits' clocks")
    parser.add_argument("--no-limits", action="store_true", help="enforce no limits")
    options = parser.parse_args()
    try:
        world = load_world(*options.world) if options.world else None
    except WorldError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with Sandbox.start(
        world,
        latency=options.latency,
        time_scale=options.time_scale,
        enforce_limits=not options.no_limits,
    ) as sandbox:
        _say({"address": sandbox.address, "port": sandbox.port, "env": sandbox.base_urls()})
        sys.stdin.read()
        _say(asdict(sandbox.counts()))
    return 0


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
