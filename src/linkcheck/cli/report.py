"""``linkcheck report``."""

from pathlib import Path

import click

from linkcheck.cli.common_options import color_option, config_option, report_options, verbose_option
from linkcheck.cli.options import read_text, terminal_capabilities, write_outputs
from linkcheck.report import iter_report


@click.command("report")
@click.argument("result", required=False, metavar="[RESULT.json]")
@report_options
@config_option
@verbose_option
@color_option
def command(
    result: str | None,
    format_name: str,
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
    loaded = app.load_result(read_text(path, hint=hint), str(path))
    if result is None and "html" in (format_name, *(wanted for wanted, _ in outputs)):
        loaded = app.with_history(loaded, store)
    write_outputs(loaded, outputs)
    for piece in iter_report(format_name, loaded, terminal_capabilities(color, verbose=verbose)):
        click.echo(piece, nl=False)
    return 0
