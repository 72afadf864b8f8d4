"""Runs over random catalogs and responses: no crash, no hang, no wrong status."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkcheck.app.check import run_check
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.config import Config
from linkcheck.model.errors import CatalogError
from linkcheck.model.observation import Gone
from linkcheck.model.result import RunOutcome
from linkcheck.model.settings import HostLimits, NetSettings
from linkcheck.report import FORMATS, OutputCapabilities, get_renderer
from linkcheck.sandbox import Fault, Kind, Limits, Sandbox, parse_fixtures
from linkcheck.store import open_store

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NET = NetSettings(
    connect_timeout=1.0,
    read_timeout=0.3,
    request_timeout=0.8,
    deadline=5.0,
    patience=0.05,
    default_limits=HostLimits(attempts=1),
)
WORLD = parse_fixtures(
    {
        "repositories": [{"name": f"o/r{i}", "license": "MIT"} for i in range(4)],
        "hubs": [{"name": f"lab/m{i}", "license": "mit"} for i in range(3)],
        "papers": [{"id": f"2303.1407{i}", "title": f"Paper {i}"} for i in range(3)],
        "dois": [{"id": "10.1000/a"}],
        "hosts": [{"name": f"s{i}.example", "default": {"title": f"Site {i}"}} for i in range(5)],
    }
)
HOSTS = (
    *("api.github.com", "github.com", "huggingface.co", "export.arxiv.org", "doi.org"),
    *(f"s{i}.example" for i in range(5)),
    "*",
)
KNOWN = (
    *(f"https://github.com/o/r{i}" for i in range(6)),
    *("https://github.com/o/r0/tree/main/x", "https://github.com/o", "gh:o/r1"),
    *(f"https://huggingface.co/lab/m{i}" for i in range(4)),
    *(f"https://arxiv.org/abs/2303.1407{i}v{i}" for i in range(4)),
    *("https://doi.org/10.1000/a", "https://doi.org/10.1000/zz", "htps://broken", "", "mailto:a@b"),
    *(f"http://s{i}.example/{i}#x" for i in range(6)),
)
KEYS = [
    "data",
    "errors",
    "r0",
    "a0",
    "nameWithOwner",
    "full_name",
    "id",
    "type",
    "path",
    "message",
    "error",
    "responseCode",
    "handle",
    "rateLimit",
    "cardData",
    "tags",
]
NAMES = [
    "retry-after",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "ratelimit",
    "etag",
    "x-error-code",
    "location",
    "date",
    "content-type",
    "link",
    "set-cookie",
]
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
BODIES = VALUES.map(json.dumps) | st.text(max_size=40) | st.just("<feed/>")
HEADERS = st.dictionaries(
    st.sampled_from(NAMES),
    st.sampled_from(("0", "1", "-1", "99999999999", "nan", "soon", '"api";r=0;t=9', "RepoNotFound"))
    | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    max_size=3,
)
STATUSES = st.sampled_from(
    (200, 200, 204, 301, 304, 400, 401, 403, 404, 410, 422, 429, 451, 500, 503)
)
ANSWERS = st.builds(
    lambda status, headers, body: Fault(Kind.STATUS, status=status, headers=headers, body=body),
    STATUSES,
    HEADERS,
    BODIES,
)
KINDS = (
    "dns refused reset-before-headers truncated malformed-body html empty redirect-loop soft-404"
)
OTHERS = st.sampled_from(KINDS.split()).map(lambda kind: Fault(Kind(kind)))
FAULTS = st.dictionaries(st.sampled_from(HOSTS), ANSWERS | OTHERS, max_size=4)
LINKS = st.lists(st.sampled_from(KNOWN) | st.text(max_size=30), min_size=1, max_size=12)


def catalog(urls: list[str]) -> str:
    return json.dumps(
        [
            {"id": f"e{n}", "name": f"E{n}", "kind": "tool", "links": {"homepage": url}}
            for n, url in enumerate(urls)
        ]
    )


def clock(now: datetime) -> Callable[[], datetime]:
    return lambda: now


@settings(
    max_examples=int(os.environ.get("LINKCHECK_FUZZ_RUNS", "10")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(LINKS, st.lists(FAULTS, min_size=1, max_size=2))
def test_runs_with_random_faults(urls: list[str], days: list[dict[str, Fault]]) -> None:
    with TemporaryDirectory() as name, Sandbox.start(WORLD, limits=Limits(time_scale=0.001)) as box:
        folder = Path(name)
        (folder / "c.yaml").write_text(catalog(urls), encoding="utf-8")
        for day, faults in enumerate(days):
            box.clear_faults()
            for pattern, fault in faults.items():
                box.set_fault(pattern, fault)
            now = NOW + timedelta(days=day)
            options = RunOptions(("c.yaml",), store=folder / "s.db", max_age=timedelta(0))
            began = time.monotonic()
            try:
                result = run_check(
                    options,
                    replace(Config(), net=NET),
                    RunEnvironment(folder, now=clock(now)),
                    box,
                )
            except CatalogError:
                return
            assert time.monotonic() - began < 20
            assert not [notice for notice in result.notices if notice.defect]
            if result.outcome is RunOutcome.INCONCLUSIVE:
                assert result.findings == ()
                assert result.reason
            statuses = {link.target: link.status.value for link in result.links if link.target}
            with open_store(folder / "s.db") as store:
                stored = store.history(list(statuses))
            for target, status in statuses.items():
                if status != "dead" or result.outcome is RunOutcome.INCONCLUSIVE:
                    continue
                latest = stored[target].latest
                # Two days without a response do not make a link dead; its service's answer does.
                assert latest is not None
                assert isinstance(latest.outcome, Gone) or latest.facts is not None, target
            for name_of_format in FORMATS:
                get_renderer(name_of_format)(result, OutputCapabilities(80)).encode("utf-8")
