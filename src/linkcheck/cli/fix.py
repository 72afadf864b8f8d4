"""``linkcheck fix``."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from linkcheck.cli.options import (
    CheckArguments,
    allow_private_option,
    bind,
    color_option,
    config_option,
    ignore_option,
    no_progress_option,
    no_store_option,
    offline_option,
    sandbox_option,
    select_option,
    store_option,
)
from linkcheck.cli.output import show_progress, terminal_capabilities, wrap_lines

_SANDBOX = (
    "sandbox: an embedded imitation of the services answered, so these edits follow made-up facts."
)
_STYLES = {"+": "green", "-": "red", "@": "cyan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FixArguments(CheckArguments):
    """Parameters of ``linkcheck fix``."""

    write: bool
    unsafe: bool


@click.command("fix", short_help="Show or make the edits that a check proposes.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--write", is_flag=True, help="Make the edits.")
@click.option("--unsafe", is_flag=True, help="Also those that want a person's judgment.")
@select_option
@ignore_option
@offline_option
@store_option
@no_store_option
@allow_private_option
@sandbox_option
@config_option
@no_progress_option
@color_option
@bind(FixArguments)
def command(arguments: FixArguments) -> int:
    """Show the edits that a check proposes as a diff; with --write, make them.

    Checks first, like 'linkcheck run'. Comments, quoting and layout stay as they are; a file that
    was changed meanwhile is not touched. Licenses and suggested replacements of dead links are
    only shown with --unsafe: look at them before you write them.

    Exit code: 0 nothing (left) to fix, 1 there are edits to make, 2 usage or configuration,
    3 inconclusive, 130 interrupted.
    """
    from linkcheck import app
    from linkcheck.model.result import RunOutcome

    config = arguments.read_config()
    options = app.RunOptions(
        paths=arguments.paths,
        offline=arguments.offline,
        store=arguments.store_file(config),
        sandbox=arguments.sandbox,
        allow_private=arguments.allow_private,
    )
    with show_progress(silent=arguments.no_progress, color=arguments.color) as progress:
        environment = app.RunEnvironment(Path.cwd(), dict(os.environ), progress=progress)
        result = app.run_check(options, config, environment)
    if result.sandbox:
        click.echo(wrap_lines(_SANDBOX), err=True)
    if result.outcome is not RunOutcome.COMPLETE:
        label = "interrupted" if result.interrupted else "inconclusive"
        click.echo(wrap_lines(f"linkcheck: {label}: {result.reason}"), err=True)
        if result.interrupted:
            return 130
        if not arguments.offline:
            click.echo(wrap_lines(_files_alone(arguments.paths)), err=True)
        return 3
    fixes = app.fixes_for(result, config, environment, unsafe=arguments.unsafe)
    _show(fixes.diff, colored=terminal_capabilities(arguments.color).color)
    if arguments.write:
        app.write_fixes(fixes, environment)
    for reason in fixes.skipped:
        click.echo(wrap_lines(f"not made: {reason}"), err=True)
    _print_summary(fixes.edits, len(fixes.changes), fixes.unsafe_edits, write=arguments.write)
    return 1 if fixes.changes and not arguments.write else 0


def _files_alone(paths: tuple[str, ...]) -> str:
    import shlex

    command = shlex.join(("linkcheck", "fix", "--offline", *paths))
    return f"'{command}' shows what the files alone give to mend."


def _show(diff: str, *, colored: bool) -> None:
    """Print a diff, on a terminal with control characters escaped."""
    if not colored and not sys.stdout.isatty():
        click.echo(diff, nl=False)
        return
    from linkcheck.model.escape import visible_line

    for line in diff.splitlines():
        safe = "\t".join(visible_line(part) for part in line.removesuffix("\r").split("\t"))
        head = line.startswith(("+++ ", "--- "))
        if colored and (head or line[:1] in _STYLES):
            safe = click.style(safe, fg=None if head else _STYLES[line[:1]], bold=head)
        click.echo(safe, color=colored)


def _print_summary(made: int, files: int, unsafe: int, *, write: bool) -> None:
    edits = f"{made} edit{'' if made == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
    if not files:
        click.echo("Nothing to fix.", err=True)
    elif write:
        click.echo(f"{edits} made.", err=True)
    else:
        click.echo(f"{edits}; --write makes them.", err=True)
    if unsafe:
        click.echo(f"{unsafe} more with --unsafe, to be judged by a person.", err=True)
