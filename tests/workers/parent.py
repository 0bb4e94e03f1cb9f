"""Servers in several processes, as they are started, and their clients."""

import socket
import sys
from pathlib import Path

SERVER = Path(__file__).with_name("serve.py")
PROGRAM = SERVER.with_suffix(".flux")
PATIENCE = 30.0
SECONDS = {"drain": 25.0, "start_timeout": PATIENCE}


class Parent:
    """A server in workers, and its clients."""

    def __init__(self, process, clients):
        self.process = process
        self.port = int(process.stdout.readline() or 0)
        self.connected = 0
        self._clients = clients

    def connect(self, words=b"who"):
        client = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self.connected += 1
        self._clients.enter_context(client)
        client.sendall(words)
        return client

    def serves(self, client):
        """Who serves a client; one that was silent when its worker ended has to come again."""
        while not client.recv(1, socket.MSG_PEEK):
            client = self.connect()
        return answer(client)

    def is_open(self):
        """Whether somebody listens."""
        try:
            self.connect()
        except OSError:
            return False
        return True

    def pids(self, count, but=None):
        """The workers, as soon as so many answer that are not this one."""
        found = set()
        while len(found - {but}) < count:
            found.add(answer(self.connect()))
        return found - {but}

    def end(self):
        """The exit status, and what was told meanwhile."""
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors


def answer(client):
    """Who serves, once all has come."""
    with client.makefile("rb") as words:
        pid, done = words.read().split()
    assert done == b"done"
    return int(pid)


def python(count, seconds, _options, *words):
    return [sys.executable, SERVER, str(count), *map(str, seconds.values()), *words]


def fibers(*words):
    return [sys.executable, "-P", "-m", "flux.cli", "fibers", *python(*words)[1:]]


def cpp(count, seconds, options, *words):
    limits = [f"--{what.replace('_', '-')}={many}" for what, many in seconds.items()]
    own = ["--target=cpp", "--runtime=event", f"--workers={count}", *limits, *options]
    return [sys.executable, "-P", "-m", "flux.cli", "run", PROGRAM, *own, "--", *words]
