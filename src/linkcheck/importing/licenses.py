"""Licenses that a list states without a label: code spans, links to their texts, badges."""

import re

from linkcheck.markdown.list_items import ListItem
from linkcheck.matching.licenses.compare import parse_license
from linkcheck.model.source_text import word_set
from linkcheck.model.url import percent_decode

_STATIC_BADGE = re.compile(r"img\.shields\.io/badge/(?P<text>[^?#]+?)(?:\.svg|\.png)?(?:[?#]|\Z)")
_FIELD_END = re.compile(r"(?<!-)-(?!-)")
_WITHOUT_VERSION = word_set("mit isc unlicense wtfpl zlib gpl lgpl agpl mpl bsd apache cc0")
"""Licenses whose names have no digits; other words ("Python") may be programming languages."""


def find_license(item: ListItem) -> str | None:
    """Return the license of an item, as an SPDX expression; ``None`` for none or several."""
    found = {_parse_name(text) for text in item.code_spans}
    for one in item.links:
        found.add(_parse_badge(one.link.url) if one.link.is_image else _parse_url(one.link.url))
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def _parse_name(text: str) -> str | None:
    words = re.split(r"[^a-z0-9]+", text.casefold())
    if len(text) > 60 or not (_WITHOUT_VERSION.intersection(words) or re.search(r"\d", text)):
        return None
    parsed = parse_license(text)
    return parsed.identifier if parsed else None


def _parse_url(url: str) -> str | None:
    parsed = parse_license(url)
    return parsed.identifier if parsed else None


def _parse_badge(url: str) -> str | None:
    """Return the license of a static badge: ``badge/license-MIT-green``."""
    match = _STATIC_BADGE.search(url)
    if match is None:
        return None
    label, *values = _FIELD_END.split(match["text"])
    if len(values) != 2 or "licen" not in label.casefold():
        return None
    return _parse_name(percent_decode(values[0]).replace("--", "-").replace("_", " "))
