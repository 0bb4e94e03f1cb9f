"""One TCP connection of a listener: reading and sending with deadlines.

Sockets are non-blocking underneath: each call is tried first, and only one that would block costs
a `poll` for the rest of its time.

Closing politely takes three steps (RFC 9112, 9.6). If a server closed while the client still
sends, the kernel would answer with a reset, which can destroy the reply on its way. So `close`
shuts down the sending half, drops what has come, and, unless the client has finished too, leaves
the connection to the listener, which goes on dropping within bounds of bytes and time.

`reset` is for the opposite: where the connection's end would be taken for that of a reply, only a
reset tells that it broke off.
"""

import itertools
import select
import socket
import struct
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Protocol

from flux.nodes.native import native
from flux.nodes.tcp.patience import Patience
from flux.runtime.polls import milliseconds

Buffer = bytes | bytearray | memoryview

LINGER_BYTES = 1024 * 1024
_MOST_PARTS = 1024  # of one sendmsg: IOV_MAX of Linux and macOS
_AT_ONCE = struct.pack("ii", 1, 0)  # a `struct linger`: nothing is waited for
_numbers = itertools.count()
_dropped = bytearray(64 * 1024)  # shared by all threads: nobody reads it


class ClientSocket(socket.socket):
    """A socket that is closed without a warning when it is dropped.

    A flow that fails drops its connection, often in one cycle with its traceback. The collector
    may then finalize the socket before the connection, and a plain socket would complain.
    """

    def __del__(self) -> None:
        self.close()


class UnveiledError(ConnectionError):
    """The client speaks without the veil that it should have.

    What is sent to it from now on goes out as it is, so that it can be told.
    """


class Veil(Protocol):
    """What stands between the bytes on the wire and those that flows see: TLS.

    Its functions move bytes by those of the connection that end with `plainly`.
    """

    @property
    def has_input(self) -> bool:
        """Whether bytes have come that nobody has seen yet."""
        ...

    def receive(self, wire: "Connection", limit: int, deadline: float) -> bytes:
        """As `Connection.receive`."""
        ...

    def send(self, wire: "Connection", parts: tuple[Buffer, ...], deadline: float) -> None:
        """As `Connection.send`."""
        ...

    def has_finished(self, wire: "Connection") -> bool:
        """As `Connection.has_finished`."""
        ...

    def close(self, wire: "Connection") -> None:
        """Say farewell, without waiting."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Home:
    """What a connection needs of its listener; `open` has the numbers of all that are open."""

    open: set[int]
    linger: "Callable[[Connection], None]"
    clock: Callable[[], float]
    timeout: float
    patience: Patience | None


class Connection:
    """A client's connection, used by one flow at a time.

    Deadlines are times of `time.monotonic`; without one, a call waits `Listener.timeout` seconds
    at most. `buffer` holds bytes that were read but not used yet: the start of the next request.
    `uses` tells how often it has been handed out.
    A connection that is dropped is closed.
    """

    __slots__ = (
        *("_dropped", "_home", "_number"),
        *("buffer", "closed", "descriptor", "drained", "peer", "socket", "uses", "veil"),
    )

    def __init__(
        self,
        client: socket.socket,
        peer: tuple[str, int],
        home: Home,
        veil: Veil | None = None,
    ) -> None:
        self.veil = veil
        self.socket = client
        self.peer = peer
        self.buffer = bytearray()
        self.closed = False
        self.uses = 0
        self.descriptor = client.fileno()
        self.drained = False  # all that had come when it was handed out has been read
        self._home = home
        self._number = next(_numbers)
        self._dropped = 0
        home.open.add(self._number)

    def receive(self, limit: int = 16384, deadline: float | None = None) -> bytes:
        """The next bytes, empty when the client has finished; TimeoutError after the deadline."""
        if self.veil is not None:
            return self.veil.receive(self, limit, self._bounded(deadline))
        return self.receive_plainly(limit, deadline)

    def receive_plainly(self, limit: int, deadline: float | None) -> bytes:
        """The next bytes on the wire."""
        while True:
            try:
                data = self.socket.recv(limit)
            except BlockingIOError:
                deadline = self._wait(select.POLLIN, deadline)
            else:
                self.drained = 0 < len(data) < limit
                return data

    def send(self, *parts: Buffer, deadline: float | None = None) -> None:
        """Send all parts, in one packet where they fit; TimeoutError after the deadline."""
        if self.veil is not None:
            self.veil.send(self, parts, self._bounded(deadline))
        else:
            self.send_plainly(parts, deadline)

    def send_plainly(self, parts: tuple[Buffer, ...], deadline: float | None) -> None:
        """Send bytes as they are."""
        if native is not None:
            sent = native.send_at_once(self.socket.fileno(), parts)
            if sent < 0:
                return
            parts = _unsent(parts, sent)
        while parts:
            try:
                sent = self.socket.sendmsg(parts[:_MOST_PARTS])
            except BlockingIOError:
                deadline = self._wait(select.POLLOUT, deadline)
            else:
                parts = _unsent(parts, sent)

    def close(self) -> None:
        """Close so that the client gets all that was sent, without waiting for it."""
        if self.closed:
            return
        self.closed = True
        if self.veil is not None:
            self.veil.close(self)
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.abort()
        else:
            self._home.linger(self)

    def abort(self) -> None:
        """Close at once, whatever is still on its way."""
        self.closed = True
        # No lock here: a garbage collection may come by while this thread holds one.
        self._home.open.discard(self._number)
        self.socket.close()

    def reset(self) -> None:
        """Close at once so that the client learns of it; what it hasn't got yet may be lost."""
        if not self.closed:
            with suppress(OSError):  # broken already
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            self.abort()

    def __del__(self) -> None:
        self.abort()

    def has_finished(self) -> bool:
        """Whether the client has closed its side, or broken off, and left nothing to read."""
        if self.veil is not None:
            return self.veil.has_finished(self)
        return self.has_finished_plainly()

    def has_finished_plainly(self) -> bool:
        """Whether nothing more comes on the wire."""
        try:
            return not self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    @property
    def has_unused(self) -> bool:
        """Whether bytes have been read from the wire, and not used yet."""
        return bool(self.buffer) or (self.veil is not None and self.veil.has_input)

    @property
    def has_veiled_end(self) -> bool:
        """Whether what the veil has, and the flow hasn't seen, is but a farewell."""
        if self.veil is None or self.buffer or not self.veil.has_input:
            return False
        return self.veil.has_finished(self)

    def has_input(self) -> bool:
        """Whether the client has sent something that is still to be read."""
        try:
            return bool(self.socket.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def drop_input(self) -> bool:
        """Drop what the client has sent; whether it may and should send more."""
        try:
            while self._dropped < LINGER_BYTES:
                size = self.socket.recv_into(_dropped)
                if not size:
                    return False
                self._dropped += size
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _bounded(self, deadline: float | None) -> float:
        return self._home.clock() + self._home.timeout if deadline is None else deadline

    def _wait(self, event: int, deadline: float | None) -> float:
        """Wait until the socket is ready; the deadline, for the next time."""
        now = self._home.clock()
        if deadline is None:
            deadline = now + self._home.timeout
        patience = self._home.patience
        left = milliseconds(deadline - now)
        with nullcontext() if patience is None else patience.waiting(self.socket, event):
            if left <= 0 or not _is_ready(self.descriptor, event, left):
                raise TimeoutError(f"the client {self.peer[0]} is too slow")
        return deadline


def _is_ready(descriptor: int, event: int, left: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, event)
    return bool(poll.poll(left))


def _unsent(parts: tuple[Buffer, ...], sent: int) -> tuple[Buffer, ...]:
    """What is left of the parts when so many bytes of them are sent."""
    for index, part in enumerate(parts):
        if sent < len(part):
            return memoryview(part)[sent:], *parts[index + 1 :]
        sent -= len(part)
    return ()
