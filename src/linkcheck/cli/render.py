"""``linkcheck render``."""

import os
from pathlib import Path

import click

from linkcheck.cli.options import read_config


@click.command("render")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--into", metavar="FILE", help="Put the tables between the markers in FILE.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if FILE is not current.")
@click.option("--observed", metavar="FILE", help="Observed facts; default PATH/observed.json.")
@click.option("--config", metavar="FILE", help="Configuration instead of linkcheck.toml.")
def command(
    paths: tuple[str, ...], into: str | None, check: bool, observed: str | None, config: str | None
) -> int:
    """Render catalog and observed facts as Markdown tables.

    Without --into they go to standard output. With it they replace what stands between the
    markers '<!-- linkcheck:begin -->' and '<!-- linkcheck:end -->' in FILE; nothing else in it
    changes, and doing it twice changes nothing.
    """
    from linkcheck import app
    from linkcheck.app import rendering

    settings = read_config(config)
    surroundings = app.Surroundings(Path.cwd(), dict(os.environ))
    facts = Path(observed) if observed else None
    block = rendering.render_block(paths, settings, surroundings, facts)
    if into is None:
        click.echo(block, nl=False)
        return 0
    rendered = rendering.render_into(Path(into), block)
    if rendered.before == rendered.after:
        click.echo(f"{into} is current", err=True)
        return 0
    if check:
        click.echo(f"{into} is not current: run 'linkcheck render --into {into}'", err=True)
        return 1
    from linkcheck.act.files import FileChange, write_all

    write_all([FileChange(into, rendered.before, rendered.after)], root=Path.cwd())
    click.echo(f"{into} written", err=True)
    return 0
