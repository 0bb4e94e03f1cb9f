"""A Redis of one's own: in a folder, behind a Unix socket, known to nobody else."""

import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import processes


@contextmanager
def running():
    """Run a server that keeps nothing; gives its socket."""
    with tempfile.TemporaryDirectory(prefix="flux-redis-") as name:
        socket = Path(name, "socket")
        settings = {"port": "0", "unixsocket": socket, "save": "", "dir": name, "daemonize": "no"}
        words = [word for key, value in settings.items() for word in (f"--{key}", value)]
        command = ["redis-server", *words]
        with processes.started(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as server:
            _await_ready(server.stdout)
            yield socket


def _await_ready(log):
    lines = []
    for line in log:
        lines.append(line)
        if b"ready to accept connections" in line.lower():
            return
    raise AssertionError(b"".join(lines).decode())
