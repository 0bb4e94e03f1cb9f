"""An application's answer on its way to the client: `start_response`, `write`, and the iterable.

Nothing is sent before the first bytes of the body, for until then an application may change its
mind (`exc_info`). Then each of its blocks is sent at once, and waits until the client takes it.
Where no length is known the body goes out in chunks, or until the connection's end.
"""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TypeAlias

from flux.nodes.http import BodyStream, Framing, Request
from flux.nodes.tcp import Connection
from flux.nodes.wsgi.head import ApplicationError, Head, read_head

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]
Write = Callable[[bytes], object]

_PIECE = 256 * 1024  # bytes of a large block that a client must take within one time-out
_BODILESS = frozenset({204, 304})


class Answer:
    """An answer; `is_started` once anything of it has gone out, and `is_whole` once all has."""

    def __init__(
        self, client: Connection, request: Request, body: BodyStream | None, *, may_keep: bool
    ) -> None:
        self.is_started = False
        self.is_whole = False
        self.is_unheard = False  # the client takes nothing any more
        self.keep_alive = may_keep and request.keep_alive
        self._client = client
        self._body = body
        self._is_head = request.method == "HEAD"
        self._knows_chunks = request.version != "1.0"
        self._head: Head | None = None
        self._is_begun = False
        self._unsent: bytes = b""  # what the first bytes take along
        self._in_chunks = False
        self._ends_with_connection = False
        self._left: int | None = None  # bytes that may and must still come

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Write:
        """What PEP 3333 gives to applications; ApplicationError, or the exception if it's late."""
        try:
            if exc_info and self._is_begun:
                raise exc_info[1].with_traceback(exc_info[2])
            if not exc_info and self._head is not None:
                raise ApplicationError("start_response is called again, without exc_info")
        finally:
            exc_info = None  # else it would hold this frame, which holds it
        self._head = read_head(status, headers)
        return self.write

    def write(self, data: bytes) -> None:
        """Send bytes ahead of the iterable; ApplicationError, OSError if the client has gone."""
        self._send(data, None)

    def send(self, blocks: Iterable[bytes]) -> None:
        """Send all of an iterable; ApplicationError, OSError if the client has gone."""
        known = _length_of(blocks)
        for data in blocks:
            self._send(data, known)
            if self._is_begun and self._is_mute:
                break
        self._end()

    def break_off(self) -> None:
        """Close the connection so that the client knows that the answer isn't whole.

        Where the connection's end would be that of the body, only a reset tells.
        """
        if self._ends_with_connection:
            self._client.reset()
        else:
            self._client.abort()

    @property
    def _is_mute(self) -> bool:
        """Whether no body goes out, whatever the application gives."""
        return self._is_head or (self._head is not None and self._head.status in _BODILESS)

    def _send(self, data: bytes, known: int | None) -> None:
        if not isinstance(data, bytes):
            raise ApplicationError(f"a body consists of bytes, not of {type(data).__name__}")
        if not data:
            return
        if not self._is_begun:
            self._begin(data, known)
        if self._is_mute:
            return
        allowed = data if self._left is None else data[: self._left]
        for start in range(0, len(allowed), _PIECE):
            self._send_piece(allowed[start : start + _PIECE])
        if len(allowed) < len(data):
            raise ApplicationError("the body is longer than its Content-Length")

    def _begin(self, first: bytes, known: int | None) -> None:
        """Have the head ready; nothing of it can be changed any more."""
        if self._head is None:
            raise ApplicationError("start_response must be called before there is a body")
        self._is_begun = True
        length = self._head.length
        if length is None and not self._is_head:
            length = known
        framing = _framing(length, knows_chunks=self._knows_chunks)
        is_unread = self._body is not None and self._body.awaits_leave
        self.keep_alive = self.keep_alive and framing != "end" and not is_unread
        self._unsent = self._head.encoded(first, length, framing, keep_alive=self.keep_alive)
        if not self._is_mute:
            self._left = length
            self._in_chunks = framing == "chunks"
            self._ends_with_connection = framing == "end"

    def _send_piece(self, piece: bytes) -> None:
        if self._left is not None:
            self._left -= len(piece)
        if self._in_chunks:
            self._transmit(b"%x\r\n" % len(piece), piece, b"\r\n")
        else:
            self._transmit(piece)

    def _end(self) -> None:
        if not self._is_begun:
            self._begin(b"", 0)
        if self._left:
            raise ApplicationError("the body is shorter than its Content-Length")
        if self._in_chunks:
            self._transmit(b"0\r\n\r\n")
        elif self._unsent:
            self._transmit()
        self.is_whole = True

    def _transmit(self, *parts: bytes) -> None:
        if self.is_unheard:
            raise ConnectionError("the client takes nothing any more")
        unsent, self._unsent = self._unsent, b""
        self.is_started = True
        try:
            self._client.send(*((unsent, *parts) if unsent else parts))
        except OSError:
            self.is_unheard = True
            raise


def _length_of(blocks: Iterable[bytes]) -> int | None:
    """How long a body is all of whose blocks are there."""
    if isinstance(blocks, list | tuple) and all(isinstance(block, bytes) for block in blocks):
        return sum(map(len, blocks))
    return None


def _framing(length: int | None, *, knows_chunks: bool) -> Framing:
    if length is not None:
        return "length"
    return "chunks" if knows_chunks else "end"
