"""Clients who have asked once, and stay without a word."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from eventing import pages

_SIZE = 1  # KiB, of the page that each of them gets
_EACH = 5000  # connections from one address, which has ports for some 28,000
_ABORT = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")  # close leaves no port behind


@contextmanager
def silent(port: int, count: int) -> Iterator[None]:
    """So many of them, each of which has got a whole reply."""
    page = pages.text(_SIZE).encode()
    with ExitStack() as stack:
        for number in range(count):
            client = stack.enter_context(socket.socket())
            _enter(client, port, f"127.0.0.{2 + number // _EACH}")
            _ask(client, page)
        yield


def _enter(client: socket.socket, port: int, source: str) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
    client.settimeout(10)
    client.bind((source, 0))
    client.connect(("127.0.0.1", port))


def _ask(client: socket.socket, page: bytes) -> None:
    client.sendall(f"GET /{_SIZE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    reply = b""
    while not reply.endswith(page):
        piece = client.recv(65536)
        if not piece:
            raise SystemExit("A client of the silent crowd was sent away")
        reply += piece
