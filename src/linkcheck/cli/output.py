"""Output of the commands: terminal, files, progress display."""

import os
import shlex
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from linkcheck.cli.options import Outputs
from linkcheck.model.errors import UsageError
from linkcheck.model.protocols import Progress, SilentProgress
from linkcheck.model.result import RunResult
from linkcheck.report import OutputCapabilities, iter_report


def print_report(format_name: str, result: RunResult, color: str, *, verbose: bool) -> None:
    """Print a report to standard output."""
    for piece in iter_report(format_name, result, terminal_capabilities(color, verbose=verbose)):
        click.echo(piece, nl=False)


def show_progress(*, silent: bool, color: str) -> AbstractContextManager[Progress]:
    """Return a live display on standard error; if that is no terminal, a log of long waits."""
    if silent:
        return nullcontext(SilentProgress())
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        from linkcheck.cli.waiting_log import WaitingLog

        return nullcontext(WaitingLog())
    from linkcheck.cli.progress import live_progress

    return live_progress(color=color != "never" and not os.environ.get("NO_COLOR"))


def terminal_capabilities(color: str, *, verbose: bool = False) -> OutputCapabilities:
    """Return the capabilities of standard output; honors NO_COLOR, FORCE_COLOR and TERM=dumb."""
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
    """Return text wrapped to a width, continuation lines indented."""
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
    """Return a file's text; raise UsageError with the hint if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path), hint=hint) from None
    except UnicodeDecodeError:
        raise UsageError("is not UTF-8 text", where=str(path), hint=hint) from None


def require_folder(path: Path) -> None:
    """Raise UsageError for a file in a missing folder outside of the working directory."""
    folder = path.parent
    if folder.exists() or folder.resolve().is_relative_to(Path.cwd().resolve()):
        return
    raise UsageError(
        "there is no such folder, and outside of the working directory none is made",
        where=str(folder),
        hint=f"Make it (mkdir -p {shlex.quote(str(folder))}), or name another file with -o",
    )


def write_outputs(result: RunResult, outputs: Outputs) -> None:
    """Write the reports of ``--output``, each in its format."""
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
