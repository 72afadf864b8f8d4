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
    for one in imported:
        if one.has_restored_text:
            click.echo(f"{one.file}: text in a wrong encoding (mojibake) was restored", err=True)
    if output is None:
        for one in imported:
            for text in one.files.values():
                click.echo(text, nl=False)
            if one.review:
                click.echo(one.review, err=True, nl=False)
    else:
        for path in write_drafts(imported, Path(output), force=force):
            click.echo(str(path))
    for one in imported:
        looks = one.review.count("\n- ")
        entries = "1 entry" if one.entries == 1 else f"{one.entries} entries"
        lines = "1 line" if looks == 1 else f"{looks} lines"
        click.echo(f"{one.file}: {entries}, {lines} to look at", err=True)
    return 0
