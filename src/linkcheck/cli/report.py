"""``linkcheck report``."""

from pathlib import Path

import click

from linkcheck.cli.options import (
    Outputs,
    color_option,
    config_option,
    read_config,
    report_options,
    verbose_option,
)
from linkcheck.cli.output import print_report, read_text, write_outputs


@click.command("report")
@click.argument("result", required=False, metavar="[RESULT.json]")
@report_options
@config_option
@verbose_option
@color_option
def command(
    result: str | None,
    format_name: str,
    outputs: Outputs,
    config: str | None,
    verbose: bool,
    color: str,
) -> int:
    """Render the last result, or a saved JSON report, again in another format.

    Nothing is checked again. 'linkcheck run' keeps the last result next to the store.
    """
    from linkcheck import app

    store = Path(read_config(config).run.store)
    path = Path(result) if result else app.last_result_file(store)
    hint = (
        "Name a file written by 'linkcheck run -o FILE.json'"
        if result
        else "Run 'linkcheck run' first, or name a saved JSON report"
    )
    loaded = app.load_result(read_text(path, hint=hint), str(path))
    if result is None and "html" in (format_name, *(name for name, _ in outputs)):
        loaded = app.with_history(loaded, store)
    write_outputs(loaded, outputs)
    print_report(format_name, loaded, color, verbose=verbose)
    return 0
