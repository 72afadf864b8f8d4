"""The ids that GitHub gives to headings."""

import re
from unicodedata import category

_KEPT = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"))
_CIRCLED = re.compile(
    "[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]"
)
"""The symbols that Unicode counts as alphabetic: letters in circles and squares."""


def slugify_heading(text: str) -> str:
    """Return the id of a heading with this text, before repeats are numbered.

    Lower-cased; spaces become hyphens; of the rest only alphabetic characters, marks, decimal
    digits, connector punctuation (``_``) and hyphens stay. Markup must be gone from the text
    already, white space must not: each space counts.
    """
    return "".join(filter(_is_kept, text.lower())).replace(" ", "-")


def _is_kept(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in " -_"
    return category(character) in _KEPT or _CIRCLED.match(character) is not None


class Slugger:
    """Gives the headings of one document their ids, in order: repeats get ``-1``, ``-2``, …."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def slug(self, text: str) -> str:
        """Return the id of the next heading."""
        base = slug = slugify_heading(text)
        while slug in self._counts:
            self._counts[base] += 1
            slug = f"{base}-{self._counts[base]}"
        self._counts[slug] = 0
        return slug
