"""``linkcheck init``."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from linkcheck import __version__
from linkcheck.model.errors import UsageError

CHECKOUT = "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
_STARTER = "catalog/catalog.yaml"
_WORKFLOWS = {
    ".github/workflows/linkcheck.yml": "linkcheck.yml",
    ".github/workflows/linkcheck-pull-request.yml": "pull-request.yml",
}


@dataclass(frozen=True, slots=True)
class _TemplateFile:
    """A file to write: path in the repository, text, purpose."""

    path: str
    text: str
    purpose: str


@click.command("init")
@click.option("-y", "--yes", is_flag=True, help="Write without asking; existing files stay.")
@click.option("--force", is_flag=True, help="Overwrite existing files too.")
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    help="The repository's top folder instead of this one.",
)
def command(yes: bool, force: bool, directory: Path) -> int:
    """Write linkcheck.toml and the workflows into a repository.

    Asks before each file, and before it overwrites one. Where there is no catalog yet, a small one
    to begin with is written too.
    """
    if not directory.exists():
        click.echo(f"{directory}: is not there yet and is made")
    changed = 0
    for file in _files(directory):
        changed += _write(directory, file, yes=yes, force=force)
    if changed:
        click.echo("\nNext: 'linkcheck run' checks here and now; commit the files to have it done")
        click.echo("weekly and for every pull request. What it remembers between runs is kept in")
        click.echo(".linkcheck/, which keeps itself out of git.")
    return 0


def _files(root: Path) -> Iterator[_TemplateFile]:
    paths = _catalogs(root)
    shown = "[" + ", ".join(f'"{path}"' for path in paths or ["catalog"]) + "]"
    values = {
        "paths": shown,
        "version": __version__,
        "checkout": CHECKOUT,
        # Off the full hour, when most schedules start and some are dropped.
        "minute": "23",
    }
    if not paths:
        yield _TemplateFile(_STARTER, _template("catalog.yaml"), "a first entry, for you to change")
    yield _TemplateFile(
        "linkcheck.toml", _template("linkcheck.toml").format(**values), "the settings"
    )
    purposes = ("the weekly check, with its dashboard", "the check of pull requests")
    for (path, name), purpose in zip(_WORKFLOWS.items(), purposes, strict=True):
        yield _TemplateFile(path, _template(name).format(**values), purpose)


def _catalogs(root: Path) -> list[str]:
    """Return the paths to check: the folder ``catalog``, else a README with links."""
    folder = root / "catalog"
    if folder.is_dir() and any(folder.rglob("*.y*ml")):
        return ["catalog"]
    for name in ("README.md", "readme.md", "Readme.md"):
        path = root / name
        if path.is_file() and "](http" in path.read_text(encoding="utf-8", errors="replace"):
            return [name]
    return []


def _template(name: str) -> str:
    from importlib.resources import files

    return files("linkcheck.cli").joinpath("templates", name).read_text(encoding="utf-8")


def _write(root: Path, file: _TemplateFile, *, yes: bool, force: bool) -> bool:
    """Write one file unless the user declines, and return whether it was written."""
    path = root / file.path
    exists = path.exists() or path.is_symlink()
    if exists and _read_or_none(path) == file.text:
        click.echo(f"{file.path}: is there already, as it should be")
        return False
    if exists and not force:
        if yes or not _confirm(f"{file.path} exists. Overwrite it?", default=False):
            click.echo(f"{file.path}: exists and was left as it is (--force overwrites it)")
            return False
    elif not (yes or force) and not _confirm(f"Write {file.path} ({file.purpose})?", default=True):
        click.echo(f"{file.path}: left out")
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}",
            where=str(path),
            hint="Run it in the top folder of a repository that you may write to",
        ) from None
    click.echo(f"{file.path}: {'overwritten' if exists else 'written'} ({file.purpose})")
    return True


def _read_or_none(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _confirm(question: str, *, default: bool) -> bool:
    """Ask on the terminal; raise UsageError if there is no one to answer."""
    try:
        return click.confirm(question, default=default)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise UsageError(
            "nobody answered the question above", hint="'linkcheck init --yes' asks nothing"
        ) from None
