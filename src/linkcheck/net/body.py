"""Reading a body no further than wanted, whatever its sender has in mind."""

import zlib

MAX_OVERHEAD = 65_536
"""Encoded bytes taken beyond the limit on decoded ones: framing, and no more than that."""


class BodyReader:
    """Takes the raw chunks of a body and keeps what is wanted of the decoded text.

    ``limit`` caps the decoded bytes (a few kilobytes of gzip can hold gigabytes: inflating stops
    there), ``stop_after`` is a lower-case byte string behind which nothing is of interest.
    """

    __slots__ = ("_content", "_inflate", "_limit", "_raw", "_stop", "broken", "truncated")

    def __init__(self, encoding: str, limit: int, stop_after: bytes | None = None) -> None:
        self._content = bytearray()
        self._limit = limit
        self._stop = stop_after
        self._raw = 0
        self.truncated = False
        self.broken = False
        self._inflate = None
        encoding = encoding.strip().lower()
        if encoding in {"gzip", "x-gzip", "deflate"}:
            # 32 + MAX_WBITS: gzip or zlib by its header. Raw deflate, which some servers send
            # under the same name, is tried when that fails.
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)
        elif encoding not in {"", "identity"}:
            self.broken = True  # an encoding that was not offered: nothing here can read it

    @property
    def content(self) -> bytes:
        """The decoded bytes so far."""
        return bytes(self._content)

    def feed(self, chunk: bytes) -> bool:
        """Take a chunk; return whether to go on reading."""
        self._raw += len(chunk)
        if self.broken:
            return False
        room = self._limit - len(self._content)
        decoded = self._decode(chunk, room + 1)
        before = len(self._content)
        if len(decoded) > room:
            self.truncated = True
            decoded = decoded[:room]
        self._content += decoded
        if self._stop is not None and self._is_stop_found(before):
            self.truncated = True
            return False
        if self._raw > 2 * self._limit + MAX_OVERHEAD:
            self.truncated = True
        return not (self.truncated or self.broken)

    def finish(self) -> None:
        """Say that the sender is done: a compressed body must be complete now."""
        if self._inflate is not None and self._raw and not self._inflate.eof:
            self.broken = self.broken or not self.truncated

    def _decode(self, chunk: bytes, room: int) -> bytes:
        if self._inflate is None:
            return chunk
        if self._inflate.eof:
            return b""
        try:
            return self._inflate.decompress(chunk, room)
        except zlib.error:
            if self._raw == len(chunk):
                raw = zlib.decompressobj(-zlib.MAX_WBITS)
                try:
                    decoded = raw.decompress(chunk, room)
                except zlib.error:
                    decoded = b""
                if decoded:
                    self._inflate = raw
                    return decoded
            self.broken = True
            return b""

    def _is_stop_found(self, before: int) -> bool:
        stop = self._stop or b""
        # A little overlap: the string may lie across two chunks.
        start = max(before - len(stop) + 1, 0)
        return stop in bytes(self._content[start:]).lower()
