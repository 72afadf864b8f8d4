"""Options that several commands take, each declared once: decorators, used like click's own."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from linkcheck.cli.options import OutputType
from linkcheck.config import FAIL_ON
from linkcheck.report import FORMATS

_Command = TypeVar("_Command", bound=Callable[..., Any] | click.Command)

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
    """Add where a result is reported, and how.

    The command gets ``format_name`` (one of FORMATS) and ``outputs`` (pairs of format and file).
    """
    return _format_option(_output_option(command))


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
color_option = click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True
)
