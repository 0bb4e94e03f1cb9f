import gc
import weakref

import pytest

from flux.runtime import Flow, FlowEnded, NoMatch, current_error


def failing():
    raise KeyError("in the handler")


def test_handler_gets_the_inputs_of_the_failed_node():
    inputs = []
    Flow().handle(ValueError(), lambda *given: inputs.extend(given), "conn", 1)
    assert inputs == ["conn", 1]


def test_handled_flow_has_ended_with_nothing_unhandled():
    assert Flow().handle(ValueError(), lambda: None).unhandled is None


def test_failure_of_a_handler_is_unhandled():
    assert isinstance(Flow().handle(ValueError(), failing).unhandled, KeyError)


def test_end_within_a_handler_is_the_end_of_the_flow():
    flow = Flow()
    inner = FlowEnded(ValueError("inner"))

    def handler():
        raise inner

    assert flow.handle(ValueError(), handler).inner is inner


def test_exit_within_a_handler_passes():
    with pytest.raises(SystemExit):
        Flow().handle(ValueError(), exit)


def test_enclosing_handlers_do_not_see_the_end():
    assert not isinstance(FlowEnded(ValueError()), Exception)


def test_handler_may_ask_for_the_error():
    seen = []
    error = ValueError()
    Flow().handle(error, lambda: seen.append(current_error()))
    assert seen == [error]
    assert current_error() is None


def test_nested_handlers_each_see_their_own_error():
    flow = Flow()
    outer, inner = ValueError(), KeyError()
    seen = []

    def handler():
        flow.handle(inner, lambda: seen.append(current_error()))
        seen.append(current_error())

    flow.handle(outer, handler)
    assert seen == [inner, outer]


def test_no_match_names_the_node():
    failure = Flow().no_match("Handler")
    assert isinstance(failure, NoMatch)
    assert str(failure) == "no case of `Handler` matches its inputs"


def test_what_a_failed_handler_was_given_lives_no_longer_than_the_end():
    flow = Flow()
    connection = FlowEnded(ValueError())
    gone = weakref.ref(connection)

    def refuse(connection):
        raise KeyError(connection)

    ended = flow.handle(ValueError(), refuse, connection)
    gc.disable()
    del connection, ended
    gc.enable()
    assert gone() is None
