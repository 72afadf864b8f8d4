"""Follow redirects hop by hop: headers, cookies, loops and limits."""

from dataclasses import dataclass, field

from linkcheck.model.observation import UnknownReason
from linkcheck.model.url import InvalidUrlError, Url, join, parse
from linkcheck.net.messages import Hop, HttpRequest

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_COOKIES = 50
MAX_COOKIE_LENGTH = 4096
MAX_LOCATION_LENGTH = 8192

_ORIGIN_ONLY = frozenset({"authorization", "cookie", "if-none-match", "proxy-authorization"})
"""Headers for the first origin alone: secrets, and validators."""


@dataclass(frozen=True, slots=True)
class RedirectRefused:
    """Why a redirect is not followed although the request follows redirects."""

    reason: UnknownReason
    message: str


@dataclass(slots=True)
class RedirectChain:
    """One request and its redirects. Cookies are kept for this chain alone."""

    request: HttpRequest
    url: Url
    method: str
    max_redirects: int
    hops: list[Hop] = field(default_factory=list)
    same_origin: bool = True
    """Whether every hop so far went to the first origin: credentials go nowhere else."""
    has_valid_certificate: bool = True
    """Whether every host so far has proved its name in a TLS handshake."""
    address: str | None = None
    """The IP address of the last host."""
    _cookies: dict[tuple[str, bool, str], str] = field(default_factory=dict)
    _visited: set[tuple[str, str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Mark the start as visited."""
        self._visited.add((self.method, str(self.url), 0))

    def headers(self) -> dict[str, str]:
        """Return the headers of the next request: the original ones, credentials and cookies."""
        question = self.request
        headers = {name.lower(): value for name, value in question.headers.items()}
        if self.same_origin:
            if question.token:
                headers["authorization"] = f"Bearer {question.token}"
        else:
            for name in _ORIGIN_ONLY:
                headers.pop(name, None)
        if self._cookies and (cookies := self._cookie_header()):
            headers["cookie"] = cookies
        return headers

    def _cookie_header(self) -> str:
        host = self.url.host
        return "; ".join(
            f"{name}={value}"
            for (domain, host_only, name), value in self._cookies.items()
            if host == domain or (not host_only and host.endswith("." + domain))
        )

    def store_cookies(self, set_cookies: list[str]) -> None:
        """Keep the cookies of a ``Set-Cookie`` header for this chain.

        Some sites redirect every visitor without a cookie to set one. A ``Domain`` is accepted only
        when the host lies in it and it is more than a top-level domain.
        """
        host = self.url.host
        for line in set_cookies:
            pair, *attributes = line[: MAX_COOKIE_LENGTH + 1].split(";")
            name, equals, value = pair.strip().partition("=")
            if not equals or not name or len(line) > MAX_COOKIE_LENGTH:
                continue
            domain, host_only = host, True
            for attribute in attributes:
                key, _, domain_value = attribute.strip().partition("=")
                domain_value = domain_value.strip().lstrip(".").lower()
                if (
                    key.lower() == "domain"
                    and "." in domain_value
                    and host.endswith("." + domain_value)
                ):
                    domain, host_only = domain_value, False
            if len(self._cookies) < MAX_COOKIES:
                self._cookies[domain, host_only, name] = value

    def follow(self, status: int, location: str | None) -> RedirectRefused | bool:
        """Move on to a redirect's target and return True, or return why not.

        False means that the response is final: it is no redirect, the request does not follow
        redirects, or the redirect would send a request body to another origin.
        """
        if status not in REDIRECTS or not location:
            return False
        try:
            absolute = join(str(self.url), location[:MAX_LOCATION_LENGTH])
            url = parse(absolute, verbatim=True)
        except InvalidUrlError as error:
            self.hops.append(Hop(str(self.url), status, location[:MAX_LOCATION_LENGTH]))
            if not self.request.follow_redirects:
                return False
            return RedirectRefused(
                UnknownReason.PROTOCOL, f"it redirects to a URL that cannot be requested: {error}"
            )
        self.hops.append(Hop(str(self.url), status, absolute))
        if not self.request.follow_redirects:
            return False
        method = self.method
        if status in {301, 302, 303} and method not in {"GET", "HEAD"}:
            method = "GET"
        if method not in {"GET", "HEAD"} and url.origin != self.url.origin:
            return False
        if len(self.hops) > self.max_redirects:
            message = f"more than {self.max_redirects} redirects"
            return RedirectRefused(UnknownReason.REDIRECT_LOOP, message)
        # The same URL again is no loop while new cookies are set.
        state = (method, str(url), len(self._cookies))
        if state in self._visited:
            return RedirectRefused(UnknownReason.REDIRECT_LOOP, "it redirects in a circle")
        self._visited.add(state)
        self.same_origin = self.same_origin and url.origin == self.url.origin
        self.url = url
        self.method = method
        return True
