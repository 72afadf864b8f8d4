"""The keys of a configuration file, made from the fields of the settings classes.

A key's reader, its default and its line of help all come from the field; unknown keys are rejected
with the nearest known one. ``docs/configuration.md`` is generated from the tables at the end.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, get_args, get_type_hints

from linkcheck.model.config_field import config_field
from linkcheck.model.duration import format_duration, parse_duration
from linkcheck.model.entry import Ignore
from linkcheck.model.errors import ConfigError
from linkcheck.model.settings import (
    ConfirmationSettings,
    ForgeSettings,
    HostLimits,
    NetSettings,
    RuleSettings,
    ServiceSettings,
    SourceSettings,
)
from linkcheck.model.wording import nearest

FAIL_ON = ("error", "warning", "info", "never")


@dataclass(frozen=True, slots=True)
class RunDefaults:
    """Defaults of command line options."""

    paths: tuple[str, ...] = config_field(
        (), "Catalog files and folders checked when none is named.", shown='["catalog"]'
    )
    fail_on: str = config_field("error", "Lowest severity that makes exit code 1.", choices=FAIL_ON)
    store: str = config_field(".linkcheck/store.db", "The SQLite file with observations.")


class _InvalidValueError(ValueError):
    """A value of the wrong form; the text says which form is expected."""


Reader = Callable[[object], Any]
"""Returns a TOML value in its final form, or raises _InvalidValueError."""


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """One configuration key."""

    read: Reader
    help: str
    default: str
    """Its default, as shown in the documentation."""


def keys_of(cls: type[Any], table: str = "") -> dict[str, ConfigKey]:
    """Return the keys of a settings class, by name; ``table`` selects by the fields' metadata."""
    hints = get_type_hints(cls)
    return {
        item.name: ConfigKey(
            _reader(hints[item.name], item.metadata.get("choices", ())),
            item.metadata["help"],
            item.metadata.get("shown") or _format_default(item),
        )
        for item in fields(cls)
        if "help" in item.metadata and item.metadata.get("table", "") == table
    }


def read_table(
    table: object, keys: Mapping[str, ConfigKey], where: str, name: str
) -> dict[str, Any]:
    """Return the values of one TOML table in their final form.

    ``where`` is the file and ``name`` the table's dotted name, for messages. Raises ConfigError for
    an unknown key or a value of the wrong form.
    """
    if not isinstance(table, dict):
        raise ConfigError(f"[{name}] must be a table", where=where)
    values = {}
    for key, value in table.items():
        dotted = f"{name}.{key}" if name else key
        if key not in keys:
            close = nearest(key, list(keys))
            hint = f"Did you mean '{close}'?" if close else f"Known keys: {', '.join(keys)}"
            raise ConfigError(f"unknown key '{dotted}'", where=where, hint=hint)
        try:
            values[key] = keys[key].read(value)
        except _InvalidValueError as error:
            raise ConfigError(f"'{dotted}' {error}", where=where, hint=keys[key].help) from None
    return values


def _reader(hint: Any, choices: tuple[str, ...]) -> Reader:
    """Return the reader of a field by its type, without ``None``, and its choices."""
    kind = next((kind for kind in (hint, *get_args(hint)) if kind in _READERS), None)
    if kind == Mapping[str, str] and choices:
        return _read_choice_table(choices)
    return _read_choice(choices) if choices else _READERS[kind]


def _format_default(item: "Field[Any]") -> str:
    match item.default:
        case bool() as flag:
            return str(flag).lower()
        case int() | float() as number:
            return f"{number:g}"
        case timedelta() as duration:
            return f'"{format_duration(duration)}"'
        case _:
            return "required" if item.default is MISSING else f'"{item.default}"'


def _read_text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _InvalidValueError("must be a text in quotes")
    return value


def _read_texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _InvalidValueError('must be a list of texts, like ["one", "two"]')
    return tuple(value)


def _read_bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise _InvalidValueError("must be true or false")
    return value


def _read_count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _InvalidValueError("must be a whole number of at least 1")
    return value


def _read_number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise _InvalidValueError("must be a number that is not negative")
    return float(value)


def _read_duration(value: object) -> timedelta:
    if value == 0 and not isinstance(value, bool):
        return timedelta(0)
    if not isinstance(value, str):
        raise _InvalidValueError('must be a duration in quotes, like "12h" or "7d"')
    try:
        return parse_duration(value)
    except ValueError as error:
        raise _InvalidValueError(f"is wrong: {error}") from None


def _read_date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _InvalidValueError("must be a date like 2027-01-31") from None


def _read_text_table(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise _InvalidValueError('must be a table of texts, like {code = "repo"}')
    return dict(value)


def _read_choice(choices: tuple[str, ...]) -> Reader:
    def read(value: object) -> str:
        if value not in choices:
            raise _InvalidValueError(f"must be one of {', '.join(choices)}")
        return str(value)

    return read


def _read_choice_table(choices: tuple[str, ...]) -> Reader:
    def read(value: object) -> Mapping[str, str]:
        if not isinstance(value, dict) or any(v not in choices for v in value.values()):
            raise _InvalidValueError(
                f"must be a table of rule names to one of {', '.join(choices)}"
            )
        return dict(value)

    return read


def _read_field_table(value: object) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the ``fields`` of a source and its nested ``links``."""
    if not isinstance(value, dict):
        raise _InvalidValueError("must be a table")
    plain = {key: item for key, item in value.items() if key != "links"}
    return _read_text_table(plain), _read_text_table(value.get("links", {}))


_READERS: Mapping[Any, Reader] = {
    str: _read_text,
    tuple[str, ...]: _read_texts,
    bool: _read_bool,
    int: _read_count,
    float: _read_number,
    timedelta: _read_duration,
    date: _read_date,
    Mapping[str, str]: _read_text_table,
}

TOP: Mapping[str, ConfigKey] = {
    **keys_of(RunDefaults),
    **keys_of(ConfirmationSettings),
    **keys_of(RuleSettings),
    **keys_of(ServiceSettings),
}
"""The keys outside any table."""

_SOURCE = keys_of(SourceSettings)
SECTIONS: Mapping[str, Mapping[str, ConfigKey]] = {
    "rules": keys_of(RuleSettings, "rules"),
    "net": keys_of(NetSettings),
    "forge": keys_of(ForgeSettings),
    "source": {**_SOURCE, "fields": replace(_SOURCE["fields"], read=_read_field_table)},
    "ignore": keys_of(Ignore),
}
"""The keys of each table; ``[hosts."NAME"]`` takes the keys of ``HOST``."""

HOST: Mapping[str, ConfigKey] = keys_of(HostLimits)
