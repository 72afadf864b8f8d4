"""The one URL parser. Nothing else in linkcheck takes URLs apart."""

from dataclasses import dataclass


class InvalidUrlError(ValueError):
    """The text is not a URL that can be asked for; ``str()`` says why, in words for people."""


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute http(s) URL, normalised (see :func:`parse`)."""

    scheme: str
    host: str
    """Lower-cased, IDNA-encoded, without a trailing dot."""
    port: int | None
    """``None`` for the scheme's default port."""
    path: str
    """Percent-encoding normalised, dot segments removed, at least ``/``."""
    query: str
    """Without ``?``; tracking parameters removed."""
    fragment: str
    """Without ``#``, decoded."""
