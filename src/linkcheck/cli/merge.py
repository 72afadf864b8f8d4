"""``linkcheck merge``."""

import os
from pathlib import Path

import click

from linkcheck.cli.options import (
    Outputs,
    color_option,
    config_option,
    fail_on_option,
    read_config,
    report_options,
    verbose_option,
)
from linkcheck.cli.output import print_report, read_text, write_outputs


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
    outputs: Outputs,
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
    print_report(format_name, merged, color, verbose=verbose)
    return app.exit_code(merged, fail_on or settings.run.fail_on)
