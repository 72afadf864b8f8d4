"""Read a response body up to a limit, decoded, whatever its sender sends."""

import zlib

MAX_OVERHEAD = 65_536
"""Encoded bytes read beyond the limit on decoded ones, for framing."""


class BodyReader:
    """Decodes the chunks of a body.

    ``limit`` caps the decoded bytes (a few kilobytes of gzip can hold gigabytes: inflating stops
    there); reading also stops after ``stop_after``, a lower-case byte string.
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
            self.broken = True  # an encoding that the request did not offer

    @property
    def content(self) -> bytes:
        """The decoded bytes so far."""
        return bytes(self._content)

    def feed(self, chunk: bytes) -> bool:
        """Decode a chunk; return whether to go on reading."""
        self._raw += len(chunk)
        if self.broken:
            return False
        remaining = self._limit - len(self._content)
        decoded = self._decode(chunk, remaining + 1)
        old_length = len(self._content)
        if len(decoded) > remaining:
            self.truncated = True
            decoded = decoded[:remaining]
        self._content += decoded
        if self._stop is not None and self._is_stop_found(old_length):
            self.truncated = True
            return False
        if self._raw > 2 * self._limit + MAX_OVERHEAD:
            self.truncated = True
        return not (self.truncated or self.broken)

    def finish(self) -> None:
        """End the body: a compressed one must be complete now."""
        if self._inflate is not None and self._raw and not self._inflate.eof:
            self.broken = self.broken or not self.truncated

    def _decode(self, chunk: bytes, remaining: int) -> bytes:
        if self._inflate is None:
            return chunk
        if self._inflate.eof:
            return b""
        try:
            return self._inflate.decompress(chunk, remaining)
        except zlib.error:
            if self._raw == len(chunk):
                raw = zlib.decompressobj(-zlib.MAX_WBITS)
                try:
                    decoded = raw.decompress(chunk, remaining)
                except zlib.error:
                    decoded = b""
                if decoded:
                    self._inflate = raw
                    return decoded
            self.broken = True
            return b""

    def _is_stop_found(self, old_length: int) -> bool:
        stop = self._stop or b""
        # With an overlap: the string may lie across two chunks.
        start = max(old_length - len(stop) + 1, 0)
        return stop in bytes(self._content[start:]).lower()
