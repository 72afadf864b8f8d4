"""Plan and supervise the observations of a run.

Decides what to reuse and what to request, starts the providers, and makes sure that every request
ends in an observation. Does no I/O itself.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from linkcheck.engine.link_status import is_confirmed_gone
from linkcheck.engine.network_monitor import NetworkCheck, NetworkMonitor
from linkcheck.model.defects import BUG_REPORT, Defect, DefectLog
from linkcheck.model.observation import (
    Evidence,
    Found,
    Gone,
    Observation,
    Unknown,
    UnknownReason,
)
from linkcheck.model.protocols import ObservationRequest, Progress, Provider
from linkcheck.model.result import Notice
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.model.target import Service, Target

_LOST = Unknown(UnknownReason.DEFECT, "linkcheck failed on it")
_NOT_REACHED = Unknown(UnknownReason.NOT_ASKED, "the run ended before it was its turn")

GONE_MAX_AGE = timedelta(days=7)
"""A confirmed gone target is checked again after this time, whatever age is allowed."""


@dataclass(frozen=True, slots=True)
class RunScope:
    """Limits of what a run checks."""

    services: frozenset[Service] = frozenset(Service)
    offline: bool = False
    excluded: Callable[[Target], bool] = field(default=lambda _target: False)
    shard: tuple[int, int] | None = None
    """(I, N): only the I-th of N parts, counted from 1."""
    only: frozenset[Target] | None = None
    """Only these targets (those that a change touches); ``None`` for all."""
    max_age: timedelta | None = None
    """Reuse younger observations, for every service; ``None``: as the settings have it."""


@dataclass(frozen=True, slots=True)
class ObservationPlan:
    """Requests by service, reused evidence, and targets left out."""

    ask: Mapping[Service, tuple[ObservationRequest, ...]]
    reuse: Mapping[Target, Evidence]
    withheld: Mapping[Target, str]
    """Targets not checked in this run, with the reason, for people."""
    elsewhere: frozenset[Target] = frozenset()
    """Those of them that another shard checks."""


def shard_of(target: Target, shards: int) -> int:
    """Return the shard (from 1) of a target; it depends on service and host or owner alone.

    Hosts with a rate limit of their own stay in one shard; GitHub and Hugging Face, whose limits
    are per token, are split by owner.
    """
    return int.from_bytes(hashlib.sha256(_shard_key(target).encode()).digest()[:8]) % shards + 1


def _shard_key(target: Target) -> str:
    match target.service:
        case Service.GITHUB | Service.HUGGINGFACE:
            return f"{target.service}:{target.key.partition('/')[0]}"
        case Service.WEB | Service.ARXIV | Service.DOI:
            return target.authority


def _spread_max_age(target: Target, age: timedelta) -> timedelta:
    """Return the maximum age for one target: between 80 and 100 percent of ``age``.

    Derived from the target, so that not everything expires on one day and a repeated run decides
    the same.
    """
    spread = int.from_bytes(hashlib.sha256(str(target).encode()).digest()[:2]) / 0xFFFF
    return age * (0.8 + 0.2 * spread)


def _is_fresh(
    evidence: Evidence | None, scope: RunScope, history: ConfirmationSettings, now: datetime
) -> bool:
    latest = evidence.latest if evidence else None
    if evidence is None or latest is None or isinstance(latest.outcome, Unknown):
        return False  # unknown observations are never reused
    if scope.max_age is not None:
        age = scope.max_age
    elif latest.target.service is Service.WEB and isinstance(latest.outcome, Found):
        age = max(history.web_max_age, history.max_age)
    else:
        age = history.max_age
    if isinstance(latest.outcome, Gone):
        # The observation that confirms a dead link must not be delayed, nor may a target that
        # exists again be called dead for as long as found ones are reused.
        confirmed = is_confirmed_gone(evidence, history, now)
        age = min(age, GONE_MAX_AGE if confirmed else timedelta(days=history.confirm_gone_days))
    return timedelta(0) <= now - latest.at < _spread_max_age(latest.target, age)


def plan_observations(
    requests: Iterable[ObservationRequest],
    stored: Mapping[Target, Evidence],
    scope: RunScope,
    history: ConfirmationSettings,
    now: datetime,
) -> ObservationPlan:
    """Decide for every request whether to reuse, leave out or send it."""
    ask: dict[Service, list[ObservationRequest]] = defaultdict(list)
    reuse: dict[Target, Evidence] = {}
    withheld: dict[Target, str] = {}
    elsewhere: set[Target] = set()
    for request in requests:
        target = request.target
        evidence = stored.get(target)
        if scope.excluded(target):
            withheld[target] = "excluded by the configuration"
        elif scope.only is not None and target not in scope.only:
            withheld[target] = "the change does not touch it"
        elif target.service not in scope.services:
            withheld[target] = "its service is left out of this run (--only, --skip)"
        elif scope.shard and shard_of(target, scope.shard[1]) != scope.shard[0]:
            withheld[target] = "it belongs to another shard"
            elsewhere.add(target)
        elif scope.offline:
            if evidence and evidence.latest:
                reuse[target] = Evidence(target, evidence.observations, reused=True)
            else:
                withheld[target] = "offline, and the store has never seen it"
        elif evidence is not None and _is_fresh(evidence, scope, history, now):
            reuse[target] = Evidence(target, evidence.observations, reused=True)
        else:
            known = evidence.last_found if evidence else None
            ask[target.service].append(
                request if known is request.previous else replace(request, previous=known)
            )
    asked = {service: tuple(ask[service]) for service in Service if ask[service]}
    return ObservationPlan(asked, reuse, withheld, frozenset(elsewhere))


@dataclass(slots=True)
class ObservationResults:
    """Observations and notices of a run."""

    observations: dict[Target, Observation] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    failed: set[Service] = field(default_factory=set)
    """Services whose provider raised an exception."""
    rejected_tokens: set[Service] = field(default_factory=set)
    """Services that rejected our token and were asked without it."""
    is_network_down: bool = False
    """Whether the run was ended early because our network is down."""


async def observe_all(
    plan: ObservationPlan,
    providers: Sequence[Provider],
    progress: Progress,
    now: Callable[[], datetime],
    results: ObservationResults | None = None,
    network: NetworkCheck | None = None,
) -> ObservationResults:
    """Run all providers concurrently and return one observation per request.

    An exception of a provider is a bug: it is reported in a notice, and its remaining requests
    become unknown; the others go on. With ``network``, the run ends early when our network is down.
    If canceled from outside, ``results`` (the caller's) keeps what was observed by then.
    """
    import anyio

    results = results if results is not None else ObservationResults()
    progress.begin({family: len(questions) for family, questions in plan.ask.items()})
    monitor: NetworkMonitor | None = None

    def collect(observation: Observation) -> None:
        if observation.target in results.observations:
            return
        results.observations[observation.target] = observation
        progress.observed(observation)
        if monitor is not None:
            monitor.add(observation)

    async def run_provider(provider: Provider, questions: tuple[ObservationRequest, ...]) -> None:
        try:
            await provider.observe(questions, collect)
        except Exception as error:  # noqa: BLE001 - a bug is reported and costs one service at most
            log = DefectLog()
            log.add(error)
            results.failed.add(provider.service)
            results.notices += [_defect_notice(provider.service, defect) for defect in log]

    async with anyio.create_task_group() as watching:
        async with anyio.create_task_group() as tasks:
            if network is not None:
                monitor = NetworkMonitor(network, tasks.cancel_scope.cancel)
                watching.start_soon(monitor.watch)
            for provider in providers:
                if questions := plan.ask.get(provider.service):
                    tasks.start_soon(run_provider, provider, questions)
        watching.cancel_scope.cancel()
    results.is_network_down = monitor is not None and monitor.is_down
    mark_unanswered(plan, results, now())
    progress.end()
    return results


def mark_unanswered(plan: ObservationPlan, collected: ObservationResults, now: datetime) -> None:
    """Add an unknown observation for every request without one."""
    for service, requests in plan.ask.items():
        unknown = _LOST if service in collected.failed else _NOT_REACHED
        for request in requests:
            collected.observations.setdefault(
                request.target, Observation(request.target, now, unknown)
            )


def _defect_notice(service: Service, defect: Defect) -> Notice:
    times = f" {defect.count:,} times" if defect.count > 1 else ""
    return Notice(
        f"the {service} provider failed{times}: {defect}. {BUG_REPORT} "
        "The links it had not settled are reported as could-not-tell.",
        defect=True,
    )
