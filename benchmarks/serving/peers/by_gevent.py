"""gevent without a server on top: a greenlet for each connection, which parses just enough.

It knows no limits, no time-outs and no errors, and believes that a request has no body.
"""

import sys
import time
from email.utils import formatdate
from functools import lru_cache

from gevent.server import StreamServer
from gevent.socket import socket
from page import TEXT, TYPE


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _reply(path: str, *, stays: bool) -> bytes:
    status, text = ("200 OK", TEXT) if path == "/" else ("404 Not Found", b"")
    head = (
        f"HTTP/1.1 {status}\r\nDate: {_date(int(time.time()))}\r\nContent-Type: {TYPE}\r\n"
        f"Content-Length: {len(text)}\r\nConnection: {'keep-alive' if stays else 'close'}\r\n\r\n"
    )
    return head.encode() + text


def _serve(client: socket, _address: object) -> None:
    rest = b""
    while data := client.recv(16384):
        rest += data
        while b"\r\n\r\n" in rest:
            head, _, rest = rest.partition(b"\r\n\r\n")
            _method, path, _version = head.split(b"\r\n", 1)[0].decode().split(" ")
            stays = b"\r\nconnection: close" not in head.lower()
            client.sendall(_reply(path, stays=stays))
            if not stays:
                return


if __name__ == "__main__":
    StreamServer(("127.0.0.1", int(sys.argv[1])), _serve, backlog=4096).serve_forever()
