"""The worker pool of the providers."""

from collections import deque

import anyio
import pytest

from linkcheck.model.defects import DefectLog, JobsFailedError
from linkcheck.providers.concurrency import run_workers


@pytest.mark.parametrize("workers", [1, 3])
def test_a_failing_job_costs_no_other_job(workers: int) -> None:
    done: list[int] = []

    async def work(job: int) -> None:
        await anyio.lowlevel.checkpoint()
        if job % 4 == 1:
            raise KeyError("x")
        done.append(job)

    with pytest.raises(JobsFailedError) as raised:
        anyio.run(run_workers, deque(range(10)), work, workers)
    assert sorted(done) == [0, 2, 3, 4, 6, 7, 8]
    assert [(defect.kind, defect.count) for defect in raised.value.log] == [("KeyError", 3)]


def test_failures_are_left_to_a_caller_who_collects_them() -> None:
    async def work(_job: int) -> None:
        raise KeyError("x")

    failures = DefectLog()
    for _ in range(2):
        anyio.run(run_workers, deque([1]), work, 1, failures)
    assert [defect.count for defect in failures] == [2]


@pytest.mark.parametrize("workers", [1, 2])
def test_jobs_may_append_jobs(workers: int) -> None:
    queue, done = deque([3, 2]), []

    async def work(job: int) -> None:
        done.append(job)
        if job:
            queue.append(job - 1)

    anyio.run(run_workers, queue, work, workers)
    assert sorted(done) == [0, 0, 1, 1, 2, 2, 3]
