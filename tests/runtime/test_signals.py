import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SERVER = Path(__file__).with_name("serve_forever.py")
TESTS = SERVER.parent.parent


@pytest.fixture(params=["thread", "pool"])
def serve(request):
    """Start a server in a process of its own, and wait until its flow runs."""
    processes = []

    def start(manner, drain):
        process = subprocess.Popen(
            [sys.executable, SERVER, manner, request.param, str(drain)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])},
        )
        processes.append(process)
        assert process.stdout.readline() == "working\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_an_idle_server(serve, signum):
    server = serve("quick", 25)
    server.send_signal(signum)
    _, errors = server.communicate()
    assert errors.startswith("flux: drained: ")
    assert errors.endswith(", 0 cut\n")
    assert server.returncode == 0


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_signals_are_heard_although_the_parent_blocks_them(serve, signum):
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signum])
    try:
        server = serve("quick", 25)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    server.send_signal(signum)
    server.communicate()
    assert server.returncode == 0


def test_flow_in_flight_finishes_after_the_signal(serve):
    server = serve("slow", 25)
    server.send_signal(signal.SIGTERM)
    assert server.stdout.readline() == "stopping\n"
    _, errors = server.communicate("finish\n")
    assert errors == "flux: drained: 1 finished, 0 cut\n"
    assert server.returncode == 0


def test_flow_that_does_not_finish_is_cut(serve):
    server = serve("stuck", 0)
    server.send_signal(signal.SIGTERM)
    _, errors = server.communicate()
    assert errors == "flux: drained: 0 finished, 1 cut\n"
    assert server.returncode == 4


def test_second_signal_ends_at_once(serve):
    server = serve("stuck", 1000)
    server.send_signal(signal.SIGTERM)
    assert server.stdout.readline() == "stopping\n"
    server.send_signal(signal.SIGINT)
    server.communicate()
    assert server.returncode == 128 + signal.SIGINT


def test_turn_that_reads_the_standard_input_is_abandoned(serve):
    server = serve("read", 25)
    assert server.stdout.readline() == "reading\n"
    server.send_signal(signal.SIGTERM)
    assert server.wait() == 0
    assert server.stderr.read().endswith(", 0 cut\n")
