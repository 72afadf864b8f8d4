"""Observations as plain JSON values, and back.

Written for the store and for the state that the bot keeps on a branch. The layout follows the
dataclasses of :mod:`linkcheck.model.observation` and :mod:`linkcheck.model.facts` field by field:
fields at their default are left out, fields that this version does not know are ignored, so that
older and newer versions read each other's observations. The field list is the format: renaming a
field there is a new ``FORMAT``.
"""

import types
from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from linkcheck.model.facts import (
    ModelFacts,
    PageFacts,
    PaperFacts,
    PathFacts,
    RepositoryFacts,
)
from linkcheck.model.observation import EvidenceItem, Found, Gone, Observation, Outcome, Unknown
from linkcheck.model.target import Target

FORMAT = 1
"""Version of the layout, kept in every encoded observation as ``v``."""

Json = Any
"""A value that :mod:`json` writes: ``None``, text, a number, a list or a dictionary."""

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
"""How the members of a union are told apart in JSON, under the key ``is``."""


def encode(observation: Observation) -> dict[str, Json]:
    """Return the observation as JSON values, without its target.

    Keys: ``v`` (format), ``at`` (ISO 8601, UTC), ``outcome``, and where not at their default
    ``evidence``, ``http_status``, ``requests`` and ``validator``. Evidence of the same moment as
    the observation carries no time of its own.
    """
    encoded: dict[str, Json] = {"v": FORMAT, "at": format_time(observation.at)}
    encoded["outcome"] = _encode_union(observation.outcome)
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
    """Return the observation that :func:`encode` made these values of.

    Raises :class:`ValueError` for anything that is not one (a kind of outcome from the future, a
    wrong type, a missing field): the caller goes on without that observation.
    """
    try:
        return decode_at(
            encoded, target, parse_time(encoded["at"]), decode_outcome(encoded["outcome"])
        )
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"no observation: {error!r}") from error


def decode_at(
    encoded: dict[str, Json], target: Target, at: datetime, outcome: Outcome
) -> Observation:
    """Return an observation whose moment and outcome were read already; see :func:`decode`."""
    return Observation(
        target=target,
        at=at,
        outcome=outcome,
        evidence=tuple(_evidence(item, at) for item in _list(encoded.get("evidence", []))),
        http_status=_integer_or_none(encoded.get("http_status")),
        requests=_integer(encoded.get("requests", 0)),
        validator=_text_or_none(encoded.get("validator")),
    )


def decode_outcome(encoded: Json) -> Outcome:
    """Return the outcome; raises :class:`ValueError` for anything else."""
    try:
        outcome: Outcome = _decoder_of(Outcome)(encoded)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no outcome: {error!r}") from error
    return outcome


def _evidence(item: Json, at: datetime) -> EvidenceItem:
    """Return one piece of evidence of an observation made at ``at``."""
    source, says, *moment = _list(item)
    return EvidenceItem(_text(source), parse_time(moment[0]) if moment else at, _text(says))


def format_time(moment: datetime) -> str:
    """Return a moment as UTC text of fixed width, which sorts as time does."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """Return the moment that :func:`format_time` wrote, in UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC) if moment.tzinfo is not UTC else moment


def _encode(value: object) -> Json:
    """Return any value of the model as a JSON value."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if type(value) in TAGS:
        return _encode_union(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _encode_union(value: object) -> dict[str, Json]:
    """Return a dataclass as a dictionary of its telling fields, with its tag."""
    encoded: dict[str, Json] = {"is": TAGS[type(value)]}
    for name, default in _defaults(type(value)):
        held = getattr(value, name)
        if held != default:
            encoded[name] = _encode(held)
    return encoded


_DEFAULTS: dict[type, tuple[tuple[str, object], ...]] = {}


def _defaults(cls: type) -> tuple[tuple[str, object], ...]:
    """Return the names of a dataclass's fields with their defaults (``MISSING`` for none)."""
    if cls not in _DEFAULTS:
        _DEFAULTS[cls] = tuple((field.name, field.default) for field in fields(cls))
    return _DEFAULTS[cls]


Decoder = Callable[[Json], Any]
_DECODERS: dict[object, Decoder] = {}


def _decoder_of(hint: Any) -> Decoder:
    """Return the function that reads values of a type; made once per type."""
    if hint not in _DECODERS:
        _DECODERS[hint] = _make_decoder(hint)
    return _DECODERS[hint]


def _make_decoder(hint: Any) -> Decoder:
    """Build the reader of one type."""
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        members = [member for member in arguments if member is not type(None)]
        inner = _decoder_of(members[0]) if len(members) == 1 else _tagged(members)
        return _optional(inner) if len(members) < len(arguments) else inner
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return _row(_decoder_of(arguments[0]))
        return _record([_decoder_of(argument) for argument in arguments])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return _dataclass(hint)


def _optional(inner: Decoder) -> Decoder:
    """Return a reader that also takes ``null``."""
    return lambda value: None if value is None else inner(value)


def _row(inner: Decoder) -> Decoder:
    """Return the reader of a list of any length."""
    return lambda value: tuple([inner(item) for item in _list(value)])


def _record(inner: list[Decoder]) -> Decoder:
    """Return the reader of a list of fixed length."""
    return lambda value: tuple(read(item) for read, item in zip(inner, _list(value), strict=True))


def _tagged(members: list[type]) -> Decoder:
    """Return the reader of a union of dataclasses, told apart by their tags."""
    readers = {TAGS[member]: _decoder_of(member) for member in members}

    def read(value: Json) -> Any:
        reader = readers.get(value["is"])
        if reader is None:
            raise ValueError(f"unknown kind {value['is']!r}")
        return reader(value)

    return read


def _dataclass(cls: type) -> Decoder:
    """Return the reader of a dataclass: known fields are read, others ignored.

    Plain fields are checked in place, without a call for each: a store holds many of them.
    """
    hints = get_type_hints(cls)
    readers = {field.name: _decoder_of(hints[field.name]) for field in fields(cls)}
    plain = {name: kind for name in readers if (kind := _plain_type(hints[name]))}
    required = {field.name for field in fields(cls) if field.default is MISSING}

    def read(value: Json) -> Any:
        known = {}
        for name, held in value.items():
            if plain.get(name) is type(held):
                known[name] = held
            elif name in readers:
                known[name] = readers[name](held)
        if not required <= known.keys():
            raise ValueError(f"{cls.__name__} lacks {sorted(required - known.keys())}")
        return cls(**known)

    return read


def _plain_type(hint: Any) -> type | None:
    """Return ``str``, ``int`` or ``bool`` for a field that holds one, or one or nothing."""
    members = [member for member in (get_args(hint) or (hint,)) if member is not type(None)]
    is_plain = members[0] in (str, int, bool) and get_origin(hint) is not tuple
    return members[0] if is_plain and len(members) == 1 else None


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value


def _integer(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number expected")
    return value


def _integer_or_none(value: Json) -> int | None:
    return None if value is None else _integer(value)


def _text_or_none(value: Json) -> str | None:
    return None if value is None else _text(value)


def _truth(value: Json) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false expected")
    return value


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TypeError("a list expected")
    return value


_SCALARS: dict[object, Decoder] = {
    str: _text,
    int: _integer,
    bool: _truth,
    datetime: parse_time,
}
