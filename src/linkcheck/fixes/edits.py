"""Choose edits, apply them as splices, and verify the result by parsing it again. Pure.

Text outside the edited ranges is kept byte for byte: comments, quoting, order, line endings. A
result is used only if it parses as the same catalog with the intended differences.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linkcheck.fixes.verify import EditRegions, differences
from linkcheck.model.entry import Entry, Problem
from linkcheck.model.finding import Edit, Fix
from linkcheck.model.source_text import SourceText

Loader = Callable[[SourceText], tuple[tuple[Entry, ...], tuple[Problem, ...], int]]
"""Parses a file into entries, problems and the number of links without an entry."""

Encoder = Callable[[SourceText, Sequence[Edit]], Sequence[Edit]]
"""Quotes the new values of edits for the file's format; returns one edit for each."""


@dataclass(frozen=True, slots=True)
class RejectedEdit:
    """An edit that was rejected."""

    edit: Edit
    reason: str
    """Text for people."""


@dataclass(frozen=True, slots=True)
class SpliceResult:
    """The new text with the applied and the rejected edits."""

    text: str
    applied: tuple[Edit, ...]
    dropped: tuple[RejectedEdit, ...] = ()


def _sort_key(edit: Edit) -> tuple[int, int, str]:
    return edit.span.start, edit.span.end, edit.after


def apply(text: str, edits: Sequence[Edit]) -> SpliceResult:
    """Return ``text`` with the edits applied; their spans are offsets in ``text``.

    Edits are sorted by span, and equal ones count once. An edit is rejected if it overlaps an
    earlier one or if ``before`` is not the text of its span. Text to which the edits were applied
    already is returned unchanged, with nothing applied.
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
    """Return whether all the edits have been applied to ``text`` already.

    If both old and new text match, because one is a prefix of the other, the longer one counts.
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
    """Split fixes into a set without overlaps, and the rest for the next run.

    Fixes are sorted by the span of their first edit. One that overlaps an earlier fix is left out
    as a whole. Equal fixes count once.
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
    """Parse the text before and after the edits; return the unintended differences as text.

    ``edits`` are those applied to ``original`` to get ``new_text``. The result is empty if every
    value outside the edits is unchanged, and each edited value is what its edit intended.
    """
    before = loader(original)
    after = loader(SourceText(original.file, new_text))
    return differences(before[:2], after[:2], EditRegions(new_text, sorted(edits, key=_sort_key)))


def apply_verified(
    source: SourceText, edits: Sequence[Edit], *, loader: Loader, encode: Encoder | None = None
) -> SpliceResult:
    """Apply those edits to a file's text after which it parses as intended.

    ``encode`` quotes new values for the file's format. If the whole does not parse as intended, the
    offending edits are found by bisection and rejected; the others are applied.
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
    if wrong:  # each half is valid, but not both together: apply the earlier one
        return left, [
            *dropped,
            *(RejectedEdit(edit, f"not together: {wrong[0]}") for edit in right),
        ]
    return both, dropped


def unified_diff(file: str, before: str, after: str, *, context: int = 3) -> str:
    """Return the difference as a patch for ``git apply``; empty if there is none."""
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
    """Split at line feeds only, as git does: a carriage return belongs to its line."""
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])
