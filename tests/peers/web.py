"""A web server that lets its clients wait until something is so, however many they are."""

import re
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PATIENCE = 60.0  # seconds: the machine may be busy


@contextmanager
def serving(wait):
    """A server that answers a request when `wait()` returns."""
    with _Web(wait) as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{web.server_port}"
        finally:
            web.shutdown()
            thread.join()


class Meeting:
    """Clients wait until `expected` of them are there; `process` is watched when they are."""

    def __init__(self, expected):
        self.threads = []  # of the process, the numbers of all at each meeting
        self._all_there = threading.Barrier(expected, self._watch, PATIENCE)
        self._process = None
        self._known = threading.Event()

    def watch(self, process):
        self._process = process
        self._known.set()

    def __call__(self):
        self._all_there.wait()

    def _watch(self):
        assert self._known.wait(PATIENCE)
        tasks = Path("/proc", str(self._process.pid), "task").iterdir()
        self.threads.append({int(task.name) for task in tasks})


class _Web(ThreadingHTTPServer):
    request_queue_size = 1024  # who isn't let in at once would ask again after a second

    def __init__(self, wait):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.wait = wait


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.wait()
        if re.fullmatch(r"/lost/\d+", self.path):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = f"this is {self.path}".encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""
