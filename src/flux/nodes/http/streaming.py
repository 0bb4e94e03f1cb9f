"""Reading a request up to its body, and the body while it is used: for bodies of any size."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from flux.nodes.http.framing import Body, FixedBody
from flux.nodes.http.message import HttpError, Limits, Request
from flux.nodes.http.parser import CONTINUE, RequestParser
from flux.nodes.http.reading import Disconnected, next_bytes, request_at_once
from flux.nodes.tcp import Connection

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True, slots=True)
class Pace:
    """How slowly a body may come.

    All waiting for it together is `patience` seconds at most, where `rate` bytes that come make up
    for one of them: so one that comes slower, or not at all, is given up.
    """

    patience: float = 30.0
    rate: float = 500.0  # bytes a second
    clock: Callable[[], float] = time.monotonic


class BrokenBodyError(OSError):
    """A body that doesn't become whole."""


def read_head(
    connection: Connection,
    limits: Limits | None = None,
    deadline: float | None = None,
    pace: Pace | None = None,
) -> tuple[Request, "BodyStream | None"]:
    """The next request of a connection, and its body if that hasn't come as a whole with it.

    Raises what `read_request` does. The next request can't be read before the body is over.
    """
    request = request_at_once(connection, limits)
    if request is not None:
        return request, BodyStream.left(connection, request, pace) if request.unread else None
    parser = RequestParser(limits)
    head = parser.feed_head(connection.buffer)
    connection.buffer.clear()
    try:
        while head is None:
            head = parser.feed_head(next_bytes(connection, b"", deadline))
    except TimeoutError:
        raise HttpError(408) from None
    request, body, leave = parser.start(head)
    connection.buffer += parser.rest()
    if body.is_over:
        return request, None
    return request, BodyStream(connection, body, leave, pace or Pace())


class BodyStream(io.RawIOBase):
    """A request's body, which comes while it is read, and ends where it ends.

    A client that waits for leave to send it gets it at the first reading. BrokenBodyError if the
    rest doesn't come; `failure` is then what is wrong.
    """

    def __init__(self, connection: Connection, body: Body, leave: bytes, pace: Pace) -> None:
        self.failure: HttpError | Disconnected | None = None
        self._connection = connection
        self._body = body
        self._leave = leave
        self._pace = pace
        self._patience = pace.patience  # seconds that are left
        self._ready = bytearray(body.take(connection.buffer))  # HttpError if that is wrong already

    @classmethod
    def left(
        cls, connection: Connection, request: Request, pace: Pace | None = None
    ) -> "BodyStream":
        """What `read_request` has left of a body, as `Limits.streamed` lets it."""
        leave = CONTINUE if request.awaits_leave else b""
        return cls(connection, FixedBody(request.unread), leave, pace or Pace())

    @property
    def is_over(self) -> bool:
        """Whether all of it has come."""
        return self._body.is_over

    @property
    def awaits_leave(self) -> bool:
        """Whether the client sends it only when somebody reads it."""
        return bool(self._leave)

    def readable(self) -> bool:
        """Whether it can be read, for those who ask."""
        return True

    def readinto(self, room: "WriteableBuffer", /) -> int:
        """Fill some room with what comes next; how much that is, 0 at the end."""
        into = memoryview(room).cast("B")
        while not self._ready and not self._body.is_over:
            self._take()
        part = self._ready[: len(into)]
        into[: len(part)] = part
        del self._ready[: len(part)]
        return len(part)

    def drop(self, most: int) -> bool:
        """Read on to the end, over at most so many bytes; whether that has been reached."""
        dropped = 0
        try:
            while not self._body.is_over and dropped < most and not self._leave:
                self._take()
                dropped += len(self._ready)
                self._ready.clear()
        except BrokenBodyError:
            return False
        return self._body.is_over

    def _take(self) -> None:
        """Take what has come; if that is nothing, wait for more."""
        if self.failure is not None:
            raise BrokenBodyError(str(self.failure)) from self.failure
        try:
            self._ready += self._body.take(self._connection.buffer)
            if not self._ready and not self._body.is_over:
                self._receive()
        except TimeoutError:
            self._fail(HttpError(408))
        except (HttpError, Disconnected) as error:
            self._fail(error)

    def _receive(self) -> None:
        leave, self._leave = self._leave, b""
        begin = self._pace.clock()
        data = next_bytes(self._connection, leave, begin + self._patience)
        earned = len(data) / self._pace.rate - (self._pace.clock() - begin)
        self._patience = min(self._patience + earned, self._pace.patience)
        self._connection.buffer += data

    def _fail(self, error: HttpError | Disconnected) -> NoReturn:
        self.failure = error
        raise BrokenBodyError(str(error)) from error
