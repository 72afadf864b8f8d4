"""What Hugging Face's statuses mean. Pure.

As huggingface_hub's own tests record it: to strangers a missing and a private repository both
answer 401 without an ``X-Error-Code``; with a token a missing one answers 404 ``RepoNotFound``.
``GatedRepo`` means that the repository is there. 429, 5xx and silence never mean that
something is missing.
"""

from dataclasses import dataclass
from enum import Enum, auto

from linkcheck.model.observation import Gone, GoneReason, Outcome, Unknown, UnknownReason
from linkcheck.net.messages import HttpFailure, HttpResponse
from linkcheck.providers.http_outcomes import rate_limited, unknown_reason
from linkcheck.providers.json_fields import as_mapping, as_text, one_line, parse_json_body
from linkcheck.providers.recorder import ExplainedOutcome, unknown_outcome


class ReplyStatus(Enum):
    """What an answer says of the repository or file that was asked for."""

    THERE = auto()
    GATED = auto()
    """The repository is there, its files need an agreement."""
    DISABLED = auto()
    MISSING = auto()
    """The repository is not there, or is private."""
    NO_ENTRY = auto()
    """The repository is there, the file is not."""
    NO_REVISION = auto()
    """The repository is there, the branch, tag or commit is not."""
    BAD_REQUEST = auto()
    """The service does not understand us: its contract has changed."""
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer read."""

    says: ReplyStatus
    judged: ExplainedOutcome | None = None
    """The outcome where that is all there is to say: ``MISSING`` and ``UNKNOWN``."""
    answer: HttpResponse | None = None

    @property
    def status(self) -> int | None:
        """The HTTP status, if there was an answer."""
        return self.answer.status if self.answer else None

    @property
    def json(self) -> object:
        """The parsed body."""
        return parse_json_body(self.answer) if self.answer else None


_MISSING = ExplainedOutcome(
    Gone(GoneReason.GONE_OR_PRIVATE), "Hugging Face has no such repository, or it is private"
)
_BY_CODE = {
    "RepoNotFound": ReplyStatus.MISSING,
    "GatedRepo": ReplyStatus.GATED,
    "DisabledRepo": ReplyStatus.DISABLED,
    "EntryNotFound": ReplyStatus.NO_ENTRY,
    "RevisionNotFound": ReplyStatus.NO_REVISION,
}


def read_reply(answer: HttpResponse | HttpFailure, *, with_token: bool) -> Reply:
    """Return what an answer says; ``with_token`` says whether the question carried our token."""
    if limited := rate_limited(answer):
        return Reply(ReplyStatus.UNKNOWN, ExplainedOutcome(limited, limited.detail))
    if isinstance(answer, HttpFailure):
        return Reply(ReplyStatus.UNKNOWN, unknown_outcome(answer.reason, answer.detail))
    status = answer.status
    if 200 <= status < 300 or status == 304:
        return Reply(ReplyStatus.THERE, None, answer)
    message = _message(answer)
    if status == 401 and "invalid credentials" in message.casefold():
        return _unknown(answer, UnknownReason.CREDENTIALS, f"the token is refused: {message}")
    code = _BY_CODE.get(answer.headers.get("x-error-code", "").strip())
    if code is not None and status in {401, 403, 404}:
        return Reply(code, _MISSING if code is ReplyStatus.MISSING else None, answer)
    if status in {403, 451} and (status == 451 or "disabled" in message.casefold()):
        return Reply(ReplyStatus.DISABLED, None, answer)
    return _by_status(answer, message, with_token=with_token)


def _by_status(answer: HttpResponse, message: str, *, with_token: bool) -> Reply:
    status = answer.status
    said = f"Hugging Face answered {status}: {message}" if message else f"it answered {status}"
    if status == 401 and not with_token and "x-error-code" not in answer.headers:
        return Reply(ReplyStatus.MISSING, _MISSING, answer)
    if status == 404:
        # A 404 in another form than the API's own comes from something else on the way.
        known = isinstance(parse_json_body(answer), dict) or "x-error-message" in answer.headers
        if known:
            return Reply(ReplyStatus.MISSING, _MISSING, answer)
        return _unknown(answer, UnknownReason.PROTOCOL, f"{said} (not in the API's own form)")
    if status == 410:
        return Reply(ReplyStatus.MISSING, ExplainedOutcome(Gone(GoneReason.GONE), said), answer)
    if status in {400, 422}:
        return Reply(ReplyStatus.BAD_REQUEST, unknown_outcome(UnknownReason.PROTOCOL, said), answer)
    if 300 <= status < 400:
        return _unknown(answer, UnknownReason.REDIRECT_LOOP, f"{said} (redirects without end)")
    return _unknown(answer, unknown_reason(status), said)


def _unknown(answer: HttpResponse, reason: UnknownReason, says: str) -> Reply:
    return Reply(ReplyStatus.UNKNOWN, unknown_outcome(reason, says), answer)


def _message(answer: HttpResponse) -> str:
    named = answer.headers.get("x-error-message") or as_text(
        as_mapping(parse_json_body(answer)).get("error")
    )
    return one_line(named or "")


def is_limited(outcome: Outcome | None) -> bool:
    """Say whether an outcome is a rate limit."""
    return isinstance(outcome, Unknown) and outcome.reason is UnknownReason.RATE_LIMITED
