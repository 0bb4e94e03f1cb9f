import threading

import pytest
from measured.receiver import Receiver
from measured.traced import flows
from runtime.profiler.profiles import program
from runtime.tracer.traces import giving, traced

from flux.runtime import TraceError, TraceOptions

FLOWS = 4000
POOL = {"runtime": "pool", "threads": 2}


def test_one_flow_in_so_many_is_traced_by_chance(tmp_path):
    """Ten standard deviations are left for chance."""
    found = traced(tmp_path, every=10, options=POOL, Listen=giving(*range(FLOWS)))
    assert 200 < len(found) < 600


def test_few_flows_are_traced_unless_it_is_said_how_many(tmp_path):
    receiver = Receiver()
    with receiver.listening() as url:
        server = program(tmp_path, Listen=giving(*range(FLOWS))).server(
            trace=TraceOptions(url), **POOL
        )
        with server:
            server.wait()
    assert len(flows(receiver.spans)) < 100


def test_nothing_is_traced_while_the_profile_is_off(tmp_path):
    steps, given = threading.Semaphore(0), threading.Semaphore(0)
    items = iter(range(2, 100, 2))

    def listen():
        steps.acquire()
        return next(items)

    def end(_item):
        given.release()

    receiver = Receiver()
    with receiver.listening() as url:
        server = program(tmp_path, Listen=listen, End=end).server(trace=TraceOptions(url, 1))
        with server:
            for on in (True, False, True):
                server.profiler.start() if on else server.profiler.stop()
                steps.release()
                given.acquire()
            server.stop()
    assert len(flows(receiver.spans)) == 2


def test_traces_alone_write_no_profile(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    traced(tmp_path, Listen=giving(2))
    assert not list(tmp_path.glob("*.json"))


def test_a_server_without_traces_has_none(tmp_path):
    receiver = Receiver()
    with receiver.listening(), program(tmp_path, Listen=giving(2)).start() as server:
        server.profiler.start()
        server.wait()
    assert not receiver.asked.is_set()


@pytest.mark.parametrize("every", [0, -1, 1_000_000_001])
def test_one_flow_in_none_cannot_be_traced(tmp_path, every):
    server = program(tmp_path, Listen=giving()).server(trace=TraceOptions("http://here", every))
    with pytest.raises(TraceError, match="from 1, each, to 1,000,000,000"):
        server.start()
