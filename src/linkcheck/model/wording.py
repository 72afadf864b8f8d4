"""Wording shared by all messages: one line of text, counts, dates, names of targets."""

from collections.abc import Sequence
from datetime import date

from linkcheck.model.target import Service, Target, TargetKind, display_name
from linkcheck.model.url import InvalidUrlError, parse

# Not calendar.month_name: that one follows the locale of the process.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

SERVICE_NAMES = {
    Service.GITHUB: "GitHub",
    Service.HUGGINGFACE: "Hugging Face",
    Service.ARXIV: "arXiv",
    Service.DOI: "doi.org",
    Service.WEB: "Web pages",
}
"""Names of the services for people."""

_SERVICES = {
    Service.GITHUB: "GitHub",
    Service.HUGGINGFACE: "Hugging Face",
    Service.ARXIV: "arXiv",
    Service.DOI: "the DOI registry",
}

_NOUNS = {
    TargetKind.GITHUB_REPO: "repository",
    TargetKind.GITHUB_PATH: "path",
    TargetKind.GITHUB_OTHER: "page",
    TargetKind.HF_MODEL: "model",
    TargetKind.HF_DATASET: "data set",
    TargetKind.HF_SPACE: "space",
    TargetKind.HF_OTHER: "page",
    TargetKind.ARXIV: "paper",
    TargetKind.DOI: "DOI",
    TargetKind.WEB: "page",
}

_URL_KINDS = {TargetKind.GITHUB_PATH, TargetKind.GITHUB_OTHER, TargetKind.HF_OTHER, TargetKind.WEB}
"""Kinds of targets that have no shorter name than their URL."""


def one_line(text: str, length: int = 160) -> str:
    """Return text with white space collapsed, cut to ``length`` characters with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: ``1 run``, ``3 runs``; ``many`` for irregular nouns."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def format_date(day: date | None) -> str:
    """Return a date (or the date of a datetime) as ``3 March 2026``, ``an unknown day`` for none.

    Takes a datetime's day in its own time zone.
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else "an unknown day"


def format_duration(seconds: float) -> str:
    """Return a duration as ``40 s``, ``3 min 40 s`` or ``1 h 5 min``; at least one second."""
    whole = max(round(seconds), 1)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def service_name(target: Target) -> str:
    """Return the service that owns a target, as written in messages; the host of a web page."""
    if target.service is not Service.WEB:
        return _SERVICES[target.service]
    try:
        return parse(target.url).host
    except InvalidUrlError:
        return "its host"


def service_title(name: str) -> str:
    """Return the name for people of a service in a report; unknown names unchanged."""
    return SERVICE_NAMES.get(Service(name), name) if name in set(Service) else name


def describe_target(target: Target) -> str:
    """Return a target's kind and name, as in ``repository owner/name`` or ``page URL``."""
    name = target.url if target.kind in _URL_KINDS else display_name(target)
    return f"{_NOUNS[target.kind]} {one_line(name)}"


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word most similar to ``word``, or ``None`` when none is similar."""
    from difflib import get_close_matches

    matches = get_close_matches(word, known, n=1, cutoff=0.5)
    return matches[0] if matches else None
