"""Events of the Markdown parser, pulldown-cmark (through pyromark), with character offsets."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, cast

_FRONT_MATTER = re.compile(
    r"\A\ufeff?(?P<fence>---|\+\+\+)[ \t]*\r?\n(?=[ \t]*[\w\"'-]+[ \t]*[:=]|(?P=fence)|#)"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_STRIDE = 256
_IS_START = bytes(0 if 0x80 <= byte < 0xC0 else 1 for byte in range(256))

Event = tuple[str, Any, int, int]
"""Name, value (``None`` for events without one), start and end."""


def extract_markdown(text: str) -> tuple[str, int]:
    """Return the Markdown of a file and its offset, after a byte order mark and front matter.

    Surrogates, which the parser refuses, are replaced by U+FFFD.
    """
    start = 1 if text.startswith("\ufeff") else 0
    if match := _FRONT_MATTER.match(text):
        close = re.compile(rf"^{re.escape(match['fence'])}[ \t]*\r?$", re.MULTILINE)
        if end := close.search(text, match.end()):
            start = end.end()
    return _SURROGATES.sub("\ufffd", text[start:]), start


def parse_events(markdown: str, *, offset: int = 0, math: bool = True) -> Iterator[Event]:
    """Yield the parser's events, with GitHub's extensions enabled.

    ``offset`` is added to every place. With ``math``, text between dollar signs is a formula.
    ``markdown`` must not contain surrogates.
    """
    from pyromark import events_with_range

    convert = _char_offsets(markdown)
    for event, span in events_with_range(markdown, options=_options(math=math)):
        start, end = offset + convert(span["start"]), offset + convert(span["end"])
        if isinstance(event, str):
            yield event, None, start, end
        else:
            (name, value), *_ = cast("dict[str, Any]", event).items()
            yield name, value, start, end


def parse_definitions(markdown: str, *, offset: int = 0) -> Iterator[tuple[str, int, int]]:
    """Yield label, start and end of each link reference definition that is in effect."""
    from pyromark import reference_definitions

    convert = _char_offsets(markdown)
    for label, found in reference_definitions(markdown, options=_options(math=True)).items():
        span = found["span"]
        yield label, offset + convert(span["start"]), offset + convert(span["end"])


@cache
def _options(*, math: bool) -> Any:
    from pyromark import Options

    options = (
        Options.ENABLE_TABLES
        | Options.ENABLE_FOOTNOTES
        | Options.ENABLE_STRIKETHROUGH
        | Options.ENABLE_TASKLISTS
        | Options.ENABLE_GFM
    )
    return options | Options.ENABLE_MATH if math else options


def _char_offsets(text: str) -> Callable[[int], int]:
    """Return a function from a byte offset in ``text.encode()`` to the offset of its character.

    Building it takes linear time; a call counts at most 256 bytes.
    """
    if text.isascii():
        return int
    starts = text.encode().translate(_IS_START)
    counts = [0]
    total = 0
    for position in range(0, len(starts), _STRIDE):
        total += starts.count(1, position, position + _STRIDE)
        counts.append(total)

    def convert(offset: int) -> int:
        block = offset // _STRIDE
        return counts[block] + starts.count(1, block * _STRIDE, offset)

    return convert
