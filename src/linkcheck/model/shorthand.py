"""Shorthands: ``gh:``, ``hf:``, ``arxiv:`` and ``doi:`` in place of a URL."""

import re

from linkcheck.model.url import quote_segment

BASES = {
    "gh:": "https://github.com/",
    "hf:": "https://huggingface.co/",
    "arxiv:": "https://arxiv.org/abs/",
    "doi:": "https://doi.org/",
}
"""The URL prefix of each shorthand prefix."""

_SHORTHAND = re.compile(r"\s*(gh|hf|arxiv|doi):\s*(\S+)\s*", re.IGNORECASE)
_REPOSITORY = re.compile(r"[A-Za-z0-9_-]+/[A-Za-z0-9._-]+(?:/\S*)?")
_HUB = re.compile(r"(?:datasets/|spaces/)?[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)?(?:/\S*)?")
_ARXIV = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/.+")


def expand(text: str) -> str:
    """Return the URL of a shorthand, or the text unchanged if it is none.

    ``gh:OWNER/NAME``, ``hf:ORG/NAME`` (or a legacy one-part model id), ``hf:datasets/ORG/NAME``,
    ``hf:spaces/ORG/NAME``, ``arxiv:ID`` and ``doi:10.PREFIX/SUFFIX``; the prefix in any case. A
    text of another form is returned unchanged: the URL parser describes what is wrong with it.
    """
    match = _SHORTHAND.fullmatch(text)
    if match is None:
        return text
    prefix, rest = f"{match.group(1).lower()}:", match.group(2)
    form = {"gh:": _REPOSITORY, "hf:": _HUB, "arxiv:": _ARXIV, "doi:": _DOI}[prefix]
    if not form.fullmatch(rest):
        return text
    # A DOI may contain any character; the other forms contain only URL characters.
    return BASES[prefix] + (quote_segment(rest, safe="/:;()") if prefix == "doi:" else rest)
