"""The one way from the text of a link to its target. Pure and cheap to import."""

from linkcheck.model.shorthand import expand
from linkcheck.model.target import ParsedLink, Target
from linkcheck.model.url import Url, parse
from linkcheck.providers.arxiv.recognize import recognize as arxiv
from linkcheck.providers.doi.recognize import recognize as doi
from linkcheck.providers.github.recognize import from_git
from linkcheck.providers.github.recognize import recognize as github
from linkcheck.providers.huggingface.recognize import recognize as huggingface
from linkcheck.providers.web.recognize import recognize as web

RECOGNIZERS = (github, huggingface, arxiv, doi)
"""Who is asked, in order, whether a URL is theirs; the web takes what is left. arXiv comes before
DOI because an arXiv DOI is the paper."""


def recognize(text: str) -> ParsedLink:
    """Return what a link points to.

    Takes URLs, the shorthands of :mod:`linkcheck.model.shorthand`, and git addresses
    (``git@host:owner/name.git``, ``git+https://…``). Raises
    :class:`~linkcheck.model.url.InvalidUrlError` with the reason for people; links of kinds that
    are not checked (:func:`linkcheck.model.url.is_skipped_scheme`) should be set apart before.
    """
    found = recognize_url(parse(from_git(expand(text))))
    target = found.target
    if target.url == text:  # as it nearly always is: one string of two equal ones is kept
        key = text if target.key == text else target.key
        return ParsedLink(Target(target.kind, key, text), found.version, found.fragment)
    return found


def recognize_url(url: Url) -> ParsedLink:
    """Return what a parsed URL points to; see :func:`recognize`."""
    for recognizer in RECOGNIZERS:
        if found := recognizer(url):
            return found
    return web(url)
