"""What Hugging Face's statuses mean. Pure.

As huggingface_hub's own tests record it: to strangers a missing and a private repository both
answer 401 without an ``X-Error-Code``; with a token a missing one answers 404 ``RepoNotFound``.
``GatedRepo`` means that the repository is there. 429, 5xx and silence never mean that
something is missing.
"""

from dataclasses import dataclass
from enum import Enum, auto

from linkcheck.model.observation import Gone, GoneReason, Outcome, Unknown, UnknownReason
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpFailure, HttpResponse
from linkcheck.providers.http_outcomes import rate_limited, unknown_reason
from linkcheck.providers.json_fields import as_mapping, as_text, parse_json_body
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
    response: HttpResponse | None = None

    @property
    def status(self) -> int | None:
        """The HTTP status, if there was an answer."""
        return self.response.status if self.response else None

    @property
    def json(self) -> object:
        """The parsed body."""
        return parse_json_body(self.response) if self.response else None


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


def read_reply(response: HttpResponse | HttpFailure, *, with_token: bool) -> Reply:
    """Return what an answer says; ``with_token`` says whether the question carried our token."""
    if limited := rate_limited(response):
        return Reply(ReplyStatus.UNKNOWN, ExplainedOutcome(limited, limited.detail))
    if isinstance(response, HttpFailure):
        return Reply(ReplyStatus.UNKNOWN, unknown_outcome(response.reason, response.detail))
    status = response.status
    if 200 <= status < 300 or status == 304:
        return Reply(ReplyStatus.THERE, None, response)
    message = _message(response)
    if status == 401 and "invalid credentials" in message.casefold():
        return _unknown(response, UnknownReason.CREDENTIALS, f"the token is refused: {message}")
    code = _BY_CODE.get(response.headers.get("x-error-code", "").strip())
    if code is not None and status in {401, 403, 404}:
        return Reply(code, _MISSING if code is ReplyStatus.MISSING else None, response)
    if status in {403, 451} and (status == 451 or "disabled" in message.casefold()):
        return Reply(ReplyStatus.DISABLED, None, response)
    return _by_status(response, message, with_token=with_token)


def _by_status(response: HttpResponse, message: str, *, with_token: bool) -> Reply:
    status = response.status
    said = f"Hugging Face answered {status}: {message}" if message else f"it answered {status}"
    if status == 401 and not with_token and "x-error-code" not in response.headers:
        return Reply(ReplyStatus.MISSING, _MISSING, response)
    if status == 404:
        # A 404 in another form than the API's own comes from something else on the way.
        known = isinstance(parse_json_body(response), dict) or "x-error-message" in response.headers
        if known:
            return Reply(ReplyStatus.MISSING, _MISSING, response)
        return _unknown(response, UnknownReason.PROTOCOL, f"{said} (not in the API's own form)")
    if status == 410:
        return Reply(ReplyStatus.MISSING, ExplainedOutcome(Gone(GoneReason.GONE), said), response)
    if status in {400, 422}:
        return Reply(
            ReplyStatus.BAD_REQUEST, unknown_outcome(UnknownReason.PROTOCOL, said), response
        )
    if 300 <= status < 400:
        return _unknown(response, UnknownReason.REDIRECT_LOOP, f"{said} (redirects without end)")
    return _unknown(response, unknown_reason(status), said)


def _unknown(response: HttpResponse, reason: UnknownReason, says: str) -> Reply:
    return Reply(ReplyStatus.UNKNOWN, unknown_outcome(reason, says), response)


def _message(response: HttpResponse) -> str:
    named = response.headers.get("x-error-message") or as_text(
        as_mapping(parse_json_body(response)).get("error")
    )
    return one_line(named or "")


def is_limited(outcome: Outcome | None) -> bool:
    """Say whether an outcome is a rate limit."""
    return isinstance(outcome, Unknown) and outcome.reason is UnknownReason.RATE_LIMITED
