"""When to ask again: headers in all their forms, and garbage."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.net.rate_limits import (
    LONGEST,
    Backoff,
    Quota,
    parse_rate_limit,
    quota,
    rate_limit_bucket,
    retry_after,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def at(**delta: float) -> str:
    return format_datetime(NOW + timedelta(**delta), usegmt=True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("5", 5),
        (" 120 ", 120),
        ("1.5", 1.5),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1e9", None),
        ("٣", None),
        ("99999999999999999", LONGEST),
        ("9" * 400, None),
        (at(seconds=30), 30),
        (at(days=-3), 0),
        (at(days=365), 365 * 86400),
        (at(days=3650), LONGEST),
        ("Sat, 99 Nov 2026 12:00:00 GMT", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_a_date_is_read_by_the_servers_own_clock() -> None:
    headers = {"retry-after": at(days=365, seconds=30), "date": at(days=365)}
    assert retry_after(headers, NOW) == 30


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({"ratelimit": '"api";r=472;t=235'}, Quota(472, 235)),
        ({"ratelimit": '"api";r=9;t=20, "pages";r=0;t=60'}, Quota(0, 60)),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) + 90)},
            Quota(0, 90),
        ),
        ({"ratelimit-remaining": "3", "ratelimit-reset": "7"}, Quota(3, 7)),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, Quota(0, 1)),
        ({"ratelimit": "garbage"}, None),
        ({"ratelimit": '"api";r=-1;t=x'}, None),
        ({"x-ratelimit-remaining": "0"}, None),
        ({}, None),
    ],
)
def test_quota(headers: dict[str, str], wanted: Quota | None) -> None:
    assert quota(headers, NOW) == wanted


def test_what_counts_as_a_limit() -> None:
    spent = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "90"}
    primary = parse_rate_limit(403, spent, b"", NOW)
    assert primary is not None
    assert (primary.seconds, primary.whole_host) == (90, False)
    secondary = parse_rate_limit(
        403, {}, b'{"message": "You have exceeded a secondary rate limit"}', NOW
    )
    assert secondary is not None
    assert (secondary.seconds, secondary.whole_host) == (60, True)
    asked = parse_rate_limit(503, {"retry-after": "4"}, b"", NOW)
    assert asked is not None
    assert asked.seconds == 4
    unsaid = parse_rate_limit(429, {}, b"", NOW)
    assert unsaid is not None
    assert unsaid.seconds is None
    for status in (200, 403, 404, 500, 503):
        assert parse_rate_limit(status, {}, b"", NOW) is None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/graphql", "graphql"),
        ("/api/graphql", "graphql"),
        ("/search/issues", "search"),
        ("/api/models/a/b", "api"),
        ("/a/b/resolve/main/README.md", "resolvers"),
        ("/repos/a/b", "core"),
    ],
)
def test_quotas_are_told_apart(path: str, name: str) -> None:
    assert rate_limit_bucket(path, authorised=False) == name
    assert rate_limit_bucket(path, authorised=True) == f"{name}+token"


@given(st.integers(1, 50), st.floats(0, 1))
def test_backoff_grows_and_ends(attempt: int, jitter: float) -> None:
    wait = Backoff(base=0.5, longest=20).seconds(attempt, jitter)
    assert 0.25 <= wait <= 30


@given(
    st.dictionaries(
        st.sampled_from(
            ["retry-after", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset", "date"]
        ),
        st.text(max_size=60),
    ),
    st.integers(100, 999),
    st.binary(max_size=50),
)
def test_no_header_owns_the_run(headers: dict[str, str], status: int, body: bytes) -> None:
    found = parse_rate_limit(status, headers, body, NOW)
    if found is not None and found.seconds is not None:
        assert 0 <= found.seconds <= LONGEST
    left = quota(headers, NOW)
    assert left is None or (left.remaining >= 0 and 0 <= left.reset_after <= LONGEST)
