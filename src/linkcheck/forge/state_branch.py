"""The bot's memory where machines are thrown away: observations in small JSON, on a branch. Pure.

Only what later runs need is kept: of what is there one sighting, renewed after a week or when
something else is seen; of what is not there enough sightings, a day apart, to confirm it. So a run
that sees nothing new changes nothing.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from linkcheck.model.facts import PaperFacts, PathFacts
from linkcheck.model.observation import (
    COUNTS_TOWARDS_DEAD,
    Found,
    Observation,
    Unknown,
    UnknownReason,
)
from linkcheck.model.target import Target, TargetKind

VERSION = 1
_FOUND_MAX_AGE = timedelta(days=7)
_MIN_FAILURE_GAP = timedelta(hours=20)
_MAX_FAILURES = 12
_UNINFORMATIVE = frozenset({UnknownReason.NOT_ASKED, UnknownReason.DEFECT})
_SIGNIFICANT = (
    "repository_id",
    "full_name",
    "license",
    "archived",
    "disabled",
    "blocked",
    "empty",
    "gated",
    "base_models",
    "paper_id",
    "latest_version",
    "withdrawn",
)
"""Facts whose change is written down at once; counts and dates can wait a week."""

Encode = Callable[[Observation], dict[str, Any]]
Decode = Callable[[dict[str, Any], Target], Observation]


@dataclass(frozen=True, slots=True)
class SavedState:
    """What is remembered."""

    observations: Mapping[Target, tuple[Observation, ...]] = field(default_factory=dict)
    """Newest first."""
    issues: Mapping[str, int] = field(default_factory=dict)
    """Issue numbers by key."""


def parse_state(text: str, decode: Decode) -> SavedState:
    """Read a state; what this version does not understand is left out."""
    try:
        told = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        told = {}
    if not isinstance(told, dict) or told.get("version") != VERSION:
        return SavedState()
    found: dict[Target, tuple[Observation, ...]] = {}
    for item in told.get("targets", ()):
        try:
            kind, _, key = item["target"].partition(":")
            target = Target(TargetKind(kind), key, item["url"])
            seen = [decode(one, target) for one in item["seen"]]
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
        found[target] = tuple(sorted(seen, key=lambda o: o.at, reverse=True))
    issues = told.get("issues", {})
    return SavedState(
        found,
        {str(k): v for k, v in issues.items() if isinstance(v, int)}
        if isinstance(issues, dict)
        else {},
    )


def serialize_state(state: SavedState, encode: Encode) -> str:
    """Return the state as JSON, one target to a line, sorted: small differences, small diffs."""
    rows = []
    for target in sorted(state.observations, key=str):
        seen = [encode(replace(o, evidence=())) for o in state.observations[target]]
        if seen:
            row = {"target": str(target), "url": target.url, "seen": seen}
            rows.append(json.dumps(row, separators=(",", ":"), sort_keys=True))
    issues = json.dumps(dict(sorted(state.issues.items())), separators=(",", ":"))
    body = ",\n".join(rows)
    return f'{{"version":{VERSION},"issues":{issues},"targets":[\n{body}\n]}}\n'


def merge_state(
    before: SavedState,
    now: Mapping[Target, Iterable[Observation]],
    issues: Mapping[str, int],
    *,
    is_full_run: bool,
) -> SavedState:
    """Return what to remember from here on.

    ``now`` is everything known of each target of this run. After a run over the ``whole`` catalog
    the other targets are forgotten.
    """
    kept = {} if is_full_run else dict(before.observations)
    for target, observations in now.items():
        kept[target] = compact_history(before.observations.get(target, ()), observations)
    return SavedState(kept, dict(issues) if is_full_run else {**before.issues, **issues})


def compact_history(
    before: Iterable[Observation], now: Iterable[Observation]
) -> tuple[Observation, ...]:
    """Return the observations worth keeping, newest first; ``before`` is what was kept so far."""
    known = {o.at: o for o in (*now, *before)}
    ordered = [known[at] for at in sorted(known, reverse=True)]
    newest = next((o for o in ordered if _is_found(o)), None)
    kept_before = next((o for o in before if _is_found(o)), None)
    kept: list[Observation] = []
    for observation in reversed(ordered):
        if _is_found(observation) or _is_uninformative(observation):
            continue
        if newest is not None and observation.at < newest.at:
            continue
        if _is_informative(observation, kept):
            kept.append(observation)
    kept.reverse()
    if newest is None:
        return tuple(kept)
    failed_since = any(
        kept_before is not None and o.at > kept_before.at and not _is_uninformative(o)
        for o in before
    )
    return (*kept, newest if failed_since and not kept else _select_found(kept_before, newest))


def _is_found(observation: Observation) -> bool:
    """Whether what was asked for was there: a missing path or version is not."""
    match observation.outcome:
        case Found(facts=PathFacts(exists=False)):
            return False
        case Found(facts=PaperFacts(missing_versions=missing)):
            return not missing
        case _:
            return isinstance(observation.outcome, Found)


def _select_found(before: Observation | None, newest: Observation) -> Observation:
    if before is None or newest.at - before.at >= _FOUND_MAX_AGE:
        return newest
    return before if _significant_facts(before) == _significant_facts(newest) else newest


def _significant_facts(observation: Observation) -> object:
    """Return what makes another sighting worth writing down at once: no counts, no dates."""
    outcome = observation.outcome
    if not isinstance(outcome, Found):
        return type(outcome)
    facts = outcome.facts
    if isinstance(facts, PathFacts):
        facts = facts.repository
    told = tuple(getattr(facts, name, None) for name in _SIGNIFICANT)
    return outcome.now_at, outcome.permanent, type(outcome.facts), told


def _is_informative(observation: Observation, kept: list[Observation]) -> bool:
    """Whether a failure tells more than those before it, which are given oldest first."""
    alike = [o for o in kept if _counts(o) == _counts(observation)]
    if not _counts(observation):
        return not alike  # since when; no number of them makes a link dead
    if all(type(o.outcome) is not type(observation.outcome) for o in alike):
        return True
    return len(alike) < _MAX_FAILURES and observation.at - alike[-1].at >= _MIN_FAILURE_GAP


def _counts(observation: Observation) -> bool:
    outcome = observation.outcome
    return not isinstance(outcome, Unknown) or outcome.reason in COUNTS_TOWARDS_DEAD


def _is_uninformative(observation: Observation) -> bool:
    outcome = observation.outcome
    return isinstance(outcome, Unknown) and outcome.reason in _UNINFORMATIVE
