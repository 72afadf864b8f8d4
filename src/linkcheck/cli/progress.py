"""The live display of a run on a terminal: one line per service, and who is waited for."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from linkcheck.model.observation import Observation
from linkcheck.model.target import Family

_NAMES = {
    Family.GITHUB: "GitHub",
    Family.HUGGINGFACE: "Hugging Face",
    Family.ARXIV: "arXiv",
    Family.DOI: "DOI",
    Family.WEB: "web",
}
_BAR = 24


class LiveProgress:
    """Counts what is settled per service and shows it on standard error."""

    def __init__(self, console: Console) -> None:
        self._totals: dict[Family, int] = {}
        self._done: dict[Family, int] = {}
        self._waits: dict[str, tuple[float, str]] = {}
        self._started = time.monotonic()
        self._live = Live(
            console=console, transient=True, refresh_per_second=8, get_renderable=self
        )

    def __call__(self) -> Table:
        """Return what the display shows now."""
        table = Table.grid(padding=(0, 1))
        for family, total in self._totals.items():
            done = self._done.get(family, 0)
            filled = _BAR * done // total if total else _BAR
            bar = Text("━" * filled, style="green") + Text("━" * (_BAR - filled), style="dim")
            table.add_row(_NAMES[family], bar, f"{done:,} of {total:,}", self._note(family, done))
        now = time.monotonic()
        for host, (until, why) in sorted(self._waits.items()):
            if until > now:
                table.add_row("", Text(f"waiting {until - now:.0f} s for {host}: {why}", "yellow"))
        return table

    def _note(self, family: Family, done: int) -> str:
        left = self._totals[family] - done
        elapsed = time.monotonic() - self._started
        if not left:
            return "done"
        if done < 5 or elapsed < 2:
            return ""
        return f"about {left * elapsed / done:,.0f} s left"

    def begin(self, totals: Mapping[Family, int]) -> None:
        """Start the display."""
        self._totals = dict(totals)
        self._started = time.monotonic()
        self._live.start()

    def observed(self, observation: Observation) -> None:
        """Count one more."""
        family = observation.target.family
        self._done[family] = self._done.get(family, 0) + 1

    def waiting(self, host: str, seconds: float, why: str) -> None:
        """Show the wait until it is over."""
        self._waits[host] = (time.monotonic() + seconds, why)

    def end(self) -> None:
        """Take the display away."""
        self._live.stop()


@contextmanager
def live_progress(*, color: bool) -> Iterator[LiveProgress]:
    """Yield a display that is gone when the block is left, however it is left."""
    console = Console(stderr=True, no_color=not color, highlight=False)
    progress = LiveProgress(console)
    try:
        yield progress
    finally:
        progress.end()
