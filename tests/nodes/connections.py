"""Connections as the tests of listeners see them: handed out one by one, and ended."""

import socket

from flux.nodes.tcp import Listener


def iter_connections(listener: Listener):
    while True:
        try:
            yield listener.listen()
        except StopIteration:
            return


def has_ended(client: socket.socket) -> bool:
    """Waits for the server's end of the connection."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True
