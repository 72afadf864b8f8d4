"""Detect failures on our side: they make a run inconclusive. Pure.

Four symptoms: a clock that differs from the hosts', a network on which neither the hosts nor
well-known services respond, a service with most of the links that could not be checked, and facts
that many entries lost at once.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum

from linkcheck.engine.connectivity import ConnectivityDoubt
from linkcheck.engine.identify import LinkIndex
from linkcheck.engine.service_failures import ServiceFailure
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
from linkcheck.model.observation import Evidence, Found, Gone, Observation, Unknown
from linkcheck.model.target import Service, Target

MIN_LOST_SHARE = 0.05
"""Minimum share of the entries with a fact that must lose it at once …"""
MIN_LOST_ENTRIES = 5
"""… and the minimum number of these entries."""
MAX_CLOCK_SKEW = timedelta(days=1)
"""With a larger difference certificates and histories are misjudged."""

EXISTENCE = "existence"
"""Name of the fact that a target exists."""
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
    SERVICE = "service"
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
    network: Outage | None = None,
    failures: Mapping[Service, ServiceFailure] | None = None,
    reused: int = 0,
    clock_ahead: timedelta | None = None,
    accept_loss: bool = False,
) -> Outage | None:
    """Return why the run is inconclusive; ``None`` if it is not.

    ``before`` is the evidence stored before the run, ``observed`` the observations of the run,
    ``network`` a failure of our network that was confirmed, ``failures`` the services that could
    not be checked, ``reused`` the number of targets that were not checked again; ``clock_ahead``
    is the difference between our clock and the hosts' (negative: behind), if known.
    ``accept_loss``: a person has confirmed that facts lost by many entries at once are really lost.
    """
    outage = _clock(clock_ahead) or network or _major_service(observed, failures or {}, reused)
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


def network_outage(doubt: ConnectivityDoubt, requested: Sequence[str]) -> Outage:
    """Return the outage of a run on a doubted network on which no well-known service responded.

    ``requested`` are the hosts of these services.
    """
    services = ", ".join(requested)
    symptom = f"{doubt.symptom[:1].upper()}{doubt.symptom[1:]}"
    if doubt.is_portal:
        kind = OutageKind.PORTAL
        cause = "A captive portal or a filter, which shows its page in place of all others,"
        advice = "Sign in or use another network, then run again."
    else:
        kind = OutageKind.NETWORK
        cause = "Our network connection, name resolution or proxy"
        advice = "Check the connection (and HTTPS_PROXY, if one is needed), then run again."
    return Outage(
        kind,
        f"{symptom}, and well-known services ({services}) gave no valid response either. {cause} "
        f"is the likely cause. No link is judged and nothing was changed. {advice}",
    )


def _major_service(
    observed: Sequence[Observation], failures: Mapping[Service, ServiceFailure], reused: int
) -> Outage | None:
    """Return the failure of a service that has most of the run's targets."""
    if not failures:
        return None
    targets = Counter(observation.target.service for observation in observed)
    total = len(observed) + reused
    for service, failure in failures.items():
        if 2 * targets[service] > total:
            reason = f"{failure.reason} Most links of this run are there, so nothing was changed."
            return Outage(OutageKind.SERVICE, reason)
    return None


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
