"""Asking the services: what to reuse, what to ask, and seeing to it that every question ends.

The network is behind the providers; this half only decides, starts, counts and stops.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from linkcheck.engine.link_status import is_confirmed_gone
from linkcheck.model.defects import BUG_REPORT, Defect, DefectLog
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
from linkcheck.model.protocols import ObservationRequest, Progress, Provider
from linkcheck.model.result import Notice
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.model.target import Service, Target

_LOST = Unknown(UnknownReason.DEFECT, "linkcheck failed on it")
_NOT_REACHED = Unknown(UnknownReason.NOT_ASKED, "the run ended before it was its turn")

MAX_SILENT_HOSTS = 5
"""So many different hosts without a single answer from anyone end the run early: it is us."""

GONE_MAX_AGE = timedelta(days=7)
"""What is gone for good is asked about again after this long, whatever age is allowed."""


@dataclass(frozen=True, slots=True)
class RunScope:
    """What this run may ask about."""

    services: frozenset[Service] = frozenset(Service)
    offline: bool = False
    excluded: Callable[[Target], bool] = field(default=lambda _target: False)
    shard: tuple[int, int] | None = None
    """(I, N): only the I-th of N parts, counted from 1."""
    only: frozenset[Target] | None = None
    """Only these targets (what a change touches); ``None`` for all."""
    max_age: timedelta | None = None
    """Reuse what is younger, for every service; ``None`` leaves it to the history settings."""


@dataclass(frozen=True, slots=True)
class ObservationPlan:
    """Who is asked what, and what needs no asking."""

    ask: Mapping[Service, tuple[ObservationRequest, ...]]
    reuse: Mapping[Target, Evidence]
    withheld: Mapping[Target, str]
    """Targets not asked about in this run, with the reason in words."""
    elsewhere: frozenset[Target] = frozenset()
    """Those among them that another shard asks about."""


def shard_of(target: Target, shards: int) -> int:
    """Return the part (from 1) a target belongs to: its service and host alone decide.

    Services with a limit per host or token stay whole, so that one shard keeps their budget;
    GitHub and Hugging Face, whose limits are per token, are split by owner.
    """
    return int.from_bytes(hashlib.sha256(_shard_key(target).encode()).digest()[:8]) % shards + 1


def _shard_key(target: Target) -> str:
    match target.service:
        case Service.GITHUB | Service.HUGGINGFACE:
            return f"{target.service}:{target.key.partition('/')[0]}"
        case Service.WEB | Service.ARXIV | Service.DOI:
            return target.authority


def _spread_max_age(target: Target, age: timedelta) -> timedelta:
    """Return the age limit of one target: between 80 and 100 per cent of ``age``.

    Spread by the target's own name, so that not everything comes due on one day and a repeated
    run decides alike.
    """
    spread = int.from_bytes(hashlib.sha256(str(target).encode()).digest()[:2]) / 0xFFFF
    return age * (0.8 + 0.2 * spread)


def _is_fresh(
    evidence: Evidence | None, scope: RunScope, history: ConfirmationSettings, now: datetime
) -> bool:
    latest = evidence.latest if evidence else None
    if evidence is None or latest is None or isinstance(latest.outcome, Unknown):
        return False  # not having been able to tell is nothing to go by
    if scope.max_age is not None:
        age = scope.max_age
    elif latest.target.service is Service.WEB and isinstance(latest.outcome, Found):
        age = max(history.web_max_age, history.max_age)
    else:
        age = history.max_age
    if isinstance(latest.outcome, Gone):
        # The second sighting, which an issue waits for, must not be put off; and what has come
        # back is not to be called dead for as long as somebody likes to trust what is there.
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
    """Decide for every question: reuse the stored answer, leave it, or ask."""
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
    """What came in."""

    observations: dict[Target, Observation] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    failed: set[Service] = field(default_factory=set)
    """Services whose provider raised an exception."""
    silent_hosts: int = 0
    """So many hosts, and nobody else, had been asked when the run was ended early; else 0."""


class _ObservationCollector:
    """Takes observations as they come, once each, and notices when nobody ever answers."""

    def __init__(
        self, collected: ObservationResults, progress: Progress, give_up: Callable[[], None]
    ):
        self._results = collected
        self._progress = progress
        self._cancel = give_up
        self._silent_hosts: set[str] = set()
        self._is_answered = False

    def __call__(self, observation: Observation) -> None:
        observations = self._results.observations
        if observation.target in observations:
            return
        observations[observation.target] = observation
        self._progress.observed(observation)
        outcome = observation.outcome
        if isinstance(outcome, Unknown) and outcome.reason in TRANSPORT_REASONS:
            self._silent_hosts.add(_shard_key(observation.target))
        elif not (isinstance(outcome, Unknown) and outcome.reason in UNASKED_REASONS):
            self._is_answered = True
        if not self._is_answered and len(self._silent_hosts) >= MAX_SILENT_HOSTS:
            self._results.silent_hosts = len(self._silent_hosts)
            self._cancel()


async def observe_all(
    plan: ObservationPlan,
    providers: Sequence[Provider],
    progress: Progress,
    now: Callable[[], datetime],
    results: ObservationResults | None = None,
) -> ObservationResults:
    """Ask every provider at once and return one observation per question.

    A provider that raises is a bug: it is named once in a notice and its open questions are
    observed as unknown; the others go on. When canceled from outside, ``collected`` (the
    caller's own) keeps what came in by then.
    """
    import anyio

    results = results if results is not None else ObservationResults()
    progress.begin({family: len(questions) for family, questions in plan.ask.items()})

    async def run_provider(provider: Provider, questions: tuple[ObservationRequest, ...]) -> None:
        try:
            await provider.observe(questions, collector)
        except Exception as error:  # noqa: BLE001 - a bug is reported and costs one service at most
            log = DefectLog()
            log.add(error)
            results.failed.add(provider.service)
            results.notices += [_defect_notice(provider.service, defect) for defect in log]

    async with anyio.create_task_group() as tasks:
        collector = _ObservationCollector(results, progress, tasks.cancel_scope.cancel)
        for provider in providers:
            if questions := plan.ask.get(provider.service):
                tasks.start_soon(run_provider, provider, questions)
    mark_unanswered(plan, results, now())
    progress.end()
    return results


def mark_unanswered(plan: ObservationPlan, collected: ObservationResults, now: datetime) -> None:
    """Add an observation for every request without one: not asked, or lost to a defect."""
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
