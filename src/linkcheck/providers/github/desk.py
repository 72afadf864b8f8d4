"""Where all that was learnt of GitHub comes together: one observation for each target."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from linkcheck.model.observation import (
    EvidenceItem,
    Found,
    Observation,
    Unknown,
    UnknownReason,
)
from linkcheck.model.ports import Question, Report
from linkcheck.model.target import Target
from linkcheck.providers.crew import Ledger
from linkcheck.providers.github.judge import Judged
from linkcheck.providers.github.single import Single

_REJECTED = (
    "GitHub rejected the token (401), so none of its links could be judged. Renew GITHUB_TOKEN; "
    "one that can read public repositories is enough."
)


class Desk:
    """Dates what was found, hands it in, and remembers when asking on makes no sense."""

    def __init__(
        self,
        questions: Sequence[Question],
        report: Report,
        now: Callable[[], datetime],
        notice: Callable[[str], None],
    ) -> None:
        """Open a ledger for the questions."""
        self._ledger = Ledger(questions, report)
        self._now = now
        self._notice = notice
        self._known = {question.target: question.known for question in questions}
        self.stopped: Unknown | None = None
        """Why nothing further is asked, once that is so."""

    def settled(
        self,
        target: Target,
        judged: Judged,
        source: str,
        single: Single | None = None,
        *,
        requests: int = 0,
    ) -> None:
        """Hand in an outcome; ``single`` is the one request that told it, if it was one."""
        outcome = judged.outcome
        if isinstance(outcome, Unknown) and outcome.reason is UnknownReason.CREDENTIALS:
            self._rejected(outcome)
        at = self._now()
        self._ledger.settle(
            Observation(
                target,
                at,
                outcome,
                (EvidenceItem(source, at, judged.says),),
                http_status=single.status if single else None,
                requests=requests,
                validator=single.validator if single and isinstance(outcome, Found) else None,
            )
        )

    def unknown(self, targets: Iterable[Target], unknown: Unknown, source: str) -> None:
        """Hand in for each target that nothing could be told, and why."""
        judged = Judged(unknown, unknown.detail)
        for target in targets:
            self.settled(target, judged, source)

    def close(self, source: str) -> None:
        """Hand in every target that nobody settled."""
        unknown = Unknown(UnknownReason.PROTOCOL, "GitHub's answer left it out")
        self.unknown(self._ledger.rest, unknown, source)

    def validated(self, targets: Iterable[Target]) -> Single | None:
        """Return an earlier answer about a repository that can be asked for conditionally."""
        for target in targets:
            known = self._known.get(target)
            if known is not None and known.validator and known.repository is not None:
                return Single(None, known.repository, validator=known.validator)
        return None

    def _rejected(self, outcome: Unknown) -> None:
        if self.stopped is None:
            self.stopped = outcome
            self._notice(_REJECTED)
