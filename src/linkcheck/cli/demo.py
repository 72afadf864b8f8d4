"""``linkcheck demo``."""

from pathlib import Path

import click

from linkcheck.cli.options import color_option, no_progress_option
from linkcheck.cli.output import show_progress, terminal_capabilities, wrap_lines
from linkcheck.report import get_renderer


@click.command("demo")
@no_progress_option
@color_option
def command(no_progress: bool, color: str) -> int:
    """Do the whole job on the embedded sandbox: no network, no token.

    Checks the shipped catalog, and a small one with planted defects, against an imitation of
    GitHub, Hugging Face, arXiv, doi.org and the web on this machine; then compares what was found
    with what was planted. Exit code: 0 when every planted defect was found and nothing else was
    called an error.
    """
    from linkcheck import app

    with show_progress(silent=no_progress, color=color) as progress:
        outcome = app.demo(app.RunEnvironment(Path.cwd(), progress=progress))
    click.echo(get_renderer("text")(outcome.result, terminal_capabilities(color)), nl=False)
    click.echo()
    click.echo(outcome.comparison)
    click.echo()
    click.echo(wrap_lines(outcome.plan))
    return 0 if outcome.passed else 1
