"""Ctrl-C, taken as the wish for an orderly end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anyio import CancelScope


class InterruptHandler:
    """Turns the first Ctrl-C into an orderly end: what is known by then is still reported."""

    def __init__(self) -> None:
        self.happened = False

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """Run the body until it ends, or until SIGINT or SIGTERM cancels it from inside."""
        import sys

        import anyio

        async with anyio.create_task_group() as tasks:
            if sys.platform != "win32":  # where signals cannot be awaited
                tasks.start_soon(self._listen, tasks.cancel_scope)
            yield
            tasks.cancel_scope.cancel()

    async def _listen(self, scope: "CancelScope") -> None:
        import signal

        import anyio

        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _signal in signals:
                self.happened = True
                scope.cancel()
                return
