"""One TCP connection of a listener: reading and sending with deadlines."""

import socket

Buffer = bytes | bytearray | memoryview


class Connection:
    """A client's connection, used by one flow at a time.

    Deadlines are times of `time.monotonic`; without one, a call waits `Listener.timeout` seconds
    at most. `buffer` holds bytes that were read but not used yet: the start of the next request.
    """

    __slots__ = ("buffer", "peer", "socket")

    socket: socket.socket
    peer: str
    buffer: bytearray

    def receive(self, limit: int = 65536, deadline: float | None = None) -> bytes:
        """The next bytes, empty when the client has finished; TimeoutError after the deadline."""
        raise NotImplementedError

    def send(self, *parts: Buffer, deadline: float | None = None) -> None:
        """Send all parts, in one packet where they fit; TimeoutError after the deadline."""
        raise NotImplementedError

    def close(self) -> None:
        """Close so that the client gets all that was sent, without waiting for it.

        The listener reads and drops what the client still sends, within bounds of time and bytes.
        """
        raise NotImplementedError

    def abort(self) -> None:
        """Close at once, whatever is still on its way."""
        raise NotImplementedError

    @property
    def closed(self) -> bool:
        """Whether `close` or `abort` was called, here or by the listener."""
        raise NotImplementedError
