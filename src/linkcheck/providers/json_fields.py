"""Careful reading of other people's JSON: a value of the wrong shape is ``None``, never a crash.

Services rename, drop and null their fields. What a provider cannot read it must report as "did not
say", so every helper here takes any value at all and gives back the wanted type or nothing.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from linkcheck.net.messages import HttpResponse

MAX_TEXT = 2_000
"""Characters of one text value that are kept; longer ones are cut (they come from strangers)."""

MAX_ITEMS = 200
"""Items of one list that are kept."""


def parse_json_body(response: HttpResponse) -> object:
    """Return the parsed JSON body, or ``None`` when it is cut short, broken or no JSON."""
    return None if response.broken or response.truncated else parse_json(response.body)


def parse_json(body: bytes) -> object:
    """Return the parsed JSON, or ``None`` when it is broken or no JSON."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def as_mapping(value: object) -> Mapping[str, object]:
    """Return the value when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_sequence(value: object) -> Sequence[object]:
    """Return the value when it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else ()


def as_text(value: object, limit: int = MAX_TEXT) -> str | None:
    """Return a text that says something, cut to ``limit`` characters."""
    if not isinstance(value, str):
        return None
    return value.strip()[:limit] or None


def as_keyword(value: object) -> str | None:
    """Return a text out of a small vocabulary: a license, a branch, a tag.

    Equal ones are one in memory: thousands of repositories are under MIT and have a ``main``.
    """
    found = as_text(value)
    return sys.intern(found) if found else None


def as_strings(value: object) -> tuple[str, ...] | None:
    """Return a list of words (or one bare word) as a tuple; ``None`` when it is neither."""
    if isinstance(value, str):
        single = as_keyword(value)
        return (single,) if single else None
    if not isinstance(value, list):
        return None
    found = (as_keyword(item) for item in value[:MAX_ITEMS])
    return tuple(item for item in found if item is not None)


def as_count(value: object) -> int | None:
    """Return a whole number of things (not negative; ``True`` is no number)."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if value >= 0 else None


def as_bool(value: object) -> bool | None:
    """Return a JSON boolean."""
    return value if isinstance(value, bool) else None


def as_datetime(value: object) -> datetime | None:
    """Return an ISO 8601 time as an aware UTC datetime."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def as_timestamp(value: object) -> datetime | None:
    """Return a time given in seconds since 1970 (a number, or the text of one)."""
    try:
        return datetime.fromtimestamp(float(str(value)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
