"""Proxies from the environment: ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY``, ``NO_PROXY``."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from linkcheck.net.address_guard import literal_address


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies to use, by the scheme of the URL."""

    by_scheme: Mapping[str, str] = field(default_factory=dict)
    bypass: tuple[str, ...] = ()
    """The items of ``NO_PROXY``: ``*``, names (with all names below them), addresses, networks."""

    def proxy_for(self, scheme: str, host: str) -> str | None:
        """Return the proxy's URL for a host, or ``None`` to connect directly."""
        if not self.by_scheme:
            return None
        proxy = self.by_scheme.get(scheme, self.by_scheme.get("all"))
        if proxy is None or any(_covers(item, host) for item in self.bypass):
            return None
        return proxy


@lru_cache(maxsize=4096)
def _covers(item: str, host: str) -> bool:
    if item == "*":
        return True
    name = item.lstrip(".*")
    if host == name or host.endswith("." + name):
        return True
    address = literal_address(host)
    if address is None:
        return False
    try:
        return address in ipaddress.ip_network(item, strict=False)
    except ValueError:
        return False


def from_environment() -> Proxies:
    """Return the proxies that the environment variables name.

    The standard library handles upper and lower case, and ``HTTP_PROXY`` set by a request's header
    under CGI.
    """
    from urllib.request import getproxies_environment

    found = dict(getproxies_environment())
    bypass = tuple(item.strip().lower() for item in found.pop("no", "").split(",") if item.strip())
    by_scheme = {
        scheme: proxy if "://" in proxy else f"http://{proxy}"
        for scheme, proxy in found.items()
        if scheme in {"http", "https", "all"}
    }
    return Proxies(by_scheme, bypass)
