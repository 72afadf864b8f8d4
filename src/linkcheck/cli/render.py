"""``linkcheck render``."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkcheck.cli.options import bind, config_option, read_config
from linkcheck.config import Config

if TYPE_CHECKING:
    from linkcheck.app import RunEnvironment


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderArguments:
    """Parameters of ``linkcheck render``."""

    paths: tuple[str, ...]
    into: str | None
    check: bool
    observed: str | None
    site: str | None
    result: str | None
    store: str | None
    sandbox: bool
    title: str
    base_url: str | None
    config: str | None


@click.command("render")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--into", metavar="FILE", help="Put the tables between the markers in FILE.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if FILE is not current.")
@click.option("--observed", metavar="FILE", help="Observed facts; default PATH/observed.json.")
@click.option("--site", metavar="DIR", help="Write a static site into DIR instead of tables.")
@click.option("--result", metavar="FILE", help="Site: a saved JSON report; default the last one.")
@click.option("--store", metavar="FILE", help="Site: the SQLite file with observations.")
@click.option("--sandbox", is_flag=True, help="Site: ask the embedded sandbox now.")
@click.option("--title", default="Catalog", show_default=True, help="Site: its title.")
@click.option("--base-url", metavar="URL", help="Site: where it will stand, for the feed.")
@config_option
@bind(RenderArguments)
def command(arguments: RenderArguments) -> int:
    """Render catalog and observed facts as Markdown tables, or as a static site.

    Without --into they go to standard output. With it they replace the text between the
    markers '<!-- linkcheck:begin -->' and '<!-- linkcheck:end -->' in FILE; nothing else in it
    changes, and doing it twice changes nothing.

    With --site: a page per kind and per entry, what changed, a feed, JSON and CSV. It asks nobody;
    statuses are those of the last 'linkcheck run' (or of --result), the past is the store's.
    """
    from linkcheck import app

    config = read_config(arguments.config)
    environment = app.RunEnvironment(Path.cwd(), dict(os.environ))
    return (_render_tables if arguments.site is None else _render_site)(
        arguments, config, environment
    )


def _render_site(arguments: RenderArguments, config: Config, environment: "RunEnvironment") -> int:
    from linkcheck.app.site import SiteOptions, write_site

    options = SiteOptions(
        paths=arguments.paths,
        observed=Path(arguments.observed) if arguments.observed else None,
        result=Path(arguments.result) if arguments.result else None,
        store=Path(arguments.store or config.run.store),
        sandbox=arguments.sandbox,
        title=arguments.title,
        base_url=arguments.base_url,
    )
    folder = str(arguments.site)
    number = write_site(Path(folder), options, config, environment)
    click.echo(f"{folder}: {number:,} files written; open {folder}/index.html", err=True)
    return 0


def _render_tables(
    arguments: RenderArguments, config: Config, environment: "RunEnvironment"
) -> int:
    from linkcheck.app import render
    from linkcheck.fixes.write import write_all
    from linkcheck.model.action import FileUpdate

    into = arguments.into
    observed = Path(arguments.observed) if arguments.observed else None
    block = render.render_block(arguments.paths, config, environment, observed)
    if into is None:
        click.echo(block, nl=False)
        return 0
    rendered = render.render_into(Path(into), block)
    if rendered.before == rendered.after:
        click.echo(f"{into} is current", err=True)
        return 0
    if arguments.check:
        click.echo(f"{into} is not current: run 'linkcheck render --into {into}'", err=True)
        return 1
    write_all([FileUpdate(into, rendered.before, rendered.after)], root=Path.cwd())
    click.echo(f"{into} written", err=True)
    return 0
