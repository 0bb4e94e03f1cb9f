"""What a client asks, and what it is answered."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flux.nodes import http
from flux.nodes.tcp import Connection
from folder import File
from runner import Script
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
            yield self._part_of(self.content)
            return
        at, end = self.start, self.start + self.size
        while at < end:
            chunk = self.content.read(at, min(_CHUNK, end - at))
            if not chunk:
                raise OSError("the file has become shorter")
            at += len(chunk)
            yield chunk

    @property
    def data(self) -> bytes | memoryview | None:
        """Its bytes, if they are in memory."""
        return None if isinstance(self.content, File) else self._part_of(self.content)

    def _part_of(self, content: bytes) -> bytes | memoryview:
        if self.size == len(content):
            return content
        return memoryview(content)[self.start : self.start + self.size]


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
    rest: Script | None = None
    keep_alive: bool = True
    sent: int = 0
    broken: bool = False

    @property
    def length(self) -> int:
        """The body's bytes, but for the rest."""
        return sum(piece.size for piece in self.body)

    @property
    def data(self) -> bytes | memoryview | None:
        """All that there is of the body, if it is in memory as one piece, as most are."""
        if self.rest is not None or len(self.body) != 1:
            return None
        return self.body[0].data
