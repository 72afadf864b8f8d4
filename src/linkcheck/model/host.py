"""Parse hosts as browsers do: international names, and IP addresses in all notations.

Part of the URL parser :mod:`linkcheck.model.url`.
"""

import ipaddress
import re

from linkcheck.model.errors import InvalidUrlError

NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""Last label of a host that has to be an IPv4 address."""


def to_ascii(host: str) -> str:
    """Return an international host name in its ASCII form (UTS 46 mapping, then Punycode).

    Names that IDNA 2008 does not allow but that resolve (emoji) are encoded too.
    """
    import idna  # slow to import, rarely needed

    try:
        mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
    except (idna.IDNAError, UnicodeError):
        raise InvalidUrlError(f"“{host[:80]}” is no host name") from None
    labels = []
    for label in mapped.split("."):
        if label.isascii():
            labels.append(label)
            continue
        try:
            labels.append(idna.alabel(label).decode("ascii"))
        except (idna.IDNAError, UnicodeError):
            try:
                labels.append("xn--" + label.encode("punycode").decode("ascii"))
            except UnicodeError:
                raise InvalidUrlError(f"“{host[:80]}” is no host name") from None
    return ".".join(labels)


def ipv6(text: str) -> str:
    """Return the canonical form of an IPv6 address; one that maps IPv4 becomes the IPv4 address."""
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise InvalidUrlError(f"“[{text[:60]}]” is no IPv6 address") from None
    if address.scope_id is not None:
        raise InvalidUrlError("an address with a zone (%) means something on one machine only")
    return str(address.ipv4_mapped or address)


def ipv4(labels: list[str], host: str) -> str:
    """Return the dotted form of an IPv4 address in any notation that resolvers accept.

    One to four numbers, decimal, octal (``0177``) or hexadecimal (``0x7f``); the last one fills all
    remaining bytes (``127.1``, ``2130706433``). A host whose last label is a
    number must be an address (WHATWG URL, "ends in a number").
    """
    problem = InvalidUrlError(f"“{host[:60]}” is no IP address")
    if len(labels) > 4 or not all(NUMBER.fullmatch(label) and len(label) < 40 for label in labels):
        raise problem
    try:
        numbers = [_number(label) for label in labels]
    except ValueError:
        raise problem from None
    *head, last = numbers
    if any(number > 255 for number in head) or last >= 256 ** (4 - len(head)):
        raise problem
    value = last + sum(number << (8 * (3 - place)) for place, number in enumerate(head))
    return str(ipaddress.IPv4Address(value))


def _number(label: str) -> int:
    """Return the value of a decimal, octal or hexadecimal number; raises :class:`ValueError`."""
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    if len(label) > 1 and label.startswith("0"):
        return int(label, 8)
    return int(label)
