"""Calls of gRPC, which waits where libc isn't asked: its callers have to stay threads."""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
import processes
import pytest

CALLS = 50
PATIENCE = 120.0  # seconds: the machine may be busy
PROGRAM = Path(__file__).parent / "libraries" / "call_grpc.py"


@contextmanager
def serving():
    """A server that answers none before all have come."""
    meeting = threading.Barrier(CALLS, timeout=PATIENCE)

    def meet(request, _):
        meeting.wait()
        return b"answer to " + request

    handlers = {"meet": grpc.unary_unary_rpc_method_handler(meet)}
    server = grpc.server(ThreadPoolExecutor(CALLS))
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("meeting", handlers)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait(PATIENCE)


@pytest.mark.timeout(400)
@pytest.mark.usefixtures("engine")
def test_calls_of_grpc_wait_beside_each_other_on_threads_of_a_program_with_fibers():
    command = [sys.executable, "-P", "-m", "flux.cli", "fibers", PROGRAM]
    with serving() as address:
        words = [*command, address, str(CALLS)]
        with processes.started(words, stdout=subprocess.PIPE, text=True) as process:
            told, _ = process.communicate(timeout=PATIENCE)
    answers, carriers = json.loads(told)
    assert answers == [f"answer to {number}" for number in range(CALLS)]
    assert carriers == CALLS
