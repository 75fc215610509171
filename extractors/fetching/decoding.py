"""Undoes content encodings within bounds: never more bytes than the cap, never half a body taken for a whole.

Only gzip and deflate are asked for, so only these are undone. Servers label carelessly: what says gzip and
is not, is taken as it is; what is gzip and does not say so, is unpacked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from isal import isal_zlib

ACCEPTED = "gzip, deflate"
"""What to send as Accept-Encoding."""

GZIP_MAGIC = b"\x1f\x8b"
MOST_LAYERS = 2
"""gzip in gzip happens by mistake; more layers only in attacks."""

# Charsets and transfer words that servers send here by mistake; they change nothing.
_HARMLESS = {"", "identity", "none", "utf-8", "utf8", "binary", "8bit", "7bit", "iso-8859-1", "text", "plain"}
_GZIP = {"gzip", "x-gzip", "gz"}
_DEFLATE = {"deflate", "x-deflate"}


class DecodingError(Exception):
    """The body is not what its Content-Encoding says, or is encoded in a way nobody asked for."""


class TruncatedError(Exception):
    """The body ends before its compressed stream does."""


class TooLargeError(Exception):
    """The decoded body is larger than the cap."""


class BodyDecoder:
    """Takes a body as it arrives and holds at most `cap` bytes of it decoded."""

    def __init__(self, encodings: Iterable[str], cap: int, *, cut: bool = False) -> None:
        """`encodings`: values of Content-Encoding, in order. `cut`: keep the start of a too large body.

        Raises DecodingError for an encoding that cannot be undone.
        """
        self._cap = cap
        self._cut = cut
        self._body = bytearray()
        self._received = 0
        self._layers = _layers(encodings)
        self.full = False
        """True once a cut body reached the cap: the rest need not be read."""

    def __len__(self) -> int:
        return len(self._body)

    def feed(self, chunk: bytes) -> None:
        """Raises TooLargeError as soon as the cap is passed, DecodingError for a broken stream."""
        self._received += len(chunk)
        if self._received > 2 * self._cap:  # padding after the stream: it never ends and decodes to nothing
            raise TooLargeError
        for layer in self._layers:
            chunk = layer.undo(chunk, self._cap + 1)
        self._keep(chunk)

    def finish(self) -> bytes:
        """The decoded body. Raises TruncatedError when a compressed stream did not come to its end."""
        rest = b""
        for layer in self._layers:
            rest = layer.finish(rest, self._cap + 1, must_end=not self.full)
        self._keep(rest)
        return bytes(self._body)

    def _keep(self, chunk: bytes) -> None:
        room = self._cap - len(self._body)
        if len(chunk) > room:
            if not self._cut:
                raise TooLargeError
            self.full = True
            chunk = chunk[:room]
        self._body += chunk


class _Layer:
    """One compressed stream, recognised by its first bytes rather than by its label."""

    def __init__(self, *, label: str) -> None:
        self._label = label
        self._first = b""
        self._stream: Any = None
        self._plain = False

    def undo(self, data: bytes, most: int) -> bytes:
        """The bytes that `data` adds, at most `most`; more is the caller's to refuse."""
        if self._plain:
            return data
        if self._stream is None:
            self._first += data
            if len(self._first) < 2:
                return b""
            data, self._first = self._first, b""
            wbits = self._recognise(data)
            if wbits is None:
                self._plain = True
                return data
            self._stream = isal_zlib.decompressobj(wbits)
        return self._inflate(self._stream, data, most)

    def finish(self, rest: bytes, most: int, *, must_end: bool) -> bytes:
        """What was still held back, after the layer below gave its `rest`."""
        out = self.undo(rest, most) if rest else b""
        if self._stream is not None and not self._stream.eof and must_end:
            raise TruncatedError
        return out + self._first

    def _recognise(self, data: bytes) -> int | None:
        if data[:2] == GZIP_MAGIC:
            return 31
        if self._label != "deflate":
            return None
        # RFC 1950 §2.2: a zlib header is a multiple of 31. Some servers send the raw stream instead.
        zlib_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
        return 15 if zlib_header else -15

    def _inflate(self, stream: Any, data: bytes, most: int) -> bytes:
        out = bytearray()
        try:
            while data and len(out) < most:
                out += stream.decompress(data, most - len(out))
                data = stream.unconsumed_tail
                if stream.eof:
                    data = stream.unused_data
                    # RFC 1952 §2.2: members may follow each other. Anything else is padding.
                    if data[:2] != GZIP_MAGIC:
                        break
                    stream = self._stream = isal_zlib.decompressobj(31)
        except isal_zlib.error as error:  # type: ignore[misc]  # its stub says it is an instance
            raise DecodingError(f"its {self._label or 'gzip'} stream is broken ({error})") from error
        return bytes(out)


def _layers(encodings: Iterable[str]) -> list[_Layer]:
    tokens = [token.strip().lower() for value in encodings for token in value.split(",")]
    labels = []
    for token in reversed(tokens):
        if token in _GZIP:
            labels.append("gzip")
        elif token in _DEFLATE:
            labels.append("deflate")
        elif token not in _HARMLESS:
            raise DecodingError(f"its encoding is '{token[:40]}'; only {ACCEPTED} were asked for")
    if len(labels) > MOST_LAYERS:
        raise DecodingError(f"it is encoded {len(labels)} times over")
    return [_Layer(label=label) for label in labels] or [_Layer(label="")]
