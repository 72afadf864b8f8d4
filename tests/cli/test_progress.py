"""The live display, driven by a clock of the test's."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from linkcheck.cli.progress import LiveProgress
from linkcheck.cli.waiting_log import WaitingLog
from linkcheck.model.facts import PageFacts
from linkcheck.model.observation import Found, Observation
from linkcheck.model.target import Service, Target, TargetKind

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
KINDS = {Service.GITHUB: TargetKind.GITHUB_REPO, Service.ARXIV: TargetKind.ARXIV}


class Display:
    def __init__(self, width: int = 120) -> None:
        self.now = 0.0
        self.console = Console(width=width, file=StringIO(), force_terminal=False)
        self.progress = LiveProgress(self.console, lambda: self.now)

    def settle(self, family: Service, number: int) -> None:
        for n in range(number):
            target = Target(KINDS[family], f"o/n{n}", "https://a.example/")
            self.progress.observed(Observation(target, NOON, Found(PageFacts())))

    def lines(self) -> list[str]:
        with self.console.capture() as captured:
            self.console.print(self.progress())
        return [" ".join(line.split()) for line in captured.get().splitlines()]


@pytest.fixture
def display() -> Iterator[Display]:
    made = Display()
    made.progress.begin({Service.GITHUB: 5_000, Service.ARXIV: 2_000})
    yield made
    made.progress.end()


def test_counts_requests_and_pace(display: Display) -> None:
    for _ in range(41):
        display.progress.requested("api.github.com")
    display.now = 10.0
    display.settle(Service.GITHUB, 4_120)
    line = display.lines()[0]
    assert "4,120 of 5,000 41 requests about 2 s left" in line


def test_arxiv_shows_an_estimate_before_the_first_answer(display: Display) -> None:
    display.now = 5.0
    assert display.lines()[1].endswith("about 60 s left, one request in 3 s")


def test_a_wait_shows_its_end_and_counts_towards_the_time_left(display: Display) -> None:
    display.now = 10.0
    display.settle(Service.GITHUB, 1_000)
    display.progress.waiting("api.github.com", 220.0, "for its limit")
    line = display.lines()[0]
    assert line.startswith("GitHub ")
    assert "waiting 3 min 40 s for its limit; about 4 min left" in line
    display.now = 311.0
    assert "waiting" not in display.lines()[0]


def test_a_log_without_a_terminal_has_only_long_waits(capsys: pytest.CaptureFixture[str]) -> None:
    log = WaitingLog()
    log.waiting("huggingface.co", 220.2, "for its limit")
    log.waiting("export.arxiv.org", 3.0, "for its limit")
    log.waiting("slow.example", 45.0, "for its limit")
    log.waiting("api.github.com", 3900.0, "because it fails")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "linkcheck: Hugging Face: waiting 3 min 40 s for its limit",
        "linkcheck: slow.example: waiting 45 s for its limit",
        "linkcheck: GitHub: waiting 1 h 5 min because it fails",
    ]


def test_done(display: Display) -> None:
    display.settle(Service.ARXIV, 2_000)
    assert display.lines()[1].endswith("done")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_service_keeps_to_its_line(width: int) -> None:
    display = Display(width)
    display.progress.begin({Service.GITHUB: 5_000})
    display.now = 9.0
    display.progress.waiting("api.github.com", 3_000.0, "a long story " * 20)
    assert len(display.lines()) == 1
    display.progress.end()
