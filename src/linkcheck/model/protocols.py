"""Protocols of the objects that the engine is given: providers, the store, progress."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linkcheck.model.observation import Evidence, Observation
from linkcheck.model.target import ParsedLink, Service, Target
from linkcheck.model.url import Url

ObservationSink = Callable[[Observation], None]
"""Receives each observation as soon as a provider has it."""


@dataclass(frozen=True, slots=True)
class ObservationRequest:
    """A target to be checked, with what its links add to it."""

    target: Target
    versions: tuple[int, ...] = ()
    """The arXiv versions in links."""
    fragments: tuple[str, ...] = ()
    """The anchors in links."""
    previous: Observation | None = None
    """The newest stored observation, for conditional requests and stable ids."""


class Provider(Protocol):
    """Recognizes the URLs of one service and checks its targets."""

    service: Service

    def recognize(self, url: Url) -> ParsedLink | None:
        """Return the target of a URL of this service; ``None`` for other URLs. Pure."""
        ...

    async def observe(self, requests: Sequence[ObservationRequest], sink: ObservationSink) -> None:
        """Check every requested target and pass exactly one observation of each to ``sink``.

        Never raises for anything from outside: inconclusive checks are ``Unknown``. Only
        cancellation ends it early.
        """
        ...


class Store(Protocol):
    """Observations and their history."""

    def history(self, targets: Iterable[Target], limit: int = 20) -> Mapping[Target, Evidence]:
        """Return the stored observations of each target, newest first."""
        ...

    def record(self, observations: Sequence[Observation]) -> None:
        """Record observations; all of them or, on failure, none."""
        ...

    def cooldowns(self, now: datetime) -> Mapping[str, datetime]:
        """Return the end of each host's cooldown that lasts beyond ``now``, by host."""
        ...

    def record_cooldowns(self, cooldowns: Mapping[str, datetime], now: datetime) -> None:
        """Record the end of each host's cooldown, and delete those that ended before ``now``."""
        ...

    def close(self) -> None:
        """Close the store."""
        ...


class Progress(Protocol):
    """Receives the events of a run."""

    def begin(self, totals: Mapping[Service, int]) -> None:
        """Start, with the number of targets to be checked by service."""
        ...

    def observed(self, observation: Observation) -> None:
        """Count one checked target."""
        ...

    def requested(self, host: str) -> None:
        """Count one request to a host."""
        ...

    def waiting(self, host: str, seconds: float, why: str) -> None:
        """Show that requests wait for a host; ``why`` follows ``waiting 20 s`` in messages."""
        ...

    def end(self) -> None:
        """End."""
        ...


class SilentProgress:
    """Progress without output."""

    def begin(self, totals: Mapping[Service, int]) -> None:
        """Do nothing."""

    def observed(self, observation: Observation) -> None:
        """Do nothing."""

    def requested(self, host: str) -> None:
        """Do nothing."""

    def waiting(self, host: str, seconds: float, why: str) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""
