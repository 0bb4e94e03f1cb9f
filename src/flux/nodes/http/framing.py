"""Where the body of a request ends (RFC 9112, 6.3).

Both a length and a transfer coding, two lengths, or a length that is no plain number: each is an
attempt to make two servers disagree, and refused. The only transfer coding is `chunked`. Some of
this httptools refuses as well, depending on its version; nothing here relies on that.
"""

import re

from flux.nodes.http.head import Head
from flux.nodes.http.message import Headers, HttpError, Limits

_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[\t -~\x80-\xff]*)?")
_TRAILER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*")
_LONGEST_LENGTH = 18  # digits behind zeros: more than any body, fewer than int() refuses


class FixedBody:
    """A body whose length is known before it comes."""

    def __init__(self, length: int) -> None:
        self.missing = length  # bytes

    @property
    def is_over(self) -> bool:
        """Whether all of it has been taken."""
        return not self.missing

    def take(self, buffer: bytearray) -> bytes:
        """Take what has come of the body out of the buffer."""
        part = bytes(buffer[: self.missing])
        del buffer[: len(part)]
        self.missing -= len(part)
        return part


class ChunkedBody:
    """A body in chunks, each after a line with its size; trailers are checked and dropped.

    Extensions and trailers together count against the limit of the headers: else a client could
    make the server read for ever with chunks of one byte.
    """

    def __init__(self, limits: Limits) -> None:
        self.is_over = False
        self._limits = limits
        self._body = bytearray()
        self._size = 0  # bytes of all chunks so far
        self._missing = 0  # bytes of the present chunk, its line end included
        self._extra = 0  # bytes that are not the body's
        self._in_trailers = False

    def take(self, buffer: bytearray) -> bytes:
        """Take what has come out of the buffer; what of it is the body's."""
        while not self.is_over and self._take_one(buffer):
            pass
        part = bytes(self._body)
        self._body.clear()
        return part

    def _take_one(self, buffer: bytearray) -> bool:
        """Take a chunk or a line; whether it was there."""
        if self._missing:
            return self._take_chunk(buffer)
        line = self._take_line(buffer)
        if line is None:
            return False
        if self._in_trailers and not line:
            self.is_over = True
        else:
            self._read_line(line)
        return True

    def _take_chunk(self, buffer: bytearray) -> bool:
        """Take the present chunk's bytes; whether it is whole."""
        content = buffer[: max(0, self._missing - 2)]
        self._body += content
        self._missing -= len(content)
        del buffer[: len(content)]
        if len(buffer) < self._missing:  # at most CR LF is missing, or nothing has come
            return False
        if not buffer.startswith(b"\r\n"):
            raise HttpError(400, "a chunk must end with CR LF")
        del buffer[:2]
        self._missing = 0
        return True

    def _take_line(self, buffer: bytearray) -> bytes | None:
        """Take a line without its end, if it is there."""
        end = buffer.find(b"\n")
        size = len(buffer) if end < 0 else end
        if self._extra + size > self._limits.headers:
            raise HttpError(431, "too much between the chunks")
        if end < 0:
            return None
        line = bytes(buffer[: end + 1])
        del buffer[: end + 1]
        if not line.endswith(b"\r\n"):
            raise HttpError(400, "a line must end with CR LF")
        return line[:-2]

    def _read_line(self, line: bytes) -> None:
        if self._in_trailers:
            self._extra += len(line)
            if not _TRAILER.fullmatch(line):
                raise HttpError(400, "malformed trailer")
            return
        match = _SIZE_LINE.fullmatch(line)
        if match is None:
            raise HttpError(400, "malformed chunk size")
        size = int(match[1], 16)
        self._size += size
        if self._size > self._limits.body:
            raise _beyond(self._size, self._limits)
        self._extra += len(line) - len(match[1])
        self._in_trailers = size == 0
        self._missing = size + 2 if size else 0


def _beyond(size: int, limits: Limits) -> HttpError:
    """What is wrong with chunks that would be left to be read, were their length told."""
    if size > limits.streamed:
        return HttpError(413)
    return HttpError(411, f"a body of more than {limits.body} bytes needs a Content-Length")


Body = FixedBody | ChunkedBody


def frame_body(head: Head, limits: Limits) -> Body:
    """How the body of this request is to be read."""
    lengths = head.headers.all("content-length")
    if "transfer-encoding" in head.headers:
        if lengths or head.version == "1.0":
            raise HttpError(400, "ambiguous length")
        _check_coding(head.headers)
        return ChunkedBody(limits)
    if not lengths:
        return FixedBody(0)
    if len(lengths) > 1 or not re.fullmatch("[0-9]+", lengths[0]):
        raise HttpError(400, "malformed Content-Length")
    digits = lengths[0].lstrip("0") or "0"
    if len(digits) > _LONGEST_LENGTH or int(digits) > max(limits.body, limits.streamed):
        raise HttpError(413)
    return FixedBody(int(digits))


def _check_coding(headers: Headers) -> None:
    codings = [coding.strip(" \t").lower() for coding in headers["transfer-encoding"].split(",")]
    if "" in codings or "chunked" in codings[:-1] or codings[-1] != "chunked":
        raise HttpError(400, "malformed Transfer-Encoding")
    if len(codings) > 1:
        raise HttpError(501, "unknown transfer coding")
