"""Detect failures on our side: they make a run inconclusive. Pure.

Five symptoms: a clock that differs from the hosts', most hosts at once without an answer, a service
that rejects our credentials, unrelated sites that all show or redirect to one page (a captive
portal), and facts that many entries lost at once. The failure of one service is no outage of ours:
its links become unknown.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum

from linkcheck.engine.identify import LinkIndex
from linkcheck.engine.summarize import is_same_source
from linkcheck.model.entry import Catalog
from linkcheck.model.facts import (
    Facts,
    ModelFacts,
    PageFacts,
    PaperFacts,
    PathFacts,
    RepositoryFacts,
)
from linkcheck.model.observation import (
    TRANSPORT_REASONS,
    UNASKED_REASONS,
    Evidence,
    Found,
    Gone,
    Observation,
    Unknown,
    UnknownReason,
)
from linkcheck.model.target import Service, Target
from linkcheck.model.url import InvalidUrlError, parse

MIN_LOST_SHARE = 0.05
"""Minimum share of the entries with a fact that must lose it at once …"""
MIN_LOST_ENTRIES = 5
"""… and the minimum number of these entries."""
MIN_SILENT_HOSTS = 3
"""Minimum number of hosts without an answer, unless no host answered."""
MIN_PORTAL_SITES = 4
"""Minimum number of sites that show or redirect to the same page."""

MAX_CLOCK_SKEW = timedelta(days=1)
"""With a larger difference certificates and histories are misjudged."""

EXISTENCE = "existence"
"""Name of the fact that a target exists."""
_SERVICE_NAMES = {
    Service.GITHUB: "GitHub",
    Service.HUGGINGFACE: "Hugging Face",
    Service.ARXIV: "arXiv",
}
_OPTIONAL_FACTS = frozenset({"https_works", "login_required", "fragments", "missing_versions"})
"""Facts that are only looked up in some cases: their absence is no loss."""
_COMPARED_FACTS = {
    kind.__name__: tuple(field.name for field in fields(kind) if field.name not in _OPTIONAL_FACTS)
    for kind in (RepositoryFacts, ModelFacts, PaperFacts, PageFacts)
}


class OutageKind(StrEnum):
    """Symptom that was detected."""

    CLOCK = "clock"
    NETWORK = "network"
    CREDENTIALS = "credentials"
    PORTAL = "portal"
    FACTS = "facts"


@dataclass(frozen=True, slots=True)
class Outage:
    """Reason why a run is inconclusive."""

    kind: OutageKind
    reason: str
    """Paragraph for people: what happened, why it is not the links, what to do."""


def detect_outage(
    before: Mapping[Target, Evidence],
    observed: Sequence[Observation],
    catalog: Catalog,
    links: LinkIndex,
    *,
    clock_ahead: timedelta | None = None,
    rejected_tokens: Collection[Service] = (),
    accept_loss: bool = False,
) -> Outage | None:
    """Return why the run is inconclusive; ``None`` if it is not.

    ``before`` is the evidence stored before the run, ``observed`` the observations of the run;
    ``clock_ahead`` is the difference between our clock and the hosts' (negative: behind), if known.
    ``rejected_tokens``: services that were asked without our token, which they had rejected.
    ``accept_loss``: a person has confirmed that facts lost by many entries at once are really lost.
    """
    outage = (
        _clock(clock_ahead)
        or _credentials(observed, rejected_tokens)
        or _network(before, observed)
        or _redirecting_portal(observed)
        or _portal_page(observed)
    )
    if outage is None and not accept_loss:
        outage = _lost_facts(before, observed, catalog, links)
    return outage


def _clock(ahead: timedelta | None) -> Outage | None:
    if ahead is None or abs(ahead) < MAX_CLOCK_SKEW:
        return None
    where = "ahead of" if ahead > timedelta(0) else "behind"
    return Outage(
        OutageKind.CLOCK,
        f"The clock here is about {abs(ahead).days} days {where} the hosts that were asked. With "
        "it certificates look expired or not yet valid, and how long a link has been failing is "
        "counted wrongly. No link is judged and nothing was changed. Set the clock, then run "
        "again.",
    )


def network_outage(hosts: int) -> Outage:
    """Return the outage of a run that ended early because no host answered."""
    return Outage(
        OutageKind.NETWORK,
        f"None of the first {hosts} hosts gave any answer, so the run was ended early. That many "
        "do not fail at once by themselves: the network connection, name resolution or proxy here "
        "is the likely cause. No link is judged and nothing was changed. Check the connection "
        "(and HTTPS_PROXY, if one is needed), then run again.",
    )


def _has_unknown_reason(observation: Observation, reasons: Iterable[UnknownReason]) -> bool:
    outcome = observation.outcome
    return isinstance(outcome, Unknown) and outcome.reason in reasons


def _credentials(seen: Sequence[Observation], tokens: Collection[Service]) -> Outage | None:
    rejected = [
        o
        for o in seen
        if _has_unknown_reason(o, (UnknownReason.CREDENTIALS,)) or o.target.service in tokens
    ]
    if not rejected:
        return None
    service = rejected[0].target.service
    name = _SERVICE_NAMES.get(service, str(service))
    variable = {Service.GITHUB: "GITHUB_TOKEN", Service.HUGGINGFACE: "HF_TOKEN"}.get(service)
    advice = f"Renew the token in {variable}, or unset it" if variable else "Renew the credentials"
    return Outage(
        OutageKind.CREDENTIALS,
        f"{name} rejected our credentials on {len(rejected)} "
        f"{'link' if len(rejected) == 1 else 'links'}. Without them private and missing things "
        f"look alike, so no link is judged and nothing was changed. {advice}, then run again.",
    )


def _network(before: Mapping[Target, Evidence], seen: Sequence[Observation]) -> Outage | None:
    """Compare the number of hosts without an answer with that of the others.

    Hosts without an answer last time do not count: most links checked every day are those that
    failed, while the healthy ones are reused.
    """
    silent: dict[str, bool] = {}
    newly_silent: set[str] = set()
    for observation in seen:
        if _has_unknown_reason(observation, UNASKED_REASONS):
            continue
        host = observation.target.authority
        failed = _has_unknown_reason(observation, TRANSPORT_REASONS)
        silent[host] = silent.get(host, True) and failed
        known = before.get(observation.target)
        last = known.latest if known else None
        if last is None or not _has_unknown_reason(last, TRANSPORT_REASONS):
            newly_silent.add(host)
    silent_hosts = sorted(host for host in newly_silent if silent[host])
    answered = sum(1 for host in silent if not silent[host])
    if len(silent_hosts) <= answered:
        return None
    services = {str(family) for family in Service if family is not Service.WEB}
    if len(silent_hosts) < MIN_SILENT_HOSTS and (
        answered or not services.intersection(silent_hosts)
    ):
        return None
    total = len(silent_hosts) + answered
    examples = ", ".join(silent_hosts[:3]) + (", …" if len(silent_hosts) > 3 else "")
    return Outage(
        OutageKind.NETWORK,
        f"{len(silent_hosts)} of {total} hosts ({examples}) gave no answer at all in this run. "
        "So many do not fail at once by themselves: the network connection, name resolution or "
        "proxy here is the likely cause. No link is judged and nothing was changed. Check the "
        "connection (and HTTPS_PROXY, if one is needed), then run again.",
    )


def _redirecting_portal(seen: Sequence[Observation]) -> Outage | None:
    """Detect a page that unrelated sites all redirect to."""
    hosts: set[str] = set()
    redirected: dict[str, set[str]] = defaultdict(set)
    for observation in seen:
        if observation.target.service is not Service.WEB:
            continue
        host = observation.target.authority
        hosts.add(host)
        outcome = observation.outcome
        if isinstance(outcome, Found) and outcome.now_at:
            try:
                final_host = parse(outcome.now_at).authority
            except InvalidUrlError:
                continue
            if final_host != host:
                redirected[final_host].add(host)
    if not redirected:
        return None
    portal, sites = max(redirected.items(), key=lambda item: (len(item[1]), item[0]))
    if len(sites) < MIN_PORTAL_SITES or 2 * len(sites) <= len(hosts):
        return None
    return Outage(
        OutageKind.PORTAL,
        f"{len(sites)} of {len(hosts)} unrelated sites now all lead to {portal}. That looks like a "
        "network that shows its own sign-in page in place of every other (a captive portal or a "
        "filter). No link is judged and nothing was changed. Sign in or use another network, then "
        "run again.",
    )


def _portal_page(seen: Sequence[Observation]) -> Outage | None:
    """Detect a page that unrelated sites all show instead of their own.

    A valid answer of a service rules it out: a portal intercepts every request.
    """
    titles: dict[str, set[str]] = defaultdict(set)
    hosts: set[str] = set()
    for observation in seen:
        outcome = observation.outcome
        if observation.target.service is not Service.WEB:
            if isinstance(outcome, Found | Gone):
                return None
            continue
        host = observation.target.authority
        hosts.add(host)
        if observation.page is not None and observation.page.title:
            titles[observation.page.title].add(host)
    if not titles:
        return None
    title, sites = max(titles.items(), key=lambda item: (len(item[1]), item[0]))
    if len(sites) < MIN_PORTAL_SITES or 2 * len(sites) <= len(hosts):
        return None
    return Outage(
        OutageKind.PORTAL,
        f"{len(sites)} of {len(hosts)} unrelated sites now show one and the same page, titled "
        f"“{title[:80]}”, and no service answers as it should. That looks like a network that "
        "shows its own page in place of every other (a captive portal or a filter). No link is "
        "judged and nothing was changed. Sign in or use another network, then run again.",
    )


def _lost_facts(
    before: Mapping[Target, Evidence],
    observed: Sequence[Observation],
    catalog: Catalog,
    links: LinkIndex,
) -> Outage | None:
    """Count for every fact the entries that had it and lost it in this run."""
    kept, lost = _compare(before, observed)
    had_by: dict[str, set[str]] = defaultdict(set)
    lost_by: dict[str, set[str]] = defaultdict(set)
    for entry in catalog.entries:
        for link in entry.links:
            recognized = links.identity(link).recognized
            if recognized is None or link.badge:
                continue
            for fact in lost.get(recognized.target, ()):
                lost_by[fact].add(entry.id)
                had_by[fact].add(entry.id)
            for fact in kept.get(recognized.target, ()):
                had_by[fact].add(entry.id)
    worst = sorted(
        (
            (len(entries), fact)
            for fact, entries in lost_by.items()
            if len(entries) >= MIN_LOST_ENTRIES
            and len(entries) >= MIN_LOST_SHARE * len(had_by[fact])
        ),
        key=lambda item: (item[1] != EXISTENCE, -item[0], item[1]),
    )
    if not worst:
        return None
    count, fact = worst[0]
    what = "their place (the link is gone)" if fact == EXISTENCE else f"“{_fact_name(fact)}”"
    more = f", and {len(worst) - 1} other facts were lost as widely" if len(worst) > 1 else ""
    names = sorted(lost_by[fact])
    examples = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return Outage(
        OutageKind.FACTS,
        f"{count} of {len(had_by[fact])} entries ({examples}) newly lost {what}{more}. So many "
        "do not change at once by themselves: an answer that was cut short, a service that has "
        "changed its form, or a missing token is more likely. Nothing was changed. Look at two or "
        "three of them by hand; if the loss is real, run once with --accept-loss.",
    )


def _compare(
    before: Mapping[Target, Evidence], seen: Sequence[Observation]
) -> tuple[dict[Target, set[str]], dict[Target, set[str]]]:
    """Return the facts that each target kept and lost, for definitive observations.

    A target that could not be checked lost nothing. Neither did one observed by another source (a
    raw file when the API quota is used up), which does not provide all facts.
    """
    kept: dict[Target, set[str]] = {}
    lost: dict[Target, set[str]] = {}
    for observation in seen:
        known = before.get(observation.target)
        if known is None or isinstance(observation.outcome, Unknown):
            continue
        last = next((o for o in known.observations if isinstance(o.outcome, Found | Gone)), None)
        had = _facts_of(last)
        if not had:
            continue
        has = had if last and last.facts == observation.facts else _facts_of(observation)
        if EXISTENCE not in has:
            lost[observation.target] = {EXISTENCE}
            continue
        kept[observation.target] = had & has
        if last is None or is_same_source(last, observation):
            lost[observation.target] = had - has
    return kept, lost


def _facts_of(observation: Observation | None) -> set[str]:
    if observation is None or observation.facts is None:
        return set()
    facts: Facts = observation.facts
    if isinstance(facts, PathFacts):
        if not facts.exists:
            return set()
        return {EXISTENCE} | _present(facts.repository)
    return {EXISTENCE} | _present(facts)


def _present(facts: RepositoryFacts | ModelFacts | PaperFacts | PageFacts) -> set[str]:
    return {
        name
        for name in _COMPARED_FACTS[type(facts).__name__]
        if getattr(facts, name) not in (None, "", ())
    }


def _fact_name(fact: str) -> str:
    return fact.replace("_", " ").removesuffix(" at")
