"""The web server, killed while it is asked: another takes its place, and no answer is wrong."""

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import WEB
from image_client import POOL, Client, serving

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

PAGE = b"".join(b"%d\n" % number for number in range(10_000))
CARRIERS = {"python": POOL, "cpp": ("--runtime", "event")}
MANY = 50  # answers


class Load:
    """Clients that ask one after the other, on new connections and on kept ones."""

    def __init__(self, port):
        self.port = port
        self.answers = 0
        self.losses = 0
        self.is_over = False

    def run(self):
        while not self.is_over:
            try:
                with Client(self.port) as client:
                    for _ in range(5):
                        self.take(client.ask("/page.txt"))
            except (OSError, IndexError):  # broken off, before an answer or within its fields
                self.losses += 1

    def take(self, reply):
        """An answer is right, or ends too early."""
        assert reply.status == 200
        assert PAGE.startswith(reply.body)
        if len(reply.body) < len(PAGE):
            raise ConnectionResetError
        self.answers += 1

    def wait_for_more(self):
        """Until many answers more have come."""
        wanted = self.answers + MANY
        while self.answers < wanted:
            assert not self.is_over


@contextmanager
def asking(port):
    load = Load(port)
    with ThreadPoolExecutor(4) as threads:
        runs = [threads.submit(load.run) for _ in range(4)]
        try:
            yield load
        finally:
            load.is_over = True
        for run in runs:
            run.result()


def workers(parent):
    """The processes that a server has started."""
    return set(Path(f"/proc/{parent}/task/{parent}/children").read_text().split())


@pytest.fixture
def root(tmp_path):
    (tmp_path / "page.txt").write_bytes(PAGE)
    return tmp_path


@pytest.fixture(params=CARRIERS)
def carrier(request, web_languages):  # noqa: ARG001 - ready
    return request.param, CARRIERS[request.param]


def test_after_a_kill_another_server_begins_at_once_at_the_same_port(root, carrier):
    target, runtime = carrier
    with serving(root, target=target, runtime=runtime, program=WEB) as server:
        port = server.port
        with asking(port) as load:
            load.wait_for_more()
            server.process.kill()
            server.process.wait()
            options = ("--port", str(port))
            with serving(root, *options, target=target, runtime=runtime, program=WEB):
                load.wait_for_more()
                load.is_over = True


def test_a_worker_that_is_killed_is_replaced_while_the_others_serve(root, carrier):
    target, runtime = carrier
    options = (*runtime, "--workers", "2")
    with serving(
        root, target=target, runtime=options, program=WEB, log=subprocess.DEVNULL
    ) as server:
        while len(before := workers(server.process.pid)) < 2:
            assert server.process.poll() is None
        with asking(server.port) as load:
            load.wait_for_more()
            os.kill(int(min(before)), signal.SIGKILL)
            while len(workers(server.process.pid) - before) < 1:
                assert server.process.poll() is None
            load.wait_for_more()
            load.is_over = True
        assert load.losses <= 4  # one for each client at most
        server.ask_to_stop()
        assert server.end() in {0, 4}
