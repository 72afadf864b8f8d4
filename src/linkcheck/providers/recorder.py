"""Where all that was learnt of a service comes together: one observation for each target."""

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
from linkcheck.providers.concurrency import PendingTargets


@dataclass(frozen=True, slots=True)
class ExplainedOutcome:
    """An outcome and the sentence that says how it is known."""

    outcome: Outcome
    explanation: str


def unknown_outcome(reason: UnknownReason, says: str) -> ExplainedOutcome:
    """Return the outcome of which nothing but its reason can be told."""
    return ExplainedOutcome(Unknown(reason, says), says)


class ObservationRecorder:
    """Dates what was found, hands it in, and remembers when asking on makes no sense."""

    def __init__(
        self,
        requests: Sequence[ObservationRequest],
        report: ObservationSink,
        now: Callable[[], datetime],
        on_rejected_token: Callable[[], None],
    ) -> None:
        """Open a ledger; ``rejected`` is called once when the service refuses our token."""
        self._pending = PendingTargets(requests, report)
        self._now = now
        self._on_rejected_token = on_rejected_token
        self._previous = {question.target: question.known for question in requests}
        self.abort_reason: Unknown | None = None
        """Why nothing further is asked, once that is so."""

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
        """Hand in an outcome; status and validator are those of the one request that told it."""
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
        """Hand in for each target that nothing could be told, and why."""
        judged = ExplainedOutcome(unknown, unknown.detail)
        for target in targets:
            self.record(target, judged, source)

    def close(self, source: str) -> None:
        """Hand in every target that nobody settled."""
        unknown = Unknown(UnknownReason.PROTOCOL, "the service's answers left it out")
        self.record_unknown(self._pending.targets, unknown, source)

    def previous(self, target: Target) -> Observation | None:
        """Return the newest stored observation of a target."""
        return self._previous.get(target)
