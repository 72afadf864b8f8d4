"""Parse dates in any common notation."""

import re
import unicodedata
from calendar import month_abbr, monthrange
from datetime import date

_MONTHS = {name: at for at, name in enumerate(month_abbr) if name}
_NUMERIC = re.compile(
    r"(?P<year>\d{4})(?:\s*[-./年]\s*(?P<month>\d{1,2})(?:\s*[-./月]\s*(?P<day>\d{1,2}))?)?\s*[年月日号]?"
    r"(?:[T ]\d{1,2}:\d{2}\S*)?"
)
_NAMED = re.compile(
    r"(?:(?P<day1>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<month>[A-Z][a-z]{2})[a-z]*\.?"
    r"(?:\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?)?,?\s+(?P<year>\d{4})"
)


def date_range(text: str) -> tuple[date, date] | None:
    """Return the first and last day of a date, a month or a year, in any common notation.

    ``2023-03-24``, ``2023.3``, ``2023/03``, ``2023年3月``, ``March 2023``, ``24 Mar. 2023``.
    """
    text = re.sub(r"<!--.*?-->", "", unicodedata.normalize("NFKC", text)).strip()
    if match := _NUMERIC.fullmatch(text):
        year, month, day = match["year"], match["month"], match["day"]
    elif match := _NAMED.fullmatch(text):
        year, month = match["year"], str(_MONTHS.get(match["month"], 0))
        day = match["day1"] or match["day2"]
    else:
        return None
    try:
        if month is None:
            return date(int(year), 1, 1), date(int(year), 12, 31)
        if day is None:
            last = monthrange(int(year), int(month))[1]
            return date(int(year), int(month), 1), date(int(year), int(month), last)
        exact = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return exact, exact
