"""Outages of ours, in whole runs: inconclusive, and nothing is stored."""

import ssl
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from linkcheck.app.check import run_check
from linkcheck.app.environment import RunEnvironment, RunOptions
from linkcheck.app.results import exit_code
from linkcheck.config import Config
from linkcheck.model.result import RunOutcome, RunResult
from linkcheck.model.settings import HostLimits, NetSettings, ServiceSettings
from linkcheck.net.messages import Route
from linkcheck.sandbox import Fault, Fixtures, Kind, Limits, Sandbox, answer_status, parse_fixtures
from linkcheck.store import open_store

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NET = NetSettings(
    connect_timeout=1.0,
    read_timeout=1.5,
    request_timeout=3.0,
    patience=0.2,
    default_limits=HostLimits(attempts=1),
)
SITES = [f"site{i}.example" for i in range(8)]


def world(**page: object) -> Fixtures:
    return parse_fixtures(
        {
            "repositories": [{"name": f"o/r{i}", "stars": 5, "license": "MIT"} for i in range(8)],
            "hubs": [{"name": f"lab/m{i}", "license": "mit"} for i in range(5)],
            "papers": [{"id": f"2303.1407{i}", "title": f"Paper {i}"} for i in range(5)],
            "dois": [{"id": f"10.1000/{i}"} for i in range(5)],
            "hosts": [
                {"name": name, "default": {"title": f"Home of {name}", **page}} for name in SITES
            ],
        }
    )


LINKS = [
    *(f"https://github.com/o/r{i}" for i in range(8)),
    *(f"https://huggingface.co/lab/m{i}" for i in range(5)),
    *(f"https://arxiv.org/abs/2303.1407{i}" for i in range(5)),
    *(f"https://doi.org/10.1000/{i}" for i in range(5)),
    *(f"https://{name}/" for name in SITES),
]


class Runs:
    """Runs over one catalog and one store file."""

    def __init__(self, folder: Path, links: Sequence[str] = LINKS) -> None:
        self.folder = folder
        self.store = folder / "store.db"
        (folder / "c.yaml").write_text(
            "".join(
                f"- {{id: e{n}, name: E{n}, kind: tool, links: {{homepage: '{url}'}}}}\n"
                for n, url in enumerate(links)
            )
        )

    def __call__(
        self,
        spoil: Callable[[Sandbox], None] = lambda _: None,
        *,
        of: Fixtures | None = None,
        limits: Limits | None = None,
        now: datetime = NOW,
        batch: int = 50,
        accept_loss: bool = False,
    ) -> RunResult:
        config = replace(Config(), net=NET, services=ServiceSettings(github_batch=batch))
        options = RunOptions(("c.yaml",), store=self.store, accept_loss=accept_loss)
        limits = limits or Limits(time_scale=0.001)
        with Sandbox.start(of or world(), limits=limits) as sandbox:
            spoil(sandbox)
            return run_check(options, config, RunEnvironment(self.folder, now=lambda: now), sandbox)

    def stored(self) -> int:
        if not self.store.exists():
            return 0
        with open_store(self.store) as store:
            return sum(len(evidence.observations) for evidence in store.all_targets_history())

    def stored_since(self, start: datetime) -> dict[str, int]:
        """The number of observations stored since a time, by service."""
        with open_store(self.store) as store:
            return dict(
                Counter(
                    evidence.target.service.value
                    for evidence in store.all_targets_history()
                    if any(observation.at >= start for observation in evidence.observations)
                )
            )


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def assert_inconclusive(result: RunResult, *words: str) -> None:
    assert result.outcome is RunOutcome.INCONCLUSIVE
    assert exit_code(result, "error") == 3
    assert result.findings == ()
    assert result.reason is not None
    assert 80 < len(result.reason) < 800
    assert "\n" not in result.reason
    for word in words:
        assert word in result.reason


@pytest.mark.parametrize("kind", [Kind.REFUSED, Kind.DNS, Kind.RESET_BEFORE_HEADERS])
def test_a_failing_network_or_resolver_is_inconclusive(runs: Runs, kind: Kind) -> None:
    assert runs().outcome is RunOutcome.COMPLETE
    before = runs.stored()
    result = runs(lambda sandbox: sandbox.set_fault("*", Fault(kind)), now=NOW + timedelta(days=8))
    assert_inconclusive(result, "gave", "Check the connection")
    assert runs.stored() == before


def test_a_portal_that_shows_its_page_for_everything(runs: Runs) -> None:
    result = runs(lambda sandbox: sandbox.set_fault("*", Fault(Kind.CAPTIVE_PORTAL)))
    assert_inconclusive(result, "Hotel WiFi", "captive portal")
    assert runs.stored() == 0


def test_a_portal_that_redirects_everything(runs: Runs) -> None:
    def captured(sandbox: Sandbox) -> None:
        to = Fault(Kind.REDIRECT, location="http://portal.example/welcome")
        sandbox.set_fault("*", to)
        sandbox.set_fault("portal.example", Fault(Kind.CAPTIVE_PORTAL))
        sandbox.reroute("portal.example", Route("127.0.0.1", sandbox.port))

    assert_inconclusive(runs(captured), "portal.example", "captive portal")
    assert runs.stored() == 0


@pytest.mark.parametrize("days", [-365, 365])
def test_a_clock_that_is_wrong_by_a_year(runs: Runs, days: int) -> None:
    dated = world(headers={"date": "Sat, 21 Nov 2026 12:00:00 GMT"})
    assert runs(of=dated).outcome is RunOutcome.COMPLETE
    before = runs.stored()
    result = runs(of=dated, now=NOW + timedelta(days=days))
    assert_inconclusive(result, "365 days", "Set the clock")
    assert runs.stored() == before


def test_certificates_that_a_wrong_clock_refuses(runs: Runs) -> None:
    authority = trustme.CA()

    def later(sandbox: Sandbox) -> None:
        hosts = [*SITES, "api.github.com", "huggingface.co", "export.arxiv.org", "doi.org"]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        start = datetime.now(UTC) + timedelta(days=300)
        cert = authority.issue_cert(*hosts, not_before=start, not_after=start + timedelta(days=90))
        cert.configure_cert(context)
        port = sandbox.listen_tls(context)
        for host in hosts:
            sandbox.reroute(host, Route("127.0.0.1", port, tls=True))

    assert_inconclusive(runs(later), "hosts")


def test_observations_stored_under_a_wrong_clock_make_nothing_dead(runs: Runs) -> None:
    """A run a year ahead stores its observations; later runs ignore them."""
    ahead = runs(now=NOW + timedelta(days=365))
    assert ahead.outcome is RunOutcome.COMPLETE
    down = lambda sandbox: sandbox.set_fault("site0.example", Fault(Kind.REFUSED))  # noqa: E731
    for day in (0, 1, 2):
        result = runs(down, now=NOW + timedelta(days=day))
        assert result.outcome is RunOutcome.COMPLETE
        assert "dead" not in {link.status.value for link in result.links}


def assert_unchecked(result: RunResult, service: str, *words: str) -> None:
    """One service could not be checked; the run is complete for the others."""
    assert result.outcome is RunOutcome.COMPLETE
    assert set(result.service_failures) == {service}
    for word in words:
        assert word in result.service_failures[service]
    assert exit_code(result, "error") == exit_code(result, "never") == 3
    assert not any(result.is_unchecked(finding.target) for finding in result.findings)


def test_a_token_that_is_revoked_in_the_middle(runs: Runs) -> None:
    assert runs().outcome is RunOutcome.COMPLETE
    fault = replace(answer_status(401, body='{"message": "Bad credentials"}'), after=1)
    later = NOW + timedelta(days=8)
    result = runs(
        lambda sandbox: sandbox.set_fault("api.github.com/graphql", fault), now=later, batch=2
    )
    assert_unchecked(result, "github", "GITHUB_TOKEN")
    github = result.services["github"]
    assert github.links == 8
    assert 0 < github.unchecked <= 8
    assert runs.stored_since(later) == {"github": 8 - github.unchecked} | {
        name: service.links for name, service in result.services.items() if name != "github"
    }


@pytest.mark.parametrize(
    ("pattern", "service"),
    [
        ("api.github.com", "github"),
        ("huggingface.co", "huggingface"),
        ("*arxiv.org", "arxiv"),
        ("doi.org", "doi"),
    ],
)
@pytest.mark.parametrize(
    "fault", [answer_status(503), Fault(Kind.REFUSED), Fault(Kind.HTML), answer_status(403)]
)
def test_one_service_that_fails_makes_only_itself_inconclusive(
    runs: Runs, pattern: str, service: str, fault: Fault
) -> None:
    result = runs(lambda sandbox: sandbox.set_fault(pattern, fault))
    assert_unchecked(result, service, "could not be checked")
    mine = result.services[service]
    assert mine.unchecked == mine.links >= 5
    others = [other for name, other in result.services.items() if name != service]
    assert not any(other.unchecked for other in others)
    assert service not in runs.stored_since(NOW)
    healthy = runs(now=NOW + timedelta(days=1))
    assert healthy.outcome is RunOutcome.COMPLETE
    assert not healthy.service_failures
    assert exit_code(healthy, "error") == 0


def test_a_service_with_most_of_the_links_makes_the_run_inconclusive(tmp_path: Path) -> None:
    runs = Runs(tmp_path, [url for url in LINKS if "github" in url or "site" in url][:13])
    result = runs(lambda sandbox: sandbox.set_fault("api.github.com", answer_status(502)))
    assert_inconclusive(result, "GitHub", "8 of 8 targets", "502")
    assert runs.stored() == 0


def test_a_few_failures_of_a_service_are_no_failure_of_it(runs: Runs) -> None:
    fault = answer_status(503)
    result = runs(lambda sandbox: sandbox.set_fault("huggingface.co/lab/m[0-3]*", fault))
    assert result.outcome is RunOutcome.COMPLETE
    assert not result.service_failures


def test_findings_elsewhere_decide_the_exit_code(runs: Runs) -> None:
    def spoil(sandbox: Sandbox) -> None:
        sandbox.set_fault("api.github.com", answer_status(502))
        sandbox.set_fault("site0.example", answer_status(404))

    result = runs(spoil)
    assert set(result.service_failures) == {"github"}
    assert {finding.url for finding in result.findings} == {"https://site0.example/"}
    assert exit_code(result, "error") == 1
    assert exit_code(result, "never") == 3


def test_an_exhausted_rate_limit_leaves_links_unchecked(runs: Runs) -> None:
    spent = Limits(time_scale=1.0, github_core=0, github_graphql=0, github_pages=0)
    result = runs(limits=spent)
    assert_unchecked(result, "github", "limit")
    for link in result.links:
        github = link.url.startswith("https://github.com")
        assert link.status.value in (("blocked", "skipped") if github else ("alive",)), link


def test_a_mass_loss_needs_accept_loss(runs: Runs) -> None:
    assert runs().outcome is RunOutcome.COMPLETE
    later = NOW + timedelta(days=8)
    emptied = replace(world(), repositories=())
    assert_inconclusive(runs(of=emptied, now=later), "8 of 31 entries", "--accept-loss")
    assert_inconclusive(runs(of=emptied, now=later + timedelta(days=1)))
    result = runs(of=emptied, now=later + timedelta(days=2), accept_loss=True)
    assert result.outcome is RunOutcome.COMPLETE
    assert sum(link.status.value == "dead" for link in result.links) == 8
    assert runs(of=emptied, now=later + timedelta(days=3)).outcome is RunOutcome.COMPLETE


def test_the_report_names_the_hosts_that_later_runs_leave_alone(runs: Runs) -> None:
    def spoil(sandbox: Sandbox) -> None:
        sandbox.set_fault("site1.example", answer_status(429, retry_after=31536000))
        sandbox.set_fault("site2.example", answer_status(429, retry_after=3600))

    result = runs(spoil)
    [notice] = [n.message for n in result.notices if "later runs" in n.message]
    # A year is cut down to a day.
    assert "site1.example until 2026-11-22 1" in notice
    assert "site2.example until 2026-11-21 1" in notice
    with open_store(runs.store) as store:
        assert store.cooldowns(NOW).keys() == {"site1.example", "site2.example"}
