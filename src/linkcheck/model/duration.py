"""Durations as people write them in options and files."""

import re
from datetime import timedelta

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}
_DURATION = re.compile(r"\s*(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]+)\s*", re.ASCII)

FORMS = "0, 90s, 30m, 12h, 7d, 2w, 18mo or 2y"
"""The accepted forms, for error messages."""


def parse_duration(text: str) -> timedelta:
    """Parse a duration: ``0`` or a number with a unit (see FORMS).

    A month counts 30 days and a year 365. Raises ValueError for anything else.
    """
    if text.strip() == "0":
        return timedelta(0)
    match = _DURATION.fullmatch(text.lower())
    if match is None or match[2] not in _UNITS:
        raise ValueError(f"'{text}' is not a duration; write it like {FORMS}")
    return float(match[1]) * _UNITS[match[2]]


def format_duration(duration: timedelta) -> str:
    """Return a duration of whole days in the form that :func:`parse_duration` parses: ``7d``."""
    years, days = divmod(duration.days, 365)
    return f"{years}y" if years and not days else f"{duration.days}d" if duration.days else "0"
