"""Address guard: keeps requests for links of unknown origin out of private networks (SSRF).

A link to ``http://169.254.169.254/`` would read the build machine's own secrets. Names are judged
by the addresses they resolve to, at the moment of connecting (:mod:`linkcheck.net.resolver`), so
that a name cannot change its addresses between check and use. Literal addresses never pass a
resolver and are judged here, in the canonical form that :mod:`linkcheck.model.url` gives them.
"""

import ipaddress
from functools import lru_cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LOCAL_SUFFIXES = (".local", ".localhost", ".localdomain", ".internal", ".home.arpa")
_AZURE_HOST = ipaddress.IPv4Address("168.63.129.16")
"""Azure's metadata and DNS host: a public address that every Azure machine reaches privately."""
_DOCUMENTATION = tuple(
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)
_ASSIGNMENTS = ipaddress.IPv4Network("192.0.0.0/24")
"""Protocol assignments; older Pythons take part of it for global."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


class PrivateAddressError(OSError):
    """A name or address that may not be requested; ``str()`` says which."""


def literal_address(host: str) -> Address | None:
    """Return the address that a host in the canonical form of a URL is; ``None`` for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one leads to, if it does."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


@lru_cache(maxsize=4096)
def is_private(address: str, *, documentation: bool = False) -> bool:
    """Return whether an address (dotted or colon form) is not one of the public internet.

    Loopback, private, link-local (the metadata services among them), shared, multicast,
    unspecified and reserved networks are private, also inside IPv6. ``documentation`` admits the
    networks set aside for examples, which sandboxes use.
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if documentation and any(
        parsed.version == net.version and parsed in net for net in _DOCUMENTATION
    ):
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = _embedded(parsed)
        if inner is not None:
            return is_private(str(inner), documentation=documentation)
        if parsed.is_site_local:
            return True
    elif parsed in _ASSIGNMENTS or parsed == _AZURE_HOST:
        return True
    return not parsed.is_global or parsed.is_multicast


@lru_cache(maxsize=16384)
def blocked_reason(host: str, *, behind_proxy: bool = False) -> str | None:
    """Return why a URL's host may not be requested, or ``None`` when it gives no reason.

    ``host`` is in the canonical form of a URL. A name that passes here is judged again by its
    addresses, except behind a proxy, which resolves names itself; there, names without a dot,
    which only a local network has, are refused as well.
    """
    address = literal_address(host)
    if address is not None:
        return f"{host} is a private address" if is_private(str(address)) else None
    name = host
    if name == "localhost" or name.endswith(_LOCAL_SUFFIXES):
        return f"{host} is a name of the local network"
    if behind_proxy and "." not in name:
        return f"{host} is a name of the local network"
    return None
