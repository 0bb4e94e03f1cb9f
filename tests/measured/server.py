"""A server that gives profiles as docs/profile.md says, and does nothing else."""

import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import ThreadingMixIn, UnixStreamServer

import msgspec
from measured.image import SECOND, WAYS, image_profile

NO_FLOWS = {"flows": [], "more": 0, "on": True}


class FakeServer:
    """Gives the profiles it is handed, one for each time it is asked, the last one again and again.

    `asked` is what it was asked for, in order. `on` is whether it counts.
    """

    def __init__(self, *profiles, on=True, token=None, flows=NO_FLOWS):
        self.profiles = list(profiles)
        self.on = on
        self.token = token
        self.flows = flows
        self.asked = []
        self.answers = {}
        self._news = threading.Condition()

    @contextmanager
    def listening(self, path=None):
        """Listens at a port, or at the path of a Unix socket, and gives its address."""
        kind, place = (_Unix, str(path)) if path else (ThreadingHTTPServer, ("127.0.0.1", 0))
        with kind(place, _handler(self)) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            try:
                yield f"unix:{path}" if path else f"127.0.0.1:{server.server_address[1]}"
            finally:
                server.shutdown()
                thread.join()

    def answer(self, request):
        """The status and the body of the answer to `GET /profile` and the like."""
        with self._news:
            self.asked.append(request)
            self._news.notify_all()
        if request in self.answers:
            return self.answers[request]
        match request:
            case "GET /profile" | "POST /start" | "POST /stop":
                self.on = {"POST /start": True, "POST /stop": False}.get(request, self.on)
                return 200, msgspec.json.encode(self._next())
            case "GET /flows":
                return 200, json.dumps(self.flows).encode()
            case _:
                return 404, b""

    def wait_for(self, request):
        """Returns when this has been asked for."""
        with self._news:
            assert self._news.wait_for(lambda: request in self.asked, timeout=30)

    def _next(self):
        profile = self.profiles.pop(0) if len(self.profiles) > 1 else self.profiles[0]
        return msgspec.structs.replace(profile, on=self.on)


class BusyServer(FakeServer):
    """Gives profiles of an image server in which each has a second more than the one before."""

    def __init__(self, **settings):
        super().__init__(None, **settings)
        self._seconds = 0

    def _next(self):
        self._seconds += 1
        ways = [replace(way, count=self._seconds * way.count) for way in WAYS]
        return image_profile(ways, elapsed=self._seconds * SECOND, on=self.on, **BUSY)


BUSY = {"nodes": (), "constraints": (), "cases": (), "sources": ()}


def _handler(fake):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status, body = self._refusal() or fake.answer(f"{self.command} {self.path}")
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - http.server's name

        def _refusal(self):
            if fake.token and self.headers["Authorization"] != f"Bearer {fake.token}":
                return 401, b""
            host = self.headers["Host"].partition(":")[0]
            named = host != "localhost" and not host[:1].isdigit()
            return (403, b"") if "Origin" in self.headers or named else None

        def log_message(self, *_):
            pass

    return Handler


class _Unix(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True

    def get_request(self):
        connection, _ = super().get_request()
        return connection, ("localhost", 0)


@contextmanager
def saying(data):
    """Whoever connects is told these bytes, whatever is asked; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk():
            with listener.accept()[0] as client:
                client.recv(65536)
                client.sendall(data)

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        thread.join()
