"""One linkcheck run against a sandbox in another process, for the comparison.

``python -m benchmarks.child PORT REPORT.json [--store FILE] [--time-scale S] FILES`` does what
``linkcheck run FILES -o REPORT.json`` does, with every connection routed to the port, and prints
one line of JSON with the run's own counts.
"""

import argparse
import json
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from linkcheck.app.check import run_check
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.app.results import save_report
from linkcheck.config import Config
from linkcheck.model.garbage_collection import tune_garbage_collector
from linkcheck.model.observation import Observation
from linkcheck.model.protocols import SilentProgress
from linkcheck.model.settings import NetSettings, ServiceSettings
from linkcheck.model.target import Service
from linkcheck.net.messages import Route

if TYPE_CHECKING:
    from linkcheck.sandbox import Sandbox


class ChildRouter:
    """Resolves every host to one port (the sandbox's class, without importing the sandbox)."""

    def __init__(self, port: int) -> None:
        self._route = Route("127.0.0.1", port, tls=False)

    def route(self, scheme: str, host: str, port: int) -> Route:  # noqa: ARG002 - the protocol's signature
        """Return the same route for every URL."""
        return self._route


class RemoteSandbox:
    """A sandbox in another process, as far as a run uses it."""

    inputs = ()

    def __init__(self, port: int, time_scale: float, *, tokens: bool) -> None:
        self._port = port
        self._scale = time_scale
        self._token = "benchmark" if tokens else None

    def router(self) -> ChildRouter:
        """Return a router to the port."""
        return ChildRouter(self._port)

    def services(self, settings: ServiceSettings) -> ServiceSettings:
        """Return the settings with made-up tokens."""
        return replace(
            settings,
            github_token=self._token,
            huggingface_token=self._token,
            arxiv_interval=settings.arxiv_interval * self._scale,
        )

    def net(self, settings: NetSettings) -> NetSettings:
        """Return the settings with enough patience for a whole rate-limit window."""
        return replace(settings, patience=400.0)

    def earlier_observations(self, now: datetime) -> tuple[()]:  # noqa: ARG002
        """Return no observations."""
        return ()


class Timeline(SilentProgress):
    """Records when requests began and when each service finished."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def begin(self, totals: Mapping[Service, int]) -> None:  # noqa: ARG002 - the protocol's signature
        """Record the start."""
        self.start = time.perf_counter()

    def observed(self, observation: Observation) -> None:
        """Record the time of a service's latest observation."""
        seconds = time.perf_counter() - self.start
        self.seconds[observation.target.service.value] = round(seconds, 1)


def stale() -> Config:
    """Return a configuration in which no observation is fresh."""
    config = Config()
    history = replace(config.rules.history, web_max_age=timedelta(0))
    return replace(config, rules=replace(config.rules, history=history))


def main() -> None:
    """Run linkcheck."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.child", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("report", type=Path)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--store", type=Path)
    parser.add_argument("--max-age", type=float, default=0.0, help="days")
    parser.add_argument("--stale", action="store_true", help="reuse nothing, not even pages")
    parser.add_argument("--time-scale", type=float, default=1.0)
    parser.add_argument("--no-tokens", action="store_true")
    options = parser.parse_args()
    tune_garbage_collector()
    ready = time.process_time()
    entered = time.perf_counter()
    timeline = Timeline()
    sandbox = RemoteSandbox(options.port, options.time_scale, tokens=not options.no_tokens)
    result = run_check(
        RunOptions(
            paths=tuple(options.files),
            store=options.store,
            max_age=timedelta(days=options.max_age) if options.max_age else None,
        ),
        stale() if options.stale else Config(),
        RunEnvironment(Path.cwd(), dict(os.environ), progress=timeline),
        cast("Sandbox", sandbox),
    )
    save_report("json", result, options.report)
    summary = {
        "outcome": result.outcome.value,
        "reason": result.reason,
        "requests": dict(result.requests.by_host),
        "reused": result.reused,
        "seconds_before_requests": round(timeline.start - entered, 1),
        "seconds_of_requests": timeline.seconds,
        "seconds_in_all": round(time.perf_counter() - entered, 1),
        "cpu_before": round(ready, 3),
        "cpu": round(time.process_time(), 3),
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
