"""Run a sandbox in a separate process: ``python -m linkcheck.sandbox``.

Prints one line of JSON (its address, and environment variables that direct other programs to it),
serves until its standard input ends, then prints the request counts as a second line.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from linkcheck.sandbox.fixture_file import load_fixtures
from linkcheck.sandbox.fixtures import FixtureError
from linkcheck.sandbox.server import Sandbox


def main() -> int:
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m linkcheck.sandbox", description=__doc__)
    parser.add_argument("fixtures", nargs="*", type=Path, help="fixture files; none: the demo's")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--time-scale", type=float, help="factor on windows and delays")
    parser.add_argument("--real-timing", action="store_true", help="names and pages take time")
    parser.add_argument("--no-limits", action="store_true", help="enforce no limits")
    options = parser.parse_args()
    try:
        fixtures = load_fixtures(*options.fixtures) if options.fixtures else None
    except FixtureError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with Sandbox.start(
        fixtures,
        latency=options.latency,
        time_scale=options.time_scale,
        enforce_limits=not options.no_limits,
        real_timing=options.real_timing,
    ) as sandbox:
        _print_json({"address": sandbox.address, "port": sandbox.port, "env": sandbox.base_urls()})
        sys.stdin.read()
        _print_json(asdict(sandbox.counts()))
    return 0


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
