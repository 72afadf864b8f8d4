"""``linkcheck render``."""

import os
from pathlib import Path

import click

from linkcheck.cli.common_options import config_option
from linkcheck.cli.options import read_config


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
def command(
    paths: tuple[str, ...],
    into: str | None,
    check: bool,
    observed: str | None,
    site: str | None,
    result: str | None,
    store: str | None,
    sandbox: bool,
    title: str,
    base_url: str | None,
    config: str | None,
) -> int:
    """Render catalog and observed facts as Markdown tables, or as a static site.

    Without --into they go to standard output. With it they replace what stands between the
    markers '<!-- linkcheck:begin -->' and '<!-- linkcheck:end -->' in FILE; nothing else in it
    changes, and doing it twice changes nothing.

    With --site: a page per kind and per entry, what changed, a feed, JSON and CSV. It asks nobody;
    statuses are those of the last 'linkcheck run' (or of --result), the past is the store's.
    """
    from linkcheck import app
    from linkcheck.app import render

    settings = read_config(config)
    environment = app.RunEnvironment(Path.cwd(), dict(os.environ))
    facts = Path(observed) if observed else None
    if site is not None:
        from linkcheck.app.site import SiteOptions, write_site

        options = SiteOptions(
            paths=paths,
            observed=facts,
            result=Path(result) if result else None,
            store=Path(store or settings.run.store),
            sandbox=sandbox,
            title=title,
            base_url=base_url,
        )
        number = write_site(Path(site), options, settings, environment)
        click.echo(f"{site}: {number:,} files written; open {site}/index.html", err=True)
        return 0
    block = render.render_block(paths, settings, environment, facts)
    if into is None:
        click.echo(block, nl=False)
        return 0
    rendered = render.render_into(Path(into), block)
    if rendered.before == rendered.after:
        click.echo(f"{into} is current", err=True)
        return 0
    if check:
        click.echo(f"{into} is not current: run 'linkcheck render --into {into}'", err=True)
        return 1
    from linkcheck.fixes.write import write_all
    from linkcheck.model.action import FileUpdate

    write_all([FileUpdate(into, rendered.before, rendered.after)], root=Path.cwd())
    click.echo(f"{into} written", err=True)
    return 0
