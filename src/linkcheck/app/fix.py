"""Apply the fixes of a result to files (``linkcheck fix``).

Passes the catalog's loaders and quoting to :mod:`linkcheck.fixes`, which imports neither.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from linkcheck.app.environment import RunEnvironment
from linkcheck.config import Config
from linkcheck.model.errors import UsageError
from linkcheck.model.finding import Edit, Finding, Fix
from linkcheck.model.result import RunResult

if TYPE_CHECKING:
    from linkcheck.fixes.edits import Encoder
    from linkcheck.model.action import FileUpdate


def encoder_for(file: str) -> "Encoder | None":
    """Return the function that quotes new values for a file; ``None`` for Markdown."""
    if not file.endswith((".yaml", ".yml")):
        return None
    from linkcheck.catalog.quoting import quote_edits

    return quote_edits


def read_texts(root: Path, files: Iterable[str]) -> dict[str, str]:
    """Return the texts of the readable UTF-8 files, by file name."""
    texts: dict[str, str] = {}
    for file in dict.fromkeys(files):
        with suppress(OSError, UnicodeDecodeError):
            texts[file] = (root / file).read_bytes().decode("utf-8")
    return texts


@dataclass(frozen=True, slots=True)
class Fixes:
    """Edited files and what was left out."""

    changes: "tuple[FileUpdate, ...]"
    diff: str
    skipped: tuple[str, ...] = ()
    """Edits that were not made, each with the reason."""
    edits: int = 0
    """Number of edits made."""
    unsafe_edits: int = 0
    """Number of further edits that only ``--unsafe`` makes."""
    sandbox: bool = False
    """Whether the facts are the sandbox's."""


def fixes_for(
    result: RunResult, config: Config, environment: RunEnvironment, *, unsafe: bool
) -> Fixes:
    """Return the fixes of a result, applied to the files' texts in memory.

    Files outside the working directory are left out, except for a sandbox's result: these are
    shown, and :func:`write_fixes` refuses them.
    """
    from linkcheck.catalog.load import get_loader
    from linkcheck.fixes.edits import apply_verified, resolve_conflicts, unified_diff
    from linkcheck.model.action import FileUpdate
    from linkcheck.model.finding import Safety
    from linkcheck.model.source_text import SourceText

    root = environment.cwd
    findings = (*result.findings, *result.proposals)
    fixable = [f for f in findings if f.fix is not None and f.fix.edits]
    chosen = [f for f in fixable if unsafe or _required_fix(f).safety is Safety.SAFE]
    fixes, conflicting = resolve_conflicts([_required_fix(f) for f in chosen])
    edits: dict[str, list[Edit]] = {}
    for fix in fixes:
        for edit in fix.edits:
            edits.setdefault(edit.span.file, []).append(edit)
    texts = read_texts(root, edits)
    changes, diffs, dropped, edit_count = (
        [],
        [],
        [f"{f.description}: in the next run" for f in conflicting],
        0,
    )
    for file in sorted(edits):
        # The sandbox's catalogs are installed with the program: shown, never written.
        if file not in texts or (Path(file).is_absolute() and not result.sandbox):
            dropped.append(f"{file}: lies outside this folder, or is not UTF-8")
            continue
        source = SourceText(file, texts[file])
        edited = apply_verified(
            source,
            edits[file],
            loader=get_loader(file, config.sources),
            encode=encoder_for(file),
        )
        dropped += [f"{file}:{d.edit.span.line}: {d.reason}" for d in edited.dropped]
        edit_count += len(edited.applied)
        if edited.text != source.text:
            changes.append(FileUpdate(file, source.text, edited.text))
            diffs.append(unified_diff(file, source.text, edited.text))
    return Fixes(
        tuple(changes),
        "".join(diffs),
        tuple(dropped),
        edit_count,
        unsafe_edits=len(fixable) - len(chosen),
        sandbox=result.sandbox,
    )


def _required_fix(finding: Finding) -> Fix:
    if finding.fix is None:
        raise AssertionError("chosen for its fix")
    return finding.fix


def write_fixes(fixes: Fixes, environment: RunEnvironment) -> None:
    """Write the edited files, all of them or none.

    Raises UsageError for a file that changed meanwhile or lies outside the working directory, and
    for edits from the sandbox to a file that is not one of its catalogs.
    """
    from linkcheck.fixes.write import write_all

    if fixes.sandbox:
        _require_sandbox_files(fixes, environment.cwd)
    outside = next((c.path for c in fixes.changes if Path(c.path).is_absolute()), None)
    if outside is not None:
        raise UsageError(
            "lies outside this folder, and nothing was written",
            where=outside,
            hint="The demo's edits are only shown; name a file of this folder to have it mended",
        )
    write_all(fixes.changes, root=environment.cwd)


def _require_sandbox_files(fixes: Fixes, root: Path) -> None:
    """Raise UsageError for a file that is not one of the sandbox's catalogs."""
    from linkcheck.sandbox import inputs

    folders = [folder.resolve() for folder in inputs()]
    for change in fixes.changes:
        path = (root / change.path).resolve()
        if not any(path.is_relative_to(folder) for folder in folders):
            raise UsageError(
                "would be edited by the sandbox's made-up facts, so nothing was written",
                where=change.path,
                hint="To write what the real services say, leave out --sandbox; "
                "to see the sandbox's edits, leave out --write",
            )
