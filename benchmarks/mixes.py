"""Random mixes of healthy, dead, slow and misconfigured hosts: no healthy run may be thrown away.

``python -m benchmarks.mixes`` runs 200 mixes, each against a sandbox with the timing of the
internet, with TLS for a share of the hosts. Our network works in all of them, so every run must be
complete, no service may be called failed, no link dead that is not, and no healthy link anything
but alive.
"""

import argparse
import multiprocessing
import random
import ssl
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.faults import tls
from benchmarks.reliability import write_section
from linkcheck.app.check import run_check
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.config import Config
from linkcheck.model.result import RunOutcome
from linkcheck.model.settings import HostLimits, NetSettings
from linkcheck.sandbox import Limits, Sandbox, parse_fixtures
from linkcheck.sandbox.faults import Fault, Kind

COMMAND = "python -m benchmarks.mixes"
NET = NetSettings(
    connect_timeout=3.0,
    read_timeout=8.0,
    request_timeout=12.0,
    default_limits=HostLimits(attempts=2),
)
MIN_TIMEOUT_SCALE = 0.2
"""Smallest factor on the timeouts: a busy machine needs time too."""
MAX_SECONDS = 60.0
"""Maximum seconds of one run."""

DEAD = {"gone": "dead", "gone for good": "dead"}
TROUBLES = {
    "no such name": "unreachable",
    "refused": "unreachable",
    "black hole": "unreachable",
    "silent": "unreachable",
    "reset": "unreachable",
    "expired certificate": "unreachable",
    "wrong certificate": "unreachable",
    "failing": "unreachable",
    "forbidden": "blocked",
    **DEAD,
}
"""Troubles of a web host, with the status that each gives its links."""
SERVICES = ("github", "huggingface", "arxiv", "doi")


@dataclass
class Mix:
    """The links of one run by their expected status."""

    seed: int
    expected: dict[str, str] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    """The trouble of each web host that has one."""
    tls_share: float = 0.5
    fixtures: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def hosts(self) -> list[str]:
        """The web hosts."""
        return [host["name"] for host in self.fixtures["hosts"]]


def make_mix(seed: int) -> Mix:
    """Return the mix of a seed: sizes from a few links to some hundred, shares from none to all."""
    rng = random.Random(seed)
    mix = Mix(seed, tls_share=rng.choice((0.0, 0.3, 0.8, 1.0)))
    counts = {service: rng.choice((0, 0, 1, 5, 30)) for service in SERVICES}
    healthy = rng.choice((0, 0, 1, 3, 12, 40))
    dead = rng.choice((1, 3, 5, 8, 20))
    kinds = rng.sample(sorted(TROUBLES), rng.randint(1, len(TROUBLES)))
    hosts: list[dict[str, Any]] = []
    for number in range(healthy):
        name = f"site{number}.fine{number % 7}.example"
        delay = rng.choice((0.0, 0.0, 0.0, 1.5))
        page = {"title": f"The pages of number {number}", "delay": delay}
        hosts.append({"name": name, "default": page})
        mix.expected[f"https://{name}/page"] = "alive"
    for number in range(dead):
        name, trouble = f"trouble{number}.old{number % 5}.example", rng.choice(kinds)
        status = {"gone": 404, "gone for good": 410, "failing": 500, "forbidden": 403}
        page = {"title": f"Trouble {number}", "status": status.get(trouble, 200)}
        hosts.append({"name": name, "default": page, "exists": trouble != "no such name"})
        mix.troubles[name] = trouble
        mix.expected[f"https://{name}/page"] = TROUBLES[trouble]
    links = {
        "github": [f"https://github.com/owner{n % 9}/name{n}" for n in range(counts["github"])],
        "huggingface": [f"https://huggingface.co/lab{n}/m" for n in range(counts["huggingface"])],
        "arxiv": [f"https://arxiv.org/abs/2303.{n:05}" for n in range(counts["arxiv"])],
        "doi": [f"https://doi.org/10.1000/{n}" for n in range(counts["doi"])],
    }
    mix.expected |= {url: "alive" for urls in links.values() for url in urls}
    mix.fixtures = {
        "hosts": hosts,
        "repositories": [{"name": url.partition(".com/")[2]} for url in links["github"]],
        "hubs": [{"name": url.partition(".co/")[2]} for url in links["huggingface"]],
        "papers": [
            {"id": url.rpartition("/")[2], "title": f"Paper {n}"}
            for n, url in enumerate(links["arxiv"])
        ],
        "dois": [{"id": url.partition(".org/")[2]} for url in links["doi"]],
    }
    shuffled = sorted(mix.expected)
    rng.shuffle(shuffled)
    mix.expected = {url: mix.expected[url] for url in shuffled}
    return mix


def _certificate(*hosts: str, is_expired: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    now = datetime.now(UTC)
    start, end = now - timedelta(days=30), now + timedelta(days=-1 if is_expired else 30)
    certificate = tls.authority().issue_cert(*hosts, not_before=start, not_after=end)
    certificate.configure_cert(context)
    return context


def _prepare(sandbox: Sandbox, mix: Mix) -> None:
    """Give the hosts their troubles, and TLS to a share of the others."""
    faults = {
        "refused": Fault(Kind.REFUSED),
        "black hole": Fault(Kind.CONNECT_TIMEOUT),
        "silent": Fault(Kind.READ_TIMEOUT),
        "reset": Fault(Kind.RESET_BEFORE_HEADERS),
    }
    by_trouble: dict[str, list[str]] = {}
    for host, trouble in mix.troubles.items():
        by_trouble.setdefault(trouble, []).append(host)
        if trouble in faults:
            sandbox.set_fault(host, faults[trouble])
    if expired := by_trouble.get("expired certificate"):
        sandbox.serve_tls(_certificate(*expired, is_expired=True), expired)
    if wrong := by_trouble.get("wrong certificate"):
        sandbox.serve_tls(_certificate("other.example"), wrong)
    rng = random.Random(mix.seed)
    fine = [host for host in mix.hosts if host not in sandbox.tls_ports]
    fine += ["api.github.com", "huggingface.co", "export.arxiv.org", "doi.org"]
    secure = [host for host in fine if rng.random() < mix.tls_share]
    if secure:
        sandbox.serve_tls(_certificate(*secure), secure)


def _scaled(net: NetSettings, scale: float) -> NetSettings:
    """Return the settings with shorter timeouts for shorter delays."""
    factor = max(min(scale, 1.0), MIN_TIMEOUT_SCALE)
    return replace(
        net,
        connect_timeout=net.connect_timeout * factor,
        read_timeout=net.read_timeout * factor,
        request_timeout=net.request_timeout * factor,
    )


def run_mix(seed: int, scale: float = 0.05) -> list[str]:
    """Run the mix of a seed; return what is wrong with the result.

    ``scale`` is the factor on all delays of the sandbox.
    """
    mix = make_mix(seed)
    limits = Limits(time_scale=scale, enforced=False)
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox.start(parse_fixtures(mix.fixtures), limits=limits, real_timing=True) as sandbox,
    ):
        tls.trust(Path(folder))
        _prepare(sandbox, mix)
        lines = [f"- [Entry {n}]({url}): text.\n" for n, url in enumerate(mix.expected)]
        (Path(folder) / "list.md").write_text(f"# List\n\n## Things\n\n{''.join(lines)}", "utf-8")
        start = time.monotonic()
        config = replace(Config(), net=_scaled(NET, scale))
        result = run_check(RunOptions(("list.md",)), config, RunEnvironment(Path(folder)), sandbox)
        seconds = time.monotonic() - start
    wrong = []
    if result.outcome is not RunOutcome.COMPLETE:
        wrong.append(f"thrown away: {result.reason}")
    wrong += [f"called failed: {reason}" for reason in result.service_failures.values()]
    wrong += [f"defect: {notice.message}" for notice in result.notices if notice.defect]
    for link in result.links:
        expected = mix.expected[link.url]
        if link.status.value != expected:
            wrong.append(f"{link.url} ({_trouble(mix, link.url)}) was {link.status.value}")
    if len(result.links) != len(mix.expected):
        wrong.append(f"{len(result.links)} links of {len(mix.expected)}")
    if seconds > MAX_SECONDS:
        wrong.append(f"took {seconds:.0f} s")
    return wrong


def _trouble(mix: Mix, url: str) -> str:
    return mix.troubles.get(url.partition("://")[2].partition("/")[0], "healthy")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mixes; return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the first mix")
    parser.add_argument("--scale", type=float, default=1.0, help="factor on all delays")
    parser.add_argument("--workers", type=int, default=6, help="runs mostly wait")
    parser.add_argument("--check", action="store_true", help="do not write docs/reliability.md")
    chosen = parser.parse_args(arguments)
    seeds = range(chosen.seed, chosen.seed + chosen.runs)
    start = time.monotonic()
    run_mix(chosen.seed, 0.01)  # import everything before forking
    with multiprocessing.get_context("fork").Pool(chosen.workers) as pool:
        results = pool.starmap(run_mix, [(seed, chosen.scale) for seed in seeds], chunksize=1)
    # Short timeouts may expire on a busy machine, so failures are run again, alone.
    repeated = [seed for seed, wrong in zip(seeds, results, strict=True) if wrong]
    failures = {seed: wrong for seed in repeated if (wrong := run_mix(seed, chosen.scale))}
    for seed, wrong in failures.items():
        print(f"mix {seed}: {'; '.join(wrong)}")
    links = sum(len(make_mix(seed).expected) for seed in seeds)
    thrown = sum(any(text.startswith("thrown") for text in w) for w in failures.values())
    dead = sum(text.endswith("was dead") for wrong in failures.values() for text in wrong)
    words = (
        f"{chosen.runs} runs with {links:,} links in {time.monotonic() - start:.0f} s: "
        f"{thrown} thrown away, {dead} links wrongly dead, {len(failures)} wrong in any way. "
        f"{len(repeated)} were run a second time, alone."
    )
    print(words)
    if not chosen.check:
        write_section("mixes", COMMAND, words)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
