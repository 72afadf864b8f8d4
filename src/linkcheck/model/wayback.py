"""What a web archive keeps of an address."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArchivedCopy:
    """A copy in the archive."""

    url: str
    taken: datetime
