"""Classify the errors of HTTP exchanges: a reason, and a message for people."""

import errno
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp
import httpx
from aiohttp.http_exceptions import HttpProcessingError

from linkcheck.model.observation import UnknownReason
from linkcheck.net.address_guard import PrivateAddressError

HTTP_ERRORS: tuple[type[Exception], ...] = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)
"""Everything that a transport raises for a peer's behavior; anything else is a bug of ours."""


@dataclass(frozen=True, slots=True)
class TransportFailure:
    """Why an exchange gave no response."""

    reason: UnknownReason
    message: str
    is_retryable: bool = False
    """Whether another attempt may succeed."""
    affects_host: bool = False
    """Whether it applies to every URL of the host: nothing was reached."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """The timeouts in force, for the messages."""

    connect: float
    read: float


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and its causes, contexts and wrapped errors."""
    seen: set[int] = set()
    queue: list[BaseException | None] = [error]
    while queue:
        current = queue.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        queue += [current.__cause__, current.__context__]
        for name in ("os_error", "certificate_error"):
            inner = getattr(current, name, None)
            if isinstance(inner, BaseException):
                queue.append(inner)


def classify(error: BaseException, limits: Timeouts) -> TransportFailure:
    """Return the failure that an exception of :data:`HTTP_ERRORS` means."""
    causes = list(_causes(error))
    for classifier in (_private, _proxy, _tls, _names, _time, _connection, _protocol):
        for cause in causes:
            failure = classifier(cause, limits)
            if failure is not None:
                return failure
    kind = type(error.__cause__ or error).__name__
    return TransportFailure(UnknownReason.PROTOCOL, f"the exchange failed ({kind})")


def _private(error: BaseException, _limits: Timeouts) -> TransportFailure | None:
    if isinstance(error, PrivateAddressError):
        return TransportFailure(UnknownReason.PRIVATE_ADDRESS, str(error), affects_host=True)
    return None


def _proxy(error: BaseException, _limits: Timeouts) -> TransportFailure | None:
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        message = "the proxy (HTTPS_PROXY, HTTP_PROXY) cannot be reached"
        return TransportFailure(UnknownReason.PROXY, message, is_retryable=True, affects_host=True)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        if error.status == 407 or error.status >= 500:
            # Proxies use 5xx for names that do not exist and hosts that do not respond alike.
            cause = "wants a sign-in" if error.status in {407, 511} else "could not reach it"
            message = f"the proxy {cause} (status {error.status})"
            return TransportFailure(
                UnknownReason.PROXY, message, is_retryable=error.status != 407, affects_host=True
            )
        message = f"the proxy refuses to pass this on (status {error.status})"
        return TransportFailure(UnknownReason.FORBIDDEN, message, affects_host=True)
    return None


def _tls(error: BaseException, _limits: Timeouts) -> TransportFailure | None:
    # aiohttp's certificate error lacks the attributes of OpenSSL's, which is its cause.
    if isinstance(error, aiohttp.ClientSSLError | aiohttp.ClientConnectorCertificateError):
        inner = error.__cause__
        if isinstance(inner, ssl.SSLError):
            return _tls(inner, _limits)
        return TransportFailure(
            UnknownReason.TLS, "its TLS certificate is not valid", affects_host=True
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = str(getattr(error, "verify_message", "")) or "it cannot be verified"
        message = f"its TLS certificate is not valid: {reason}"
        return TransportFailure(UnknownReason.TLS, message, affects_host=True)
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "handshake failed").replace("_", " ").lower()
        return TransportFailure(UnknownReason.TLS, f"TLS failed: {reason}", affects_host=True)
    return None


def _names(error: BaseException, _limits: Timeouts) -> TransportFailure | None:
    if isinstance(error, socket.gaierror):
        if error.errno in {socket.EAI_AGAIN, socket.EAI_FAIL}:
            message = "the name server did not answer"
            return TransportFailure(
                UnknownReason.DNS, message, is_retryable=True, affects_host=True
            )
        return TransportFailure(
            UnknownReason.DNS, "the host name does not exist", affects_host=True
        )
    if isinstance(error, aiohttp.ClientConnectorDNSError | UnicodeError):
        return TransportFailure(
            UnknownReason.DNS, "the host name cannot be resolved", affects_host=True
        )
    return None


def _time(error: BaseException, limits: Timeouts) -> TransportFailure | None:
    if isinstance(error, aiohttp.ConnectionTimeoutError | httpx.ConnectTimeout) or (
        isinstance(error, OSError) and error.errno == errno.ETIMEDOUT
    ):
        message = f"no connection within {limits.connect:g} s"
        return TransportFailure(
            UnknownReason.TIMEOUT, message, is_retryable=True, affects_host=True
        )
    if isinstance(error, aiohttp.SocketTimeoutError | httpx.ReadTimeout):
        return TransportFailure(
            UnknownReason.TIMEOUT, f"silent for {limits.read:g} s", is_retryable=True
        )
    return None


def _connection(error: BaseException, _limits: Timeouts) -> TransportFailure | None:
    if isinstance(error, OSError):
        number = error.errno
        if number in {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}:
            # Our fault: it must not count against the link.
            message = "this machine has run out of sockets or file handles"
            return TransportFailure(UnknownReason.NOT_ASKED, message, is_retryable=True)
        if number == errno.ECONNREFUSED:
            message = "connection refused"
            return TransportFailure(
                UnknownReason.CONNECT, message, is_retryable=True, affects_host=True
            )
        if number in {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}:
            return TransportFailure(
                UnknownReason.CONNECT, "no route to the host", is_retryable=True, affects_host=True
            )
        if isinstance(error, ConnectionError) or number in {errno.ECONNRESET, errno.EPIPE}:
            return TransportFailure(
                UnknownReason.RESET, "the connection was reset", is_retryable=True
            )
    if isinstance(error, aiohttp.ClientConnectorError | httpx.ConnectError):
        message = "the host cannot be reached"
        return TransportFailure(
            UnknownReason.CONNECT, message, is_retryable=True, affects_host=True
        )
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return TransportFailure(
            UnknownReason.RESET, "it hung up without an answer", is_retryable=True
        )
    if isinstance(error, aiohttp.ClientPayloadError | httpx.ReadError):
        return TransportFailure(UnknownReason.RESET, "the answer broke off", is_retryable=True)
    return None


def _protocol(error: BaseException, _limits: Timeouts) -> TransportFailure | None:
    if isinstance(error, aiohttp.InvalidURL | httpx.InvalidURL | httpx.UnsupportedProtocol):
        return TransportFailure(UnknownReason.PROTOCOL, "the address cannot be asked for")
    if isinstance(
        error,
        HttpProcessingError | aiohttp.ClientResponseError | httpx.RemoteProtocolError,
    ):
        return TransportFailure(
            UnknownReason.PROTOCOL, "its answer is not valid HTTP", is_retryable=True
        )
    return None
