"""The listener: a source of connections that have something to read."""

import time
from collections.abc import Callable
from typing import Self

from flux.nodes.tcp.connection import Connection


class Listener:
    """A listening socket, and the connections that wait for their clients' next words.

    Making one touches nothing yet, so that a module of nodes can say

        listener = Listener()
        listen = listener.listen  # the source

    and set host, port and limits in its `init` before `open`.
    """

    def __init__(  # noqa: PLR0913 - keywords, each with a default
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        backlog: int = 1024,
        max_connections: int = 10_000,
        idle_timeout: float = 60.0,
        timeout: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = host
        self.port = port
        self.backlog = backlog
        self.max_connections = max_connections
        self.idle_timeout = idle_timeout
        self.timeout = timeout
        self.clock = clock

    def open(self) -> Self:
        """Bind and listen; `host` and `port` then say where. `listen` does it when nobody has."""
        raise NotImplementedError

    def listen(self) -> Connection:
        """The next connection with something to read; StopIteration once the listener is closed.

        It belongs to the caller, who closes it, hands it back with `keep`, or drops it (then it is
        closed at once).
        """
        raise NotImplementedError

    def keep(self, connection: Connection) -> None:
        """Take a connection back, from any thread, until its client speaks again.

        One with bytes in its `buffer` is handed out at once. After `close` it is closed.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Stop listening, close waiting connections, end `listen`; any thread, any number of times.

        Connections in use go on; `keep` closes them.
        """
        raise NotImplementedError

    def interrupt(self) -> None:
        """What the runtime calls to end the source: `close`."""
        self.close()

    @property
    def closed(self) -> bool:
        """Whether the listener is closed: replies should then say `Connection: close`."""
        raise NotImplementedError

    @property
    def open_count(self) -> int:
        """How many connections there are: waiting, in use, and closing."""
        raise NotImplementedError

    @property
    def idle_count(self) -> int:
        """How many connections wait for their clients."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *exception: object) -> None:
        self.close()
