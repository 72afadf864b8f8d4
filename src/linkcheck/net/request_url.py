"""The parts of an address that the door works with."""

import re
from dataclasses import dataclass
from functools import lru_cache

from linkcheck.model.url import InvalidUrlError

MAX_URL = 16_384

_PORTS = {"http": 80, "https": 443}
_SHAPE = re.compile(
    r"(https?)://(?:[^/?#@\s]*@)?(\[[0-9a-f:.%]+\]|[^/?#:@\s\[\]\\]+)(?::([0-9]{0,5}))?([/?][^#\s]*)?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,20}):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RequestUrl:
    """An address, ready to be asked. Made by :func:`read_site`."""

    url: str
    """Without fragment and without user name."""
    scheme: str
    host: str
    """Lower-cased, without brackets and trailing dot."""
    port: int
    target: str
    """Path and query."""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """``host`` or ``host:port``, as counts, budgets and the Host header name it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@lru_cache(maxsize=1024)
def _host(text: str) -> str:
    host = text.strip("[]").rstrip(".").lower()
    if host.isascii():
        return host
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise InvalidUrlError("has a host name that cannot exist") from None


def parse_request_url(url: str) -> RequestUrl:
    """Take an address apart as it stands.

    Unlike :func:`linkcheck.model.url.parse` this changes nothing in path and query: a server that
    redirects to an address wants to be asked for just that. Raises :class:`InvalidUrlError`, worded
    as the end of "an address that …", for whatever is not an http(s) address.
    """
    if len(url) > MAX_URL:
        raise InvalidUrlError(f"is longer than {MAX_URL} characters")
    match = _SHAPE.fullmatch(url)
    if match is None:
        scheme = _SCHEME.match(url)
        if scheme is not None and scheme[1].lower() not in _PORTS:
            raise InvalidUrlError(f"is not a web page ({scheme[1].lower()}:)")
        raise InvalidUrlError("cannot be read")
    scheme_text, host_text, port_text, target = match.groups()
    lower = scheme_text.lower()
    host = _host(host_text)
    port = int(port_text) if port_text else _PORTS[lower]
    if not host or not 0 < port < 65536:
        raise InvalidUrlError("names no host that can be asked")
    target = target or "/"
    if target[0] == "?":
        target = "/" + target
    bracketed = f"[{host}]" if ":" in host else host
    place = bracketed if port == _PORTS[lower] else f"{bracketed}:{port}"
    return RequestUrl(f"{lower}://{place}{target}", lower, host, port, target)
