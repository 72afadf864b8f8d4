"""Local servers that behave like the real services, for the demo, tests and benchmarks."""

from linkcheck.sandbox.demo import Comparison, SeededDefect, compare, inputs, seeded_defects
from linkcheck.sandbox.faults import Fault, Kind, answer_status
from linkcheck.sandbox.fixture_file import load_fixtures, parse_fixtures
from linkcheck.sandbox.fixtures import FixtureError, Fixtures
from linkcheck.sandbox.quotas import Limits
from linkcheck.sandbox.router import PortRouter
from linkcheck.sandbox.server import Counts, Sandbox
from linkcheck.sandbox.timing import OutageScope, Timing

__all__ = [
    "Comparison",
    "Counts",
    "Fault",
    "FixtureError",
    "Fixtures",
    "Kind",
    "Limits",
    "OutageScope",
    "PortRouter",
    "Sandbox",
    "SeededDefect",
    "Timing",
    "answer_status",
    "compare",
    "inputs",
    "load_fixtures",
    "parse_fixtures",
    "seeded_defects",
]
