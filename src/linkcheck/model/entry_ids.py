"""Ids made from names."""

import re
import unicodedata
from collections.abc import Container

_OTHER = re.compile(r"[\W_]+")


def slugify(name: str) -> str:
    """Return a name as an id: lower case, words joined by hyphens, letters of any script kept.

    A name without a letter or digit gives ``entry``.
    """
    folded = name.lower() if name.isascii() else unicodedata.normalize("NFKC", name).casefold()
    slug = _OTHER.sub("-", folded).strip("-") or "entry"
    return name if slug == name else slug  # one string of two equal ones is kept


def unique_id(base: str, taken: Container[str]) -> str:
    """Return ``wanted``, or with the first free number behind it if it is already taken."""
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
