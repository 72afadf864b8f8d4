"""Reading a URL as a web page: the last resort, which takes every URL."""

from linkcheck.model.target import ParsedLink, Target, TargetKind
from linkcheck.model.url import Url


def recognize(url: Url) -> ParsedLink:
    """Return the page the URL names.

    The key is the canonical URL without its fragment. ``http`` and ``https``, ``www.`` and the bare
    host, a path with and without its last slash are kept apart: only the host knows whether they
    are the same.
    """
    address = str(url.without_fragment)
    return ParsedLink(Target(TargetKind.WEB, address, address), fragment=url.fragment)
