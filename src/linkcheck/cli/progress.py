"""Live progress display on a terminal: one line per service, with waits."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import ceil

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from linkcheck.model.observation import Observation
from linkcheck.model.target import Service
from linkcheck.model.wording import SERVICE_NAMES, format_duration
from linkcheck.report.html.services import service_of_host

WINDOW = 20.0
"""Seconds over which the current rate is measured."""

_ARXIV_BATCH, _ARXIV_INTERVAL = 100, 3.0
"""Ids in a request to arXiv, and seconds between requests (its terms of use)."""

_MIN_ELAPSED = 2.0
"""Seconds before a remaining time is estimated."""


class LiveProgress:
    """Counts observations per service and displays them on standard error.

    ``clock`` returns monotonic seconds.
    """

    def __init__(
        self,
        console: Console,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._clock = clock
        self._totals: dict[Service, int] = {}
        self._done: dict[Service, int] = {}
        self._requests: dict[Service, int] = {}
        self._times: dict[Service, deque[float]] = {}
        self._waits: dict[str, tuple[float, str]] = {}
        self._started = clock()
        self._live = Live(
            console=console, transient=True, refresh_per_second=8, get_renderable=self
        )

    def __call__(self) -> Table:
        """Return the table to display."""
        wide = self._console.width >= 100
        table = Table.grid(padding=(0, 1))
        for _ in range(4):
            table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis")
        for service, total in self._totals.items():
            done = self._done.get(service, 0)
            requests = self._requests.get(service, 0)
            table.add_row(
                SERVICE_NAMES[service],
                _bar(done, total, 24 if wide else 10),
                f"{done:,} of {total:,}",
                Text(f"{requests:,} request{'s' if requests != 1 else ''}", "dim"),
                self._note(service),
            )
        return table

    def _note(self, service: Service) -> Text:
        """Return the longest wait of a service and its remaining time."""
        left = self._totals[service] - self._done.get(service, 0)
        if left <= 0:
            return Text("done", "green")
        now = self._clock()
        waits = [
            (until, host, why)
            for host, (until, why) in self._waits.items()
            if until > now and service_of_host(host) is service
        ]
        if not waits:
            return Text(self._estimate(service, left, now, 0.0))
        until, host, why = max(waits)
        text = f"waiting {format_duration(until - now)} {why}"
        if service is Service.WEB:
            # Requests to other hosts continue.
            more = f" and {len(waits) - 1} more" if len(waits) > 1 else ""
            return Text(f"{host}{more}: {text}", "yellow")
        time_left = self._estimate(service, left, now, until - now)
        return Text(f"{text}; {time_left}" if time_left else text, "yellow")

    def _estimate(self, service: Service, left: int, now: float, wait: float) -> str:
        """Return the remaining time: the current wait, then the rest at the recent rate."""
        if now - self._started < _MIN_ELAPSED:
            return ""
        seconds = self._seconds_left(service, left, now)
        if seconds is None and service is Service.ARXIV:
            seconds = ceil(left / _ARXIV_BATCH) * _ARXIV_INTERVAL
        if seconds is None:
            return ""
        paced = ", one request in 3 s" if service is Service.ARXIV else ""
        return f"about {_duration(wait + seconds)} left{paced}"

    def _seconds_left(self, service: Service, left: int, now: float) -> float | None:
        times = self._times.get(service, deque())
        while times and times[0] < now - WINDOW:
            times.popleft()
        recent = min(WINDOW, max(now - self._started, 0.1))
        if len(times) >= 5:
            return left * recent / len(times)
        done = self._done.get(service, 0)
        # Nothing recent (a wait, a large batch): use the rate since the start.
        return left * (now - self._started) / done if done >= 5 else None

    def begin(self, totals: Mapping[Service, int]) -> None:
        """Start the display."""
        self._totals = dict(totals)
        self._started = self._clock()
        self._live.start()

    def observed(self, observation: Observation) -> None:
        """Count an observation."""
        service = observation.target.service
        self._done[service] = self._done.get(service, 0) + 1
        self._times.setdefault(service, deque(maxlen=10_000)).append(self._clock())

    def requested(self, host: str) -> None:
        """Count a request."""
        service = service_of_host(host)
        self._requests[service] = self._requests.get(service, 0) + 1

    def waiting(self, host: str, seconds: float, why: str) -> None:
        """Show the wait until it is over."""
        self._waits[host] = (self._clock() + seconds, why)

    def end(self) -> None:
        """Remove the display."""
        self._live.stop()


def _bar(done: int, total: int, width: int) -> Text:
    filled = width * min(done, total) // total if total else width
    return Text("━" * filled, style="green") + Text("━" * (width - filled), style="dim")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.1f} h"


@contextmanager
def live_progress(*, color: bool) -> Iterator[LiveProgress]:
    """Yield a display that is removed when the block ends."""
    console = Console(stderr=True, no_color=not color, highlight=False)
    progress = LiveProgress(console)
    try:
        yield progress
    finally:
        progress.end()
