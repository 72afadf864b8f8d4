"""``linkcheck import``."""

from pathlib import Path

import click


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", metavar="DIR", help="Write the entries into this folder.")
@click.option("--force", is_flag=True, help="Overwrite files that are there already.")
def command(files: tuple[str, ...], output: str | None, force: bool) -> int:
    """Turn awesome-list Markdown into catalog entries.

    Without -o the entries go to standard output, and what a person should look at to standard
    error. Damaged links are repaired, badges and tables of contents dropped, repeats merged.
    """
    from linkcheck.app.importing import import_lists, write_drafts

    imported = import_lists(files)
    for item in imported:
        if item.has_restored_text:
            click.echo(f"{item.file}: text in a wrong encoding (mojibake) was restored", err=True)
    if output is None:
        for item in imported:
            for text in item.files.values():
                click.echo(text, nl=False)
            if item.review:
                click.echo(item.review, err=True, nl=False)
    else:
        for path in write_drafts(imported, Path(output), force=force):
            click.echo(str(path))
    for item in imported:
        review_items = item.review.count("\n- ")
        entries = "1 entry" if item.entries == 1 else f"{item.entries} entries"
        lines = "1 line" if review_items == 1 else f"{review_items} lines"
        click.echo(f"{item.file}: {entries}, {lines} to look at", err=True)
    return 0
