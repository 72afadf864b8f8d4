"""Command line: arguments, environment, terminal, exit codes; no logic of the checks."""

import errno
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from linkcheck import __version__
from linkcheck.model.errors import LinkcheckError

_COMMANDS = {
    "run": "linkcheck.cli.run",
    "fix": "linkcheck.cli.fix",
    "import": "linkcheck.cli.import_list",
    "render": "linkcheck.cli.render",
    "report": "linkcheck.cli.report",
    "merge": "linkcheck.cli.merge",
    "explain": "linkcheck.cli.explain",
    "schema": "linkcheck.cli.schema",
    "init": "linkcheck.cli.init",
    "demo": "linkcheck.cli.demo",
}
"""Modules of the commands, each imported only when it is called."""

_SUMMARIES = {
    "run": "Check catalogs: every link, and what entries claim.",
    "fix": "The edits that a check proposes, as a diff; --write makes them.",
    "import": "Awesome-list Markdown into catalog entries.",
    "render": "Catalog and observed facts as tables.",
    "report": "The last (or a saved) result again, in another format.",
    "merge": "The results of sharded runs, joined into one.",
    "explain": "A rule's page; without RULE, the list of rules.",
    "schema": "JSON Schema of the catalog format, for editors.",
    "init": "Write linkcheck.toml and the workflows into a repository.",
    "demo": "The whole job on the embedded sandbox: no network, no token.",
}


class _UnknownCommandError(click.UsageError):
    """Unknown command; the message contains the hint."""


class _LazyGroup(click.Group):
    """Group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from linkcheck.model.wording import nearest

            close = nearest(args[0], list(_COMMANDS))
            hint = f"Did you mean '{close}'?" if close else "'linkcheck --help' lists them."
            raise _UnknownCommandError(f"There is no command '{args[0]}'. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their summaries, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _SUMMARIES[name]) for name in self.list_commands(ctx)])


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(__version__, "-V", "--version", message="linkcheck %(version)s")
def cli() -> None:
    """Keep a curated catalog true.

    Checks every GitHub, Hugging Face, arXiv, DOI and web link of a catalog (YAML or Markdown),
    compares what its entries claim with what is there, and proposes fixes.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; user errors end without a traceback."""
    from linkcheck.cli import github_actions

    github_actions.quote_tracebacks()
    try:
        result = cli.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="linkcheck",
            standalone_mode=False,
        )
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        has_hint = isinstance(error, _UnknownCommandError)
        _print_error(error.format_message(), *(() if has_hint else (_help_hint(error),)))
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("linkcheck: interrupted", err=True)
        return 130
    except LinkcheckError as error:
        _print_error(*str(error).splitlines())
        return error.exit_code
    except BrokenPipeError:
        # The reader of the pipe (head, less) has exited: no error.
        _silence_stdout()
        return 141
    except OSError as error:
        if not _is_stdout_error(error):
            raise
        return _report_unwritable(error)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
        return 141
    except OSError as error:
        return _report_unwritable(error)
    return result if isinstance(result, int) else 0


def _is_stdout_error(error: OSError) -> bool:
    """Return whether standard output cannot be written, as on a full disk."""
    try:
        sys.stdout.flush()
    except OSError as again:
        return again.errno == error.errno
    return error.filename is None and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO)


def _report_unwritable(error: OSError) -> int:
    """Report that standard output cannot be written, and discard its buffer."""
    _silence_stdout()
    _print_error(
        f"standard output cannot be written: {error.strerror}",
        "Make room, or send it elsewhere (-o FILE writes a report to a file).",
    )
    return 2


def _help_hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "linkcheck"
    return f"'{path} --help' shows how it is used."


def _print_error(*lines: str) -> None:
    """Print an error and its hint, wrapped to 80 columns."""
    import textwrap

    from linkcheck.cli import github_actions

    shown = []
    for number, line in enumerate(lines):
        wrapped = textwrap.wrap(
            line if number else f"linkcheck: {line}",
            80,
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        shown.extend(wrapped)
    with github_actions.workflow_commands_disabled(err=True):
        click.echo("\n".join(shown), err=True)
    github_actions.print_error_annotation(" ".join(lines))


def _silence_stdout() -> None:
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
