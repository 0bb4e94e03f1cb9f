"""Bytes in, requests out: the codec's reading half.

A request is read when it is there: first its line, then its whole head, then its body. Every
decision depends on bytes from the request's start up to some place in it, never on where the
pieces were cut, so that the same bytes always give the same requests.
"""

import re

from flux.nodes.http.framing import Body, FixedBody, frame_body
from flux.nodes.http.head import Head, check_request_line, parse_head
from flux.nodes.http.message import HttpError, Limits, Request

_FIRST_OF_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]")
_END_OF_HEAD = re.compile(rb"\n\r?\n")
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_REST_OF_LINE = 64  # bytes for method and version, beside the target


class RequestParser:
    """Reads requests, one after another, from bytes in pieces of any size."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._buffer = bytearray()
        self._searched = 0  # where the search for the end of the head goes on
        self._line_checked = False
        self._head: Head | None = None
        self._body: Body = FixedBody(0)
        self._content = bytearray()  # what has come of the body
        self._awaits_leave = False
        self._is_over = False

    def feed(self, data: bytes | bytearray = b"") -> Request | None:
        """Add bytes; the next request once it is whole. HttpError if it can't become one.

        After an HttpError nothing more can be read: where the next request begins isn't known. Nor
        after a request whose body is left: what comes of it is the `rest`.
        """
        head = self.feed_head(data)
        if head is None:
            return None
        if self._left():
            return self._finish(head)
        self._content += self._body.take(self._buffer)
        return self._finish(head) if self._body.is_over else None

    def feed_head(self, data: bytes | bytearray = b"") -> Head | None:
        """Add bytes; the next request's head once it is whole. HttpError as for `feed`."""
        self._buffer += data
        if self._head is None and not self._is_over:
            self._head = self._take_head()
        return self._head

    def start(self, head: Head) -> tuple[Request, Body, bytes]:
        """A request without its body, what takes this out of the `rest`, and the leave to send it.

        The leave is empty if the client doesn't wait for one.
        """
        return self._finish(head), self._body, CONTINUE if self._awaits_leave else b""

    def continuation(self) -> bytes:
        """What to send before more can come: once, if the client waits for leave to go on."""
        if self._head is None or not self._awaits_leave:
            return b""
        self._awaits_leave = False
        return CONTINUE

    def rest(self) -> bytes:
        """Take out the bytes that came after the last request."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def _take_head(self) -> Head | None:
        """The head, once it is whole; its body is then framed."""
        buffer = self._buffer
        if not self._line_checked and not self._check_line():
            return None
        end = _END_OF_HEAD.search(buffer, self._searched)
        size = end.end() if end else len(buffer)
        if size > self._limits.headers:
            raise HttpError(431)
        if end is None:
            self._searched = max(0, len(buffer) - 2)
            return None
        head = parse_head(bytes(buffer[:size]), self._limits)
        del buffer[:size]
        self._body = frame_body(head, self._limits)
        self._awaits_leave = _expects_continue(head) and not buffer
        return head

    def _check_line(self) -> bool:
        """Check the first line, or what is there of it; whether it is whole."""
        buffer = self._buffer
        if bytes(buffer[:3]) in {b"", b"\r", b"\r\n"}:
            return False
        if buffer.startswith(b"\r\n"):  # old clients end a body with an empty line too many
            del buffer[:2]
        if not _FIRST_OF_METHOD.match(buffer):
            raise HttpError(400, "this is not HTTP")
        end = buffer.find(b"\n") + 1
        if (end or len(buffer)) > self._limits.target + _REST_OF_LINE:
            raise _too_long(buffer)
        if end:
            check_request_line(bytes(buffer[:end]), self._limits)
            self._line_checked = True
            self._searched = end - 1
        return self._line_checked

    def _finish(self, head: Head) -> Request:
        content, left = bytes(self._content), self._left()
        self._content.clear()
        self._head = None
        self._line_checked = False
        self._is_over = left > 0
        return Request(
            head.method,
            head.target,
            head.path,
            head.query,
            head.version,
            head.headers,
            content,
            _keeps_alive(head) and not left,
            left,
            self._is_over and self._awaits_leave,
        )

    def _left(self) -> int:
        """How many bytes the body has, if it is one that others read."""
        length = self._body.missing if isinstance(self._body, FixedBody) else 0
        return length if length > self._limits.body else 0


def _too_long(line: bytearray) -> HttpError:
    """What to say of a first line that is too long: is it for its target, or for its method?"""
    return HttpError(414) if b" " in line[:_REST_OF_LINE] else HttpError(501, "unknown method")


def _expects_continue(head: Head) -> bool:
    expectation = head.headers.get("expect")
    if expectation is None or head.version == "1.0":
        return False
    if expectation.lower() != "100-continue":
        raise HttpError(417)
    return True


def _keeps_alive(head: Head) -> bool:
    listed = head.headers.get("connection", "").lower().split(",")
    options = {option.strip(" \t") for option in listed}
    return "close" not in options and (head.version == "1.1" or "keep-alive" in options)
