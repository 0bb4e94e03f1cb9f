"""Asking a FastCGI server, such as PHP's, as a client (FastCGI Specification 1.0).

A request is a stream of records: its parameters, then its body. So is what comes back: output and
complaints, in any order, and an end. There is one request on a connection at a time.
"""

from collections.abc import Iterator, Mapping

from runner import ScriptError, ScriptTooSlow

_HEADER = 8  # bytes: version, kind, request (2), size (2), padding, nothing
_BEGIN, _END, _PARAMS, _STDIN, _STDOUT, _STDERR = 1, 3, 4, 5, 6, 7
_RESPONDER = b"\0\1\1\0\0\0\0\0"  # that keeps its connection
_MOST = 0xFFFF  # bytes of a record's content
_SHORT = 0x80  # lengths from here on take four bytes
_MOST_COMPLAINTS = 64 * 1024  # bytes; what is above that is dropped


class FastCgiError(ScriptError):
    """The server can't be reached, or what it says is no FastCGI."""


class SlowError(FastCgiError, ScriptTooSlow):
    """It took too long."""


class BrokenOffError(FastCgiError):
    """The connection is no more."""


def encode(parameters: Mapping[bytes, bytes], body: bytes) -> bytes:
    """A whole request."""
    return b"".join([begin(parameters), *_stream(_STDIN, body)])


def begin(parameters: Mapping[bytes, bytes]) -> bytes:
    """A request without its body."""
    pairs = b"".join(
        _length(name) + _length(value) + name + value for name, value in parameters.items()
    )
    return b"".join([_record(_BEGIN, _RESPONDER), *_stream(_PARAMS, pairs)])


def part_of_body(data: bytes) -> bytes:
    """At most 65,535 bytes of a body, or its end: none."""
    return _record(_STDIN, data)


class Output:
    """What comes back of a request; `is_over` once its end has come."""

    def __init__(self) -> None:
        self.is_over = False
        self.complaints = bytearray()
        self._text = bytearray()
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Add bytes; FastCgiError if they make no sense."""
        self._buffer += data
        while len(self._buffer) >= _HEADER and not self.is_over:
            size = int.from_bytes(self._buffer[4:6])
            whole = _HEADER + size + self._buffer[6]
            if self._buffer[0] != 1:
                raise FastCgiError("not FastCGI")
            if len(self._buffer) < whole:
                return
            kind, content = self._buffer[1], bytes(self._buffer[_HEADER : _HEADER + size])
            del self._buffer[:whole]
            self._take(kind, content)

    def take(self) -> bytes:
        """The text that has come since the last call."""
        text = bytes(self._text)
        self._text.clear()
        return text

    @property
    def is_clean(self) -> bool:
        """Whether the end has come, and nothing behind it."""
        return self.is_over and not self._buffer

    def _take(self, kind: int, content: bytes) -> None:
        if kind == _END:
            if content[4:5] != b"\0":
                raise FastCgiError("the server refuses the request")
            self.is_over = True
        elif kind == _STDOUT:
            self._text += content
        elif kind == _STDERR:
            self.complaints += content[: _MOST_COMPLAINTS - len(self.complaints)]


def _length(text: bytes) -> bytes:
    size = len(text)
    return bytes([size]) if size < _SHORT else (size | 1 << 31).to_bytes(4)


def _stream(kind: int, data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _MOST):
        yield _record(kind, data[start : start + _MOST])
    yield _record(kind, b"")


def _record(kind: int, content: bytes) -> bytes:
    return bytes([1, kind, 0, 1]) + len(content).to_bytes(2) + b"\0\0" + content
