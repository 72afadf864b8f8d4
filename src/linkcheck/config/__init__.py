"""Configuration: ``linkcheck.toml`` in, one small frozen value per consumer out.

Every key stands in one of the tables below, with its reader and one line of help; the page
``docs/configuration.md`` is made from the same tables. An unknown key is an error that names the
key and the nearest known one.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from linkcheck.config.toml_spans import ignore_places
from linkcheck.model.duration import parse_duration
from linkcheck.model.entry import Ignore
from linkcheck.model.errors import ConfigError
from linkcheck.model.finding import Severity
from linkcheck.model.settings import (
    ConfirmationSettings,
    ForgeSettings,
    HostLimits,
    NetSettings,
    RuleSettings,
    ServiceSettings,
    SourceSettings,
)
from linkcheck.model.source_text import SourceText

FILES = ("linkcheck.toml", ".github/linkcheck.toml", "pyproject.toml")
"""Where a configuration is looked for, in order; in the last only ``[tool.linkcheck]`` counts."""

FAIL_ON = ("error", "warning", "info", "never")
PRESETS = ("linkcheck", "best-of", "awesome-selfhosted")


@dataclass(frozen=True, slots=True)
class RunDefaults:
    """What the command line falls back on."""

    paths: tuple[str, ...] = ()
    fail_on: str = "error"
    store: str = ".linkcheck/store.db"


@dataclass(frozen=True, slots=True)
class Config:
    """The parts, each for one consumer; only the composition root sees them together."""

    file: str | None = None
    run: RunDefaults = field(default_factory=RunDefaults)
    net: NetSettings = field(default_factory=NetSettings)
    services: ServiceSettings = field(default_factory=ServiceSettings)
    rules: RuleSettings = field(default_factory=RuleSettings)
    forge: ForgeSettings = field(default_factory=ForgeSettings)
    sources: tuple[SourceSettings, ...] = ()


Reader = Callable[[object], Any]


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """One configuration key: how it is read and what it means."""

    read: Reader
    help: str
    default: str


class _WrongValueError(ValueError):
    """A value of the wrong form; the text says what form is wanted."""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongValueError("must be a text in quotes")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _WrongValueError('must be a list of texts, like ["one", "two"]')
    return tuple(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _WrongValueError("must be true or false")
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _WrongValueError("must be a whole number of at least 1")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise _WrongValueError("must be a number that is not negative")
    return float(value)


def _duration(value: object) -> timedelta:
    if value == 0 and not isinstance(value, bool):
        return timedelta(0)
    if not isinstance(value, str):
        raise _WrongValueError('must be a duration in quotes, like "12h" or "7d"')
    try:
        return parse_duration(value)
    except ValueError as error:
        raise _WrongValueError(f"is wrong: {error}") from None


def _date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _WrongValueError("must be a date like 2027-01-31") from None


def _one_of(*choices: str) -> Reader:
    def read(value: object) -> str:
        if value not in choices:
            raise _WrongValueError(f"must be one of {', '.join(choices)}")
        return str(value)

    return read


def _text_table(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise _WrongValueError('must be a table of texts, like {code = "repo"}')
    return dict(value)


def _severities(value: object) -> Mapping[str, str]:
    choices = [s.value for s in Severity]
    if not isinstance(value, dict) or any(v not in choices for v in value.values()):
        raise _WrongValueError(f"must be a table of rule names to one of {', '.join(choices)}")
    return dict(value)


TOP: dict[str, ConfigKey] = {
    "paths": ConfigKey(
        _texts, "Catalog files and folders checked when none is named.", '["catalog"]'
    ),
    "fail_on": ConfigKey(_one_of(*FAIL_ON), "Lowest severity that makes exit code 1.", '"error"'),
    "store": ConfigKey(_text, "The SQLite file with observations.", '".linkcheck/store.db"'),
    "max_age": ConfigKey(
        _duration,
        "Reuse observations younger than this, of what was there or gone.",
        '"0"',
    ),
    "web_max_age": ConfigKey(_duration, "Look at healthy web pages again after this.", '"7d"'),
    "stale_after": ConfigKey(_duration, "No commit for this long counts as stale.", '"2y"'),
    "confirm_failures": ConfigKey(
        _count, "Runs without an answer before a link is called dead.", "3"
    ),
    "confirm_days": ConfigKey(_number, "Days that those runs must span.", "6"),
    "confirm_gone_days": ConfigKey(_number, "Days before a gone link may open an issue.", "3"),
    "check_fragments": ConfigKey(_flag, "Look for the `#anchors` of web pages.", "false"),
    "strict_new_links": ConfigKey(
        _flag, "Links new in a change fail when they cannot be reached.", "false"
    ),
    "exclude": ConfigKey(_texts, "URL globs that are never asked.", "[]"),
}

RULES: dict[str, ConfigKey] = {
    "select": ConfigKey(_texts, "Only these rules.", "all"),
    "ignore": ConfigKey(_texts, "Not these rules.", "none"),
    "severity": ConfigKey(_severities, "Another severity for a rule.", "{}"),
}

NET: dict[str, ConfigKey] = {
    "user_agent": ConfigKey(
        _text, "How linkcheck introduces itself; name a contact.", "linkcheck/…"
    ),
    "concurrency": ConfigKey(_count, "Requests under way at once over all hosts.", "128"),
    "connect_timeout": ConfigKey(_number, "Seconds to reach a host.", "10"),
    "read_timeout": ConfigKey(_number, "Seconds of silence from a connected host.", "20"),
    "request_timeout": ConfigKey(_number, "Seconds for one request in all.", "40"),
    "deadline": ConfigKey(_number, "Seconds for the whole run.", "1800"),
    "patience": ConfigKey(_number, "Longest pause in seconds granted to a host in a run.", "60"),
    "max_redirects": ConfigKey(_count, "Redirects followed at most.", "10"),
}

HOST: dict[str, ConfigKey] = {
    "concurrency": ConfigKey(_count, "Requests under way at once to this host.", "4"),
    "per_second": ConfigKey(_number, "Requests started a second.", "no limit"),
    "attempts": ConfigKey(_count, "Tries of one request in all.", "3"),
}

FORGE: dict[str, ConfigKey] = {
    "repo": ConfigKey(_text, "The repository, OWNER/NAME.", "$GITHUB_REPOSITORY"),
    "label": ConfigKey(_text, "The bot's own label.", '"linkcheck"'),
    "max_new_issues": ConfigKey(_count, "New issues in one run at most.", "10"),
    "max_new_pulls": ConfigKey(_count, "New pull requests in one run at most.", "2"),
    "max_open_pulls": ConfigKey(_count, "Open pull requests at most.", "10"),
    "templates": ConfigKey(_text, "Folder with your own issue and pull request texts.", "built in"),
}

IGNORE: dict[str, ConfigKey] = {
    "rule": ConfigKey(_text, "The rule to silence.", "required"),
    "url": ConfigKey(_text, "A glob over URLs.", "every URL"),
    "link": ConfigKey(_text, "A link's role or URL.", "every link"),
    "reason": ConfigKey(_text, "Why, for whoever reads it next.", "required"),
    "until": ConfigKey(_date, "The last day on which it counts.", "for good"),
}

SOURCE: dict[str, ConfigKey] = {
    "path": ConfigKey(_text, "File, folder or glob.", "required"),
    "format": ConfigKey(_one_of("yaml", "markdown"), "How it is written.", "by its suffix"),
    "preset": ConfigKey(_one_of(*PRESETS), "A known layout.", '"linkcheck"'),
    "fields": ConfigKey(lambda value: value, "Which of its keys mean what.", "the preset's"),
}

SECTIONS: dict[str, dict[str, ConfigKey]] = {
    "rules": RULES,
    "net": NET,
    "forge": FORGE,
    "source": SOURCE,
    "ignore": IGNORE,
}
"""Tables by name, for the documentation; ``[hosts."NAME"]`` takes the keys of ``HOST``."""


def find(root: Path) -> Path | None:
    """Return the configuration file that counts in ``root``, if there is one."""
    for name in FILES:
        path = root / name
        if not path.is_file():
            continue
        if name != "pyproject.toml" or "linkcheck" in _parse(path).get("tool", {}):
            return path
    return None


def load(path: Path | None) -> Config:
    """Read a configuration file; ``None`` gives the defaults.

    Raises ConfigError, naming file, key and the nearest known key, for anything not understood.
    """
    if path is None:
        return Config()
    data = _parse(path)
    if path.name == "pyproject.toml":
        data = data.get("tool", {}).get("linkcheck", {})
    config = _build(data, str(path))
    if not config.rules.ignores:
        return config
    ignores = _placed(config.rules.ignores, path)
    return replace(config, rules=replace(config.rules, ignores=ignores))


def _placed(ignores: tuple[Ignore, ...], path: Path) -> tuple[Ignore, ...]:
    """Return the ignores with the places where they stand.

    Where the text does not tell (they are in an inline table of tables), all get the beginning of
    the file.
    """
    source = SourceText(path.as_posix(), path.read_text(encoding="utf-8-sig"))
    prefix = "tool.linkcheck." if path.name == "pyproject.toml" else ""
    places = ignore_places(source, f"{prefix}ignore")
    if len(places) != len(ignores):
        places = (source.span(0, 0),) * len(ignores)
    return tuple(replace(ignore, span=place) for ignore, place in zip(ignores, places, strict=True))


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"cannot be read: {error.strerror}", where=str(path), hint="Check --config and the file"
        ) from None
    except UnicodeDecodeError:
        raise ConfigError("is not UTF-8 text", where=str(path), hint="Save it as UTF-8") from None
    except RecursionError:
        raise ConfigError(
            "is nested too deeply", where=str(path), hint="No setting needs more than a few levels"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"is not valid TOML: {error}", where=str(path), hint="Mend the line named above"
        ) from None


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word most like ``word``, or ``None`` when none is like it."""
    from difflib import get_close_matches

    matches = get_close_matches(word, known, n=1, cutoff=0.5)
    return matches[0] if matches else None


def _read(table: object, keys: Mapping[str, ConfigKey], where: str, name: str) -> dict[str, Any]:
    """Read one table by its key table; every value comes back in its final form."""
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
        except _WrongValueError as error:
            raise ConfigError(f"'{dotted}' {error}", where=where, hint=keys[key].help) from None
    return values


def _tables(value: object, where: str, name: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ConfigError(f"'{name}' must be written as [[{name}]] tables", where=where)
    return value


def _build(data: dict[str, Any], where: str) -> Config:
    sections = {"rules", "net", "hosts", "forge", "source", "ignore"}
    everything = {name: ConfigKey(lambda value: value, "", "") for name in sections}
    top = _read(data, {**TOP, **everything}, where, "")
    rules = _read(top.get("rules", {}), RULES, where, "rules")
    net = _read(top.get("net", {}), NET, where, "net")
    forge = _read(top.get("forge", {}), FORGE, where, "forge")
    hosts = top.get("hosts", {})
    if not isinstance(hosts, dict):
        raise ConfigError('[hosts] takes tables like [hosts."example.org"]', where=where)
    budgets = {
        host.lower(): HostLimits(**_read(table, HOST, where, f"hosts.{host}"))
        for host, table in hosts.items()
    }
    history = {
        key: top[key]
        for key in (
            "confirm_failures",
            "confirm_days",
            "confirm_gone_days",
            "max_age",
            "web_max_age",
        )
        if key in top
    }
    rule_settings = RuleSettings(
        history=ConfirmationSettings(**history),
        select=rules.get("select", ()),
        ignore=rules.get("ignore", ()),
        severities=rules.get("severity", {}),
        ignores=tuple(
            _ignore(table, where) for table in _tables(top.get("ignore", []), where, "ignore")
        ),
        strict_new_links=top.get("strict_new_links", False),
        exclude=top.get("exclude", ()),
    )
    if "stale_after" in top:
        rule_settings = replace(rule_settings, stale_after=top["stale_after"])
    return Config(
        file=where,
        run=RunDefaults(**{key: top[key] for key in ("paths", "fail_on", "store") if key in top}),
        net=NetSettings(**net, host_limits=budgets),
        services=ServiceSettings(check_fragments=top.get("check_fragments", False)),
        rules=rule_settings,
        forge=ForgeSettings(**forge),
        sources=tuple(
            _source(table, where) for table in _tables(top.get("source", []), where, "source")
        ),
    )


def _ignore(table: dict[str, Any], where: str) -> Ignore:
    values = _read(table, IGNORE, where, "ignore")
    for needed in ("rule", "reason"):
        if needed not in values:
            raise ConfigError(
                f"an [[ignore]] lacks '{needed}'", where=where, hint=IGNORE[needed].help
            )
    return Ignore(**values)


def _source(table: dict[str, Any], where: str) -> SourceSettings:
    values = _read(table, SOURCE, where, "source")
    if "path" not in values:
        raise ConfigError("a [[source]] lacks 'path'", where=where, hint=SOURCE["path"].help)
    fields = values.pop("fields", {})
    if not isinstance(fields, dict):
        raise ConfigError("'source.fields' must be a table", where=where)
    fields = dict(fields)
    links = fields.pop("links", {})
    try:
        return SourceSettings(**values, fields=_text_table(fields), links=_text_table(links))
    except _WrongValueError as error:
        raise ConfigError(f"'source.fields' {error}", where=where) from None
