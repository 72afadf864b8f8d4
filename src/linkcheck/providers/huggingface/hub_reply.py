"""Map the Hub's responses to huggingface_hub's exception classes and to outcomes. Pure.

:func:`huggingface_hub.utils.hf_raise_for_status` accepts only responses of its HTTP library, so the
class is chosen here by the same rules. As huggingface_hub's tests record them: without a token,
a missing and a private repository both return 401 without ``X-Error-Code``; with a token, a missing
one returns 404 ``RepoNotFound``. ``GatedRepo`` proves that the repository exists. 429, 5xx and
transport failures never prove that something is missing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from huggingface_hub.errors import (
    BadRequestError,
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from linkcheck.model.observation import Gone, GoneReason, Outcome, Unknown, UnknownReason
from linkcheck.model.wording import one_line
from linkcheck.net.messages import HttpFailure, HttpResponse
from linkcheck.providers.http_outcomes import rate_limited, unknown_reason
from linkcheck.providers.json_fields import as_mapping, as_text, parse_json_body
from linkcheck.providers.recorder import ExplainedOutcome, unknown_outcome

UNEXPECTED = unknown_outcome(
    UnknownReason.PROTOCOL, "Hugging Face's answer has another form than known"
)

MISSING = ExplainedOutcome(
    Gone(GoneReason.GONE_OR_PRIVATE), "Hugging Face has no such repository, or it is private"
)
HIDDEN = unknown_outcome(
    UnknownReason.HIDDEN,
    "Hugging Face does not show it without a token: it is missing, private or disabled",
)
_ANONYMOUS_MISSING = "invalid username or password"
"""The message of the 401 for a repository that is missing, private or disabled (recorded by
huggingface_hub's tests)."""
_REJECTED_TOKEN = re.compile(r"invalid credentials|\btoken\b.*\bexpired", re.IGNORECASE)
"""The messages of a 401 about a token; an expired one gets ``User Access Token "NAME" is expired``
without a code (recorded)."""
_ERRORS: Mapping[str, type[HfHubHTTPError]] = {
    "RepoNotFound": RepositoryNotFoundError,
    "GatedRepo": GatedRepoError,
    "DisabledRepo": DisabledRepoError,
    "EntryNotFound": RemoteEntryNotFoundError,
    "RevisionNotFound": RevisionNotFoundError,
}
"""The exception classes by ``X-Error-Code``."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A response of the Hub, or the failure to get one."""

    error: type[HfHubHTTPError] | None
    """The exception that huggingface_hub has for it; ``None`` for success.

    Compare with ``is``, as GatedRepoError is a RepositoryNotFoundError. BadRequestError means that
    the API has changed, HfHubHTTPError itself that the response is inconclusive.
    """
    explained: ExplainedOutcome | None = None
    """The outcome, where it depends on the error alone: for RepositoryNotFoundError,
    BadRequestError and HfHubHTTPError."""
    response: HttpResponse | None = None
    is_hidden: bool = False
    """Whether a missing, a private and a disabled repository would get this same response."""
    is_token_rejected: bool = False
    """Whether the response is about our token, not about a repository."""

    @property
    def status(self) -> int | None:
        """The HTTP status, if there is a response."""
        return self.response.status if self.response else None

    @property
    def json(self) -> object:
        """The parsed body; ``None`` if it is not JSON."""
        return parse_json_body(self.response) if self.response else None


def parse_reply(response: HttpResponse | HttpFailure, *, with_token: bool) -> Reply:
    """Classify a response to a request that was sent with or without our token."""
    if limited := rate_limited(response):
        return Reply(HfHubHTTPError, ExplainedOutcome(limited, limited.detail))
    if isinstance(response, HttpFailure):
        return Reply(HfHubHTTPError, unknown_outcome(response.reason, response.detail))
    status = response.status
    if 200 <= status < 300 or status == 304:
        return Reply(None, None, response)
    message = _error_message(response)
    error = _ERRORS.get(response.headers.get("x-error-code", "").strip())
    if error is not None and status in {401, 403, 404}:
        return Reply(error, MISSING if error is RepositoryNotFoundError else None, response)
    is_missing = status == 401 and _ANONYMOUS_MISSING in message.casefold()
    if is_missing and not with_token:
        return Reply(RepositoryNotFoundError, HIDDEN, response, is_hidden=True)
    if status == 401 and (
        is_missing or _REJECTED_TOKEN.search(message) or (message and with_token)
    ):
        explained = unknown_outcome(
            UnknownReason.CREDENTIALS, f"Hugging Face rejects the token: {message}"
        )
        return Reply(HfHubHTTPError, explained, response, is_token_rejected=True)
    if status in {403, 451} and (status == 451 or "disabled" in message.casefold()):
        return Reply(DisabledRepoError, None, response)
    return _parse_by_status(response, message)


def _parse_by_status(response: HttpResponse, message: str) -> Reply:
    status = response.status
    summary = f"Hugging Face answered {status}: {message}" if message else f"it answered {status}"
    if status in {404, 410}:
        # An error without the Hub's header or field comes from a proxy or another server.
        if not message:
            explanation = f"{summary} (not in the API's own form)"
            return _unknown(response, UnknownReason.PROTOCOL, explanation)
        gone = ExplainedOutcome(Gone(GoneReason.GONE), summary)
        return Reply(RepositoryNotFoundError, gone if status == 410 else MISSING, response)
    if status in {400, 422}:
        explained = unknown_outcome(UnknownReason.PROTOCOL, summary)
        return Reply(BadRequestError, explained, response)
    if 300 <= status < 400:
        explanation = f"{summary} (redirects without end)"
        return _unknown(response, UnknownReason.REDIRECT_LOOP, explanation)
    return _unknown(response, unknown_reason(status), summary)


def _unknown(response: HttpResponse, reason: UnknownReason, explanation: str) -> Reply:
    return Reply(HfHubHTTPError, unknown_outcome(reason, explanation), response)


def _error_message(response: HttpResponse) -> str:
    """Return the message in the header or the field of the Hub's errors, on one line.

    Empty if there is neither: then the response is not in the Hub's form.
    """
    body = as_mapping(parse_json_body(response))
    return one_line(response.headers.get("x-error-message") or as_text(body.get("error")) or "")


def is_rate_limited(outcome: Outcome) -> bool:
    """Return whether an outcome is unknown because of a rate limit."""
    return isinstance(outcome, Unknown) and outcome.reason is UnknownReason.RATE_LIMITED
