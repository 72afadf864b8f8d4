"""History: what the store remembers beyond the present run, as the plots need it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linkcheck.model.observation import Evidence, Found, Gone


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One earlier run."""

    at: datetime
    by_status: Mapping[str, int]
    """How many links had which status."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long one target is known to have been there."""

    days: float
    """From the first time it was seen to the first time it was gone, or to the last time it was
    seen."""
    ended: bool
    """Whether it is gone; else the case is censored: it was still there when last seen."""


@dataclass(frozen=True, slots=True)
class History:
    """What the store tells of earlier runs."""

    runs: tuple[RunSummary, ...] = ()
    """The complete runs, oldest first."""
    lifetimes: tuple[Lifetime, ...] = ()
    """One for each target that was ever seen to be there."""


def lifetime(evidence: Evidence) -> Lifetime | None:
    """Return how long a target lived; ``None`` if it was never seen to be there.

    A target counts as gone when the newest observation that settles it says so; one that came back
    is alive. Silence (``Unknown``) neither ends a life nor prolongs it.
    """
    settled = [o for o in evidence.observations if isinstance(o.outcome, Found | Gone)]
    seen = [o.at for o in settled if isinstance(o.outcome, Found)]
    if not seen:
        return None
    born, last = min(seen), max(seen)
    deaths = [o.at for o in settled if isinstance(o.outcome, Gone) and o.at > last]
    end = min(deaths, default=last)
    return Lifetime((end - born).total_seconds() / 86_400, bool(deaths))
