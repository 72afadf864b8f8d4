"""Map the text of a link to its target. Pure and cheap to import.

A provider is a package with two modules. Its ``recognize.py`` has the pure function
``recognize(url) -> ParsedLink | None``, listed in :data:`RECOGNIZERS`. Its ``provider.py`` has a
class with the protocol :class:`linkcheck.model.protocols.Provider`, whose ``observe`` reports one
observation per requested target; :mod:`linkcheck.app.network` creates them.
"""

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
"""The services in order of precedence; the web takes the remaining URLs. arXiv precedes DOI because
the DOI of an arXiv paper is recognized as the paper."""


def recognize(text: str) -> ParsedLink:
    """Return the target of a link.

    Accepts URLs, the shorthands of :mod:`linkcheck.model.shorthand`, and git URLs
    (``git@host:owner/name.git``, ``git+https://…``). Raises
    :class:`~linkcheck.model.url.InvalidUrlError` with a reason for users; callers filter out links
    that are not checked (:func:`linkcheck.model.url.is_skipped_scheme`).
    """
    found = recognize_url(parse(from_git(expand(text))))
    target = found.target
    if target.url == text:  # almost always: keep one of the two equal strings in memory
        key = text if target.key == text else target.key
        return ParsedLink(Target(target.kind, key, text), found.version, found.fragment)
    return found


def recognize_url(url: Url) -> ParsedLink:
    """Return the target of a parsed URL; see :func:`recognize`."""
    for recognizer in RECOGNIZERS:
        if found := recognizer(url):
            return found
    return web(url)
