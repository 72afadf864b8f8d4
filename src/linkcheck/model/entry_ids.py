"""Make entry ids from names."""

import re
import unicodedata
from collections.abc import Container

_OTHER = re.compile(r"[\W_]+")


def slugify(name: str) -> str:
    """Return an id for a name: lower case, words joined by hyphens, letters of any script kept.

    ``entry`` for a name without a letter or digit.
    """
    folded = name.lower() if name.isascii() else unicodedata.normalize("NFKC", name).casefold()
    slug = _OTHER.sub("-", folded).strip("-") or "entry"
    return name if slug == name else slug  # share one string in memory


def unique_id(base: str, taken: Container[str]) -> str:
    """Return ``base``, with the first free number appended if it is taken."""
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
