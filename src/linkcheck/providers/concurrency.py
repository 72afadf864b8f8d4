"""Worker pool of the providers."""

from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeVar

from linkcheck.model.defects import DefectLog

T = TypeVar("T")


async def run_workers(
    queue: deque[T],
    worker: Callable[[T], Awaitable[None]],
    workers: int,
    failures: DefectLog | None = None,
) -> None:
    """Run ``worker`` on every job of the queue, ``workers`` at a time, until it is empty.

    A job may append further jobs. Queues may be long: there is one task per worker, not one per
    job. An exception of a job costs that job alone: it is added to ``failures``, for the caller to
    raise when all its queues are empty; without ``failures`` JobsFailedError is raised here.
    """
    import anyio

    log = DefectLog() if failures is None else failures

    async def run() -> None:
        while queue:
            job = queue.popleft()
            try:
                await worker(job)
            except Exception as error:  # noqa: BLE001 - a bug costs its job, not the others
                log.add(error)

    if workers <= 1 or len(queue) <= 1:
        await run()
    else:
        async with anyio.create_task_group() as group:
            for _ in range(min(workers, len(queue))):
                group.start_soon(run)
    if failures is None:
        log.raise_any()
