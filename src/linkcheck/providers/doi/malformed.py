"""Repair DOIs that are not registered as written. Pure."""

import re

KNOWN_PREFIXES = frozenset(
    f"10.{number}"
    for number in (
        # Preprints and data: bioRxiv and medRxiv, Zenodo, arXiv, OSF, ChemRxiv, SSRN, figshare, …
        *("1101", "64898", "5281", "48550", "31219", "31234", "26434", "2139", "6084", "5061"),
        *("20944", "21203", "36227", "57967", "7910", "12688", "22541", "31223"),
        # Publishers and societies
        *("1038", "1016", "1007", "1145", "1109", "1093", "1126", "1073", "1371", "3390", "3389"),
        *("1186", "1002", "1111", "1080", "1177", "1021", "1103", "18653", "24963", "1609"),
        *("1056", "1001", "2196", "7717", "21105", "1017", "1097", "1136", "1049", "1088"),
    )
)
"""Prefixes of large registrants, whose agency need not be looked up."""

_VALID = re.compile(r"10(?:\.\d{4,9}(?:\.\d+)*)?/\S+")
_RESOLVER = re.compile(
    r"(?:https?:/*)?(?:(?:www\.|dx\.)?doi\.org|hdl\.handle\.net)/+(?:doi:)?", re.IGNORECASE
)
_TRAILING = ".,;:!?'\"*_`|…。，、；：）」』】>"
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_PAGE = re.compile(
    r"(?:v\d{1,2})?(?:\.(?:full|abstract|supplementary-material))?(?:[.-]?(?:full-)?(?:text|pdf))?$"
    r"|/(?:full|abstract|abs|pdf|epdf|meta|html|fulltext)$"
)


def strip_resolver(name: str) -> str:
    """Return a DOI without the URL of a resolver in front of it."""
    while match := _RESOLVER.match(name):
        name = name[match.end() :]
    return name


def repair_doi(doi: str) -> str:
    """Return a DOI without what only a mistake adds: a second resolver, punctuation at the end.

    A valid DOI is returned unchanged.
    """
    name = strip_resolver(doi).translate(_DASHES)
    while name:
        last = name[-1]
        unbalanced = any(
            last == close and name.count(close) > name.count(open_) for open_, close in _PAIRS
        )
        if last not in _TRAILING and not unbalanced:
            break
        name = name[:-1].rstrip()
    return name


def is_malformed(doi: str) -> bool:
    """Return whether a name is not a DOI as it is written."""
    return _VALID.fullmatch(doi) is None or repair_doi(doi) != doi


def repairs_of(doi: str) -> tuple[str, ...]:
    """Return the DOIs that were probably meant, nearest first; without the name itself.

    The last one is cut where the URL of a page continues (``v2.full.pdf``, ``/abstract``).
    """
    repaired = repair_doi(doi)
    page_cut = _PAGE.sub("", repaired, count=1)
    candidates = dict.fromkeys((repaired, page_cut))
    return tuple(c for c in candidates if c != doi and _VALID.fullmatch(c))
