"""A client of bytes and lines, for it must also be able to misbehave; and the server it asks."""

import re
import select
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from processes import started

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "image" / "image.flux"
PATIENCE = 30.0
FLUX = (sys.executable, "-m", "flux.cli")
TARGETS = ("python", "cpp")
POOL = ("--runtime", "pool", "--threads", "4")


@dataclass(frozen=True)
class Reply:
    """A whole response."""

    status: int
    fields: dict
    body: bytes


class Client:
    """One connection."""

    def __init__(self, port, **options):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        for option, value in options.items():
            self.socket.setsockopt(socket.SOL_SOCKET, getattr(socket, option), value)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def finish(self):
        """Say that nothing more will come."""
        self.socket.shutdown(socket.SHUT_WR)

    def ask(self, target, method="GET", **fields):
        """Send a request, and read the answer."""
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
        self.send(f"{method} {target} HTTP/1.1\r\nHost: here\r\n{lines}\r\n".encode())
        return self.reply(has_body=method != "HEAD")

    def reply(self, *, has_body=True):
        """The next answer."""
        status = int(self.file.readline().split()[1])
        fields = dict(iter(self._field, None))
        if not has_body or status == 304:
            return Reply(status, fields, b"")
        if fields.get("transfer-encoding") == "chunked":
            return Reply(status, fields, b"".join(iter(self.chunk, b"")))
        return Reply(status, fields, self.file.read(int(fields.get("content-length", 0))))

    def chunk(self):
        """The next chunk of a body, empty at the end."""
        size = int(self.file.readline(), 16)
        data = self.file.read(size + 2)
        assert data[size:] == b"\r\n"
        return data[:size]

    def _field(self):
        name, colon, value = self.file.readline().decode().rstrip("\r\n").partition(": ")
        return (name.lower(), value) if colon else None

    def has_ended(self):
        """Wait until the server has closed the connection; whether it did so without a word."""
        return self.file.read() == b""

    def rest(self):
        """Read until the server has ended or broken off the connection; how many bytes came."""
        size = 0
        with suppress(ConnectionResetError):
            while data := self.socket.recv(1 << 20):
                size += len(data)
        return size

    def is_cut_off(self):
        """Wait, without reading, until the server has broken the connection off."""
        poll = select.poll()
        poll.register(self.socket, 0)
        return poll.poll(PATIENCE * 1000) != []


class ImageServer:
    """A running image server."""

    def __init__(self, process, port):
        self.process = process
        self.port = port

    def connect(self, **options):
        return Client(self.port, **options)

    def ask(self, target, method="GET", **fields):
        """The answer that a client of its own gets."""
        with self.connect() as client:
            return client.ask(target, method, **fields)

    def threads(self):
        """How many threads it has."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def ask_to_stop(self):
        self.process.send_signal(signal.SIGTERM)

    def end(self):
        """Wait until it has ended; its exit status."""
        return self.process.wait(PATIENCE)


@contextmanager
def serving(  # noqa: PLR0913 - most have a name
    root, *options, target="python", runtime=POOL, log=None, program=PROGRAM, flux=FLUX
):
    """A server of a folder, if one is named, of pictures if nothing else is said, by `flux run`."""
    command = [*flux, "run", str(program), "--target", target, *runtime]
    with started(
        [*command, "--", "--port", "0", *(["--root", str(root)] if root else []), *options],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    ) as process:
        yield ImageServer(process, _port(process))


def _port(process):
    line = process.stdout.readline()
    assert re.match("listening on https?://127.0.0.1:", line), "the server did not start"
    return int(line.rpartition(":")[2])
