"""Where clients come in: the listening socket, and what may go wrong there.

When the process is out of descriptors, the next client is accepted with the one in reserve, and
turned away. Other failures of `accept` are the client's, who has gone again: nothing happened; or
the system's: those are raised, for the source to back off.
"""

import errno
import os
import socket
from collections.abc import Iterator
from functools import partial

from flux.nodes.native import native
from flux.nodes.tcp.connection import ClientSocket
from flux.nodes.tcp.reserve import OUT_OF_DESCRIPTORS, ReserveDescriptor

Peer = tuple[str, int]
Client = tuple[int, Peer]
"""A client's descriptor, and where the client is."""

_CLIENT_HAS_GONE = frozenset(
    {errno.ECONNABORTED, errno.EPROTO, errno.EPERM, errno.EHOSTUNREACH, errno.ENETUNREACH}
    | {errno.ENETDOWN, errno.EHOSTDOWN, errno.ENOPROTOOPT, errno.EOPNOTSUPP}
)


class Entrance:
    """A listening socket that doesn't wait, and the descriptor in reserve."""

    def __init__(self, server: socket.socket) -> None:
        self.descriptor = server.fileno()
        self._server = server
        self._kind = server.family, server.type, server.proto  # of its connections, too
        self._reserve = ReserveDescriptor()
        if native is None:
            self._accept = partial(_accepted, server)
        else:
            self._accept = partial(native.accept_at_once, self.descriptor)

    def arrivals(self, most: int) -> Iterator[tuple[ClientSocket, Peer]]:
        """Those who have come, so many at most; OSError if the system can't take them now."""
        self._reserve.refill()
        for _ in range(most):
            try:
                arrival = self._accept()
            except OSError as error:
                if error.errno in _CLIENT_HAS_GONE:
                    continue
                if error.errno in OUT_OF_DESCRIPTORS and self._reserve.spend():
                    self._turn_away()
                    return
                raise
            if arrival is None:
                return
            descriptor, peer = arrival
            client = ClientSocket(*self._kind, descriptor)
            client.settimeout(0.0)
            yield client, peer

    def close(self) -> None:
        """Let nobody in any more."""
        self._server.close()

    def give_back(self) -> None:
        """Close the descriptor in reserve."""
        if self._reserve.spend():
            self._reserve = ReserveDescriptor()

    def _turn_away(self) -> None:
        """Accept one connection with the descriptor that was in reserve, and close it."""
        try:
            if arrival := self._accept():
                os.close(arrival[0])
        finally:
            self._reserve.refill()


def _accepted(server: socket.socket) -> Client | None:
    """The next client, if one has come."""
    try:
        client, address = server.accept()
    except BlockingIOError:
        return None
    return client.detach(), address[:2]
