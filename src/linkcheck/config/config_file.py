"""Find and load a configuration file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from linkcheck.config.config_keys import (
    HOST,
    SECTIONS,
    TOP,
    ConfigKey,
    RunDefaults,
    keys_of,
    read_table,
)
from linkcheck.config.toml_spans import ignore_places
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
from linkcheck.model.source_text import SourceText

FILES = ("linkcheck.toml", ".github/linkcheck.toml", "pyproject.toml")
"""Paths of the configuration file, in order; of the last one only ``[tool.linkcheck]`` counts."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of all consumers."""

    file: str | None = None
    run: RunDefaults = field(default_factory=RunDefaults)
    net: NetSettings = field(default_factory=NetSettings)
    services: ServiceSettings = field(default_factory=ServiceSettings)
    rules: RuleSettings = field(default_factory=RuleSettings)
    forge: ForgeSettings = field(default_factory=ForgeSettings)
    sources: tuple[SourceSettings, ...] = ()


def find(root: Path) -> Path | None:
    """Return the configuration file of ``root``, if there is one."""
    for name in FILES:
        path = root / name
        if path.is_file() and (name != "pyproject.toml" or "linkcheck" in _tool_tables(path)):
            return path
    return None


def load(path: Path | None) -> Config:
    """Load a configuration file; ``None`` gives the defaults.

    Raises ConfigError, naming file, key and the nearest known key, for an unreadable file, an
    unknown key or a value of the wrong form.
    """
    if path is None:
        return Config()
    is_project = path.name == "pyproject.toml"
    data = _tool_tables(path).get("linkcheck", {}) if is_project else _parse(path)
    config = _build(data, str(path))
    ignores = _with_spans(config.rules.ignores, path)
    return replace(config, rules=replace(config.rules, ignores=ignores))


def _tool_tables(path: Path) -> dict[str, Any]:
    tables: dict[str, Any] = _parse(path).get("tool", {})
    return tables


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


def _with_spans(ignores: tuple[Ignore, ...], path: Path) -> tuple[Ignore, ...]:
    """Return the ignores with their spans.

    Where the spans cannot be found (in an inline table of tables), all get the start of the file.
    """
    if not ignores:
        return ()
    source = SourceText(path.as_posix(), path.read_text(encoding="utf-8-sig"))
    prefix = "tool.linkcheck." if path.name == "pyproject.toml" else ""
    spans = ignore_places(source, f"{prefix}ignore")
    if len(spans) != len(ignores):
        spans = (source.span(0, 0),) * len(ignores)
    return tuple(replace(ignore, span=span) for ignore, span in zip(ignores, spans, strict=True))


def _build(data: Mapping[str, Any], where: str) -> Config:
    tables = {name: ConfigKey(lambda value: value, "", "") for name in (*SECTIONS, "hosts")}
    top = read_table(data, {**TOP, **tables}, where, "")

    def section(name: str) -> dict[str, Any]:
        return read_table(top.get(name, {}), SECTIONS[name], where, name)

    def from_top(cls: type[T], **values: Any) -> T:
        return cls(**{key: top[key] for key in keys_of(cls) if key in top}, **values)

    hosts = top.get("hosts", {})
    if not isinstance(hosts, dict):
        raise ConfigError('[hosts] takes tables like [hosts."example.org"]', where=where)
    host_limits = {
        host.lower(): HostLimits(**read_table(table, HOST, where, f"hosts.{host}"))
        for host, table in hosts.items()
    }
    return Config(
        file=where,
        run=from_top(RunDefaults),
        net=NetSettings(**section("net"), host_limits=host_limits),
        services=from_top(ServiceSettings),
        rules=from_top(
            RuleSettings,
            history=from_top(ConfirmationSettings),
            ignores=tuple(Ignore(**row) for row in _rows(top, "ignore", ("rule", "reason"), where)),
            **section("rules"),
        ),
        forge=ForgeSettings(**section("forge")),
        sources=tuple(_source(row) for row in _rows(top, "source", ("path",), where)),
    )


def _rows(
    top: Mapping[str, Any], name: str, required: tuple[str, ...], where: str
) -> list[dict[str, Any]]:
    """Return the values of each table of an array of tables."""
    tables = top.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ConfigError(f"'{name}' must be written as [[{name}]] tables", where=where)
    rows = [read_table(table, SECTIONS[name], where, name) for table in tables]
    for row in rows:
        for key in required:
            if key not in row:
                article = "an" if name == "ignore" else "a"
                hint = SECTIONS[name][key].help
                raise ConfigError(f"{article} [[{name}]] lacks '{key}'", where=where, hint=hint)
    return rows


def _source(row: dict[str, Any]) -> SourceSettings:
    fields, links = row.pop("fields", ({}, {}))
    return SourceSettings(**row, fields=fields, links=links)
