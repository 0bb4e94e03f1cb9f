"""UDP for servers: a socket that hands out datagrams, and sends others.

The socket doesn't block: each call is tried first, and only one that would block costs a `poll`.
Who receives polls a second socket, too, by which he is woken. `_turn` is held by whoever is inside
`receive`; after `close`, whoever can take it closes everything: the closer, or the one inside on
his way out.
"""

import select
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Self

from flux.nodes.tcp import Buffer
from flux.runtime.polls import milliseconds
from flux.runtime.workers import worker as workers

Address = tuple[str, int] | tuple[str, int, int, int]

_LAST_PORT = 65_535


class UdpSocket:
    """A bound UDP socket.

    Making one opens nothing yet, so that a module of nodes can say

        udp = UdpSocket()
        receive = udp.receive  # the source

    and set host, port and limits in its `init` before `open`. Datagrams above `max_size` are
    dropped, and counted in `dropped`. `timeout` is for one call that sends.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        max_size: int = 65_507,
        timeout: float = 30.0,
    ) -> None:
        self.host = host
        self.port = port
        self.max_size = max_size
        self.timeout = timeout
        self.dropped = 0
        self._sockets: _Sockets | None = None
        self._ended = False
        self._closed = False
        self._turn = threading.Lock()
        self._opening = threading.RLock()  # a signal handler may close

    def open(self) -> Self:
        """Bind, once; `host` and `port` then say where. `receive` and sending do it if need be."""
        self._opened()
        return self

    def receive(self) -> tuple[bytes, Address]:
        """The next datagram and who sent it; StopIteration once it is closed or interrupted."""
        try:
            with self._turn:
                while not self._ended:
                    datagram = self._try_to_receive()
                    if datagram is not None:
                        return datagram
        finally:
            if self._closed:
                self._tear_down()
        raise StopIteration

    def send_to(self, data: Buffer, peer: Address) -> None:
        """Send a datagram; TimeoutError if the system takes none for too long.

        That it was sent doesn't say that it arrives.
        """
        self.send_batch([(data, peer)])

    def send_batch(self, datagrams: Iterable[tuple[Buffer, Address]]) -> None:
        """Send many."""
        own = self._opened().own
        deadline = time.monotonic() + self.timeout
        for data, peer in datagrams:
            while not _try_to_send(own, data, peer):
                left = deadline - time.monotonic()
                if left <= 0.0 or not _poll(left, (own, select.POLLOUT)):
                    raise TimeoutError("the network is too slow")

    def interrupt(self) -> None:
        """What the runtime calls to end the source: ends `receive`; flows may still send."""
        with self._opening:
            self._ended = True
            if self._sockets is not None:
                self._sockets.wake()

    def close(self) -> None:
        """End `receive`, and close the socket; from any thread, any number of times."""
        with self._opening:
            self.interrupt()
            self._closed = True
        self._tear_down()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def _opened(self) -> "_Sockets":
        """The sockets, opened now if they aren't yet."""
        sockets = self._sockets_unless_closed()
        if sockets is None:
            raise RuntimeError("this socket is closed: make another")
        return sockets

    def _sockets_unless_closed(self) -> "_Sockets | None":
        with self._opening:
            if self._sockets is None and not self._closed:
                self._sockets = _Sockets(self.host, self.port)
                self.host, self.port = self._sockets.own.getsockname()[:2]
                if self._ended:
                    self._sockets.wake()
            return None if self._closed else self._sockets

    def _try_to_receive(self) -> tuple[bytes, Address] | None:
        """A datagram, if one has come, or else wait."""
        sockets = self._sockets_unless_closed()
        if sockets is None:
            return None
        try:
            data, peer = sockets.own.recvfrom(self.max_size + 1)
        except BlockingIOError:
            _poll(None, (sockets.own, select.POLLIN), (sockets.sleeper, select.POLLIN))
            return None
        if len(data) > self.max_size:
            self.dropped += 1
            return None
        return data, peer

    def _tear_down(self) -> None:
        """Close everything, unless somebody is inside `receive`: he does it on his way out."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            if self._sockets is not None:
                self._sockets.close()
        finally:
            self._turn.release()


class _Sockets:
    """The bound socket, and two that wake who waits for it."""

    def __init__(self, host: str, port: int) -> None:
        self.own = _bound_socket(host, port)
        self.sleeper, self.waker = socket.socketpair()

    def wake(self) -> None:
        """Wake who waits, and all who will: the byte is never read."""
        with suppress(OSError):  # closed already
            self.waker.send(b"\0", socket.MSG_DONTWAIT)

    def close(self) -> None:
        self.own.close()
        self.sleeper.close()
        self.waker.close()


def _bound_socket(host: str, port: int) -> socket.socket:
    """A UDP socket at an address, of this worker's own if there are several."""
    if not 0 <= port <= _LAST_PORT:  # the resolver would just drop the upper bits
        raise ValueError(f"there is no port {port}")
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    if (worker := workers.own()) is not None:
        own = worker.borrow(family, kind, address, 0)
        own.settimeout(0.0)
        return own
    own = socket.socket(family, kind, protocol)
    try:
        own.settimeout(0.0)
        own.bind(address)
    except BaseException:
        own.close()
        raise
    return own


def _try_to_send(own: socket.socket, data: Buffer, peer: Address) -> bool:
    """Send a datagram, unless that would block."""
    try:
        own.sendto(data, peer)
    except BlockingIOError:
        return False
    return True


def _poll(timeout: float | None, *awaited: tuple[socket.socket, int]) -> bool:
    """Wait for one of these events; whether it came in time."""
    poll = select.poll()
    for own, event in awaited:
        poll.register(own, event)
    return bool(poll.poll(None if timeout is None else milliseconds(timeout)))
