"""A stand-in for PHP: a server of FastCGI that answers as the name of a script says."""

import queue
import socket
import threading
from contextlib import suppress

from cgi_outputs import OUTPUTS


def record(kind, content=b"", padding=0):
    head = bytes([1, kind, 0, 1]) + len(content).to_bytes(2) + bytes([padding, 0])
    return head + content + b"." * padding


def records(data):
    """What records of each kind say together."""
    told = {}
    while data:
        size = int.from_bytes(data[4:6])
        told[data[1]] = told.get(data[1], b"") + data[8 : 8 + size]
        data = data[8 + size + data[6] :]
    return told


def pairs(data):
    """Parameters out of their stream."""
    found = {}
    while data:
        sizes = []
        for _ in range(2):
            wide = data[0] >> 7
            sizes.append(int.from_bytes(data[: 4 if wide else 1]) & 0x7FFFFFFF)
            data = data[4 if wide else 1 :]
        found[data[: sizes[0]].decode()] = data[sizes[0] : sum(sizes)].decode("latin-1")
        data = data[sum(sizes) :]
    return found


class StandIn:
    """A FastCGI server whose answer depends on the name of the script."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen()
        self.asked = {}
        self.body = b""
        self.come = queue.SimpleQueue()  # how much of a request there is; None: it breaks off
        self.may_go_on = threading.Semaphore(0)
        self.clients = []
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.threads[0].join()
        for client in self.clients:
            with suppress(OSError):  # it has ended already
                client.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        for each in [self.socket, *self.clients]:
            each.close()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:  # closed
                return
            self.clients.append(client)
            self.threads.append(threading.Thread(target=self.serve, args=[client]))
            self.threads[-1].start()

    def serve(self, client):
        with suppress(ConnectionError):  # who asks may go when he has heard enough
            self.answer_all(client)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def answer_all(self, client):
        """All requests of a connection; nothing may be left of one when the next comes."""
        is_new = True
        while told := self.read(client):
            assert told[1] == b"\0\1\1\0\0\0\0\0"
            self.asked, self.body = pairs(told[4]), told[5]
            name = self.asked["SCRIPT_NAME"][1:-4]
            if name == "silent":
                continue
            if name == "fickle" and not is_new:
                return
            is_new = False
            for part in self.answer(name):
                client.sendall(part)
            if name in {"last", "cut", "early-cut"}:
                return

    def read(self, client):
        data = b""
        while not data.endswith(record(5)):
            more = client.recv(1 << 20)
            if not more:
                if data:
                    assert b"/upload.php" in data
                    self.come.put(None)
                return {}
            data += more
            self.come.put(len(data))
        return records(data)

    def answer(self, name):
        """The parts of an answer, each sent when it is there."""
        if name == "noise":
            yield b"HTTP/1.1 200 OK\r\n\r\n"
        elif name == "busy":
            yield record(3, b"\0\0\0\0\2\0\0\0")
        elif name == "cut":
            yield record(6, b"A: b\r\n\r\n" + b"x" * 10)
        elif name == "early-cut":
            yield record(6, b"A: b\r\n\r\n")
        elif name == "slow":
            yield record(6, b"A: b\r\n\r\nfirst")
            self.may_go_on.acquire()
            yield record(6, b"second") + record(6) + record(3, bytes(8))
        else:
            output = OUTPUTS.get(name, OUTPUTS["plain"])[0]
            parts = [output[i : i + 50_000] for i in range(0, len(output), 50_000)]
            stream = b"".join(record(6, part, padding=3) for part in parts)
            yield record(7, b"complaint") + stream + record(6) + record(3, bytes(8))
