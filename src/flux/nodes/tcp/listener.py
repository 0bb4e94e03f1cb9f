"""The listener: what a program says of its connections, and the node that hands them out."""

import socket
import threading
import time
from collections.abc import Callable
from typing import Protocol, Self

from flux.nodes.tcp.connection import Connection, Veil
from flux.nodes.tcp.entrance import Entrance
from flux.nodes.tcp.polling import Poller, make_poller
from flux.nodes.tcp.reception import Bounds, Reception
from flux.runtime.workers.worker import own

_LAST_PORT = 65_535


class Veils(Protocol):
    """What makes a veil for each connection."""

    def veil(self) -> Veil:
        """Another one."""
        ...


class Listener:
    """A listening socket, and the connections that wait for their clients' next words.

    Making one touches nothing yet, so that a module of nodes can say

        listener = Listener()
        listen = listener.listen  # the source

    and set host, port and limits in its `init` before `open`. Above `max_connections` the one that
    has waited longest is closed, or the new one if none waits. `idle_timeout` is for connections
    that wait for their clients, `timeout` for one `receive` or `send` without a deadline. At most
    `max_waiting` such calls wait at once: above it, the one that has waited longest is too slow.
    With `tls`, a `flux.nodes.tls.Tls`, connections are encrypted.
    """

    def __init__(  # noqa: PLR0913 - settings, each with a default
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        backlog: int = 1024,
        max_connections: int = 10_000,
        idle_timeout: float = 60.0,
        timeout: float = 30.0,
        max_waiting: int | None = None,
        tls: Veils | None = None,
        clock: Callable[[], float] = time.monotonic,
        poller: Callable[[], Poller] = make_poller,
    ) -> None:
        self.host = host
        self.port = port
        self.backlog = backlog
        self.max_connections = max_connections
        self.idle_timeout = idle_timeout
        self.timeout = timeout
        self.max_waiting = max_waiting
        self.tls = tls
        self.closed = False
        self._clock = clock
        self._make_poller = poller
        self._reception: Reception | None = None
        self._opening = threading.RLock()  # a signal handler may close

    def open(self) -> Self:
        """Bind and listen, once; `host` and `port` then say where. `listen` does it if need be."""
        self._check_not_closed()
        self._opened()
        return self

    def listen(self) -> Connection:
        """The next connection with something to read; StopIteration once the listener has ended.

        It belongs to the caller, who closes it, hands it back with `keep`, or drops it (then it is
        closed at once). OSError if the system can't accept connections now.
        """
        reception = self._reception
        if reception is None:
            if self.closed:
                raise StopIteration
            reception = self._opened()
        return reception.call()

    def keep(self, connection: Connection) -> None:
        """Take a connection back, from any thread, until its client speaks again.

        One with bytes in its `buffer` is handed out at once. After `close` it is closed, and after
        `finish`, too, unless its client has spoken already.
        """
        (self._reception or self._opened()).keep(connection)

    def close(self) -> None:
        """Stop listening, close waiting connections, end `listen`; any thread, any number of times.

        Connections in use go on; `keep` closes them.
        """
        with self._opening:
            self.closed = True
        if self._reception is not None:
            self._reception.close()

    def finish(self) -> None:
        """Take no new clients, and close those that wait and are silent; any thread, any time.

        `listen` goes on until no connection is in use: whoever has spoken is still served. The
        runtime calls it when the server stops.
        """
        with self._opening:
            self.closed = True
        if self._reception is not None:
            self._reception.finish()

    def interrupt(self) -> None:
        """What the runtime calls if it can't wait any longer: `close`."""
        self.close()

    @property
    def open_count(self) -> int:
        """How many connections there are: waiting, in use, and closing."""
        return 0 if self._reception is None else self._reception.open_count

    @property
    def idle_count(self) -> int:
        """How many connections wait for their clients."""
        return 0 if self._reception is None else self._reception.idle_count

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _opened(self) -> Reception:
        """The reception, opened now if it isn't yet."""
        with self._opening:
            if self._reception is None:
                self._reception = self._make_reception()
            return self._reception

    def _check_not_closed(self) -> None:
        if self.closed:
            raise RuntimeError("a closed listener can't be opened: make another")

    def _make_reception(self) -> Reception:
        self._check_not_closed()
        server = _listening_socket(self.host, self.port, self.backlog)
        self.host, self.port = server.getsockname()[:2]
        bounds = Bounds(self.max_connections, self.idle_timeout, self.timeout, self.max_waiting)
        veils = None if self.tls is None else self.tls.veil
        return Reception(Entrance(server), self._make_poller(), bounds, self._clock, veils)


def _listening_socket(host: str, port: int, backlog: int) -> socket.socket:
    """A socket that listens, of this worker's own if there are several.

    The connections that it accepts inherit TCP_NODELAY.
    """
    if not 0 <= port <= _LAST_PORT:  # the resolver would just drop the upper bits
        raise ValueError(f"there is no port {port}")
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    if (worker := own()) is not None:
        server = worker.borrow(family, socket.SOCK_STREAM, address, backlog)
    else:
        server = socket.create_server(address[:2], family=family, backlog=backlog)
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server.settimeout(0.0)
    return server
