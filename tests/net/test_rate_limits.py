"""Rate limits of every service in all their forms, and garbage."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkcheck.net.rate_limits import (
    MAX_COOLDOWN,
    ArxivRateLimits,
    Backoff,
    GitHubRateLimits,
    Quota,
    RateLimitRules,
    retry_after,
)
from linkcheck.providers.huggingface.hub_rate_limits import HubRateLimits

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ANY, GITHUB, ARXIV, HUB = (
    RateLimitRules(),
    GitHubRateLimits(),
    ArxivRateLimits(3.0),
    HubRateLimits(),
)


def at(**delta: float) -> str:
    return format_datetime(NOW + timedelta(**delta), usegmt=True)


def reset_in(seconds: int, remaining: int = 0) -> dict[str, str]:
    return {
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(int(NOW.timestamp()) + seconds),
    }


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
        ("31536000", MAX_COOLDOWN),
        ("99999999999999999", MAX_COOLDOWN),
        ("9" * 400, None),
        (at(seconds=30), 30),
        (at(days=-3), 0),
        (at(hours=23), 23 * 3600),
        (at(days=365), MAX_COOLDOWN),
        ("Sat, 99 Nov 2026 12:00:00 GMT", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_a_date_is_compared_with_the_servers_own_clock() -> None:
    headers = {"retry-after": at(days=365, seconds=30), "date": at(days=365)}
    assert retry_after(headers, NOW) == 30


HUB_HEADER = {"ratelimit": '"api";r=472;t=235'}


@pytest.mark.parametrize(
    ("rules", "headers", "quota"),
    [
        (ANY, reset_in(90), Quota(0, 90)),
        (ANY, reset_in(-90), Quota(0, 0)),
        (ANY, reset_in(90) | {"date": at(seconds=30)}, Quota(0, 60)),
        (ANY, {"ratelimit-remaining": "3", "ratelimit-reset": "7"}, Quota(3, 7)),
        (ANY, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"}, Quota(0, 1)),
        (ANY, reset_in(10**7), Quota(0, MAX_COOLDOWN)),
        (ANY, {"x-ratelimit-remaining": "0"}, None),
        (ANY, {"x-ratelimit-remaining": "-1", "x-ratelimit-reset": "x"}, None),
        (ANY, HUB_HEADER, None),
        (ANY, {}, None),
        (HUB, HUB_HEADER, Quota(472, 235, "api")),
        (HUB, {"ratelimit": '"resolvers";r=0;t=20'}, Quota(0, 20, "resolvers")),
        (HUB, {"ratelimit": "garbage"}, None),
        (HUB, {"ratelimit": '"api";r=-1;t=x'}, None),
        (HUB, {"ratelimit": f'"api";r={"9" * 5000};t=1'}, None),
        (HUB, {}, None),
    ],
)
def test_quota(rules: RateLimitRules, headers: dict[str, str], quota: Quota | None) -> None:
    assert rules.quota(headers, NOW) == quota


SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait."}
TYPED = {"errors": [{"type": "RATE_LIMIT", "message": "spent"}]}
BLOCKED = {"message": "Repository access blocked", "block": {"reason": "rate limit"}}
WAIT_30 = {"retry-after": "30"}
HOST, BUCKET = True, False


@pytest.mark.parametrize(
    ("rules", "status", "headers", "body", "expected"),
    [
        (ANY, 429, {}, "", (None, BUCKET)),
        (ANY, 429, WAIT_30, "", (30, HOST)),
        (ANY, 429, reset_in(90), "", (90, BUCKET)),
        (ANY, 429, reset_in(90) | {"retry-after": "120"}, "", (120, BUCKET)),
        (ANY, 429, reset_in(90, remaining=5), "", (None, BUCKET)),
        (ANY, 403, reset_in(90), "", (90, BUCKET)),
        (ANY, 403, WAIT_30, "", (30, HOST)),
        (ANY, 403, {}, SECONDARY, None),
        (ANY, 503, {"retry-after": at(seconds=4)}, "", (4, HOST)),
        (ANY, 503, reset_in(90), "", None),
        (ANY, 503, {}, "", None),
        (ANY, 200, WAIT_30, TYPED, None),
        (ANY, 404, WAIT_30, "", None),
        (GITHUB, 403, reset_in(20), {"message": "API rate limit exceeded."}, (20, BUCKET)),
        (GITHUB, 403, reset_in(-5), {"message": "API rate limit exceeded."}, (1, BUCKET)),
        (GITHUB, 429, reset_in(20), "", (20, BUCKET)),
        (GITHUB, 403, WAIT_30, SECONDARY, (30, HOST)),
        (GITHUB, 403, {}, SECONDARY, (60, HOST)),
        (GITHUB, 403, {}, {"message": "You triggered abuse detection"}, (60, HOST)),
        (GITHUB, 403, WAIT_30, "", (30, HOST)),
        (GITHUB, 429, {}, "", (60, HOST)),
        (GITHUB, 429, {"retry-after": at(seconds=40)}, SECONDARY, (40, HOST)),
        (GITHUB, 200, reset_in(30), TYPED, (30, BUCKET)),
        (GITHUB, 200, {}, TYPED, (60, BUCKET)),
        (GITHUB, 200, {}, {"errors": [{"code": "graphql_rate_limit"}]}, (60, BUCKET)),
        (GITHUB, 200, {}, {"errors": [{"extensions": {"code": "RATE_LIMITED"}}]}, (60, BUCKET)),
        (GITHUB, 200, {}, {"errors": [SECONDARY], "data": None}, (60, HOST)),
        (GITHUB, 200, WAIT_30, SECONDARY, (30, HOST)),
        (GITHUB, 403, {}, BLOCKED, None),
        (GITHUB, 403, WAIT_30, BLOCKED, None),
        (GITHUB, 403, {}, {"message": "Resource not accessible by integration"}, None),
        (GITHUB, 403, reset_in(20, remaining=9), {"message": "Must have admin rights"}, None),
        (GITHUB, 200, reset_in(20), {"data": {"description": "a rate limit library"}}, None),
        (GITHUB, 200, {}, {"errors": [{"type": "NOT_FOUND", "message": "no rate limit"}]}, None),
        (GITHUB, 200, {}, {"errors": "rate limit"}, None),
        (GITHUB, 200, {}, ["rate limit"], None),
        (GITHUB, 200, {}, "rate limit", None),
        (GITHUB, 503, WAIT_30, "", (30, HOST)),
        (ARXIV, 200, {}, "Rate exceeded.", (None, HOST)),
        (ARXIV, 503, {}, "\n rate exceeded", (None, HOST)),
        (ARXIV, 429, {}, "Rate exceeded.", (None, BUCKET)),
        (ARXIV, 429, WAIT_30, "", (30, HOST)),
        (ARXIV, 200, {}, "<feed>Rate exceeded</feed>", None),
        (HUB, 429, {"ratelimit": '"api";r=0;t=55'}, "", (55, BUCKET)),
        (HUB, 429, {"ratelimit": "garbage"}, "", (300, BUCKET)),
        (HUB, 429, {}, "", (300, BUCKET)),
        (HUB, 429, WAIT_30, "", (30, HOST)),
        (HUB, 200, {"ratelimit": '"api";r=0;t=55'}, "", None),
    ],
)
def test_what_counts_as_a_limit(
    rules: RateLimitRules,
    status: int,
    headers: dict[str, str],
    body: object,
    expected: tuple[float | None, bool] | None,
) -> None:
    content = body if isinstance(body, str) else json.dumps(body)
    limited = rules.parse(status, headers, content.encode(), NOW)
    assert (limited and (limited.seconds, limited.whole_host)) == expected


@pytest.mark.parametrize(
    ("rules", "path", "bucket"),
    [
        (ANY, "/api/models/a/b", "core"),
        (GITHUB, "/graphql", "graphql"),
        (GITHUB, "/api/graphql", "graphql"),
        (GITHUB, "/api/v3/repos/a/b", "api"),
        (GITHUB, "/search/issues", "search"),
        (GITHUB, "/repos/a/b", "core"),
        (HUB, "/api/models/a/b", "api"),
        (HUB, "/a/b/resolve/main/README.md", "resolvers"),
        (HUB, "/a/b", "pages"),
    ],
)
def test_limits_that_are_counted_separately(rules: RateLimitRules, path: str, bucket: str) -> None:
    assert rules.bucket(path) == bucket


@given(st.integers(1, 50), st.floats(0, 1))
def test_backoff_grows_and_ends(attempt: int, jitter: float) -> None:
    wait = Backoff(base=0.5, max_wait=20).seconds(attempt, jitter)
    assert 0.25 <= wait <= 30


HEADERS = ("retry-after", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset", "date")
JSON = st.recursive(
    st.none() | st.integers() | st.sampled_from(["rate limit", "RATE_LIMIT", "", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["errors", "message", "block", "type", "code", "extensions"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("rules", [ANY, GITHUB, ARXIV, HUB])
@given(
    st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=60)),
    st.sampled_from([200, 403, 404, 429, 500, 503]),
    st.binary(max_size=50) | JSON.map(lambda value: json.dumps(value).encode()),
)
def test_no_answer_costs_more_than_a_day(
    rules: RateLimitRules, headers: dict[str, str], status: int, body: bytes
) -> None:
    limited = rules.parse(status, headers, body, NOW)
    if limited is not None and limited.seconds is not None:
        assert 0 <= limited.seconds <= MAX_COOLDOWN
    quota = rules.quota(headers, NOW)
    assert quota is None or (quota.remaining >= 0 and 0 <= quota.reset_after <= 10**9)


def test_huggingface_hub_is_loaded_with_the_first_answer_only() -> None:
    code = (
        "import sys; from datetime import datetime, UTC\n"
        "from linkcheck.providers.huggingface.hub_rate_limits import HubRateLimits\n"
        "rules = HubRateLimits(); rules.bucket('/api/x')\n"
        "assert 'huggingface_hub' not in sys.modules\n"
        "rules.quota({}, datetime.now(UTC))\n"
        "assert 'huggingface_hub' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
