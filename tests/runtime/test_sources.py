import logging
import threading
import types

import pytest
from runtime import programs

from flux.runtime import Constraints, Nodes, Server
from flux.runtime.backoff import delay
from flux.runtime.sources import SourceLoop


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def flows():
    return []


@pytest.fixture
def loop(pauses, flows):
    """Bind a program's source to a loop that notes its flows and its pauses."""
    logging.getLogger("flux").setLevel(logging.CRITICAL)

    def make(program, **functions):
        functions = {"Work": print, "Repair": print} | functions
        bound = program(Nodes(types.SimpleNamespace(**functions)), Constraints())
        endings = Server(program, None)._endings
        return SourceLoop(
            bound.sources[0],
            lambda _source, flow, inputs: flows.append((flow.session, inputs)),
            endings,
            lambda: None,
            pauses.append,
        )

    yield make
    logging.getLogger("flux").setLevel(logging.NOTSET)


def script(*steps):
    """Give a function that returns or raises its steps, then ends its source."""
    steps = iter(steps)

    def function(*_inputs):
        step = next(steps)
        if isinstance(step, BaseException):
            raise step
        return step

    return function


def test_each_turn_starts_one_flow_with_its_outputs(loop, flows):
    loop(programs.plain, Listen=script("a", ("b", 1))).run()
    assert flows == [(None, ("a",)), (None, (("b", 1),))]


def test_session_function_names_the_session_of_the_flow(loop, flows):
    loop(
        programs.sessions,
        Accept=script("a", "b"),
        Check=lambda user: (user, 1),
        ById=lambda user, _item: user.upper(),
    ).run()
    assert flows == [("A", ("a", 1)), ("B", ("b", 1))]


def test_failed_turn_is_dropped(loop, flows):
    source = loop(programs.plain, Listen=script(ValueError(), "a"))
    source.run()
    assert flows == [(None, ("a",))]
    assert (source.started, source.dropped) == (1, 1)


def test_waits_double_while_the_first_node_fails_and_a_success_resets_them(loop, pauses):
    error = ValueError()
    loop(programs.plain, Listen=script(error, error, error, "a", error)).run()
    assert pauses == [0.001, 0.002, 0.004, 0.001]


def test_first_node_that_fails_with_no_ordinary_error_is_waited_for_as_well(loop, pauses):
    loop(programs.plain, Listen=script(GeneratorExit(), GeneratorExit(), GeneratorExit())).run()
    assert pauses == [0.001, 0.002, 0.004]


def test_failure_of_a_later_node_waits_one_millisecond(loop, pauses):
    loop(
        programs.sessions,
        Accept=script(ValueError(), ValueError(), "a", "b", ValueError()),
        Check=lambda _user: 1 // 0,
        ById=print,
    ).run()
    assert pauses == [0.001, 0.002, 0.001, 0.001, 0.001]


def test_stop_iteration_of_a_later_node_is_an_ordinary_error(loop, flows):
    loop(
        programs.sessions,
        Accept=script("a", "b"),
        Check=script(StopIteration(), ("b", 1)),
        ById=lambda user, _item: user,
    ).run()
    assert flows == [("b", ("b", 1))]


def test_failed_session_function_drops_the_turn(loop, flows):
    loop(
        programs.sessions,
        Accept=script("a"),
        Check=lambda user: (user, 1),
        ById=lambda user, item: [user, item],
    ).run()
    assert flows == []


@pytest.mark.parametrize(
    ("failures", "wait"), [(0, 0.001), (1, 0.001), (2, 0.002), (10, 0.512), (11, 1.0), (10**6, 1.0)]
)
def test_delay_doubles_from_a_millisecond_to_a_second(failures, wait):
    assert delay(failures) == wait


def test_result_of_a_turn_that_was_abandoned_is_dropped(loop, flows):
    listening, finish = threading.Event(), threading.Event()

    def listen():
        listening.set()
        finish.wait()
        return "late"

    source = loop(programs.plain, Listen=listen)
    thread = threading.Thread(target=source.run)
    thread.start()
    listening.wait()
    source.stop()
    source.settle(0)
    finish.set()
    thread.join()
    assert flows == []


def test_turn_that_succeeded_before_the_stop_still_starts_its_flow(flows):
    waiting, place = threading.Event(), threading.Event()

    def submit(_source, _flow, inputs):
        waiting.set()
        place.wait()
        flows.append(inputs)

    functions = types.SimpleNamespace(Listen=script("a", "b"), Work=print)
    bound = programs.plain(Nodes(functions), Constraints())
    endings = Server(programs.plain, None)._endings
    source = SourceLoop(bound.sources[0], submit, endings, lambda: None)
    source.start()
    waiting.wait()
    source.stop()
    place.set()
    source.settle(60)
    assert flows == [("a",)]


def test_failed_finish_is_told_and_the_source_stopped(loop, caplog):
    def refuse():
        raise OSError("refused")

    listen = script("a")
    listen.finish = refuse
    source = loop(programs.plain, Listen=listen)
    logging.getLogger("flux").setLevel(logging.NOTSET)
    assert not source.finish()
    assert caplog.messages == ["finish of Listen: OSError: refused"]


def test_failed_interrupt_does_not_hinder_the_stop(loop, caplog):
    def refuse():
        raise OSError("refused")

    listen = script("a")
    listen.interrupt = refuse
    source = loop(programs.plain, Listen=listen)
    logging.getLogger("flux").setLevel(logging.NOTSET)
    source.stop()
    assert caplog.messages == ["interrupt of Listen: OSError: refused"]
