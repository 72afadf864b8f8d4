"""The embedded world: the services' contracts on loopback, for the demo, tests and benchmarks."""

from linkcheck.sandbox.demo import Comparison, SeededDefect, compare, inputs, planted
from linkcheck.sandbox.faults import Fault, Kind, answer_status
from linkcheck.sandbox.fixture_file import load_world, parse_fixture
from linkcheck.sandbox.fixtures import World, WorldError
from linkcheck.sandbox.quotas import Limits
from linkcheck.sandbox.router import PortRouter
from linkcheck.sandbox.server import Counts, Sandbox

__all__ = [
    "Comparison",
    "Counts",
    "Fault",
    "Kind",
    "Limits",
    "PortRouter",
    "Sandbox",
    "SeededDefect",
    "World",
    "WorldError",
    "answer_status",
    "compare",
    "inputs",
    "load_world",
    "parse_fixture",
    "planted",
]
