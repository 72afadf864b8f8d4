"""Licenses that a list states without a label: code spans, links to their texts, badges."""

import re

from linkcheck.importing.drafts import normalize_license
from linkcheck.markdown.list_items import ListItem
from linkcheck.matching.licenses.compare import parse_license
from linkcheck.model.source_text import word_set
from linkcheck.model.url import percent_decode

_STATIC_BADGE = re.compile(r"img\.shields\.io/badge/(?P<text>[^?#]+?)(?:\.svg|\.png)?(?:[?#]|\Z)")
_FIELD_END = re.compile(r"(?<!-)-(?!-)")
_WITHOUT_VERSION = word_set("mit isc unlicense wtfpl zlib gpl lgpl agpl mpl bsd apache cc0")
"""Licenses whose names have no digits; other words ("Python") may be programming languages."""


def find_license(item: ListItem) -> str | None:
    """Return the license of an item in SPDX's spelling; ``None`` for none or several."""
    urls = (one.link for one in item.links)
    names = [*item.code_spans]
    names += [_badge_text(link.url) if link.is_image else link.url for link in urls]
    found: dict[str, str] = {}
    for name in names:
        parsed = parse_license(name) if _may_be_license(name) else None
        if parsed is not None:
            is_url = "://" in name
            found.setdefault(
                parsed.identifier, parsed.identifier if is_url else normalize_license(name) or name
            )
    return next(iter(found.values())) if len(found) == 1 else None


def _may_be_license(text: str) -> bool:
    if "://" in text:
        return True
    words = re.split(r"[^a-z0-9]+", text.casefold())
    return len(text) <= 60 and (
        not _WITHOUT_VERSION.isdisjoint(words) or any(map(str.isdecimal, text))
    )


def _badge_text(url: str) -> str:
    """Return the license of a static badge, ``badge/license-MIT-green``; empty for others."""
    match = _STATIC_BADGE.search(url)
    label, *values = _FIELD_END.split(match["text"]) if match else [""]
    if len(values) != 2 or "licen" not in label.casefold():
        return ""
    return percent_decode(values[0]).replace("--", "-").replace("_", " ")
