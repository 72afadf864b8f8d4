"""Convert fields of a service's JSON: a value of another type becomes ``None``, never an error.

Services rename, drop and null their fields, so every function here takes any value.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from linkcheck.net.messages import HttpResponse

MAX_TEXT = 2_000
"""Maximum length of a text value in characters; longer ones are cut."""

MAX_ITEMS = 200
"""Maximum length of a list; further items are dropped."""


def parse_json_body(response: HttpResponse) -> object:
    """Return the parsed JSON body; ``None`` when it is incomplete or not JSON."""
    return None if response.broken or response.truncated else parse_json(response.body)


def parse_json(body: bytes) -> object:
    """Return the parsed JSON, or ``None`` when it is broken or no JSON."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def as_mapping(value: object) -> Mapping[str, object]:
    """Return the value if it is a JSON object, else an empty mapping."""
    return value if isinstance(value, dict) else {}


def as_sequence(value: object) -> Sequence[object]:
    """Return the value if it is a JSON array, else an empty sequence."""
    return value if isinstance(value, list) else ()


def as_text(value: object, limit: int = MAX_TEXT) -> str | None:
    """Return a stripped text, cut to ``limit`` characters; an empty one is ``None``."""
    if not isinstance(value, str):
        return None
    return value.strip()[:limit] or None


def as_keyword(value: object) -> str | None:
    """Return a text from a small vocabulary, such as a license, a branch or a tag.

    It is interned to save memory: thousands of repositories have a ``main`` and the license MIT.
    """
    found = as_text(value)
    return sys.intern(found) if found else None


def as_strings(value: object) -> tuple[str, ...] | None:
    """Return a list of strings (or a single string) as a tuple of keywords."""
    if isinstance(value, str):
        single = as_keyword(value)
        return (single,) if single else None
    if not isinstance(value, list):
        return None
    found = (as_keyword(item) for item in value[:MAX_ITEMS])
    return tuple(item for item in found if item is not None)


def as_count(value: object) -> int | None:
    """Return a non-negative integer; ``True`` is not one."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if value >= 0 else None


def as_bool(value: object) -> bool | None:
    """Return a JSON boolean."""
    return value if isinstance(value, bool) else None


def as_datetime(value: object) -> datetime | None:
    """Return an ISO 8601 time as an aware datetime in UTC; without an offset it is UTC."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def as_timestamp(value: object) -> datetime | None:
    """Return a Unix time (seconds, as a number or text) as an aware datetime in UTC."""
    try:
        return datetime.fromtimestamp(float(str(value)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
