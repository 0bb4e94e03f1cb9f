import sys
import threading
import types
from queue import SimpleQueue

import pytest
from runtime import programs

from flux.runtime import (
    Counters,
    Drained,
    FlowEnded,
    MissingFunctions,
    Outcome,
    Program,
    Server,
    current_error,
)

pytestmark = pytest.mark.parametrize("runtime", ["thread", "pool"])


class Line:
    """A source that gives what is put into it, and can be interrupted."""

    def __init__(self, *items):
        self.items = SimpleQueue()
        for item in items:
            self.items.put(item)

    def end(self):
        self.items.put(StopIteration)

    interrupt = end

    def listen(self):
        item = self.items.get()
        if item is StopIteration:
            raise StopIteration
        return item


class Gate:
    """A node that waits for its permission, and says when it runs."""

    def __init__(self):
        self.running = threading.Semaphore(0)
        self.open = threading.Event()

    def work(self, _item):
        self.running.release()
        self.open.wait()


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.open.set()


def implement(line, work, **functions):
    return types.SimpleNamespace(Listen=line.listen, Work=work, **functions)


def served(program, line, work, runtime, **functions):
    """Serve until the line has ended; the server, whose flows are all done."""
    line.end()
    server = Server(program, implement(line, work, **functions), runtime=runtime, threads=3)
    assert server.run() == 0
    return server


def raising(exception):
    def work(_item):
        raise exception

    return work


def nothing(_item):
    return None


def test_program_ends_when_its_sources_have_ended_and_all_flows_are_done(runtime):
    done = []
    server = served(programs.plain, Line(*range(100)), done.append, runtime)
    assert sorted(done) == list(range(100))
    assert server.counters == Counters(started=100, finished=100, handled=0, failed=0, dropped=0)


def test_program_without_sources_ends_at_once(runtime):
    assert Server(lambda _nodes, _constraints: Program(), None, runtime=runtime).run() == 0


def test_several_sources_share_a_target(runtime):
    functions = types.SimpleNamespace(
        tick=iter([None] * 3).__next__,
        tack=iter([None] * 4).__next__,
        tock=lambda: None,
    )
    server = Server(programs.bare, functions, runtime=runtime)
    assert server.run() == 0
    assert server.counters.finished == 7


def test_handled_flows_are_counted_apart(runtime):
    repaired = []
    server = served(
        programs.handled,
        Line("a", "b"),
        raising(ValueError()),
        runtime,
        Repair=lambda item: repaired.append((item, type(current_error()))),
    )
    assert sorted(repaired) == [("a", ValueError), ("b", ValueError)]
    assert server.counters.handled == 2


def test_unhandled_error_is_counted_and_logged_with_its_source(runtime, caplog):
    server = served(programs.plain, Line("a"), raising(ValueError("bad")), runtime)
    assert server.counters.failed == 1
    assert caplog.messages == ["Listen -> Work_routine: ValueError: bad"]


def test_failure_of_a_handler_is_logged(runtime, caplog):
    server = served(
        programs.handled,
        Line("a"),
        raising(ValueError()),
        runtime,
        Repair=raising(KeyError("worse")),
    )
    assert server.counters.failed == 1
    assert caplog.messages == ["Listen -> Work_routine: KeyError: 'worse'"]


def test_failed_flow_gives_its_constraints_back(runtime, caplog):
    server = served(programs.locked, Line("a", "b"), raising(ValueError()), runtime)
    assert server.counters.failed == 2
    assert len(caplog.messages) == 2


def test_other_exceptions_end_only_their_flow(runtime, caplog):
    server = served(programs.handled, Line("a"), raising(GeneratorExit()), runtime, Repair=nothing)
    assert server.counters.failed == 1
    assert caplog.messages == ["Listen -> Work_routine: GeneratorExit: "]


@pytest.mark.parametrize("exception", [SystemExit(3), KeyboardInterrupt()])
def test_exit_in_a_node_runs_no_handler_and_stops_the_server(runtime, exception, capsys):
    repaired = []
    server = Server(
        programs.handled,
        implement(Line("a"), raising(exception), Repair=repaired.append),
        runtime=runtime,
    )
    assert server.run() == 0
    assert server.counters.failed == 1
    assert repaired == []
    assert capsys.readouterr().err == "flux: drained: 0 finished, 0 cut\n"


def test_exit_in_a_turn_stops_the_server(runtime):
    line = types.SimpleNamespace(listen=sys.exit)
    assert Server(programs.plain, implement(line, nothing), runtime=runtime).run() == 0


def test_flows_in_flight_finish_within_the_drain(runtime, gate):
    server = Server(programs.plain, implement(Line("a", "b"), gate.work), runtime=runtime)
    with server:
        gate.running.acquire()
        gate.running.acquire()
        gate.open.set()
    assert server.counters.finished == 2


def test_flows_that_do_not_finish_in_time_are_cut(runtime, gate):
    server = Server(programs.plain, implement(Line("a"), gate.work), runtime=runtime).start()
    gate.running.acquire()
    assert server.stop(drain=0) == Drained(finished=0, cut=1)


def test_stopping_twice_tells_the_same(runtime, gate):
    server = Server(programs.plain, implement(Line("a"), gate.work), runtime=runtime).start()
    gate.running.acquire()
    first = server.stop(drain=0)
    gate.open.set()
    assert server.stop() is first


def test_turn_in_progress_is_abandoned(runtime):
    listening, never = threading.Event(), threading.Event()

    def listen():
        listening.set()
        never.wait()

    implementation = types.SimpleNamespace(Listen=listen, Work=nothing)
    server = Server(programs.plain, implementation, runtime=runtime).start()
    listening.wait()
    assert server.stop() == Drained(finished=0, cut=0)
    never.set()


def test_source_waits_for_a_place_under_max_flows(runtime, gate):
    line = Line("a", "b", "c")
    server = Server(programs.plain, implement(line, gate.work), runtime=runtime, max_flows=2)
    with server:
        gate.running.acquire()
        gate.running.acquire()
        assert not gate.running.acquire(blocking=False)
        gate.open.set()
        gate.running.acquire()
    assert server.counters.finished == 3


def test_init_comes_first_and_shutdown_last(runtime):
    order = []
    line = Line("a")
    line.end()
    implementation = implement(
        line,
        order.append,
        init=order.append,
        shutdown=lambda: order.append("shutdown"),
    )
    Server(programs.plain, implementation, runtime=runtime, args=("--port", "0")).run()
    assert order == [["--port", "0"], "a", "shutdown"]


def test_with_block_does_not_start_a_running_server_again(runtime):
    order = []
    line = Line()
    line.end()
    implementation = implement(line, nothing, init=order.append)
    with Server(programs.plain, implementation, runtime=runtime).start() as server:
        assert server.wait(timeout=30)
    assert order == [[]]


def test_missing_functions_stop_the_start_after_init(runtime):
    order = []
    implementation = types.SimpleNamespace(
        init=lambda _args: order.append("init"), shutdown=lambda: order.append("shutdown")
    )
    with pytest.raises(MissingFunctions, match="`Work` or `work`, `Listen` or `listen`"):
        Server(programs.plain, implementation, runtime=runtime).start()
    assert order == ["init", "shutdown"]


def test_end_of_each_flow_is_told_with_its_outcome(runtime):
    ends = []
    line = Line("a")
    line.end()
    Server(
        programs.handled,
        implement(line, raising(ValueError()), Repair=nothing),
        runtime=runtime,
        on_end=lambda flow, source, outcome, exception: ends.append(
            (flow.path, source.name, outcome, type(exception))
        ),
    ).run()
    assert ends == [(0, "Listen", Outcome.HANDLED, FlowEnded)]


def test_wait_gives_up_after_its_time_out(runtime):
    with Server(programs.plain, implement(Line(), nothing), runtime=runtime) as server:
        assert not server.wait(timeout=0)


def test_wait_ends_with_the_program(runtime):
    line = Line("a")
    line.end()
    with Server(programs.plain, implement(line, nothing), runtime=runtime) as server:
        assert server.wait()
        assert server.wait()
    assert server.counters.finished == 1


def test_sessions_exclude_only_themselves(runtime):
    both = threading.Barrier(2)
    users = iter(["ann", "bob"])
    implementation = types.SimpleNamespace(
        Accept=lambda: next(users),
        Check=lambda user: (user, 1),
        ById=lambda user, _item: user,
        Work=lambda _user, _item: both.wait() * 0 or None,
    )
    server = Server(programs.sessions, implementation, runtime=runtime)
    assert server.run() == 0
    assert server.counters.finished == 2
