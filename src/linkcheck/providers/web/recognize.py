"""Recognize web pages: accepts every URL. Pure."""

from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.model.url import Url


def recognize(url: Url) -> ParsedLink:
    """Return the web page at a URL.

    The key is the canonical URL without its fragment. ``http`` and ``https``, ``www.`` and the bare
    host, a path with and without a trailing slash are different pages: only the host knows whether
    they are the same.
    """
    address = str(url.without_fragment)
    return ParsedLink(Target(TargetKind.WEB, address, address), fragment=url.fragment)
