"""Import Markdown lists as draft entries (``linkcheck import``)."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from linkcheck.model.errors import CatalogError, UsageError
from linkcheck.model.target import Target
from linkcheck.model.url import InvalidUrlError

REVIEW = "review.md"
"""File with the items that a person should review."""


@dataclass(frozen=True, slots=True)
class ImportedList:
    """One imported list."""

    file: str
    files: dict[str, str]
    """YAML by file name."""
    review: str
    """Repaired, omitted and unrecognized items, as Markdown; may be empty."""
    entries: int
    has_restored_text: bool
    """Whether mojibake was restored."""


def import_lists(paths: Sequence[str]) -> tuple[ImportedList, ...]:
    """Parse each list into drafts. Raises CatalogError for a file that cannot be read."""
    from linkcheck.catalog.load import decode_text
    from linkcheck.importing.list_importer import import_markdown, render_review
    from linkcheck.providers.table import recognize

    def classify(url: str) -> Target | None:
        try:
            return recognize(url).target
        except InvalidUrlError:
            return None

    imported = []
    for path in paths:
        if Path(path).suffix.lower() in (".yaml", ".yml"):
            raise CatalogError(
                "import reads Markdown, and this is YAML",
                where=path,
                hint=f"If it is a catalog, check it as it is: linkcheck run {shlex.quote(path)}",
            )
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise CatalogError(
                f"cannot be read: {error.strerror}", where=path, hint="Name a Markdown file"
            ) from None
        source, problems = decode_text(path, data)
        if problems:
            raise CatalogError(problems[0].message, where=path, hint=problems[0].hint)
        result = import_markdown(source, classify)
        review = render_review(result, path)
        count = len(result.drafts)
        if count == 0:
            raise CatalogError(
                "no entries were found in it",
                where=path,
                hint="An entry is what has a link of its own, such as '* [Name](https://…) - "
                "what it is'",
            )
        imported.append(ImportedList(path, dict(result.files), review, count, result.restored))
    return tuple(imported)


def write_drafts(
    imported: Sequence[ImportedList], folder: Path, *, force: bool
) -> tuple[Path, ...]:
    """Write the drafts and review files; of several lists each into its own folder.

    Raises UsageError, before anything is written, if a file exists and ``force`` is false.
    """
    planned: dict[Path, str] = {}
    for item in imported:
        target_folder = folder if len(imported) == 1 else folder / Path(item.file).stem
        planned |= {target_folder / name: text for name, text in item.files.items()}
        if item.review:
            planned[target_folder / REVIEW] = item.review
    existing = [path for path in planned if path.exists()]
    if existing and not force:
        raise UsageError(
            "is there already; nothing was written",
            where=str(existing[0]),
            hint="Name another folder with -o, or overwrite with --force",
        )
    for path, text in planned.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"cannot be written: {error.strerror}",
                where=str(path),
                hint="Name a folder that you may write to with -o",
            ) from None
    return tuple(planned)
