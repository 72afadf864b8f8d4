"""Option types that several commands share."""

import os
import re
import shlex
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from linkcheck.config import Config, find, load
from linkcheck.model.duration import parse_duration
from linkcheck.model.errors import UsageError
from linkcheck.model.result import RunResult
from linkcheck.report import FORMAT_BY_SUFFIX, FORMATS, OutputCapabilities


class DurationType(click.ParamType[timedelta]):
    """A duration such as ``0``, ``12h`` or ``7d``."""

    name = "duration"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        """Return the duration, or say how one is written."""
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
        """Return (I, N), or say how a shard is written."""
        match = re.fullmatch(r"(\d{1,4})/(\d{1,4})", str(value))
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            self.fail(f"'{value}' is not a part like 1/4 (the first of four)", param, ctx)
        return int(match[1]), int(match[2])


class OutputType(click.ParamType[tuple[str, Path]]):
    """``FILE`` whose suffix names the format, or ``FORMAT=FILE``."""

    name = "file"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, Path]:
        """Return (format, file), or say which suffixes and formats there are."""
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


def read_config(path: str | None) -> Config:
    """Return the configuration named by ``--config``, else the one of this folder."""
    return load(Path(path) if path else find(Path()))


def terminal_capabilities(color: str, *, verbose: bool = False) -> OutputCapabilities:
    """Return what standard output can show; honors NO_COLOR, FORCE_COLOR and dumb terminals."""
    import shutil

    terminal = sys.stdout.isatty()
    dumb = os.environ.get("TERM") == "dumb"
    forced = bool(os.environ.get("FORCE_COLOR"))
    auto = (terminal or forced) and not dumb and not os.environ.get("NO_COLOR")
    colored = color == "always" or (color == "auto" and auto)
    columns = shutil.get_terminal_size((80, 24)).columns if terminal else 80
    return OutputCapabilities(
        min(columns, 120), colored, hyperlinks=colored and terminal, verbose=verbose
    )


def wrap_lines(text: str, columns: int = 80) -> str:
    """Return text whose lines fit a terminal; long ones go on in the next line, indented."""
    import textwrap

    from linkcheck.model.escape import visible_line

    lines = []
    for line in map(visible_line, text.splitlines()):
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        lines += textwrap.wrap(
            line,
            columns,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return "\n".join(lines)


def read_text(path: Path, *, hint: str) -> str:
    """Return a file's text, or raise UsageError with the hint on what to do."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path), hint=hint) from None
    except UnicodeDecodeError:
        raise UsageError("is not UTF-8 text", where=str(path), hint=hint) from None


def require_folder(path: Path) -> None:
    """Refuse a file whose folder would have to be made outside of the working directory."""
    folder = path.parent
    if folder.exists() or folder.resolve().is_relative_to(Path.cwd().resolve()):
        return
    raise UsageError(
        "there is no such folder, and outside of the working directory none is made",
        where=str(folder),
        hint=f"Make it (mkdir -p {shlex.quote(str(folder))}), or name another file with -o",
    )


def write_outputs(result: RunResult, outputs: tuple[tuple[str, Path], ...]) -> None:
    """Write the reports asked for by ``-o``, each in its format."""
    from linkcheck.app import save_report

    for name, path in outputs:
        require_folder(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            save_report(name, result, path)
        except OSError as error:
            raise UsageError(
                f"the report cannot be written: {error.strerror}",
                where=str(path),
                hint="Name a file in a folder that you may write to (-o FILE)",
            ) from None
