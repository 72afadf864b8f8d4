"""Decide how long a missing paper may only be too new. Pure.

arXiv's API and OAI-PMH lack new papers for hours to days (scirate/scirate#480 to #521), and DOIs
are printed hours to days before they are registered (sciety/sciety#357,
openjournals/joss-reviews#164). The identifier itself often has a date.
"""

import re
from datetime import date, datetime, timedelta

from linkcheck.model.dates import date_range
from linkcheck.model.entry import Entry
from linkcheck.model.settings import ConfirmationSettings
from linkcheck.model.target import Target, TargetKind

RECENT = timedelta(days=60)
"""A DOI of something newer than this may not be registered yet."""
MAX_EARLY = timedelta(days=183)
"""Journals date issues some months ahead; a later date is no date of publication."""
DOI_REGISTRATION_DAYS = 14.0
"""Days after which a new DOI that is still not registered is dead."""

_ARXIV_MONTH = re.compile(r"(\d\d)(0[1-9]|1[0-2])\.\d{4,5}")
_YEAR, _MONTH, _DAY = r"(?<!\d)((?:19|20)\d\d)", r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
_DATES_IN_NAMES = (
    # 10.1101/2026.11.29.123456
    re.compile(rf"{_YEAR}[._/-]{_MONTH}[._/-]{_DAY}(?!\d)"),
    # 10.31223/x.20261129 and 10.20944/preprints202611.0123
    re.compile(rf"{_YEAR}{_MONTH}{_DAY}?(?!\d)"),
    # 10.1016/j.cell.2026.11.001
    re.compile(rf"{_YEAR}[._/-]{_MONTH}(?!\d)"),
    # 10.1109/tpami.2026.1234567
    re.compile(rf"{_YEAR}(?=[._/-]|$)"),
)
_SPRINGER_YEAR = re.compile(r"s\d{4,5}-0(\d\d)-")
"""10.1038/s41586-026-00731-9"""
_UNDATED_PREFIXES = frozenset({"10.5281"})
"""Prefixes whose names are plain numbers (Zenodo)."""


def months_since(target: Target, now: datetime) -> int | None:
    """Return the months since that of an arXiv identifier; ``None`` for one without a month.

    0 is this month, a negative number a month that has not come yet.
    """
    match = _ARXIV_MONTH.fullmatch(target.key) if target.kind is TargetKind.ARXIV else None
    if match is None:
        return None
    return (now.year - 2000 - int(match[1])) * 12 + now.month - int(match[2])


def is_recent(entry: Entry, target: Target, now: datetime) -> bool | None:
    """Return whether a DOI is recent, by the more exact date of its name and its entry.

    ``None`` if neither has a date: a prefix alone says nothing.
    """
    released = entry.claims.released
    dates = (date_in_doi(target.key), date_range(released.value) if released else None)
    spans = [span for span in dates if span is not None]
    if not spans:
        return None
    first, last = min(spans, key=lambda span: span[1] - span[0])
    today = now.date()
    return last >= today - RECENT and first <= today + MAX_EARLY


def date_in_doi(doi: str) -> tuple[date, date] | None:
    """Return the first and last day of the date in a DOI's name, if it has one."""
    prefix, _, name = doi.partition("/")
    if prefix in _UNDATED_PREFIXES:
        return None
    if match := _SPRINGER_YEAR.match(name):
        return date_range(f"20{match[1]}")
    for pattern in _DATES_IN_NAMES:
        if match := pattern.search(name):
            return date_range("-".join(part for part in match.groups() if part))
    return None


def days_until_dead(
    target: Target, history: ConfirmationSettings, now: datetime, *, is_recent: bool
) -> float:
    """Return the days for which a target must be missing before it is dead; 0 for none."""
    if target.kind is TargetKind.ARXIV and months_since(target, now) in {0, 1}:
        return history.confirm_gone_days
    return DOI_REGISTRATION_DAYS if target.kind is TargetKind.DOI and is_recent else 0.0
