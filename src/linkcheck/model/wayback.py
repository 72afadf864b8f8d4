"""Copies in a web archive."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArchivedCopy:
    """An archived copy of a page."""

    url: str
    taken: datetime
