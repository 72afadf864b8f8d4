"""``linkcheck report``."""

from pathlib import Path

import click

from linkcheck.cli.options import OutputType, canvas, read_text, write_outputs
from linkcheck.report import FORMATS, renderer


@click.command("report")
@click.argument("result", required=False, metavar="[RESULT.json]")
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
@click.option("--config", metavar="FILE", help="Configuration instead of linkcheck.toml.")
@click.option("-v", "--verbose", is_flag=True, help="Show every link, and all evidence.")
@click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", show_default=True
)
def command(
    result: str | None,
    name: str,
    outputs: tuple[tuple[str, Path], ...],
    config: str | None,
    verbose: bool,
    color: str,
) -> int:
    """Render the last result, or a saved JSON report, again in another format.

    Nothing is checked anew. The last result is kept beside the store by 'linkcheck run'.
    """
    from linkcheck import app
    from linkcheck.cli.options import read_config

    store = Path(read_config(config).run.store)
    path = Path(result) if result else app.last_result_file(store)
    hint = (
        "Name a file written by 'linkcheck run -o FILE.json'"
        if result
        else "Run 'linkcheck run' first, or name a saved JSON report"
    )
    loaded = app.with_rule_pages(app.load_result(read_text(path, hint=hint), str(path)))
    if result is None and "html" in (name, *(wanted for wanted, _ in outputs)):
        loaded = app.with_history(loaded, store)
    write_outputs(loaded, outputs)
    click.echo(renderer(name)(loaded, canvas(color, verbose=verbose)), nl=False)
    return 0
