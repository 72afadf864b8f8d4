"""One cell of the matrix: one run against one upstream with one fault."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.faults.cases import Case
from benchmarks.faults.tls import listener
from benchmarks.faults.upstreams import CONTROLS, GONE, Upstream, catalog, start
from linkcheck.app.check import run_check
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.config import Config
from linkcheck.model.result import RunOutcome
from linkcheck.model.settings import NetSettings
from linkcheck.net.messages import Route

NET = NetSettings(
    connect_timeout=1.0, read_timeout=1.2, request_timeout=2.4, deadline=15.0, patience=1.2
)
IN_TIME = 20.0
"""Seconds a run may take: its deadline, and room for a busy machine."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one cell."""

    case: str
    upstream: str
    statuses: tuple[str, ...]
    """Of the upstream's own links, each once, sorted."""
    inconclusive: bool
    seconds: float
    wrong: tuple[str, ...]
    """What is not as it must be, in words; empty when all is well."""
    evidence: tuple[str, ...] = ()
    again: bool = False
    """Whether this is a second run, alone, after a wrong one beside many others."""


def run_cell(case: Case, upstream: Upstream, folder: Path) -> Outcome:
    """Do one run and judge it."""
    (folder / "catalog.yaml").write_text(catalog(upstream), encoding="utf-8")
    with start(upstream) as sandbox:
        if case.tls:
            port = sandbox.listen_tls(listener(case.tls, upstream.host))
            sandbox.reroute(upstream.host, Route("127.0.0.1", port, tls=True))
        elif case.fault is not None:
            sandbox.set_fault(_pattern(case, upstream), case.fault)
        began = time.monotonic()
        result = run_check(
            RunOptions(paths=("catalog.yaml",), sandbox=True),
            replace(Config(), net=NET),
            RunEnvironment(folder),
            sandbox,
        )
        seconds = time.monotonic() - began
        asked = sandbox.counts().by_host
    by_url = {link.url: link for link in result.links}
    own = tuple(sorted({by_url[url].status.value for url in upstream.victims}))
    inconclusive = result.outcome is RunOutcome.INCONCLUSIVE
    wrong = []
    if strange := set(own) - case.allowed(upstream.name):
        wrong.append(f"gave {', '.join(sorted(strange))}")
    if inconclusive != (upstream.name in case.inconclusive):
        wrong.append("the run was inconclusive" if inconclusive else "the run was believed")
    if inconclusive and (result.findings or len(result.reason or "") < 80):
        wrong.append("an inconclusive run judged, or did not say why")
    if seconds > IN_TIME:
        wrong.append(f"took {seconds:.1f} s")
    for family, urls in CONTROLS.items():
        wrong += [
            f"harmed {family}: {url} was {by_url[url].status.value}"
            for url in urls
            if url in by_url and by_url[url].status.value != "alive"
        ]
    if by_url[GONE].status.value != "dead":
        wrong.append(f"a page that is gone was {by_url[GONE].status.value}")
    wrong += [f"defect: {notice.message}" for notice in result.notices if notice.defect]
    wrong += [f"asked {host}" for host in asked if host in ("169.254.169.254", "inside.example")]
    says = tuple(
        dict.fromkeys(item.says for url in upstream.victims for item in by_url[url].evidence)
    )
    return Outcome(case.name, upstream.name, own, inconclusive, seconds, tuple(wrong), says)


def _pattern(case: Case, upstream: Upstream) -> str:
    from linkcheck.sandbox.faults import ROUTED

    routed = case.fault is not None and case.fault.kind in ROUTED
    return upstream.host if routed else upstream.pattern
