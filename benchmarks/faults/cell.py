"""One cell of the matrix: one run against one upstream with one fault."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.faults.cases import Case
from benchmarks.faults.tls import listener
from benchmarks.faults.upstreams import CONTROLS, DEAD_PAGE, Upstream, catalog, start_sandbox
from linkcheck.app.check import run_check
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.config import Config
from linkcheck.model.result import RunOutcome
from linkcheck.model.settings import NetSettings
from linkcheck.net.messages import Route

NET = NetSettings(
    connect_timeout=1.0, read_timeout=1.2, request_timeout=2.4, deadline=15.0, patience=1.2
)
MAX_SECONDS = 20.0
"""Maximum seconds of a run: its deadline and a margin for a busy machine."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one cell."""

    case: str
    upstream: str
    statuses: tuple[str, ...]
    """The distinct statuses of the upstream's links, sorted."""
    inconclusive: bool
    seconds: float
    wrong: tuple[str, ...]
    """Descriptions of what is wrong; empty if nothing is."""
    evidence: tuple[str, ...] = ()
    is_retry: bool = False
    """Whether this is a second run, alone, after a wrong one."""


def run_cell(case: Case, upstream: Upstream, folder: Path) -> Outcome:
    """Run one cell and check its outcome."""
    (folder / "catalog.yaml").write_text(catalog(upstream), encoding="utf-8")
    with start_sandbox(upstream) as sandbox:
        if case.tls:
            port = sandbox.listen_tls(listener(case.tls, upstream.host))
            sandbox.reroute(upstream.host, Route("127.0.0.1", port, tls=True))
        elif case.fault is not None:
            sandbox.set_fault(_pattern(case, upstream), case.fault)
        start = time.monotonic()
        result = run_check(
            RunOptions(paths=("catalog.yaml",), sandbox=True),
            replace(Config(), net=NET),
            RunEnvironment(folder),
            sandbox,
        )
        seconds = time.monotonic() - start
        requests = sandbox.counts().by_host
    by_url = {link.url: link for link in result.links}
    statuses = tuple(sorted({by_url[url].status.value for url in upstream.urls}))
    inconclusive = result.outcome is RunOutcome.INCONCLUSIVE
    wrong = []
    if unexpected := set(statuses) - case.allowed(upstream.name):
        wrong.append(f"gave {', '.join(sorted(unexpected))}")
    if inconclusive != (upstream.name in case.inconclusive):
        wrong.append("the run was inconclusive" if inconclusive else "the run was believed")
    if inconclusive and (result.findings or len(result.reason or "") < 80):
        wrong.append("an inconclusive run judged, or did not say why")
    if seconds > MAX_SECONDS:
        wrong.append(f"took {seconds:.1f} s")
    for service, urls in CONTROLS.items():
        wrong += [
            f"harmed {service}: {url} was {by_url[url].status.value}"
            for url in urls
            if url in by_url and by_url[url].status.value != "alive"
        ]
    if by_url[DEAD_PAGE].status.value != "dead":
        wrong.append(f"a page that is gone was {by_url[DEAD_PAGE].status.value}")
    wrong += [f"defect: {notice.message}" for notice in result.notices if notice.defect]
    wrong += [f"asked {host}" for host in requests if host in ("169.254.169.254", "inside.example")]
    evidence = tuple(
        dict.fromkeys(item.says for url in upstream.urls for item in by_url[url].evidence)
    )
    return Outcome(
        case.name, upstream.name, statuses, inconclusive, seconds, tuple(wrong), evidence
    )


def _pattern(case: Case, upstream: Upstream) -> str:
    from linkcheck.sandbox.faults import ROUTING_FAULTS

    routed = case.fault is not None and case.fault.kind in ROUTING_FAULTS
    return upstream.host if routed else upstream.pattern
