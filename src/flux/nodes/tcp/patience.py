"""How many calls may wait for their clients at once.

On a pool each such call has a thread. Clients who send or take a byte now and then, as if to be
just quick enough for every deadline, could have all of them, and nobody else would be served. So
above a bound the call that has waited longest is given up, as if its deadline had come: a client
that does say something begins a new wait, which is the youngest.
"""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Patience:
    """The calls that wait, of which there may be at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waits: dict[object, tuple[socket.socket, int]] = {}  # the oldest first
        self._lock = threading.Lock()

    @contextmanager
    def waiting(self, client: socket.socket, event: int) -> Iterator[None]:
        """Around a wait for a socket to be ready for an event; TimeoutError if it is given up."""
        own = object()
        with self._lock:
            self._waits[own] = client, event
            if len(self._waits) > self._most:
                self._give_up(next(iter(self._waits)))
        try:
            yield
        finally:
            with self._lock:
                is_given_up = self._waits.pop(own, None) is None
        if is_given_up:
            raise TimeoutError(f"too many clients are waited for, {self._most} at once")

    def _give_up(self, wait: object) -> None:
        """End a wait, while its caller can't close the socket: as if the client had ended.

        Who was slow to send may still be told so.
        """
        client, event = self._waits.pop(wait)
        with suppress(OSError):  # the client has gone anyway
            client.shutdown(socket.SHUT_RD if event == select.POLLIN else socket.SHUT_RDWR)
