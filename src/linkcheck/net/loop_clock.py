"""The event loop's clock, read several times for every request."""

import asyncio  # noqa: TID251 - see below
from collections.abc import Callable


def loop_clock() -> Callable[[], float]:
    """Return what tells the running loop's time in seconds, as deadlines are set by it.

    The same as :func:`anyio.current_time`, which looks up the running library and its backend anew
    each time; that took as long as a tenth of all that the door adds to a request.
    """
    return asyncio.get_running_loop().time
