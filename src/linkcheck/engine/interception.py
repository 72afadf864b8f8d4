"""Find pages that a filter or a hijacked name server shows in place of unrelated sites. Pure.

One page for many unrelated sites is not the sites' word, whatever its status. Stock pages are alike
everywhere and have no fingerprint; a page that came over a valid certificate for the name that was
requested counts unless it says itself that it blocks.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from linkcheck.model.observation import (
    EvidenceItem,
    Found,
    Gone,
    Observation,
    Unknown,
    UnknownReason,
)
from linkcheck.model.redirect import registrable_domain, unrelated_domains
from linkcheck.model.target import Service, Target
from linkcheck.model.url import InvalidUrlError, parse

MIN_SITES = 3
"""Sites of different owners with one page, from which none of them is believed …"""
MIN_PLAIN_SITES = 4
"""… and from which not even a page with status 200 is, without encryption."""


def without_intercepted(observed: Mapping[Target, Observation]) -> dict[Target, Observation]:
    """Return the observations, with those that show another host's page as unknown."""
    shared: dict[str, list[Observation]] = defaultdict(list)
    for observation in observed.values():
        for key in _keys(observation):
            shared[key].append(observation)
    result = dict(observed)
    for group in shared.values():
        if len(group) < MIN_SITES:
            continue
        sites = unrelated_domains(observation.target.url for observation in group)
        if sites < MIN_SITES:
            continue
        for observation in group:
            if _is_doubtful(observation, group, sites):
                result[observation.target] = _intercepted(observation, sites)
    return result


def _keys(observation: Observation) -> list[str]:
    """Return what groups an observation with others: the text of its page, where it led."""
    trace, outcome = observation.trace, observation.outcome
    if observation.target.service is not Service.WEB or trace is None:
        return []
    if trace.has_valid_certificate and not trace.says_blocked:
        return []
    keys = [] if trace.fingerprint is None else [f"page {trace.fingerprint}"]
    if isinstance(outcome, Found) and outcome.now_at:
        try:
            before, after = parse(observation.target.url), parse(outcome.now_at)
        except InvalidUrlError:
            return keys
        if registrable_domain(before.host) != registrable_domain(after.host):
            keys.append(f"place {after.host}{after.path}")
    return keys


def _is_doubtful(observation: Observation, group: list[Observation], sites: int) -> bool:
    """Return whether an observation is not to be believed, given that it is one of a group."""
    trace = observation.trace
    if isinstance(observation.outcome, Gone):
        return True
    if not isinstance(observation.outcome, Found) or trace is None:
        return False
    if trace.says_blocked:
        return True
    # Without TLS: the page of a platform, or of a test that plays https without it, stays alive.
    addresses = {one.trace.address for one in group if one.trace and one.trace.address}
    is_plain = observation.target.url.startswith("http:")
    return is_plain and sites >= MIN_PLAIN_SITES and len(addresses) <= 1


def _intercepted(observation: Observation, sites: int) -> Observation:
    detail = f"the same page as {sites - 1} unrelated sites: a filter or name server shows it"
    unknown = Unknown(UnknownReason.INTERCEPTED, detail)
    evidence = (*observation.evidence, EvidenceItem("linkcheck", observation.at, detail))
    return replace(observation, outcome=unknown, evidence=evidence, validator=None)
