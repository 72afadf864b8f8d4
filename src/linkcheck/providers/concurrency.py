"""Small tools that providers share: a crew of workers, and a ledger of what is still open."""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from linkcheck.model.observation import Observation
from linkcheck.model.protocols import ObservationRequest, ObservationSink
from linkcheck.model.target import Target

T = TypeVar("T")


async def run_workers(
    queue: deque[T], worker: Callable[[T], Awaitable[None]], workers: int
) -> None:
    """Take jobs off the queue, ``workers`` at a time, until it is empty.

    A job may put further jobs on the queue. Queues may be long: there is one task per worker, not
    one per job. An exception of a job ends the crew and is raised.
    """
    import anyio

    async def run() -> None:
        while queue:
            await worker(queue.popleft())

    if workers <= 1 or len(queue) <= 1:
        await run()
        return
    async with anyio.create_task_group() as group:
        for _ in range(min(workers, len(queue))):
            group.start_soon(run)


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
