"""Recognize the URLs of DOIs. Pure."""

import re

from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.model.url import Url, quote_segment
from linkcheck.providers.doi.malformed import strip_resolver

DOI_HOSTS = frozenset({"doi.org", "www.doi.org", "dx.doi.org", "hdl.handle.net"})

_DOI = re.compile(r"10(?:\.\d{4,9}(?:\.\d+)*)?/.+", re.DOTALL)
"""A DOI, or a short one (``10/abc``), which the handle service knows as well."""


def find_doi(url: Url) -> str | None:
    """Return the DOI in a URL of the resolver, in its spelling; ``None`` for other URLs."""
    if url.host not in DOI_HOSTS:
        return None
    name = "/".join(url.segments)
    if name[:4].lower() == "doi:":
        name = name[4:].lstrip()
    # A doubled resolver is kept: as written it is no DOI, which its provider reports.
    return name if _DOI.fullmatch(strip_resolver(name)) else None


def recognize(url: Url) -> ParsedLink | None:
    """Return the DOI in a URL of the resolver, else ``None``.

    The key is the DOI in lower case: DOIs are case-insensitive (DOI Handbook, section 2.4).
    Publishers' pages are web pages, also with a DOI in their URL.
    """
    doi = find_doi(url)
    if doi is None:
        return None
    address = f"https://doi.org/{quote_segment(doi, safe='/:;()')}"
    return ParsedLink(Target(TargetKind.DOI, doi.lower(), address), fragment=url.fragment)
