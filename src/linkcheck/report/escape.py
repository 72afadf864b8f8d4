"""Outside text made safe to show, for each medium its own way."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


def plain(text: str) -> str:
    r"""Return one line of visible text.

    Control characters (terminal escapes among them) become ``\xNN`` notations, bidirectional
    overrides, zero-width and tag characters ``<U+NNNN>``, and line breaks and tabs spaces.
    """
    text = text.replace("\r\n", " ").replace("\n", " ").replace("\t", " ")
    text = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    return _INVISIBLE.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)
