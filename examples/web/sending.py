"""Replies on their way out."""

import logging
import socket
from collections.abc import Iterator

from exchange import Reply, Request
from flux.nodes import http
from flux.nodes.http import Framing
from flux.nodes.tcp import Buffer, Connection
from runner import ScriptError

_MOST_UNSENT = 256 * 1024  # bytes

_logger = logging.getLogger("web")


def send(request: Request, reply: Reply, *, may_keep: bool) -> Reply:
    """Send a reply as far as the client takes it; the same, with how far that was."""
    framing = framing_of(request, reply)
    keep_alive = may_keep and reply.keep_alive and request.http.keep_alive and framing != "end"
    start = http.response(
        *(reply.status, reply.fields),
        keep_alive=keep_alive,
        length=reply.length,
        framing=framing,
    )
    sender = _Sender(request.conn, start, framing)
    data = reply.data
    if data is not None and request.http.method != "HEAD":
        is_whole = sender.send_at_once(data)
    else:
        is_whole = sender.send(reply, is_head=request.http.method == "HEAD")
    status, fields, body, rest = reply.status, reply.fields, reply.body, reply.rest
    return Reply(status, fields, body, rest, keep_alive, sender.sent, broken=not is_whole)


def framing_of(request: Request, reply: Reply) -> Framing:
    """How the client learns where the body ends; HTTP/1.0 has no chunks."""
    if reply.rest is None:
        return "length"
    return "chunks" if request.http.version == "1.1" else "end"


class _Sender:
    """Sends the start of a reply together with the first of its body."""

    def __init__(self, conn: Connection, start: list[Buffer], framing: Framing) -> None:
        self.sent = 0  # bytes of the body
        self._conn = conn
        self._start = start
        self._in_chunks = framing == "chunks"

    def send_at_once(self, data: bytes | memoryview) -> bool:
        """Whether a body has gone out that is there as a whole, and in no chunks."""
        try:
            self._conn.send(*self._start, data)
        except OSError:  # the client is gone, or too slow
            return False
        self.sent = len(data)
        return True

    def send(self, reply: Reply, *, is_head: bool) -> bool:
        """Whether the whole has gone out."""
        try:
            if not is_head:
                self._send_body(reply)
            self._conn.send(*self._start)
        except ScriptError as error:
            _logger.error("a script breaks off: %s", error)  # noqa: TRY400 - where says nothing
            return False
        except (OSError, http.HttpError):  # the client is gone, or too slow; the file has changed
            return False
        finally:
            if reply.rest is not None:
                reply.rest.close()
        return True

    def _send_body(self, reply: Reply) -> None:
        if reply.rest is not None or reply.length > _MOST_UNSENT:
            self._hold_back()
        for data in _body(reply):
            size = len(data)
            chunk = (b"%x\r\n" % size, data, b"\r\n") if self._in_chunks else (data,)
            self._conn.send(*self._start, *chunk)
            self._start = []
            self.sent += size
        if self._in_chunks:
            self._start = [*self._start, b"0\r\n\r\n"]

    def _hold_back(self) -> None:
        """A client that takes much slowly would else have megabytes of the system's memory."""
        self._conn.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MOST_UNSENT)


def _body(reply: Reply) -> Iterator[bytes | memoryview]:
    """A reply's bytes, some at a time, as they come."""
    for piece in reply.body:
        if piece.size:
            yield from piece.chunks()
    if reply.rest is not None:
        yield from iter(reply.rest.read, b"")
