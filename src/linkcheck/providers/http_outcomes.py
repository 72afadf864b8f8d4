"""Map inconclusive HTTP responses to unknown outcomes."""

from linkcheck.model.observation import Unknown, UnknownReason
from linkcheck.net.messages import HttpFailure, HttpResponse

_FORBIDDEN_STATUSES = frozenset({401, 403, 406, 418, 451, 999})
_PROXY_STATUSES = frozenset({407, 511})
"""Statuses that only a proxy or a network with a sign-in page sends (RFC 9110, RFC 6585)."""
_CHALLENGE_HEADERS = (
    ("cf-mitigated", "challenge"),
    ("x-amzn-waf-action", "challenge"),
    ("x-amzn-waf-action", "captcha"),
)


def is_bot_challenge(response: HttpResponse) -> bool:
    """Return whether a header identifies the response as a bot challenge.

    Cloudflare documents ``cf-mitigated: challenge``, AWS WAF ``x-amzn-waf-action``.
    """
    return any(
        value in response.headers.get(name, "").lower() for name, value in _CHALLENGE_HEADERS
    )


def unknown_reason(status: int) -> UnknownReason:
    """Return the reason for an inconclusive response with a status of 400 or more."""
    if status == 429:
        return UnknownReason.RATE_LIMITED
    if status in _PROXY_STATUSES:
        return UnknownReason.PROXY
    if status in _FORBIDDEN_STATUSES:
        return UnknownReason.FORBIDDEN
    return UnknownReason.SERVER_ERROR if status >= 500 else UnknownReason.CLIENT_ERROR


def as_unknown(response: HttpResponse | HttpFailure) -> Unknown:
    """Return the unknown outcome of a failed request or an inconclusive response."""
    if isinstance(response, HttpFailure):
        return Unknown(response.reason, response.detail)
    status = response.status
    if is_bot_challenge(response):
        return Unknown(UnknownReason.CHALLENGE, f"HTTP {status}: asks to prove one is human")
    if status == 429:
        return Unknown(UnknownReason.RATE_LIMITED, "HTTP 429: too many requests")
    if status in _PROXY_STATUSES:
        return Unknown(UnknownReason.PROXY, f"HTTP {status}: our proxy or network wants a sign-in")
    if status in _FORBIDDEN_STATUSES:
        return Unknown(UnknownReason.FORBIDDEN, f"HTTP {status}: does not answer programs")
    if 500 <= status <= 599:
        return Unknown(UnknownReason.SERVER_ERROR, f"HTTP {status}: the server failed")
    if response.broken:
        return Unknown(UnknownReason.RESET, f"HTTP {status}, and the answer broke off")
    if 400 <= status <= 499:
        return Unknown(UnknownReason.CLIENT_ERROR, f"HTTP {status}: refuses the question")
    return Unknown(UnknownReason.PROTOCOL, f"HTTP {status}: not an answer that can be judged")


def rate_limited(response: HttpResponse | HttpFailure) -> Unknown | None:
    """Return the outcome of a request that a rate limit refused or held back, else ``None``."""
    if isinstance(response, HttpFailure):
        if response.not_before is None:
            return None
        return Unknown(UnknownReason.RATE_LIMITED, response.detail)
    if response.limited is None:
        return None
    again = response.not_before
    until = f"; asks again from {again:%Y-%m-%d %H:%M} UTC" if again else ""
    return Unknown(UnknownReason.RATE_LIMITED, f"{response.limited.why}{until}")


def count_requests(response: HttpResponse | HttpFailure) -> int:
    """Return the number of requests that were sent: attempts and redirects."""
    return response.attempts + len(response.hops)
