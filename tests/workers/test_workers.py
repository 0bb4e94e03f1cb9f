"""Servers in several processes, and what becomes of them: in Python, on fibers, and in C++."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from processes import started

from flux.profile.pooling import of_workers
from flux.profile.reading import read_profile
from flux.toolchain.cache import Cache
from flux.toolchain.fibers import shared_object

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

SERVER = Path(__file__).with_name("serve.py")
PROGRAM = SERVER.with_suffix(".flux")
TESTS = SERVER.parents[1]
PATIENCE = 30.0
SECONDS = {"drain": 25.0, "start_timeout": PATIENCE}
MANY = 40  # clients: that one of two workers gets none of them won't be seen


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


@pytest.fixture(scope="module")
def _engines(flux_cache):
    """What fibers and servers in C++ need, compiled before anybody waits for it."""
    shared_object(Cache(flux_cache), print)
    command = cpp(1, SECONDS, (), "ending")
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


@pytest.fixture(params=[python, fibers, cpp], ids=lambda each: each.__name__)
def carrier(request):
    """The command that starts a server."""
    if request.param is not python:
        request.getfixturevalue("_engines")
    return request.param


@pytest.fixture
def serve_by():
    """Starts servers, which don't outlive the test."""
    with ExitStack() as things:

        def start(command, manner="well", *rest, count=2, options=(), **seconds):
            process = things.enter_context(
                started(
                    command(count, SECONDS | seconds, options, manner, *map(str, rest)),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])},
                )
            )
            return Parent(process, things)

        yield start


@pytest.fixture
def serve(serve_by, carrier):
    return partial(serve_by, carrier)


@pytest.fixture
def serve_python(serve_by):
    return partial(serve_by, python)


def test_workers_serve_one_port_which_is_told_once(serve):
    server = serve(count=3)
    server.pids(3)
    server.process.terminate()
    told, errors = server.process.communicate(timeout=PATIENCE)
    assert told == ""
    assert re.fullmatch(r"(flux: drained: \d+ finished, 0 cut\n){3}", errors)
    assert server.process.returncode == 0


def pause(pid):
    """Stop a process; it has stopped when all of its threads have."""
    os.kill(pid, signal.SIGSTOP)
    threads = list(Path(f"/proc/{pid}/task").iterdir())
    while any(") T " not in (each / "stat").read_text() for each in threads):
        pass


def test_who_waits_for_a_worker_that_is_killed_is_served_by_the_next(serve):
    server = serve()
    killed = min(server.pids(2))
    pause(killed)
    clients = [server.connect() for _ in range(MANY)]
    os.kill(killed, signal.SIGKILL)
    served = {answer(client) for client in clients}
    assert len(served) == 2
    assert killed not in served
    server.process.terminate()
    status, errors = server.end()
    assert status == 0
    assert "was ended by signal 9 (Killed): another one starts now" in errors


def test_a_worker_that_is_told_to_end_is_replaced_and_nobody_is_lost(serve):
    server = serve()
    ended = min(server.pids(2))
    spoken = [server.connect() for _ in range(MANY)]
    os.kill(ended, signal.SIGTERM)
    late = [server.connect() for _ in range(MANY)]
    served = {answer(client) for client in spoken} | {server.serves(client) for client in late}
    assert served <= server.pids(2, but=ended) | {ended}
    server.process.terminate()
    assert server.end()[0] == 0


def test_flows_in_flight_finish_and_who_has_spoken_is_served_when_the_server_stops(serve):
    server = serve()
    server.pids(2)
    waiting = [server.connect(b"wait") for _ in range(MANY)]
    assert len({client.recv(99) for client in waiting}) == 2
    spoken = [server.connect() for _ in range(MANY)]
    server.process.send_signal(signal.SIGINT)
    assert len({answer(client) for client in spoken}) == 2
    for client in waiting:
        client.sendall(b"go")
    assert {client.recv(99) for client in waiting} == {b"done\n"}
    status, errors = server.end()
    assert status == 0
    assert errors.count(" cut\n") == errors.count(", 0 cut\n") == 2


def test_flows_that_do_not_finish_are_cut_in_all_workers(serve):
    server = serve(drain=0.0)
    server.pids(2)
    clients = [server.connect(b"wait") for _ in range(MANY)]
    assert len({client.recv(99) for client in clients}) == 2
    server.process.terminate()
    assert server.end()[0] == 4


def test_a_second_signal_ends_all_at_once(serve):
    server = serve(drain=1000.0)
    server.pids(2)
    clients = [server.connect(b"wait") for _ in range(MANY)]
    assert len({client.recv(99) for client in clients}) == 2
    server.process.terminate()
    while server.is_open():  # the first signal hasn't been heard
        pass
    server.process.send_signal(signal.SIGINT)
    assert server.end()[0] == 128 + signal.SIGINT


def test_no_worker_outlives_a_parent_that_is_killed(serve):
    server = serve()
    server.pids(2)
    server.process.kill()
    status, errors = server.end()  # which comes to its end when the last worker does
    assert status == -signal.SIGKILL
    assert re.fullmatch(r"(flux: drained: \d+ finished, 0 cut\n){2}", errors)


def test_a_program_that_does_not_come_to_serve_is_not_tried_again(serve):
    status, errors = serve("fail", count=3).end()
    assert status
    told = f"flux: worker 0 has ended with {status} before it served: the server doesn't start\n"
    assert errors.endswith(told)
    assert errors.count("worker") == 1


def test_a_worker_that_cannot_serve_beside_the_others_ends_the_server(serve_python):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    status, errors = serve_python("alone", port).end()
    assert status == 1
    assert "Address already in use" in errors
    assert "worker 1 has ended with 1 before it served" in errors


def test_a_worker_that_dies_again_and_again_ends_the_server(serve_python, tmp_path):
    server = serve_python("fail later", tmp_path / "served", count=1)
    assert server.connect(b"die").recv(99) == b""
    status, errors = server.end()
    assert (status, errors.splitlines()) == (
        7,
        [
            "flux: worker 0 has ended with 9: another one starts now",
            "flux: worker 0 has ended with 7: another one starts in 0.1 s",
            "flux: worker 0 has ended with 7, as those before it: the server gives up",
        ],
    )


def test_a_worker_that_hangs_in_its_start_is_killed_and_ends_the_server(serve):
    status, errors = serve("hang in init", start_timeout=0.1).end()
    assert status == 128 + signal.SIGKILL
    assert errors.endswith(
        "flux: worker 0 doesn't serve after 0.1 s, and is killed; --start-timeout gives it more"
        " time\nflux: worker 0 was ended by signal 9 (Killed) before it served: the server doesn't"
        " start\n"
    )


def test_a_worker_that_hangs_where_others_served_is_tried_again_and_not_for_ever(
    serve_python, tmp_path
):
    server = serve_python("hang later", tmp_path / "served", count=1)
    assert server.connect(b"die").recv(99) == b""
    status, errors = server.end()
    assert status == 128 + signal.SIGKILL
    killed = "flux: worker 0 was ended by signal 9 (Killed)"
    assert [line for line in errors.splitlines() if "doesn't serve after 30 s" not in line] == [
        "flux: worker 0 has ended with 9: another one starts now",
        f"{killed}: another one starts in 0.1 s",
        f"{killed}, as those before it: the server gives up",
    ]
    assert errors.count("doesn't serve") == 2


def test_a_program_that_ends_by_itself_ends_in_all_workers(serve):
    assert serve("ending").end() == (0, "")


def test_a_worker_that_does_not_end_is_killed(serve_python):
    server = serve_python("hang", drain=0.0, count=1)
    server.process.terminate()
    status, errors = server.end()
    assert status == 128 + signal.SIGKILL
    assert "worker 0 does not end, and is killed" in errors


def test_signals_are_handed_on_and_a_worker_that_they_end_ends_the_server(serve_python):
    server = serve_python()
    server.pids(2)
    server.process.send_signal(signal.SIGUSR1)
    assert server.end()[0] == 128 + signal.SIGUSR1


def test_each_worker_writes_a_profile_of_its_own_and_together_they_tell_of_all(
    serve, carrier, tmp_path
):
    file = tmp_path / "it.json"
    options = ["--profile", f"--profile-file={file}"] if carrier is cpp else ()
    server = serve("profile", file, options=options)
    server.pids(2)
    server.process.terminate()
    server.end()
    names = sorted(each.name for each in tmp_path.iterdir())
    assert names == ["it.0.json", "it.1.json"]
    profiles = [read_profile((tmp_path / name).read_bytes(), name) for name in names]
    assert sum(path.count for path in of_workers(profiles, names).paths) == server.connected
