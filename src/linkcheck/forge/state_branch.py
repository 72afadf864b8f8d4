"""Saved state for ephemeral CI runners, as compact JSON on a git branch. Pure.

It holds observations, findings, and the numbers and markers of the bot's issues and pull requests.

A target that was found keeps one observation, replaced after a week or if its significant facts
change. A target that was not found keeps as many observations, a day apart, as confirm it. A run
without news therefore changes nothing.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from linkcheck.forge.saved_findings import SavedFinding, decode_finding, encode_finding
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
"""Facts whose change is saved at once; changed counts and dates are saved after a week."""

Encode = Callable[[Observation], dict[str, Any]]
Decode = Callable[[dict[str, Any], Target], Observation]


@dataclass(frozen=True, slots=True)
class SavedState:
    """Content of the state branch."""

    observations: Mapping[Target, tuple[Observation, ...]] = field(default_factory=dict)
    """Newest first."""
    issues: Mapping[str, int] = field(default_factory=dict)
    """Issue numbers by key."""
    findings: Mapping[str, SavedFinding] = field(default_factory=dict)
    """The findings of the last run, by fingerprint."""
    markers: Mapping[int, str] = field(default_factory=dict)
    """Markers by the number of the issue or pull request, for texts that a person rewrote."""
    labelled: frozenset[int] = frozenset()
    """Numbers of the open issues that had the bot's label."""
    left_alone: frozenset[int] = frozenset()
    """Numbers of the issues whose label a person removed."""


def parse_state(text: str, decode: Decode) -> SavedState:
    """Parse a state; parts that this version cannot read are left out."""
    try:
        data = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        data = {}
    if not isinstance(data, dict) or data.get("version") != VERSION:
        return SavedState()
    found: dict[Target, tuple[Observation, ...]] = {}
    for item in data.get("targets", ()):
        try:
            kind, _, key = item["target"].partition(":")
            target = Target(TargetKind(kind), key, item["url"])
            observations = [decode(one, target) for one in item["seen"]]
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
        found[target] = tuple(sorted(observations, key=lambda o: o.at, reverse=True))
    return SavedState(
        found,
        {str(key): number for key, number in _items(data, "issues") if isinstance(number, int)},
        dict(_parse_findings(data)),
        {int(key): str(text) for key, text in _items(data, "markers") if str(key).isdecimal()},
        _numbers(data, "labelled"),
        _numbers(data, "left_alone"),
    )


def _items(data: Mapping[str, Any], name: str) -> Iterable[tuple[Any, Any]]:
    values = data.get(name)
    return values.items() if isinstance(values, dict) else ()


def _numbers(data: Mapping[str, Any], name: str) -> frozenset[int]:
    values = data.get(name)
    listed = values if isinstance(values, list) else ()
    return frozenset(number for number in listed if isinstance(number, int))


def _parse_findings(data: Mapping[str, Any]) -> Iterable[tuple[str, SavedFinding]]:
    for fingerprint, values in _items(data, "findings"):
        try:
            yield str(fingerprint), decode_finding(values)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue


def serialize_state(state: SavedState, encode: Encode) -> str:
    """Return the state as JSON, sorted, one target or finding per line to keep diffs small."""
    rows = []
    for target in sorted(state.observations, key=str):
        rows_of_target = [encode(replace(o, evidence=())) for o in state.observations[target]]
        if rows_of_target:
            row = {"target": str(target), "url": target.url, "seen": rows_of_target}
            rows.append(json.dumps(row, separators=(",", ":"), sort_keys=True))
    findings = ",\n".join(
        f"{_compact(key)}:{_compact(encode_finding(state.findings[key]))}"
        for key in sorted(state.findings)
    )
    parts = [
        f'"version":{VERSION}',
        f'"issues":{_compact(dict(sorted(state.issues.items())))}',
        f'"markers":{_compact({str(n): state.markers[n] for n in sorted(state.markers)})}',
        f'"labelled":{_compact(sorted(state.labelled))}',
        f'"left_alone":{_compact(sorted(state.left_alone))}',
        f'"findings":{{\n{findings}\n}}',
        '"targets":[\n' + ",\n".join(rows) + "\n]",
    ]
    return "{" + ",".join(parts) + "}\n"


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def merge_state(
    before: SavedState,
    now: Mapping[Target, Iterable[Observation]],
    after: SavedState,
    *,
    is_full_run: bool,
) -> SavedState:
    """Return the state after a run.

    ``now`` holds all observations of each target of the run; ``after`` all but the observations.
    After a full run the other targets are dropped.
    """
    kept = {} if is_full_run else dict(before.observations)
    for target, observations in now.items():
        kept[target] = compact_history(before.observations.get(target, ()), observations)
    issues = dict(after.issues) if is_full_run else {**before.issues, **after.issues}
    return replace(after, observations=kept, issues=issues)


def compact_history(
    before: Iterable[Observation], now: Iterable[Observation]
) -> tuple[Observation, ...]:
    """Return the observations to save, newest first; ``before`` are those saved so far."""
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
    """Whether the target was found; a missing path or version was not."""
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
    """Return the part of an observation whose change is saved at once."""
    outcome = observation.outcome
    if not isinstance(outcome, Found):
        return type(outcome)
    facts = outcome.facts
    if isinstance(facts, PathFacts):
        facts = facts.repository
    values = tuple(getattr(facts, name, None) for name in _SIGNIFICANT)
    return outcome.now_at, outcome.permanent, type(outcome.facts), values


def _is_informative(observation: Observation, kept: list[Observation]) -> bool:
    """Whether a failure adds to those kept so far (oldest first)."""
    alike = [o for o in kept if _counts(o) == _counts(observation)]
    if not _counts(observation):
        return not alike  # the first one dates the beginning; more of them prove nothing
    if all(type(o.outcome) is not type(observation.outcome) for o in alike):
        return True
    return len(alike) < _MAX_FAILURES and observation.at - alike[-1].at >= _MIN_FAILURE_GAP


def _counts(observation: Observation) -> bool:
    outcome = observation.outcome
    return not isinstance(outcome, Unknown) or outcome.reason in COUNTS_TOWARDS_DEAD


def _is_uninformative(observation: Observation) -> bool:
    outcome = observation.outcome
    return isinstance(outcome, Unknown) and outcome.reason in _UNINFORMATIVE
