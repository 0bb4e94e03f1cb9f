"""What a client asks, and what it is answered."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from backend import Run
from flux.nodes import http
from flux.nodes.tcp import Connection
from folder import File
from sites import Site

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """A request, what it is about, and its connection; `moment` is when, by `time.time`."""

    conn: Connection
    http: http.Request
    site: Site
    moment: float


def unread(conn: Connection, site: Site) -> Request:
    """What stands for a request that could not be read: its connection is not kept."""
    nothing = http.Request("", "", "", "", "", http.Headers([]), b"", keep_alive=False)
    return Request(conn, nothing, site, time.time())


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a body: bytes in memory, or `size` bytes of a file."""

    content: bytes | File
    start: int
    size: int

    def chunks(self) -> Iterator[bytes | memoryview]:
        """Its bytes, a bounded number at a time; OSError if the file has become shorter."""
        if not isinstance(self.content, File):
            yield memoryview(self.content)[self.start : self.start + self.size]
            return
        at, end = self.start, self.start + self.size
        while at < end:
            chunk = self.content.read(at, min(_CHUNK, end - at))
            if not chunk:
                raise OSError("the file has become shorter")
            at += len(chunk)
            yield chunk


def in_memory(text: bytes) -> Piece:
    """A piece of these bytes."""
    return Piece(text, 0, len(text))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. Once it is written: how much of the body went out, and whether all is well.

    What `rest` says is the body's rest, of whatever length.
    """

    status: HTTPStatus
    fields: Mapping[str, str] | tuple[tuple[str, str], ...]
    body: tuple[Piece, ...] = ()
    rest: Run | None = None
    keep_alive: bool = True
    sent: int = 0
    broken: bool = False

    @property
    def length(self) -> int:
        """The body's bytes, but for the rest."""
        return sum(piece.size for piece in self.body)
