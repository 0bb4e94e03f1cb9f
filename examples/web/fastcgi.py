"""Asking a FastCGI server, such as PHP's, as a client (FastCGI Specification 1.0).

A request is a stream of records: its parameters, then its body. So is what comes back: output and
complaints, in any order, and an end. Each request has a connection of its own. The server may
answer before it has read everything, so that sending and receiving take turns.
"""

import select
import socket
import time
from collections.abc import Iterator, Mapping

_HEADER = 8  # bytes: version, kind, request (2), size (2), padding, nothing
_BEGIN, _END, _PARAMS, _STDIN, _STDOUT, _STDERR = 1, 3, 4, 5, 6, 7
_RESPONDER = b"\0\1\0\0\0\0\0\0"
_MOST = 0xFFFF  # bytes of a record's content
_SHORT = 0x80  # lengths from here on take four bytes
_CHUNK = 64 * 1024


class FastCgiError(Exception):
    """The server can't be reached, or what it says is no FastCGI."""


def encode(parameters: Mapping[bytes, bytes], body: bytes) -> bytes:
    """A whole request."""
    pairs = b"".join(
        _length(name) + _length(value) + name + value for name, value in parameters.items()
    )
    records = [_record(_BEGIN, _RESPONDER), *_stream(_PARAMS, pairs), *_stream(_STDIN, body)]
    return b"".join(records)


class Output:
    """What comes back: `text` and `complaints`, of at most `most` bytes together."""

    def __init__(self, most: int) -> None:
        self.text = bytearray()
        self.complaints = bytearray()
        self._most = most
        self._buffer = bytearray()

    def feed(self, data: bytes) -> bool:
        """Add bytes; whether this is the end. FastCgiError if they make no sense, or too much."""
        self._buffer += data
        while len(self._buffer) >= _HEADER:
            size = int.from_bytes(self._buffer[4:6])
            whole = _HEADER + size + self._buffer[6]
            if self._buffer[0] != 1:
                raise FastCgiError("not FastCGI")
            if len(self._buffer) < whole:
                break
            kind, content = self._buffer[1], bytes(self._buffer[_HEADER : _HEADER + size])
            del self._buffer[:whole]
            if self._take(kind, content):
                return True
        return False

    def _take(self, kind: int, content: bytes) -> bool:
        if kind == _END:
            if content[4:5] != b"\0":
                raise FastCgiError("the server refuses the request")
            return True
        if kind == _STDOUT:
            self.text += content
        elif kind == _STDERR:
            self.complaints += content
        if len(self.text) + len(self.complaints) > self._most:
            raise FastCgiError("the answer is too long")
        return False


def ask(address: str, request: bytes, output: Output, timeout: float) -> None:
    """Send a request to `host:port` or to the path of a socket, and read the answer.

    FastCgiError; TimeoutError if it takes longer than so many seconds.
    """
    deadline = time.monotonic() + timeout
    try:
        with _connect(address, timeout) as server:
            _exchange(server, memoryview(request), output, deadline)
    except TimeoutError:
        raise
    except OSError as error:
        raise FastCgiError(f"{address}: {error.strerror or error}") from error


def _connect(address: str, timeout: float) -> socket.socket:
    host, _, port = address.rpartition(":")
    if "/" in address or not port.isdecimal():
        server = socket.socket(socket.AF_UNIX)
        try:
            server.settimeout(timeout)
            server.connect(address)
        except BaseException:
            server.close()
            raise
    else:
        server = socket.create_connection((host, int(port)), timeout)
    server.setblocking(False)  # noqa: FBT003 - the library's own
    return server


def _exchange(server: socket.socket, unsent: memoryview, output: Output, deadline: float) -> None:
    poll = select.poll()
    while True:
        poll.register(server, select.POLLIN | (select.POLLOUT if unsent else 0))
        left = deadline - time.monotonic()
        events = poll.poll(left * 1000) if left > 0 else []
        if not events:
            raise TimeoutError
        if unsent and events[0][1] & select.POLLOUT:
            unsent = unsent[server.send(unsent) :]
        if events[0][1] & ~select.POLLOUT:
            data = server.recv(_CHUNK)
            if not data:
                raise FastCgiError("the server has gone before its end")
            if output.feed(data):
                return


def _length(text: bytes) -> bytes:
    size = len(text)
    return bytes([size]) if size < _SHORT else (size | 1 << 31).to_bytes(4)


def _stream(kind: int, data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), _MOST):
        yield _record(kind, data[start : start + _MOST])
    yield _record(kind, b"")


def _record(kind: int, content: bytes) -> bytes:
    return bytes([1, kind, 0, 1]) + len(content).to_bytes(2) + b"\0\0" + content
