"""Restore UTF-8 text that was decoded in a Windows code page (mojibake)."""

import re

import ftfy
from ftfy.badness import is_bad

_CODE_PAGES = ("sloppy-windows-1252", "sloppy-windows-1254")
"""ftfy's code pages in which every byte has a character; U+FFFD is the byte 0x1A."""
_RUN = re.compile("[\u0080-\u2122\ufffd]{2,}")
"""Characters that bytes above 0x7F have in a code page; the last of them is U+2122."""


def restore_encoding(text: str) -> str:
    """Return a text with its mojibake decoded as UTF-8; what lost a byte becomes U+FFFD.

    Nothing but the encoding is changed, and every line stays a line.
    """
    return "\n".join(map(_restore_line, text.split("\n")))


def _restore_line(line: str) -> str:
    line = ftfy.fix_encoding(line)
    if not is_bad(line):
        return line
    # Where bytes without a character were dropped, ftfy leaves the sequences next to them too.
    return min((_decode_runs(line, page) for page in _CODE_PAGES), key=len)


def _decode_runs(line: str, page: str) -> str:
    def decode(match: re.Match[str]) -> str:
        run = match[0]
        try:
            decoded = run.encode(page).decode("utf-8", errors="replace").replace("\x1a", "\ufffd")
        except UnicodeEncodeError:
            return run
        return decoded if decoded.strip("\ufffd") else run

    return _RUN.sub(decode, line)
