"""``linkcheck merge``."""

import os
from pathlib import Path

import click

from linkcheck.cli.common_options import (
    color_option,
    config_option,
    fail_on_option,
    report_options,
    verbose_option,
)
from linkcheck.cli.options import read_config, read_text, terminal_capabilities, write_outputs
from linkcheck.report import iter_report


@click.command("merge", short_help="Join the results of sharded runs.")
@click.argument("results", nargs=-1, required=True, metavar="RESULT.json...")
@report_options
@fail_on_option
@config_option
@verbose_option
@color_option
def command(
    results: tuple[str, ...],
    format_name: str,
    outputs: tuple[tuple[str, Path], ...],
    fail_on: str | None,
    config: str | None,
    verbose: bool,
    color: str,
) -> int:
    """Join the results of 'linkcheck run --shard I/N -o FILE.json' into one.

    Asks nobody anything: the rules run once over what all parts have seen, so run it in the same
    checkout. A part that is missing makes the result inconclusive (exit 3).
    """
    from linkcheck import app

    settings = read_config(config)
    hint = "Name files written by 'linkcheck run --shard I/N -o FILE.json'"
    parts = [(path, app.load_result(read_text(Path(path), hint=hint), path)) for path in results]
    environment = app.RunEnvironment(Path.cwd(), dict(os.environ))
    merged = app.merge(parts, settings, environment)
    write_outputs(merged, outputs)
    for piece in iter_report(format_name, merged, terminal_capabilities(color, verbose=verbose)):
        click.echo(piece, nl=False)
    return app.exit_code(merged, fail_on or settings.run.fail_on)
