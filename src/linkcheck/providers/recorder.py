"""Record exactly one observation per target."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from linkcheck.model.observation import (
    EvidenceItem,
    Found,
    Observation,
    Outcome,
    Unknown,
    UnknownReason,
)
from linkcheck.model.protocols import ObservationRequest, ObservationSink
from linkcheck.model.target import Target


@dataclass(frozen=True, slots=True)
class ExplainedOutcome:
    """An outcome with the sentence that explains it."""

    outcome: Outcome
    explanation: str


def unknown_outcome(reason: UnknownReason, explanation: str) -> ExplainedOutcome:
    """Return an unknown outcome whose detail is its explanation."""
    return ExplainedOutcome(Unknown(reason, explanation), explanation)


class PendingTargets:
    """Reports each target once; later observations of it are ignored."""

    def __init__(self, requests: Sequence[ObservationRequest], sink: ObservationSink) -> None:
        """Call ``sink`` once per request, also where several requests have the same target."""
        self._sink = sink
        self._counts: dict[Target, int] = {}
        for request in requests:
            self._counts[request.target] = self._counts.get(request.target, 0) + 1

    def report(self, observation: Observation) -> None:
        """Pass the observation to the sink unless its target was reported already."""
        for _ in range(self._counts.pop(observation.target, 0)):
            self._sink(observation)

    def is_pending(self, target: Target) -> bool:
        """Return whether the target has no observation yet."""
        return target in self._counts

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets without an observation."""
        return tuple(self._counts)


class ObservationRecorder:
    """Timestamps and reports outcomes; keeps the reason once the provider must stop."""

    def __init__(
        self,
        requests: Sequence[ObservationRequest],
        sink: ObservationSink,
        now: Callable[[], datetime],
        on_rejected_token: Callable[[], None] = lambda: None,
    ) -> None:
        """Call ``on_rejected_token`` once if the service rejects our token."""
        self._pending = PendingTargets(requests, sink)
        self._now = now
        self._on_rejected_token = on_rejected_token
        self._previous = {request.target: request.previous for request in requests}
        self.abort_reason: Unknown | None = None
        """Why no further requests must be sent; ``None`` while they may."""

    def record(
        self,
        target: Target,
        explained: ExplainedOutcome,
        source: str,
        *,
        status: int | None = None,
        requests: int = 0,
        validator: str | None = None,
    ) -> None:
        """Report an outcome; status and validator are those of the one response behind it."""
        outcome = explained.outcome
        if (
            self.abort_reason is None
            and isinstance(outcome, Unknown)
            and outcome.reason is UnknownReason.CREDENTIALS
        ):
            self.abort_reason = outcome
            self._on_rejected_token()
        at = self._now()
        self._pending.report(
            Observation(
                target,
                at,
                outcome,
                (EvidenceItem(source, at, explained.explanation),),
                http_status=status,
                requests=requests,
                validator=validator if isinstance(outcome, Found) else None,
            )
        )

    def record_unknown(self, targets: Iterable[Target], unknown: Unknown, source: str) -> None:
        """Report the same unknown outcome for several targets."""
        explained = ExplainedOutcome(unknown, unknown.detail)
        for target in targets:
            self.record(target, explained, source)

    def close(self, source: str) -> None:
        """Report every target without an observation as unknown."""
        unknown = Unknown(UnknownReason.PROTOCOL, "the service's answers left it out")
        self.record_unknown(self._pending.targets, unknown, source)

    def previous(self, target: Target) -> Observation | None:
        """Return the newest stored observation of a target."""
        return self._previous.get(target)
