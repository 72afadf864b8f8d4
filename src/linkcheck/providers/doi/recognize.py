"""Reading a URL as a DOI."""

import re

from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.model.url import Url, quote_segment

DOI_HOSTS = frozenset({"doi.org", "www.doi.org", "dx.doi.org", "hdl.handle.net"})

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/.+", re.DOTALL)


def find_doi(url: Url) -> str | None:
    """Return the DOI that a resolver's URL names, as spelled there, or ``None``."""
    if url.host not in DOI_HOSTS:
        return None
    name = "/".join(url.segments)
    if name[:4].lower() == "doi:":
        name = name[4:].lstrip()
    return name if _DOI.fullmatch(name) else None


def recognize(url: Url) -> ParsedLink | None:
    """Return the DOI the URL names, if it is one of the resolver's.

    The key is the DOI in lower case: names are compared without case (DOI Handbook, section 2.4).
    Publishers' pages stay web pages, also where a DOI stands in their address.
    """
    doi = find_doi(url)
    if doi is None:
        return None
    address = f"https://doi.org/{quote_segment(doi, safe='/:;()')}"
    return ParsedLink(Target(TargetKind.DOI, doi.lower(), address), fragment=url.fragment)
