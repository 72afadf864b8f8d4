"""Quotas under concurrent requests, whose answers come in any order."""

from hypothesis import given
from hypothesis import strategies as st

from linkcheck.net.host_state import RateLimitBucket
from linkcheck.net.rate_limits import Quota


@given(st.integers(1, 12), st.lists(st.tuples(st.sampled_from("sca"), st.integers(0, 20))))
def test_a_quota_is_not_overdrawn(limit: int, events: list[tuple[str, int]]) -> None:
    """Requests start, are counted by the server and answered, in any order and overtaking."""
    bucket = RateLimitBucket()
    left = limit - 1
    ticket = bucket.start()
    bucket.update(Quota(left, 60.0), 0.0, ticket)
    bucket.finish()
    uncounted: list[int] = []
    unanswered: list[tuple[int, int]] = []
    for event, choice in events:
        if event == "s" and bucket.wait_time(0.0) == 0:
            uncounted.append(bucket.start())
        elif event == "c" and uncounted:
            left -= 1
            assert left >= 0
            unanswered.append((uncounted.pop(choice % len(uncounted)), left))
        elif event == "a" and unanswered:
            ticket, remaining = unanswered.pop(choice % len(unanswered))
            bucket.update(Quota(remaining, 60.0), 0.0, ticket)
            bucket.finish()


def test_requests_that_cost_nothing_are_not_counted() -> None:
    bucket = RateLimitBucket()
    for _ in range(20):
        assert bucket.wait_time(0.0) == 0
        ticket = bucket.start()
        bucket.update(Quota(3, 60.0), 0.0, ticket)
        bucket.finish()


def test_what_others_spend_is_believed() -> None:
    bucket = RateLimitBucket()
    bucket.update(Quota(50, 60.0), 0.0, bucket.start())
    bucket.finish()
    bucket.update(Quota(0, 60.0), 0.0, bucket.start())
    assert bucket.wait_time(0.0) == 60


def test_a_new_window_starts_the_count_again() -> None:
    bucket = RateLimitBucket()
    bucket.update(Quota(0, 60.0), 0.0, bucket.start())
    bucket.finish()
    assert bucket.wait_time(61.0) == 0
    bucket.update(Quota(9, 60.0), 61.0, bucket.start())
    assert bucket.remaining == 9
