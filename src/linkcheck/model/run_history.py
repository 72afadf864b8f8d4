"""The history of earlier runs, for plots."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linkcheck.model.observation import Evidence, Found, Gone


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One earlier run."""

    at: datetime
    by_status: Mapping[str, int]
    """Number of links by status."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long one target is known to have existed."""

    days: float
    """From the first observation in which it existed to the first in which it was gone, or to the
    last one."""
    ended: bool
    """Whether it is gone; otherwise the case is censored."""


@dataclass(frozen=True, slots=True)
class History:
    """The runs and lifetimes in the store."""

    runs: tuple[RunSummary, ...] = ()
    """The complete runs, oldest first."""
    lifetimes: tuple[Lifetime, ...] = ()
    """One for each target that was ever found."""


def lifetime(evidence: Evidence) -> Lifetime | None:
    """Return the lifetime of a target; ``None`` if it was never found.

    A target is gone if its newest conclusive observation is ``Gone``. ``Unknown`` neither ends nor
    extends a lifetime.
    """
    settled = [o for o in evidence.observations if isinstance(o.outcome, Found | Gone)]
    seen = [o.at for o in settled if isinstance(o.outcome, Found)]
    if not seen:
        return None
    born, last = min(seen), max(seen)
    deaths = [o.at for o in settled if isinstance(o.outcome, Gone) and o.at > last]
    end = min(deaths, default=last)
    return Lifetime((end - born).total_seconds() / 86_400, bool(deaths))
