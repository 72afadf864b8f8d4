"""Compare the parsed content of a file before and after edits. Pure."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from linkcheck.model.entry import Claim, Entry, Problem
from linkcheck.model.finding import Edit
from linkcheck.model.source_text import Span

_Read = tuple[tuple[Entry, ...], tuple[Problem, ...]]
_CLAIMS = ("base_models", "datasets", "parameters", "institutions", "languages", "hardware")
_LINK = "the link"
_QUOTES = ("'", '"')


@dataclass(frozen=True, slots=True)
class _Item:
    """One value with its range."""

    label: str
    value: object
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EditRegions:
    """Ranges of sorted edits without overlaps, in the text before and after."""

    text: str
    """Text after the edits."""
    edits: Sequence[Edit]
    _starts: list[int] = field(init=False, repr=False)
    _ends: list[int] = field(init=False, repr=False)
    _shifts: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sum up the offsets by which the edits shift the text after them."""
        shifts = [0]
        for edit in self.edits:
            shifts.append(shifts[-1] + len(edit.after) - (edit.span.end - edit.span.start))
        object.__setattr__(self, "_starts", [edit.span.start for edit in self.edits])
        object.__setattr__(self, "_ends", [edit.span.end for edit in self.edits])
        object.__setattr__(self, "_shifts", shifts)

    def shift(self, offset: int) -> int:
        """Return the new offset of an offset outside the edits."""
        return offset + self._shifts[bisect_right(self._ends, offset)]

    def touching(self, start: int, end: int) -> Sequence[Edit]:
        """Return the edits within or next to a range of the text before."""
        return self.edits[bisect_left(self._ends, start) : bisect_right(self._starts, end)]

    def region(self, edit: Edit) -> tuple[int, int]:
        """Return the range of an edit in the text after."""
        index = bisect_left(self._starts, edit.span.start)
        while self.edits[index] != edit:
            index += 1
        start = edit.span.start + self._shifts[index]
        return start, start + len(edit.after)

    def covers_new(self, start: int, end: int) -> bool:
        """Return whether a range of the text after touches any edit."""
        for edit in self.edits:
            low, high = self.region(edit)
            if low <= end and start <= high:
                return True
        return False


def differences(before: _Read, after: _Read, regions: EditRegions) -> tuple[str, ...]:
    """Return the differences that the edits do not intend, as text."""
    fresh = Counter(p.message for p in after[1]) - Counter(p.message for p in before[1])
    found = [f"it would have a new problem: {message}" for message in fresh]
    if len(before[0]) != len(after[0]):
        found.append(f"it would have {len(after[0])} entries and not {len(before[0])}")
        return tuple(found)
    for old, new in zip(before[0], after[0], strict=True):
        found.extend(_compare_entries(old, new, regions))
    return tuple(found)


def _compare_entries(old: Entry, new: Entry, regions: EditRegions) -> Iterator[str]:
    edits = regions.touching(old.span.start, old.span.end)
    items = list(_items(old))
    remaining = Counter(_items(new))
    exact = set()
    for item in items:
        near = regions.touching(
            item.start, item.end
        )  # the range may be outside the entry, for a YAML anchor
        touching = [e for e in near if _touches(e, item)]
        if not touching:
            start = regions.shift(item.start)
            moved = _Item(item.label, item.value, start, start + item.end - item.start)
            if remaining[moved] > 0:
                remaining[moved] -= 1
            else:
                yield f"{item.label} of '{old.id}' would change"
            continue
        for edit in touching:
            if (edit.span.start, edit.span.end) == (item.start, item.end):
                exact.add(edit)
                match = _find_replacement(item, edit, remaining, regions)
                if match is None:
                    yield f"{item.label} of '{old.id}' would not become '{edit.after}'"
                else:
                    remaining[match] -= 1
    for item, count in remaining.items():
        if count > 0 and not regions.covers_new(item.start, item.end):
            yield f"{item.label} of '{old.id}' would be new"
    free = [edit for edit in edits if edit not in exact]
    if not free:
        yield from _compare_values_without_span(old, new, edits)


def _touches(edit: Edit, item: _Item) -> bool:
    start, end = edit.span.start, edit.span.end
    if start == end:
        return item.start < start < item.end or (start, end) == (item.start, item.end)
    return start < item.end and item.start < end


def _find_replacement(
    item: _Item, edit: Edit, remaining: Counter[_Item], regions: EditRegions
) -> _Item | None:
    """Return the new value whose range is the edit's text, with or without quotes."""
    low, high = regions.region(edit)
    places = {(low, high)}
    if edit.after[:1] in _QUOTES and edit.after[:1] == edit.after[-1:]:
        places.add((low + 1, high - 1))
    if edit.after.startswith("<") and edit.after.endswith(">"):
        places.add((low + 1, high - 1))  # a Markdown autolink
    if low and regions.text[low - 1] in _QUOTES and regions.text[high : high + 1] in _QUOTES:
        places.add((low - 1, high + 1))  # the range of a value with escapes includes its quotes
    for other, count in remaining.items():
        if count > 0 and _are_interchangeable(item, other) and (other.start, other.end) in places:
            return other
    return None


def _are_interchangeable(one: _Item, other: _Item) -> bool:
    """Return whether one value may replace the other.

    The role of a link in a Markdown list depends on its URL, so an edit may change it.
    """
    return one.label == other.label or (
        one.label.startswith(_LINK) and other.label.startswith(_LINK)
    )


def _compare_values_without_span(old: Entry, new: Entry, edits: Sequence[Edit]) -> Iterator[str]:
    """Compare the values that have no range."""
    named_after_link = any(
        edit.before in (old.name, old.id) or edit.before in old.name for edit in edits
    )
    for what in ("aliases", "kind", "listed_in", "notes", "stale_after", "never_stale"):
        if getattr(old, what) != getattr(new, what):
            yield f"{what} of '{old.id}' would change"
    if named_after_link or old.name_span is None:  # the name is derived from the link
        return
    # In Markdown the id of the second of two entries with one name is derived from its link.
    for what in ("id", "name") if old.kind is not None else ("name",):
        if getattr(old, what) != getattr(new, what):
            yield f"{what} of '{old.id}' would change"


def _items(entry: Entry) -> Iterator[_Item]:
    claims = entry.claims
    if entry.name_span is not None:
        yield _item("the name", entry.name, entry.name_span)
    for link in entry.links:
        yield _item(f"{_LINK} '{link.role}'", (link.url, link.written, link.badge), link.span)
    for part, claim in claims.licenses.items():
        yield _claim(f"license {part}".rstrip(), claim)
    for name in ("released", "size"):
        single = getattr(claims, name)
        if single is not None:
            yield _claim(name, single)
    for name in _CLAIMS:
        for claim in getattr(claims, name):
            yield _claim(name, claim)
    for ignore in entry.ignores:
        if ignore.span is not None:
            value = (ignore.rule, ignore.reason, ignore.link, ignore.url, ignore.until)
            yield _item("ignore", value, ignore.span)


def _claim(what: str, claim: Claim[str]) -> _Item:
    return _item(what, claim.value, claim.span)


def _item(what: str, value: object, span: Span) -> _Item:
    return _Item(what, value, span.start, span.end)
