"""Servers in several processes, and how they end: in Python, on fibers, and in C++."""

import os
import re
import signal
from pathlib import Path

import pytest
from workers.parent import PATIENCE, answer, cpp

from flux.profile.pooling import of_workers
from flux.profile.reading import read_profile

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

MANY = 40  # clients: that one of two workers gets none of them won't be seen


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


def test_a_program_that_ends_by_itself_ends_in_all_workers(serve):
    assert serve("ending").end() == (0, "")


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
