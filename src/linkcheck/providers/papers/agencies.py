"""Which agency registered a DOI's prefix: requests to doi.org and their replies. Pure.

``GET https://doi.org/ra/A,B`` answers with a list of ``{"DOI": …, "RA": "Crossref"}``, or a
``status`` ("DOI does not exist", "Invalid DOI", "Unknown") in place of ``RA``; prefixes alone are
taken as well. All DOIs of a prefix have one agency in practice. Source: DOI Handbook, "DOI
registration agency lookup".
"""

from collections.abc import Iterable, Mapping

from linkcheck.providers.json_fields import as_mapping, as_text, parse_json
from linkcheck.providers.papers.records import Lookup, UnreadableReplyError, batches

CROSSREF, DATACITE = "Crossref", "DataCite"
MAX_PREFIXES = 50


def prefix_of(doi: str) -> str:
    """Return the prefix of a DOI: the part before its first slash."""
    return doi.partition("/")[0]


def lookups(prefixes: Iterable[str], base: str) -> list[Lookup]:
    """Return the requests for prefixes, one for each 50."""
    headers = {"accept": "application/json"}
    return [
        Lookup(f"{base}/ra/{','.join(batch)}", tuple(batch), headers=headers)
        for batch in batches(prefixes, MAX_PREFIXES)
    ]


def read(body: bytes) -> Mapping[str, str | None]:
    """Return the agency by prefix; ``None`` for a prefix that nobody registered.

    Raises :class:`UnreadableReplyError` for anything but the service's own list.
    """
    items = parse_json(body)
    if not isinstance(items, list):
        raise UnreadableReplyError("it is not a list of agencies")
    found: dict[str, str | None] = {}
    for item in map(as_mapping, items):
        prefix, agency = as_text(item.get("DOI")), as_text(item.get("RA"))
        if prefix and (agency or as_text(item.get("status")) == "DOI does not exist"):
            found[prefix_of(prefix)] = agency
    return found
