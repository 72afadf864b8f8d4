"""Worker pool and pending-target bookkeeping shared by the providers."""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from linkcheck.model.defects import DefectLog
from linkcheck.model.observation import Observation
from linkcheck.model.protocols import ObservationRequest, ObservationSink
from linkcheck.model.target import Target

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


class PendingTargets:
    """Hands in exactly one observation for every question, however often a target is settled."""

    def __init__(self, requests: Sequence[ObservationRequest], report: ObservationSink) -> None:
        """Open the ledger: ``report`` is called once per question."""
        self._report = report
        self._counts: dict[Target, int] = {}
        for question in requests:
            self._counts[question.target] = self._counts.get(question.target, 0) + 1

    def report(self, observation: Observation) -> None:
        """Hand in the observation; a target that is settled already is left alone."""
        for _ in range(self._counts.pop(observation.target, 0)):
            self._report(observation)

    def is_pending(self, target: Target) -> bool:
        """Say whether the target still waits for its observation."""
        return target in self._counts

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets that nobody settled yet."""
        return tuple(self._counts)
