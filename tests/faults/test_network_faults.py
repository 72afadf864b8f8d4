"""The fault table of the network and of single services, through the installed command."""

import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import trustme

from linkcheck.net.messages import Route
from linkcheck.sandbox import (
    Fault,
    Kind,
    Limits,
    OutageScope,
    Sandbox,
    answer_status,
    parse_fixtures,
)

ROOT = Path(__file__).parents[2]
API_HOSTS = ("api.github.com", "github.com", "huggingface.co", "doi.org")
ARXIV_HOSTS = ("export.arxiv.org", "oaipmh.arxiv.org", "arxiv.org")
SITES = [f"site{n}.fine{n % 7}.example" for n in range(40)]
DEAD = [f"dead{n}.old{n}.example" for n in range(5)]
REPOSITORIES = [f"https://github.com/owner{n}/name" for n in range(40)]
MODELS = [f"https://huggingface.co/lab{n}/m" for n in range(12)]
PAPERS = [f"https://arxiv.org/abs/2303.{n:05}" for n in range(6)]
DOIS = [f"https://doi.org/10.1000/{n}" for n in range(6)]
PAGES = [f"https://{name}/page" for name in SITES]
DEAD_PAGES = [f"https://{name}/page" for name in DEAD]
EVERYTHING = [*DEAD_PAGES, *PAGES, *REPOSITORIES, *MODELS, *PAPERS, *DOIS]
FIXTURES = parse_fixtures(
    {
        "repositories": [{"name": url.partition(".com/")[2]} for url in REPOSITORIES],
        "hubs": [{"name": url.partition(".co/")[2], "license": "mit"} for url in MODELS],
        "papers": [{"id": f"2303.{n:05}", "title": f"Paper {n}"} for n in range(6)],
        "dois": [{"id": f"10.1000/{n}"} for n in range(6)],
        "hosts": [
            *({"name": name, "default": {"title": f"Page {n}"}} for n, name in enumerate(SITES)),
            *({"name": name, "exists": False} for name in DEAD),
        ],
    }
)
MAX_OFFLINE_SECONDS = 30.0


@dataclass
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def run(self) -> dict[str, Any]:
        """The ``run`` object of the JSON report."""
        run: dict[str, Any] = json.loads(self.out)["run"]
        return run

    def statuses(self) -> dict[str, set[str]]:
        """The statuses of the links by the kind of their target."""
        found: dict[str, set[str]] = {}
        for link in json.loads(self.out)["links"]:
            found.setdefault(link["target"]["kind"], set()).add(link["status"])
        return found


def run_command(
    command: Sequence[str], folder: Path, links: Sequence[str], env: Mapping[str, str]
) -> Finished:
    lines = "".join(f"- [Entry {n}]({url}): text.\n" for n, url in enumerate(links))
    (folder / "list.md").write_text(f"# List\n\n## Things\n\n{lines}", "utf-8")
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **env},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Finished(done.returncode, done.stdout, done.stderr, time.monotonic() - start)


@dataclass
class Internet:
    """A sandbox with TLS and real timing, and the command line against it."""

    folder: Path
    sandbox: Sandbox
    authority: trustme.CA = field(default_factory=trustme.CA)
    missing: Route = field(
        default_factory=lambda: Route("127.0.0.1", 0, exists=False, name_delay=0.002)
    )

    def __post_init__(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        hosts = [*API_HOSTS, *ARXIV_HOSTS, *SITES]
        self.authority.issue_cert(*hosts).configure_cert(context)
        self.sandbox.serve_tls(context, hosts)
        self.authority.cert_pem.write_to_path(self.folder / "authority.pem")

    def __call__(
        self,
        links: Sequence[str] = EVERYTHING,
        *arguments: str,
        env: Mapping[str, str] | None = None,
    ) -> Finished:
        router = self.sandbox.router()
        names = {url.partition("://")[2].partition("/")[0] for url in links}
        routes = {
            f"{scheme}://{name}": asdict(route)
            for name in {*names, *API_HOSTS, *ARXIV_HOSTS}
            for scheme, port in (("http", 80), ("https", 443))
            if (route := router.route(scheme, name, port)) is not None
        }
        settings = {"routes": routes, "missing": asdict(self.missing)}
        (self.folder / "routes.json").write_text(json.dumps(settings), "utf-8")
        trust = {"SSL_CERT_FILE": str(self.folder / "authority.pem")}
        return run_command(
            ("tests.faults.routed_command", "routes.json", "run", "list.md", *arguments),
            self.folder,
            links,
            {**trust, **(env or {})},
        )

    def json(self, links: Sequence[str] = EVERYTHING) -> Finished:
        return self(links, "--format", "json")


@pytest.fixture
def internet(tmp_path: Path) -> Iterator[Internet]:
    limits = Limits(time_scale=0.1, enforced=False)
    with Sandbox.start(FIXTURES, limits=limits, real_timing=True) as sandbox:
        yield Internet(tmp_path, sandbox)


def test_five_dead_domains_among_healthy_links_do_not_end_the_run(internet: Internet) -> None:
    done = internet.json()
    assert (done.code, done.run["outcome"]) == (0, "complete")
    statuses = done.statuses()
    assert statuses.pop("web") == {"alive", "unreachable"}
    assert set().union(*statuses.values()) == {"alive"}
    services = done.run["services"]
    assert services["web"] == {"outcome": "complete", "reason": None, "links": 45, "unchecked": 5}
    assert services["github"]["links"] == 40
    assert not any(s["unchecked"] for name, s in services.items() if name != "web")


@pytest.mark.parametrize("tls", [True, False])
def test_five_links_on_dead_hosts_alone_are_judged(internet: Internet, tls: bool) -> None:
    if not tls:
        internet.sandbox.tls_ports.clear()
    done = internet.json(DEAD_PAGES)
    assert (done.code, done.run["outcome"]) == (0, "complete")
    assert done.statuses() == {"web": {"unreachable"}}
    assert sum(done.run["requests"]["by_host"].values()) <= 3


def no_names(internet: Internet) -> None:
    internet.sandbox.set_fault("*", Fault(Kind.DNS))


def silent_name_server(internet: Internet) -> None:
    internet.sandbox.set_fault("*", Fault(Kind.DNS))
    internet.sandbox.timing = None
    internet.missing = Route("127.0.0.1", 0, exists=False, name_delay=60.0)


def no_route(internet: Internet) -> None:
    internet.sandbox.set_fault("*", Fault(Kind.REFUSED))


def black_hole(internet: Internet) -> None:
    internet.sandbox.set_fault("*", Fault(Kind.CONNECT_TIMEOUT))


def untrusted_portal(internet: Internet) -> None:
    """One page for every host, with the portal's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    hosts = [*API_HOSTS, *ARXIV_HOSTS, *SITES, *DEAD]
    trustme.CA().issue_cert("portal.example").configure_cert(context)
    port = internet.sandbox.listen_tls(context)
    for host in hosts:
        internet.sandbox.reroute(host, Route("127.0.0.1", port, tls=True))


def open_portal(internet: Internet) -> None:
    """One page for every host, without TLS."""
    internet.sandbox.tls_ports.clear()
    internet.sandbox.set_fault("*", Fault(Kind.CAPTIVE_PORTAL))


FEW = [*DEAD_PAGES[:2], *PAGES[:2]]


@pytest.mark.parametrize(
    ("spoil", "links"),
    [
        (no_names, EVERYTHING),
        (no_names, FEW),
        (silent_name_server, EVERYTHING),
        (no_route, EVERYTHING),
        (black_hole, FEW),
        (untrusted_portal, EVERYTHING),
        (open_portal, EVERYTHING),
        (open_portal, FEW),
    ],
)
def test_without_a_network_a_run_is_inconclusive_in_time(
    internet: Internet, spoil: Callable[[Internet], None], links: list[str]
) -> None:
    spoil(internet)
    done = internet.json(links)
    assert (done.code, done.run["outcome"]) == (3, "inconclusive")
    assert done.seconds < MAX_OFFLINE_SECONDS
    assert "well-known services" in done.run["reason"]
    assert json.loads(done.out)["findings"] == []


@contextmanager
def proxy(status: int | None) -> Iterator[str]:
    """A proxy that answers every request with one status; ``None``: nothing listens."""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            self.send_error(status or 500)

        do_GET = do_POST = do_HEAD = do_CONNECT  # noqa: N815 - the names of the library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    if status is None:
        server.server_close()
        yield url
        return
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield url
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("status", [None, 403, 407, 502, 511])
def test_a_proxy_that_fails_or_refuses_is_inconclusive(tmp_path: Path, status: int | None) -> None:
    links = [*PAGES[:6], *(url.replace("https", "http") for url in PAGES[6:9]), *REPOSITORIES[:3]]
    with proxy(status) as url:
        env = {"HTTPS_PROXY": url, "HTTP_PROXY": url}
        command = ("linkcheck", "run", "list.md", "--no-store", "--format", "json")
        done = run_command(command, tmp_path, links, env)
    assert (done.code, done.run["outcome"]) == (3, "inconclusive")
    assert done.seconds < MAX_OFFLINE_SECONDS
    assert "dead" not in {link["status"] for link in json.loads(done.out)["links"]}


SERVICES = {
    OutageScope.GITHUB: ("GitHub", 40),
    OutageScope.HUGGINGFACE: ("Hugging Face", 12),
    OutageScope.ARXIV: ("arXiv", 6),
    OutageScope.DOI: ("doi.org", 6),
}


@pytest.mark.parametrize(
    ("scope", "fault"),
    [
        (OutageScope.GITHUB, Fault(Kind.REFUSED)),
        (OutageScope.GITHUB, Fault(Kind.HTML)),
        (OutageScope.HUGGINGFACE, answer_status(403)),
        (OutageScope.HUGGINGFACE, Fault(Kind.DNS)),
        (OutageScope.ARXIV, answer_status(503)),
        (OutageScope.DOI, Fault(Kind.CAPTIVE_PORTAL)),
    ],
)
def test_one_service_that_fails_is_said_first_and_bounded(
    internet: Internet, scope: OutageScope, fault: Fault
) -> None:
    name, links = SERVICES[scope]
    internet.sandbox.set_outage(fault, scope)
    done = internet.json()
    run = done.run
    assert (done.code, run["outcome"], run["reason"]) == (3, "complete", None)
    service = run["services"].pop(scope.value)
    assert service["reason"].startswith(f"{name} could not be checked: {links} of {links} targets")
    assert (service["outcome"], service["links"], service["unchecked"]) == (
        "inconclusive",
        links,
        links,
    )
    assert {s["outcome"] for s in run["services"].values()} == {"complete"}
    assert json.loads(done.out)["findings"] == []


def test_an_outage_of_all_services_leaves_the_pages_judged(internet: Internet) -> None:
    internet.sandbox.set_outage(Fault(Kind.REFUSED))
    done = internet.json([*PAGES, *MODELS, *PAPERS])
    assert (done.code, done.run["outcome"]) == (3, "complete")
    inconclusive = {n for n, s in done.run["services"].items() if s["outcome"] == "inconclusive"}
    assert inconclusive == {"huggingface", "arxiv"}
    assert done.statuses()["web"] == {"alive"}


def test_a_service_with_most_links_makes_the_run_inconclusive(internet: Internet) -> None:
    internet.sandbox.set_outage(Fault(Kind.REFUSED), OutageScope.GITHUB)
    done = internet.json([*REPOSITORIES, *PAGES[:30]])
    assert (done.code, done.run["outcome"]) == (3, "inconclusive")
    assert done.run["reason"].startswith("GitHub could not be checked: 40 of 40 targets")


def test_findings_elsewhere_make_the_exit_code(internet: Internet) -> None:
    internet.sandbox.set_outage(answer_status(403), OutageScope.HUGGINGFACE)
    internet.sandbox.set_fault(SITES[0], answer_status(410))
    done = internet.json()
    assert done.code == 1
    assert done.run["services"]["huggingface"]["outcome"] == "inconclusive"


def test_what_people_and_github_actions_are_shown(internet: Internet) -> None:
    internet.sandbox.set_outage(answer_status(403), OutageScope.HUGGINGFACE)
    done = internet(
        EVERYTHING,
        env={
            "GITHUB_ACTIONS": "true",
            "GITHUB_TOKEN": "t",
            "GITHUB_STEP_SUMMARY": str(internet.folder / "summary.md"),
        },
    )
    assert done.code == 3
    shown = [line for line in done.out.splitlines() if not line.startswith("::stop-commands")]
    assert shown[0].startswith("warning: Hugging Face could not be checked: 12 of 12 targets")
    [annotation] = [line for line in done.out.splitlines() if line.startswith("::warning")]
    assert "title=linkcheck%3A Hugging Face not checked::Hugging Face could not" in annotation
    summary = (internet.folder / "summary.md").read_text("utf-8").splitlines()
    assert summary[0] == "## linkcheck: Hugging Face not checked; nothing to mend in 109 entries"


@pytest.mark.parametrize(
    ("pattern", "status", "host"),
    [("api.github.com/graphql", 502, "api.github.com"), ("huggingface.co", 503, "huggingface.co")],
)
def test_an_outage_costs_a_handful_of_requests(
    internet: Internet, pattern: str, status: int, host: str
) -> None:
    internet.sandbox.set_fault(pattern, answer_status(status))
    links = [*REPOSITORIES, *MODELS, *PAGES[:20]]
    done = internet.json(links)
    assert done.code == 3
    assert internet.sandbox.counts().by_host[host] <= 12
    assert done.seconds < 60
