"""What a server does when it is started or stopped at odd times, or told to do odd things."""

import math
import signal
import types
from concurrent.futures import ThreadPoolExecutor

import pytest
from runtime import programs

from flux.runtime import Counters, Drained, MissingFibersError, Server


def implement(*items, **functions):
    return types.SimpleNamespace(Listen=iter(items).__next__, Work=lambda _item: None, **functions)


def raising(*_inputs):
    raise ValueError("on purpose")


@pytest.mark.parametrize("runtime", ["thread", "pool"])
def test_stop_before_start_does_nothing(runtime):
    hooks = []
    nodes = implement(shutdown=lambda: hooks.append("shutdown"))
    server = Server(programs.plain, nodes, runtime=runtime)
    assert server.stop() == Drained(finished=0, cut=0)
    assert server.run() == 0
    assert hooks == ["shutdown"]


@pytest.mark.parametrize("runtime", ["thread", "pool"])
def test_server_starts_only_once(runtime):
    server = Server(programs.plain, implement(), runtime=runtime)
    server.run()
    with pytest.raises(RuntimeError, match="only once"):
        server.start()


def test_shutdown_that_fails_is_not_called_again():
    calls = []
    nodes = implement(shutdown=lambda: (calls.append("shutdown"), raising()))
    server = Server(programs.plain, nodes)
    with pytest.raises(ValueError, match="on purpose"):
        server.run()
    assert server.stop() == Drained(finished=0, cut=0)
    assert calls == ["shutdown"]


def test_what_was_drained_is_told_though_shutdown_fails(capsys):
    nodes = implement(shutdown=raising)
    nodes.Listen = lambda: (_ for _ in ()).throw(SystemExit)
    with pytest.raises(ValueError, match="on purpose"):
        Server(programs.plain, nodes).run()
    assert capsys.readouterr().err == "flux: drained: 0 finished, 0 cut\n"


def test_drain_may_be_unlimited():
    with Server(programs.plain, implement("a"), drain=math.inf) as server:
        assert server.wait()
    assert server.counters.finished == 1


def test_no_turn_begins_after_a_signal_during_init():
    nodes = implement("a")
    server = Server(programs.plain, nodes)
    nodes.init = lambda _args: (signal.raise_signal(signal.SIGTERM), server.wait())
    assert server.run() == 0
    assert server.counters.started == 0


def test_unknown_runtime_is_an_error():
    with pytest.raises(ValueError, match="no runtime is called `loop`"):
        Server(programs.plain, implement(), runtime="loop")


def test_events_need_an_interpreter_whose_threads_are_fibers():
    with pytest.raises(MissingFibersError, match="run this program as `flux fibers"):
        Server(programs.plain, implement(), runtime="event")


@pytest.mark.parametrize("option", ["threads", "queue", "max_flows"])
@pytest.mark.parametrize("count", [0, 1_000_001])
def test_counts_have_bounds(option, count):
    with pytest.raises(ValueError, match=f"`{option}` must be from 1 to 1,000,000, not {count}"):
        Server(programs.plain, implement(), **{option: count})


@pytest.mark.parametrize("runtime", ["thread", "pool"])
def test_failure_of_a_listener_to_ends_is_logged_and_harms_no_flow(runtime, caplog):
    nodes = implement("a", "b", "c")
    server = Server(programs.plain, nodes, runtime=runtime, threads=1, on_end=raising)
    assert server.run() == 0
    assert server.counters == Counters(started=3, finished=3, handled=0, failed=0, dropped=0)
    assert [record.message for record in caplog.records] == ["on_end: ValueError: on purpose"] * 3


@pytest.mark.parametrize("drain", [-1.0, float("nan")])
def test_drain_of_less_than_nothing_is_refused(drain):
    with pytest.raises(ValueError, match="0 seconds or more"):
        Server(programs.plain, implement(), drain=drain)


def test_run_off_the_main_thread_is_refused():
    server = Server(programs.plain, implement())
    with ThreadPoolExecutor(1) as elsewhere, pytest.raises(RuntimeError, match="main thread"):
        elsewhere.submit(server.run).result()


def test_implementation_can_be_asked_for():
    nodes = implement()
    assert Server(programs.plain, nodes).implementation is nodes
