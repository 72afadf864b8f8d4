"""An event loop and a clock for tests that wait for minutes: every wait is skipped."""

import asyncio  # noqa: TID251 - subclasses its event loop
import selectors
from contextlib import suppress
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


class _SkippingSelector(selectors.DefaultSelector):
    """Advances a clock in place of waiting for the next timer."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(timeout if timeout is None else 0)
        if not ready and timeout is not None and timeout > 0:
            self.skipped += timeout
        return ready


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only while everything waits, and then at once."""

    def __init__(self) -> None:
        self._skipping = _SkippingSelector()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.skipped


class Clock:
    """The wall clock of tests: :data:`START` plus the event loop's time."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        with suppress(RuntimeError):  # outside of a loop, time does not pass
            self.time = START + timedelta(seconds=asyncio.get_running_loop().time())
        return self.time
