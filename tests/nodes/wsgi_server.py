"""Applications of WSGI, as they are served, and their clients."""

import socket
import threading

TEXT = [("Content-Type", "text/plain")]
PATIENCE = 30
LARGE = bytes(range(256)) * 4096  # a mebibyte


class Client:
    """A connection, of bytes and lines."""

    def __init__(self, port, tls=None):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.file = self.socket.makefile("rb")

    def close(self):
        self.file.close()
        self.socket.close()

    def ask(self, line, *fields, body=b""):
        """Send a request, and read its answer: the status line, its fields, and its body."""
        self.send(line, *fields, body=body)
        return self.reply(has_body=not line.startswith("HEAD"))

    def send(self, line, *fields, body=b""):
        line = line if " HTTP/" in line else f"{line} HTTP/1.1"
        self.socket.sendall("\r\n".join([line, "Host: here", *fields, "", ""]).encode() + body)

    def reply(self, *, has_body=True):
        status = self.line().partition(" ")[2]
        fields = dict(line.split(": ", 1) for line in iter(self.line, ""))
        if not has_body or status[:3] in {"100", "204", "304"}:
            return status, fields, b""
        if "Transfer-Encoding" in fields:
            return status, fields, b"".join(iter(self.chunk, b""))
        length = fields.get("Content-Length")
        return status, fields, self.file.read(None if length is None else int(length))

    def line(self):
        return self.file.readline().decode("latin-1").removesuffix("\r\n")

    def chunk(self):
        """The next chunk, empty at the end; EOFError if the connection ends before."""
        line = self.file.readline()
        if not line:
            raise EOFError
        data = self.file.read(int(line, 16) + 2)
        assert data.endswith(b"\r\n")
        return data[:-2]


class Served:
    """An application that is served, as its clients see it."""

    def __init__(self, listener, stack):
        self.listener = listener
        self.stack = stack

    def connect(self, tls=None):
        client = Client(self.listener.port, tls)
        self.stack.callback(client.close)
        return client

    def ask(self, line, *fields, body=b""):
        return self.connect().ask(line, *fields, body=body)


def answering(*blocks, status="200 OK", headers=TEXT):
    """An application that answers this, as a list."""

    def application(_environ, start_response):
        start_response(status, list(headers))
        return list(blocks)

    return application


def echo(environ, start_response):
    """An application that gives back what it is sent."""
    start_response("200 OK", list(TEXT))
    return [environ["wsgi.input"].read()]


class Blocks:
    """An iterable that tells how often it was closed."""

    def __init__(self, blocks):
        self.blocks = blocks
        self.closed = threading.Semaphore(0)

    def __iter__(self):
        return iter(self.blocks)

    def close(self):
        self.closed.release()
