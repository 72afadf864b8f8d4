"""UTF-8 text that was once read in a Windows code page: recognized, and turned back.

Bytes that have no character in the code page are usually lost on the way; what they were part of
cannot be restored and comes as U+FFFD.
"""

import re
from functools import cache

CODE_PAGES = ("cp1252", "cp1254")
_RUN = re.compile("[\u0080-\u02ff\u2013-\u203a\u20ac\u2122\u0152-\u0192\ufffd]{2,}")
_FEWEST = 5
"""Runs of strange characters below which nothing is concluded."""


def is_mojibake(text: str) -> bool:
    """Say whether most of a text's unusual characters are UTF-8 read in a wrong code page."""
    runs = _RUN.findall(text[:200_000])
    if len(runs) < _FEWEST:
        return False
    repaired = [_repair_run(run, "cp1252") for run in runs[:500]]
    good = sum(1 for run in repaired if any(ord(char) > 0x2E00 for char in run))
    return good > len(repaired) / 2


def repair_text(text: str) -> tuple[str, int]:
    """Return the text as it was, and how many characters could not be restored.

    Lines stay lines; ASCII and what is no mojibake stay as they are.
    """
    page = min(CODE_PAGES, key=lambda name: _losses(text, name))
    mended = _RUN.sub(lambda match: _repair_run(match.group(), page), text)
    return mended, mended.count("\ufffd") - text.count("\ufffd")


def _losses(text: str, page: str) -> int:
    return sum(_repair_run(run, page).count("\ufffd") for run in _RUN.findall(text[:200_000]))


@cache
def _bytes_of(page: str) -> dict[str, int]:
    table = {}
    for value in range(0x80, 0x100):
        try:
            table[bytes([value]).decode(page)] = value
        except UnicodeDecodeError:
            table[chr(value)] = value
    return {**{chr(value): value for value in range(0x80, 0xA0)}, **table}


def _repair_run(run: str, page: str) -> str:
    table = _bytes_of(page)
    known = [table.get(char) for char in run]
    if None in known:
        return run
    data = bytes(value for value in known if value is not None)
    if not any(0xC2 <= value < 0xF5 for value in data):
        return run
    mended = data.decode("utf-8", errors="replace")
    return mended if any(char != "\ufffd" for char in mended) else run
