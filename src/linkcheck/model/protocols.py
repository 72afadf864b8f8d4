"""Ports: what the engine asks of the rooms above it, as protocols."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linkcheck.model.observation import Evidence, Observation
from linkcheck.model.target import ParsedLink, Service, Target
from linkcheck.model.url import Url

ObservationSink = Callable[[Observation], None]
"""Where a provider hands in each observation as soon as it has it."""


@dataclass(frozen=True, slots=True)
class ObservationRequest:
    """One target to be observed, with what its links add to it."""

    target: Target
    versions: tuple[int, ...] = ()
    """The arXiv versions that links pin."""
    fragments: tuple[str, ...] = ()
    """The anchors that links name."""
    previous: Observation | None = None
    """The newest stored observation, for conditional requests and lasting ids."""


class Provider(Protocol):
    """Turns URLs of one service into targets, and targets into observations."""

    service: Service

    def recognize(self, url: Url) -> ParsedLink | None:
        """Return what the URL points to if it belongs to this service. Pure."""
        ...

    async def observe(self, requests: Sequence[ObservationRequest], sink: ObservationSink) -> None:
        """Ask the service about every question and report exactly one observation for each.

        Never raises for anything that comes from outside: what cannot be told is reported as
        ``Unknown``. Cancellation is the only way out early.
        """
        ...


class Store(Protocol):
    """Observations and their history."""

    def history(self, targets: Iterable[Target], limit: int = 20) -> Mapping[Target, Evidence]:
        """Return the stored observations of each target, newest first."""
        ...

    def record(self, observations: Sequence[Observation]) -> None:
        """Keep observations; all of them or, on failure, none."""
        ...

    def cooldowns(self, now: datetime) -> Mapping[str, datetime]:
        """Return the end of each host's cooldown that lasts beyond ``now``, by host."""
        ...

    def record_cooldowns(self, cooldowns: Mapping[str, datetime], now: datetime) -> None:
        """Record the end of each host's cooldown, and delete those that ended before ``now``."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class Progress(Protocol):
    """Is told what a run does; silent by default."""

    def begin(self, totals: Mapping[Service, int]) -> None:
        """Say how many targets of each service will be asked about."""
        ...

    def observed(self, observation: Observation) -> None:
        """Say that one target has been settled."""
        ...

    def requested(self, host: str) -> None:
        """Say that a request has been sent to a host."""
        ...

    def waiting(self, host: str, seconds: float, reason: str) -> None:
        """Say that a host is being waited for."""
        ...

    def end(self) -> None:
        """Say that nothing more is coming."""
        ...


class SilentProgress:
    """Progress that nobody watches."""

    def begin(self, totals: Mapping[Service, int]) -> None:
        """Ignore it."""

    def observed(self, observation: Observation) -> None:
        """Ignore it."""

    def requested(self, host: str) -> None:
        """Ignore it."""

    def waiting(self, host: str, seconds: float, why: str) -> None:
        """Ignore it."""

    def end(self) -> None:
        """Ignore it."""
