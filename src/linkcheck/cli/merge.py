"""``linkcheck merge``."""

import os
from pathlib import Path

import click

from linkcheck.cli.options import OutputType, canvas, read_config, read_text, write_outputs
from linkcheck.config import FAIL_ON
from linkcheck.report import FORMATS, renderer


@click.command("merge", short_help="Join the results of sharded runs.")
@click.argument("results", nargs=-1, required=True, metavar="RESULT.json...")
@click.option(
    "--format",
    "name",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="What goes to standard output.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    type=OutputType(),
    multiple=True,
    help="Write a report to FILE; its suffix names the format, or FORMAT=FILE. Repeatable.",
)
@click.option("--fail-on", type=click.Choice(FAIL_ON), help="Lowest severity that makes exit 1.")
@click.option("--config", metavar="FILE", help="Configuration instead of linkcheck.toml.")
@click.option("-v", "--verbose", is_flag=True, help="Show every link, and all evidence.")
@click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True
)
def command(
    results: tuple[str, ...],
    name: str,
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
    surroundings = app.Surroundings(Path.cwd(), dict(os.environ))
    merged = app.merge(parts, settings, surroundings)
    write_outputs(merged, outputs)
    click.echo(renderer(name)(merged, canvas(color, verbose=verbose)), nl=False)
    return app.exit_code(merged, fail_on or settings.run.fail_on)
