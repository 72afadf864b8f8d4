"""Edits to text: chosen, applied as splices, checked by reading the result again. Pure.

Everything outside the edited stretches stays as it is, byte for byte: comments, quoting, order,
line endings. What comes out is only used when it reads back as the same catalog with just the
meant differences.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linkcheck.fixes.verify import EditRegions, differences
from linkcheck.model.entry import Entry, Problem
from linkcheck.model.finding import Edit, Fix
from linkcheck.model.source_text import SourceText

Loader = Callable[[SourceText], tuple[tuple[Entry, ...], tuple[Problem, ...], int]]
"""Reads a file's text as the catalog does."""

Encoder = Callable[[SourceText, Sequence[Edit]], Sequence[Edit]]
"""Puts the new values of edits into the notation of the file, one edit for one."""


@dataclass(frozen=True, slots=True)
class RejectedEdit:
    """An edit that was not applied."""

    edit: Edit
    reason: str
    """Why, in words for people."""


@dataclass(frozen=True, slots=True)
class SpliceResult:
    """The new text, and what became of each edit."""

    text: str
    applied: tuple[Edit, ...]
    dropped: tuple[RejectedEdit, ...] = ()


def _sort_key(edit: Edit) -> tuple[int, int, str]:
    return edit.span.start, edit.span.end, edit.after


def apply(text: str, edits: Sequence[Edit]) -> SpliceResult:
    """Return ``text`` with the edits made; offsets count in ``text``.

    The order in which edits are given does not matter: they are taken by place, and one that
    overlaps an earlier one is dropped. Two alike count as one. An edit whose ``before`` does not
    stand at its place is dropped. Text to which the edits have been applied already comes back
    unchanged, with nothing applied.
    """
    ordered = sorted(dict.fromkeys(edits), key=_sort_key)
    if ordered and _already_applied(text, ordered):
        return SpliceResult(text, (), tuple(RejectedEdit(e, "it is already made") for e in ordered))
    parts: list[str] = []
    applied: list[Edit] = []
    dropped: list[RejectedEdit] = []
    position = 0
    for edit in ordered:
        reason = _rejection_reason(text, edit, applied[-1] if applied else None)
        if reason:
            dropped.append(RejectedEdit(edit, reason))
            continue
        parts += (text[position : edit.span.start], edit.after)
        position = edit.span.end
        applied.append(edit)
    parts.append(text[position:])
    return SpliceResult("".join(parts), tuple(applied), tuple(dropped))


def _rejection_reason(text: str, edit: Edit, previous: Edit | None) -> str:
    start, end = edit.span.start, edit.span.end
    if previous is not None and (start < previous.span.end or start == previous.span.start):
        line = previous.span.line
        return f"another edit in line {line} changes the same text; run again once that is made"
    if not 0 <= start <= end <= len(text) or text[start:end] != edit.before:
        return "the text there is no longer what was checked; run again"
    if edit.after == edit.before:
        return "it changes nothing"
    return ""


def _already_applied(text: str, ordered: Sequence[Edit]) -> bool:
    """Say whether ``text`` reads as if all the edits had been made.

    It may read both ways, when the new text begins with the old or the old with the new: then the
    longer of the two counts, for only one of them is there by chance.
    """
    shift = 0
    previous_end = -1
    untouched = True
    for edit in ordered:
        start, end = edit.span.start, edit.span.end
        moved = start + shift
        if start < previous_end or text[moved : moved + len(edit.after)] != edit.after:
            return False
        untouched = untouched and text[start:end] == edit.before
        previous_end = end
        shift += len(edit.after) - len(edit.before)
    return not untouched or shift > 0


def resolve_conflicts(fixes: Sequence[Fix]) -> tuple[tuple[Fix, ...], tuple[Fix, ...]]:
    """Return the fixes that can be made together, and those that must wait for the next run.

    Fixes are taken in the order of the places of their first edits, whatever order they come in;
    one that touches text which an earlier one changes waits as a whole. The same fix proposed
    twice is kept once.
    """
    taken: dict[str, list[tuple[int, int, str]]] = {}
    kept: list[Fix] = []
    waiting: list[Fix] = []
    for fix in sorted(dict.fromkeys(fixes), key=_fix_order):
        if any(_overlaps(edit, taken.get(edit.span.file, [])) for edit in fix.edits):
            waiting.append(fix)
            continue
        kept.append(fix)
        for edit in fix.edits:
            places = taken.setdefault(edit.span.file, [])
            places.insert(bisect_right(places, _sort_key(edit)), _sort_key(edit))
    return tuple(kept), tuple(waiting)


def _fix_order(fix: Fix) -> tuple[list[tuple[str, tuple[int, int, str]]], str]:
    return sorted((edit.span.file, _sort_key(edit)) for edit in fix.edits), fix.description


def _overlaps(edit: Edit, places: Sequence[tuple[int, int, str]]) -> bool:
    start, end, after = _sort_key(edit)
    index = bisect_right(places, (start, end, after))
    for place in places[max(0, index - 1) : index + 1]:
        if place != (start, end, after) and (
            place[0] == start or max(place[0], start) < min(place[1], end)
        ):
            return True
    return False


def verify(
    original: SourceText, new_text: str, edits: Sequence[Edit], loader: Loader
) -> tuple[str, ...]:
    """Read the text before and after again; return the differences that were not meant.

    ``edits`` are those applied to ``original`` to get ``new_text``. Empty means: every value
    outside the edits is what and where it was, and each replaced value is just what its edit says.
    """
    before = loader(original)
    after = loader(SourceText(original.file, new_text))
    return differences(before[:2], after[:2], EditRegions(new_text, sorted(edits, key=_sort_key)))


def apply_verified(
    source: SourceText, edits: Sequence[Edit], *, loader: Loader, encode: Encoder | None = None
) -> SpliceResult:
    """Apply edits to a file's text as far as the result reads back as meant.

    ``encode`` puts new values into the file's notation (YAML quoting). Where the whole does not
    read back as meant, the edits to blame are found by halving and dropped; the others are made.
    """
    encoded = list(encode(source, edits)) if encode else list(edits)
    good, dropped = _bisect_valid_edits(source, encoded, loader)
    result = apply(source.text, good)
    return SpliceResult(result.text, result.applied, (*result.dropped, *dropped))


def _bisect_valid_edits(
    source: SourceText, edits: list[Edit], loader: Loader
) -> tuple[list[Edit], list[RejectedEdit]]:
    result = apply(source.text, edits)
    if not result.applied:
        return edits, []
    wrong = verify(source, result.text, result.applied, loader)
    if not wrong:
        return edits, []
    if len(edits) == 1:
        return [], [RejectedEdit(edits[0], f"the file would not read as meant: {wrong[0]}")]
    middle = len(edits) // 2
    left, dropped_left = _bisect_valid_edits(source, edits[:middle], loader)
    right, dropped_right = _bisect_valid_edits(source, edits[middle:], loader)
    dropped = dropped_left + dropped_right
    both = left + right
    result = apply(source.text, both)
    wrong = verify(source, result.text, result.applied, loader) if right else ()
    if wrong:  # each half is sound, together they are not: the earlier half goes first
        return left, [
            *dropped,
            *(RejectedEdit(edit, f"not together: {wrong[0]}") for edit in right),
        ]
    return both, dropped


def unified_diff(file: str, before: str, after: str, *, context: int = 3) -> str:
    """Return the difference as a patch that ``git apply`` takes; empty when there is none."""
    from difflib import unified_diff as compare

    if before == after:
        return ""
    lines = compare(
        _lines(before), _lines(after), f"a/{file}", f"b/{file}", n=context, lineterm="\n"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    """Split at line feeds alone: a carriage return belongs to the line, as git sees it."""
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])
