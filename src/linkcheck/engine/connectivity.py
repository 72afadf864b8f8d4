"""Judge by the observations of a run whether our own network may have failed. Pure.

Observations can only cast doubt: five dead hosts look like a network that is down. Well-known
services decide then (:mod:`linkcheck.providers.well_known_services`). A response that only the
requested host could give removes the doubt: one of a service in the form of its API, different
pages of unrelated sites, or a TLS handshake with a valid certificate (the HTTP client reports it).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linkcheck.model.facts import PageFacts
from linkcheck.model.observation import (
    TRANSPORT_REASONS,
    UNASKED_REASONS,
    Found,
    Gone,
    Observation,
    Unknown,
)
from linkcheck.model.target import Service
from linkcheck.model.url import InvalidUrlError, parse

MIN_SILENT_HOSTS = 5
"""Hosts without a response after which a run is doubted while it goes on."""
MIN_PORTAL_SITES = 4
"""Minimum number of sites that show or redirect to the same page."""
MAX_NAMED_HOSTS = 3


@dataclass(frozen=True, slots=True)
class ConnectivityDoubt:
    """Why our own network may have failed."""

    symptom: str
    """A clause without a full stop, for people."""
    is_portal: bool = False
    """Whether one page answers for many sites, as on a network with a sign-in page."""


class ConnectivityEvidence:
    """What the observations of a run prove about our network; kept up to date as they come."""

    def __init__(self, observed: Iterable[Observation] = ()) -> None:
        self.is_proven = False
        """Whether a response came that only the requested host could give."""
        self._silent: dict[str, bool] = {}
        self._pages: dict[str, str] = {}
        for observation in observed:
            self.add(observation)

    @property
    def silent_hosts(self) -> list[str]:
        """The hosts without any response, sorted; a service counts as one host."""
        return sorted(host for host, is_silent in self._silent.items() if is_silent)

    @property
    def hosts(self) -> int:
        """The number of hosts that were requested."""
        return len(self._silent)

    def add(self, observation: Observation) -> None:
        """Take an observation into account."""
        outcome = observation.outcome
        if isinstance(outcome, Unknown) and outcome.reason in UNASKED_REASONS:
            return
        host = observation.target.authority
        is_silent = isinstance(outcome, Unknown) and outcome.reason in TRANSPORT_REASONS
        self._silent[host] = self._silent.get(host, True) and is_silent
        if self.is_proven or isinstance(outcome, Unknown):
            return
        if observation.target.service is not Service.WEB:
            self.is_proven = True
            return
        page, site = _describe_page(host, outcome), _site(host)
        self._pages.setdefault(page, site)
        self.is_proven = any(p != page and s != site for p, s in self._pages.items())


def doubt_connectivity(
    observed: Sequence[Observation], *, has_valid_certificate: bool
) -> ConnectivityDoubt | None:
    """Return why our network is to be checked at the end of a run; ``None`` if it is not.

    ``has_valid_certificate``: a host has proved its name in a TLS handshake.
    """
    evidence = ConnectivityEvidence(observed)
    if not evidence.hosts:
        return None
    is_proven = has_valid_certificate or evidence.is_proven
    if not is_proven and (portal := _portal(observed)) is not None:
        return portal
    silent, total = evidence.silent_hosts, evidence.hosts
    if 2 * len(silent) > total:
        return silence(silent, total)
    if not is_proven:
        return ConnectivityDoubt("no host gave a response that only it could give")
    return None


def silence(silent: Sequence[str], total: int) -> ConnectivityDoubt:
    """Return the doubt about a network on which hosts do not respond."""
    named = ", ".join(silent[:MAX_NAMED_HOSTS]) + (", …" if len(silent) > MAX_NAMED_HOSTS else "")
    return ConnectivityDoubt(f"{len(silent)} of {total} hosts did not respond ({named})")


def _describe_page(host: str, outcome: Found | Gone) -> str:
    """Return what distinguishes a page from one that a network shows in place of every page."""
    if isinstance(outcome, Gone):
        return "missing"
    facts = outcome.facts
    if isinstance(facts, PageFacts) and facts.title:
        return facts.title.replace(host, "")
    final_host = _host(outcome.now_at) or host
    return "" if _site(final_host) == _site(host) else final_host


def _site(host: str) -> str:
    """Return the last two labels of a host: unrelated sites differ in them."""
    return ".".join(host.partition(":")[0].split(".")[-2:])


def _host(url: str | None) -> str | None:
    try:
        return parse(url).authority if url else None
    except InvalidUrlError:
        return None


def _portal(observed: Sequence[Observation]) -> ConnectivityDoubt | None:
    """Detect a page that most sites show, or redirect to, in place of their own."""
    hosts: set[str] = set()
    redirected: dict[str, set[str]] = defaultdict(set)
    titles: dict[str, set[str]] = defaultdict(set)
    for observation in observed:
        if observation.target.service is not Service.WEB:
            continue
        host = observation.target.authority
        hosts.add(host)
        outcome = observation.outcome
        final_host = _host(outcome.now_at) if isinstance(outcome, Found) else None
        if final_host is not None and final_host != host:
            redirected[final_host].add(host)
        if observation.page is not None and observation.page.title:
            titles[observation.page.title].add(host)
    for pages, what in ((redirected, "redirect to {page}"), (titles, "show one page, “{page}”")):
        if not pages:
            continue
        page, sites = max(pages.items(), key=lambda item: (len(item[1]), item[0]))
        if len(sites) >= MIN_PORTAL_SITES and 2 * len(sites) > len(hosts):
            clause = what.format(page=page[:80])
            symptom = f"{len(sites)} of {len(hosts)} unrelated sites {clause}"
            return ConnectivityDoubt(symptom, is_portal=True)
    return None
