"""How long names, connections and pages take on the internet, in seconds."""

from dataclasses import dataclass
from enum import StrEnum

from linkcheck.sandbox.fixtures import derive_number


class OutageScope(StrEnum):
    """A service with all of its hosts, for outages."""

    GITHUB = "github"
    HUGGINGFACE = "huggingface"
    ARXIV = "arxiv"
    DOI = "doi"


SERVICE_HOSTS = {
    OutageScope.GITHUB: ("*github.com", "*githubusercontent.com"),
    OutageScope.HUGGINGFACE: ("*huggingface.co", "hf.co"),
    OutageScope.ARXIV: ("*arxiv.org",),
    OutageScope.DOI: ("*doi.org",),
}
"""The patterns of each service's hosts."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Delays that follow from host and path, so that a run can be repeated.

    A name that does not exist fails at once, long before the first page has come: a program must
    not conclude anything from what arrives first.
    """

    scale: float = 1.0
    """Factor on all delays."""
    missing_name: float = 0.002
    existing_name: float = 0.015
    page: tuple[float, float] = (0.06, 0.4)
    slow_page: tuple[float, float] = (1.5, 4.0)
    slow_share: float = 0.03
    """Share of the pages that are slow."""

    def name_delay(self, *, exists: bool) -> float:
        """Return the delay of the name server."""
        return self.scale * (self.existing_name if exists else self.missing_name)

    def page_delay(self, host: str, path: str) -> float:
        """Return the delay of a response."""
        is_slow = derive_number("slow", host, path, below=10_000) < self.slow_share * 10_000
        shortest, longest = self.slow_page if is_slow else self.page
        place = derive_number("delay", host, path, below=10_000) / 10_000
        return self.scale * (shortest + place * (longest - shortest))
