"""``catalog/observed.json``: the observed facts of each entry, rounded for small diffs.

One entry per line, sorted by id. Counts are rounded to two digits (one below a hundred), and the
number in the file is kept until the actual count differs from it by a margin (hysteresis), so that
most lines stay unchanged from week to week. Days of activity become months. The file has no date.
"""

import json
from collections.abc import Mapping, Sequence
from math import floor, log10

from linkcheck.model.result import EntryResult

_COUNTS = frozenset({"stars", "forks", "likes", "downloads"})
_MONTHLY = frozenset({"last_push", "last_commit", "last_change", "paper_updated"})
_OMITTED = frozenset({"description", "topics"})
"""Texts that change often and are compared with no claim."""

_MARGINS = {"downloads": 0.35}
_DEFAULT_MARGIN = 0.12
"""Relative difference from the actual count up to which the number in the file is kept.

Downloads are counted over the last 30 days and fluctuate more.
"""


def observed_json(entries: Sequence[EntryResult], previous: str | None = None) -> str:
    """Return the new text of the file from the facts of this run and the previous text.

    Entries without facts have no line. An invalid previous text is ignored.
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
    """Return the facts of one entry for the file."""
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
    """Return a count rounded to two digits, to one below a hundred; unchanged below ten."""
    if count < 10:
        return count
    digits = 2 if count >= 100 else 1
    step: int = 10 ** (floor(log10(count)) + 1 - digits)
    return (count + step // 2) // step * step


def debounce_count(count: int, before: object, margin: float) -> int:
    """Return the previous count while the actual one is within the margin, else the rounded one."""
    if not isinstance(before, int) or isinstance(before, bool) or before < 0:
        return round_to_two_digits(count)
    if abs(count - before) <= max(2.0, margin * before):
        return before
    return round_to_two_digits(count)
