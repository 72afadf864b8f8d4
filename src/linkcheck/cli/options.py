"""Options that several commands share: types, decorators, configuration."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from linkcheck.config import FAIL_ON, Config, find, load
from linkcheck.model.duration import parse_duration
from linkcheck.report import FORMAT_BY_SUFFIX, FORMATS

_Command = TypeVar("_Command", bound=Callable[..., Any] | click.Command)
_Arguments = TypeVar("_Arguments")

Outputs = tuple[tuple[str, Path], ...]
"""Formats and files of ``--output``."""


def bind(
    arguments: type[_Arguments],
) -> Callable[[Callable[[_Arguments], int]], Callable[..., int]]:
    """Pass a command's parameters as one value of a dataclass with fields of the same names."""

    def decorate(command: Callable[[_Arguments], int]) -> Callable[..., int]:
        @wraps(command)
        def invoke(**parameters: Any) -> int:
            return command(arguments(**parameters))

        return invoke

    return decorate


class DurationType(click.ParamType[timedelta]):
    """A duration such as ``0``, ``12h`` or ``7d``."""

    name = "duration"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        """Parse a duration; fail with the syntax."""
        if isinstance(value, timedelta):
            return value
        try:
            return parse_duration(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class ShardType(click.ParamType[tuple[int, int]]):
    """``I/N``: the I-th of N parts, counted from 1."""

    name = "i/n"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, int]:
        """Parse (I, N); fail with the syntax."""
        match = re.fullmatch(r"(\d{1,4})/(\d{1,4})", str(value))
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            self.fail(f"'{value}' is not a part like 1/4 (the first of four)", param, ctx)
        return int(match[1]), int(match[2])


class OutputType(click.ParamType[tuple[str, Path]]):
    """``FILE`` whose suffix names the format, or ``FORMAT=FILE``."""

    name = "file"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, Path]:
        """Parse (format, file); fail with the known suffixes and formats."""
        text = str(value)
        name, equals, rest = text.partition("=")
        if equals and name in FORMATS and rest:
            return name, Path(rest)
        suffix = Path(text).suffix.lower()
        if suffix not in FORMAT_BY_SUFFIX:
            self.fail(
                f"cannot tell the format of '{text}': end it in "
                f"{', '.join(sorted(FORMAT_BY_SUFFIX))}, or write FORMAT=FILE "
                f"(formats: {', '.join(FORMATS)})",
                param,
                ctx,
            )
        return FORMAT_BY_SUFFIX[suffix], Path(text)


_format_option = click.option(
    "--format",
    "format_name",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
_output_option = click.option(
    "-o",
    "--output",
    "outputs",
    type=OutputType(),
    multiple=True,
    help="Write a report to FILE; its suffix names the format, or FORMAT=FILE. Repeatable.",
)


def report_options(command: _Command) -> _Command:
    """Add ``--format`` (``format_name``) and ``--output`` (``outputs``)."""
    return _format_option(_output_option(command))


color_option = click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True
)
fail_on_option = click.option(
    "--fail-on", type=click.Choice(FAIL_ON), help="Lowest severity that makes exit 1."
)
select_option = click.option(
    "--select", multiple=True, metavar="RULE", help="Only this rule. Repeatable."
)
ignore_option = click.option(
    "--ignore", multiple=True, metavar="RULE", help="Not this rule. Repeatable."
)
offline_option = click.option(
    "--offline", is_flag=True, help="No network: what files and store can tell."
)
store_option = click.option("--store", metavar="FILE", help="The SQLite file with observations.")
no_store_option = click.option("--no-store", is_flag=True, help="Keep nothing between runs.")
allow_private_option = click.option(
    "--allow-private", is_flag=True, help="Permit private and loopback addresses."
)
sandbox_option = click.option(
    "--sandbox", is_flag=True, help="Use the embedded sandbox, not the services."
)
config_option = click.option(
    "--config", metavar="FILE", help="Configuration instead of linkcheck.toml."
)
verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="Show every link, and all evidence."
)
no_progress_option = click.option("--no-progress", is_flag=True, help="No progress display.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckArguments:
    """Parameters of the commands that check a catalog."""

    paths: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    offline: bool
    store: str | None
    no_store: bool
    allow_private: bool
    sandbox: bool
    config: str | None
    no_progress: bool
    color: str

    def read_config(self) -> Config:
        """Return the configuration with the rules chosen by ``--select`` and ``--ignore``.

        Raises UsageError for an unknown rule, and as read_config does.
        """
        from linkcheck.rules.table import validate_rule_names

        config = read_config(self.config)
        validate_rule_names(self.select, "--select")
        validate_rule_names(self.ignore, "--ignore")
        rules = replace(
            config.rules,
            select=self.select or config.rules.select,
            ignore=(*config.rules.ignore, *self.ignore),
        )
        return replace(config, rules=rules)

    def store_file(self, config: Config) -> Path | None:
        """Return the file of the store; ``None`` stores nothing."""
        if self.no_store or self.sandbox:
            return None
        return Path(self.store or config.run.store)


def read_config(path: str | None) -> Config:
    """Return the configuration of ``--config``, else of this folder. Raises ConfigError."""
    return load(Path(path) if path else find(Path()))
