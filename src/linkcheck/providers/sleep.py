"""How providers wait."""

from collections.abc import Awaitable, Callable

Sleep = Callable[[float], Awaitable[None]]
"""Waits for some seconds; the composition root also tells the user for whom."""


async def sleep(seconds: float) -> None:
    """Wait without a word."""
    import anyio

    await anyio.sleep(seconds)
