"""``linkcheck schema``."""

import json

import click


@click.command("schema")
def command() -> int:
    """Print the JSON Schema of the catalog format, for editors.

    To use it, begin a catalog file with the line
    '# yaml-language-server: $schema=PATH-OR-URL-OF-THE-SCHEMA'.
    """
    from linkcheck.catalog.schema import catalog_schema

    click.echo(json.dumps(catalog_schema(), indent=2, ensure_ascii=False))
    return 0
