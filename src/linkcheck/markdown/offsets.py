"""Byte offsets of UTF-8 text as character offsets, in constant time each."""

from collections.abc import Callable

_STRIDE = 256
_IS_START = bytes(0 if 0x80 <= byte < 0xC0 else 1 for byte in range(256))


def char_offsets(text: str) -> Callable[[int], int]:
    """Return a function from a byte offset in ``text.encode()`` to the offset of its character.

    Building it takes linear time; a call looks at no more than 256 bytes. ``text`` must be
    encodable (no lone surrogates).
    """
    if text.isascii():
        return int
    starts = text.encode().translate(_IS_START)
    counts = [0]
    total = 0
    for at in range(0, len(starts), _STRIDE):
        total += starts.count(1, at, at + _STRIDE)
        counts.append(total)

    def convert(offset: int) -> int:
        block = offset // _STRIDE
        return counts[block] + starts.count(1, block * _STRIDE, offset)

    return convert
