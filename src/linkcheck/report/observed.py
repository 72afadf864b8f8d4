"""``catalog/observed.json``: the facts pulled for each entry, rounded so that diffs are few.

One entry per line, sorted by id. Counts are rounded to two digits (one below a hundred) and keep
the number that the file had until the true one has moved away from it by a margin: a count that
creeps up does not touch its line each week, and one that hovers at a limit does not flip. Days of
activity are given as months. Nothing in the file says when it was written.
"""

import json
from collections.abc import Mapping, Sequence
from math import floor, log10

from linkcheck.model.result import EntryResult

_COUNTS = frozenset({"stars", "forks", "likes", "downloads"})
_MONTHLY = frozenset({"last_push", "last_commit", "last_change", "paper_updated"})
_OMITTED = frozenset({"description", "topics"})
"""Texts that owners reword at will and no claim is held against."""

_MARGINS = {"downloads": 0.35}
_DEFAULT_MARGIN = 0.12
"""How far, as a share of it, the true count may leave the one in the file before that is changed.

Downloads are counted over the last 30 days and swing with the season.
"""


def observed_json(entries: Sequence[EntryResult], previous: str | None = None) -> str:
    """Return the file's new text, given the facts of this run and the file's former text.

    Entries without facts have no line. A former text that cannot be read counts as none.
    """
    known = _parse_previous(previous)
    lines = []
    for result in sorted(entries, key=lambda result: result.entry.id):
        facts = _rounded_facts(result.observed, known.get(result.entry.id, {}))
        if facts:
            key = json.dumps(result.entry.id, ensure_ascii=False)
            lines.append(f"{key}: {json.dumps(facts, ensure_ascii=False, sort_keys=True)}")
    return "{\n" + ",\n".join(lines) + "\n}\n" if lines else "{}\n"


def _parse_previous(previous: str | None) -> dict[str, Mapping[str, object]]:
    try:
        loaded = json.loads(previous) if previous else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {key: value for key, value in loaded.items() if isinstance(value, dict)}


def _rounded_facts(facts: Mapping[str, object], before: Mapping[str, object]) -> dict[str, object]:
    """Return the facts of one entry as they go into the file."""
    kept: dict[str, object] = {}
    for name, value in facts.items():
        if name in _OMITTED or value in (None, "", [], ()):
            continue
        if name in _COUNTS and isinstance(value, int) and not isinstance(value, bool):
            kept[name] = debounce_count(
                value, before.get(name), _MARGINS.get(name, _DEFAULT_MARGIN)
            )
        elif name in _MONTHLY and isinstance(value, str):
            kept[name] = value[:7]
        else:
            kept[name] = list(value) if isinstance(value, tuple) else value
    return kept


def round_to_two_digits(count: int) -> int:
    """Return a count rounded to two digits, to one below a hundred; small ones as they are."""
    if count < 10:
        return count
    digits = 2 if count >= 100 else 1
    step: int = 10 ** (floor(log10(count)) + 1 - digits)
    return (count + step // 2) // step * step


def debounce_count(count: int, before: object, margin: float) -> int:
    """Return the rounded count, or the one before it while the true count stays close to that."""
    if not isinstance(before, int) or isinstance(before, bool) or before < 0:
        return round_to_two_digits(count)
    if abs(count - before) <= max(2.0, margin * before):
        return before
    return round_to_two_digits(count)
