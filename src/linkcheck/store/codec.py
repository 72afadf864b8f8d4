"""Convert observations to JSON values and back, for the store and the bot's state branch.

The layout follows the dataclasses of :mod:`linkcheck.model.observation` and
:mod:`linkcheck.model.facts` field by field. Fields at their default are left out and unknown fields
are ignored, so that older and newer versions read each other's observations. Renaming a field
therefore needs a new ``FORMAT``.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, get_args, get_origin

from cattrs import Converter
from cattrs.strategies import configure_tagged_union

from linkcheck.model.facts import (
    Facts,
    ModelFacts,
    PageFacts,
    PaperFacts,
    PathFacts,
    RepositoryFacts,
)
from linkcheck.model.github_ids import with_database_id
from linkcheck.model.observation import EvidenceItem, Found, Gone, Observation, Outcome, Unknown
from linkcheck.model.target import Target

FORMAT = 1
"""Version of the layout, kept in every encoded observation as ``v``."""

Json = Any
"""A value that :mod:`json` writes: ``None``, a string, a number, a list or a dictionary."""

TAGS: dict[type, str] = {
    Found: "found",
    Gone: "gone",
    Unknown: "unknown",
    RepositoryFacts: "repository",
    PathFacts: "path",
    ModelFacts: "model",
    PaperFacts: "paper",
    PageFacts: "page",
}
"""The value of ``is`` in JSON for each member of the unions ``Outcome`` and ``Facts``."""


def encode(observation: Observation) -> dict[str, Json]:
    """Return the observation as JSON values, without its target.

    Keys: ``v`` (format), ``at`` (ISO 8601, UTC), ``outcome``, and where not at their default
    ``evidence``, ``http_status``, ``requests`` and ``validator``. Evidence with the time of the
    observation omits its time.
    """
    encoded: dict[str, Json] = {"v": FORMAT, "at": format_time(observation.at)}
    encoded["outcome"] = _CONVERTER.unstructure(observation.outcome, Outcome)
    if observation.evidence:
        encoded["evidence"] = [
            [item.source, item.says]
            if item.at == observation.at
            else [item.source, item.says, format_time(item.at)]
            for item in observation.evidence
        ]
    if observation.http_status is not None:
        encoded["http_status"] = observation.http_status
    if observation.requests:
        encoded["requests"] = observation.requests
    if observation.validator is not None:
        encoded["validator"] = observation.validator
    return encoded


def decode(encoded: dict[str, Json], target: Target) -> Observation:
    """Return the observation that :func:`encode` encoded.

    Raises :class:`ValueError` for anything else (an unknown kind of outcome, a wrong type, a
    missing field).
    """
    try:
        at, outcome = parse_time(encoded["at"]), decode_outcome(encoded["outcome"])
        return decode_with_outcome(encoded, target, at, outcome)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no observation: {error!r}") from error


def decode_with_outcome(
    encoded: dict[str, Json], target: Target, at: datetime, outcome: Outcome
) -> Observation:
    """Return an observation whose time and outcome are decoded already; see :func:`decode`."""
    return Observation(
        target=target,
        at=at,
        outcome=outcome,
        evidence=tuple(
            _decode_evidence(item, at) for item in _structure(encoded.get("evidence", []), list)
        ),
        http_status=_structure(encoded.get("http_status"), int | None),
        requests=_structure(encoded.get("requests", 0), int),
        validator=_structure(encoded.get("validator"), str | None),
    )


def decode_outcome(encoded: Json) -> Outcome:
    """Return the outcome; raises :class:`ValueError` for anything else."""
    try:
        outcome: Outcome = _structure(encoded, Outcome)
        if isinstance(outcome, Found) and isinstance(outcome.facts, RepositoryFacts | PathFacts):
            # Of a version before 2026-12, or from a file that is open for reading only.
            facts = with_database_id(outcome.facts)
            outcome = outcome if facts is outcome.facts else replace(outcome, facts=facts)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no outcome: {error!r}") from error
    return outcome


def _decode_evidence(item: Json, at: datetime) -> EvidenceItem:
    """Return one item of evidence of an observation made at ``at``."""
    source, says, *time = _structure(item, list)
    return EvidenceItem(
        _structure(source, str), parse_time(time[0]) if time else at, _structure(says, str)
    )


def format_time(moment: datetime) -> str:
    """Return a time as UTC text of fixed width, which sorts chronologically."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """Return the time that :func:`format_time` formatted, in UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC) if moment.tzinfo is not UTC else moment


def _strict(kind: type) -> Callable[[Json, object], Any]:
    """Return a structure hook that takes values of exactly this type: no conversions."""

    def structure(value: Json, _: object) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{kind.__name__} expected")
        return value

    return structure


def _is_tuple(hint: Any) -> bool:
    origin: object = get_origin(hint)
    return origin is tuple


def _tuple_hook(hint: Any) -> Callable[[Json, object], tuple[Any, ...]]:
    """Return the structure hook of a tuple type, which is a list in JSON."""
    arguments = get_args(hint)
    hooks = [_CONVERTER.get_structure_hook(kind) for kind in arguments if kind is not Ellipsis]

    def structure(value: Json, _: object) -> tuple[Any, ...]:
        if type(value) is not list:
            raise TypeError("list expected")
        if arguments[-1] is Ellipsis:
            return tuple([hooks[0](item, arguments[0]) for item in value])
        pairs = zip(hooks, value, arguments, strict=True)
        return tuple([hook(item, kind) for hook, item, kind in pairs])

    return structure


_CONVERTER = Converter(
    detailed_validation=False, omit_if_default=True, unstruct_collection_overrides={tuple: list}
)
for _kind in (str, int, bool, list):
    _CONVERTER.register_structure_hook(_kind, _strict(_kind))
# An enumeration of strings would go to the hook of ``str``, its base class.
_CONVERTER.register_structure_hook(StrEnum, lambda value, kind: kind(value))
_CONVERTER.register_structure_hook(datetime, lambda value, _: parse_time(value))
_CONVERTER.register_unstructure_hook(datetime, format_time)
_CONVERTER.register_structure_hook_factory(_is_tuple, _tuple_hook)
for _union in (Facts, Outcome):
    configure_tagged_union(_union, _CONVERTER, tag_name="is", tag_generator=TAGS.__getitem__)
_structure: Callable[[Json, Any], Any] = _CONVERTER.structure
