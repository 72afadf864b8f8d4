"""Detect services that a run could not check. Pure.

The failure of one service is no outage of ours: its links become unknown, and the rest of the run
is valid. Only services that own targets count. A web page is its own host's business, and a service
that is only requested for metadata of other links decides nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from linkcheck.model.observation import (
    TRANSPORT_REASONS,
    Gone,
    Observation,
    Status,
    Unknown,
    UnknownReason,
)
from linkcheck.model.result import LinkResult, RunOutcome, RunResult, ServiceResult
from linkcheck.model.target import Service, Target
from linkcheck.model.wording import SERVICE_NAMES, plural

MIN_FAILED_TARGETS = 5
"""Minimum number of targets that a service must fail for …"""
MIN_FAILED_SHARE = 0.9
"""… and the minimum share of its targets in this run."""

_FAILURES = TRANSPORT_REASONS | {
    UnknownReason.PROTOCOL,
    UnknownReason.REDIRECT_LOOP,
    UnknownReason.SERVER_ERROR,
    UnknownReason.RATE_LIMITED,
    UnknownReason.FORBIDDEN,
    UnknownReason.CHALLENGE,
    UnknownReason.INTERCEPTED,
    UnknownReason.CREDENTIALS,
    UnknownReason.NOT_ASKED,
}
"""Reasons that say nothing about the target."""
_OWNERS = frozenset({Service.GITHUB, Service.HUGGINGFACE, Service.ARXIV, Service.DOI})
"""Services that own the targets of many links."""
_REFUSES_ALL = frozenset({Service.GITHUB, Service.HUGGINGFACE})
"""Services whose 4xx is about the request; arXiv and the DOI resolver mean the identifier."""
_LIMITED = frozenset({UnknownReason.RATE_LIMITED, UnknownReason.NOT_ASKED})
_UNCHECKED = frozenset({Status.UNREACHABLE, Status.BLOCKED, Status.SKIPPED})
_TOKENS = {Service.GITHUB: "GITHUB_TOKEN", Service.HUGGINGFACE: "HF_TOKEN"}


@dataclass(frozen=True, slots=True)
class ServiceFailure:
    """Why a service could not be checked."""

    service: Service
    reason: str
    """Paragraph for people: what happened, what follows, what to do."""
    is_rejected_token: bool = False


def find_service_failures(
    observed: Iterable[Observation], rejected_tokens: Collection[Service] = ()
) -> dict[Service, ServiceFailure]:
    """Return the services that failed or refused nearly all of their targets, or our token.

    ``observed`` are the observations of this run, without those of targets left out of it;
    ``rejected_tokens`` the services that rejected our token and were then requested without it.
    """
    totals: Counter[Service] = Counter()
    failed: dict[Service, list[Unknown]] = {}
    for observation in observed:
        service = observation.target.service
        if service not in _OWNERS:
            continue
        totals[service] += 1
        outcome = observation.outcome
        if isinstance(outcome, Unknown) and _is_failure(service, outcome.reason):
            failed.setdefault(service, []).append(outcome)
    return {
        service: failure
        for service in totals
        if (failure := _judge(service, failed.get(service, []), totals[service], rejected_tokens))
    }


def _is_failure(service: Service, reason: UnknownReason) -> bool:
    if reason is UnknownReason.CLIENT_ERROR:
        return service in _REFUSES_ALL
    return reason in _FAILURES


def _judge(
    service: Service, outcomes: list[Unknown], total: int, rejected_tokens: Collection[Service]
) -> ServiceFailure | None:
    name = SERVICE_NAMES[service]
    if service in rejected_tokens or any(
        outcome.reason is UnknownReason.CREDENTIALS for outcome in outcomes
    ):
        reason = (
            f"{name} rejected our token, and without one private and missing things look alike. "
            f"Its links are not judged. Renew {_TOKENS.get(service, 'the token')}, or unset it."
        )
        return ServiceFailure(service, reason, is_rejected_token=True)
    if len(outcomes) < MIN_FAILED_TARGETS or len(outcomes) < MIN_FAILED_SHARE * total:
        return None
    count = f"{len(outcomes):,} of {plural(total, 'target')}"
    limited = sum(outcome.reason in _LIMITED for outcome in outcomes)
    if 2 * limited > len(outcomes):
        advice = "Run again when its limit is over"
        if service in _TOKENS:
            advice += f"; {_TOKENS[service]} raises it"
    else:
        advice = "Run again when it works"
    reason = (
        f"{name} could not be checked: {count} failed ({_most_common_detail(outcomes)}). "
        f"Its links are not judged. {advice}."
    )
    return ServiceFailure(service, reason)


def _most_common_detail(outcomes: list[Unknown]) -> str:
    """Return the most common failure, preferably of a request that was sent."""
    sent = [o for o in outcomes if o.reason is not UnknownReason.HOST_DOWN] or outcomes
    detail, _ = Counter(o.detail or str(o.reason) for o in sent).most_common(1)[0]
    return detail


def service_results(
    links: Iterable[LinkResult],
    failures: Mapping[Service, ServiceFailure],
    requested: Collection[Target],
) -> dict[str, ServiceResult]:
    """Return how far each service with links could be checked, in the order of the services.

    ``requested`` are the targets that this run had to check.
    """
    counts: Counter[Service] = Counter()
    unchecked: Counter[Service] = Counter()
    for link in links:
        if link.target is not None:
            counts[link.target.service] += 1
            if link.status in _UNCHECKED and link.target in requested:
                unchecked[link.target.service] += 1
    return {
        service.value: ServiceResult(
            RunOutcome.INCONCLUSIVE if service in failures else RunOutcome.COMPLETE,
            failures[service].reason if service in failures else None,
            counts[service],
            unchecked[service],
        )
        for service in Service
        if counts[service]
    }


def merge_service_results(
    links: Iterable[LinkResult], shards: Sequence[RunResult]
) -> dict[str, ServiceResult]:
    """Return how far each service could be checked by the shards of a run with these links.

    A service that one shard could not check is inconclusive: it is unknown what the shard missed.
    """
    merged = service_results(links, {}, ())
    for name, total in merged.items():
        parts = [shard.services[name] for shard in shards if name in shard.services]
        failed = next((part for part in parts if part.reason), ServiceResult())
        unchecked = sum(part.unchecked for part in parts)
        merged[name] = ServiceResult(failed.outcome, failed.reason, total.links, unchecked)
    return merged


def without_unreliable(
    observed: Mapping[Target, Observation], failures: Mapping[Service, ServiceFailure]
) -> dict[Target, Observation]:
    """Return the observations with those that a rejected token makes unreliable as unknown.

    Without a valid token, private and missing things look alike.
    """
    rejected = {failure.service for failure in failures.values() if failure.is_rejected_token}
    unknown = Unknown(UnknownReason.CREDENTIALS, "its service rejected our token")
    return {
        target: replace(observation, outcome=unknown)
        if target.service in rejected and isinstance(observation.outcome, Gone)
        else observation
        for target, observation in observed.items()
    }
