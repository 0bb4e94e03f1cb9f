import threading
import time

import pytest
from measured.receiver import Receiver
from measured.traced import flows
from runtime.profiler.profiles import program
from runtime.tracer.traces import giving, traced

from flux.runtime import TraceOptions
from flux.runtime.tracer.failures import message
from flux.runtime.tracer.spans import MOST

FINISHED = "Listen -> First -> Choose:[even] -> Hit -> End"
HANDLED = "Listen -> First -> Choose:[_] -> Miss fails -> Sorry"
FAILED = "Listen -> First fails"


class BrokenError(Exception):
    """An error that can't even be told."""

    def __str__(self):
        raise ValueError


def fail(item):
    raise ValueError(f"{item} is odd")


@pytest.mark.parametrize("options", [{"runtime": "pool", "threads": 2}, {"runtime": "thread"}])
def test_a_flow_has_a_span_for_each_call(tmp_path, options):
    (flow,) = traced(tmp_path, options=options, Listen=giving(2))
    assert flow.whole.name == "Listen"
    assert flow.whole.parent == ""
    assert flow.whole.attributes == {
        "flux.program": "image.flux",
        "flux.path": FINISHED,
        "flux.outcome": "finished",
    }
    assert flow.names == ["By", "queue", "First", "IsEven", "Hit", "End"]
    roles = {"By": {"flux.role": "session"}, "IsEven": {"flux.role": "predicate"}}
    assert [call.attributes for call in flow.calls] == [roles.get(name, {}) for name in flow.names]


def test_each_flow_is_a_trace_of_its_own(tmp_path):
    found = traced(tmp_path, Listen=giving(*range(100)))
    assert len({flow.whole.trace for flow in found}) == 100


def test_the_times_are_those_of_the_day(tmp_path):
    before = time.time_ns()
    (flow,) = traced(tmp_path, Listen=giving(2))
    assert before < flow.whole.start <= flow.whole.end < time.time_ns()


def test_a_handled_error_is_one_of_the_call_only(tmp_path):
    (flow,) = traced(tmp_path, Listen=giving(1), Miss=fail)
    assert (flow.outcome, flow.path) == ("handled", HANDLED)
    assert flow.call("Miss").message == "ValueError: 1 is odd"
    assert [call.name for call in flow.calls if call.is_error] == ["Miss"]
    assert flow.names[-1] == "Sorry"


def test_an_error_that_nobody_takes_is_one_of_the_flow(tmp_path):
    (flow,) = traced(tmp_path, Listen=giving(1), First=fail)
    assert (flow.outcome, flow.path) == ("failed", FAILED)
    assert flow.whole.message == flow.call("First").message == "ValueError: 1 is odd"


def test_a_handler_that_fails_tells_its_own_error(tmp_path):
    def sorry(_item):
        raise LookupError("no words")

    (flow,) = traced(tmp_path, Listen=giving(1), Miss=fail, Sorry=sorry)
    assert flow.whole.message == flow.call("Sorry").message == "LookupError: no words"
    assert flow.call("Miss").message == "ValueError: 1 is odd"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError(), "KeyError"),
        (BrokenError(), "BrokenError: its text can't be told"),
        (ValueError("\udcff"), "ValueError: ?"),
        (ValueError("a" * 2000), f"ValueError: {'a' * 2000}"[:1000]),
    ],
)
def test_the_text_of_an_error_may_be_anything(error, told):
    assert message(error) == told


def test_an_error_that_no_call_made_is_told_by_the_flow(tmp_path):
    text = """
    Listen () -> (int item);
    Choose (int item) -> (int item);
    Hit (int item) -> (int item);
    source Listen => Choose;
    typedef even IsEven;
    Choose:[even] = Hit;
    """
    (flow,) = traced(tmp_path, text=text, Listen=giving(1))
    assert flow.whole.message == "NoMatch: no case of `Choose` matches its inputs"
    assert not flow.call("IsEven").is_error


def test_a_flow_that_exits_past_a_handler_has_no_number(tmp_path):
    def miss(_item):
        raise SystemExit

    (flow,) = traced(tmp_path, Listen=giving(1), Miss=miss)
    assert (flow.outcome, flow.whole.message) == ("failed", "SystemExit")
    assert flow.call("Miss").is_error
    assert flow.path == "(no number)"


def test_a_turn_that_fails_behind_its_first_node_is_a_flow(tmp_path):
    text = """
    Listen () -> (int item);
    Read (int item) -> (int item);
    End (int item) -> ();
    Turn = Listen -> Read;
    Turn () -> (int item);
    source Turn => End;
    """
    (flow,) = traced(tmp_path, text=text, Listen=giving(1), Read=fail)
    assert (flow.outcome, flow.names) == ("failed", ["Read"])


def failing_once(item):
    """A first node of turns that fails, and then gives an item."""
    items = iter([ValueError("no client"), item])

    def listen():
        following = next(items)
        if isinstance(following, Exception):
            raise following
        return following

    return listen


def test_a_turn_whose_first_node_fails_is_a_flow_without_calls(tmp_path):
    failed, finished = traced(tmp_path, Listen=failing_once(2))
    assert (failed.outcome, failed.path, failed.calls) == ("failed", "Listen fails", [])
    assert failed.whole.message == "ValueError: no client"
    assert finished.outcome == "finished"


def test_a_handler_of_the_first_node_tells_its_own_error(tmp_path):
    def sorry():
        raise LookupError("no words")

    text = """
    Listen () -> (int item);
    End (int item) -> ();
    Sorry () -> ();
    source Listen => End;
    handle error Listen -> Sorry;
    """
    failed, _ = traced(tmp_path, text=text, Listen=failing_once(2), Sorry=sorry)
    assert failed.call("Sorry").message == failed.whole.message == "LookupError: no words"


def test_a_flow_has_a_thousand_calls_at_most(tmp_path):
    steps = [f"Step{number}" for number in range(MOST + 7)]
    signatures = "".join(f"{step} (int item) -> (int item);\n" for step in steps)
    flow = f"source Listen => All;\nAll = {' -> '.join(steps)};"
    text = f"Listen () -> (int item);\n{signatures}{flow}"
    functions = dict.fromkeys(steps, lambda item: item)
    (flow,) = traced(tmp_path, text=text, Listen=giving(1), **functions)
    assert len(flow.calls) == MOST
    assert flow.names[-1] == f"Step{MOST - 2}"
    assert flow.whole.attributes["flux.dropped"] == 8
    assert flow.whole.end > flow.calls[-1].end


def test_waiting_for_a_constraint_has_a_span(tmp_path):
    """One flow holds the constraint until another one is seen to wait for it."""
    entered, leave = threading.Event(), threading.Event()

    def first(item):
        entered.set()
        assert leave.wait(30)
        return item

    receiver = Receiver()
    with receiver.listening() as url:
        server = program(tmp_path, Listen=giving(2, 2), First=first).server(
            trace=TraceOptions(url, 1)
        )
        with server:
            assert entered.wait(30)
            while [f["state"] for f in server.profiler.read_flows()["flows"]] != ["runs", "waits"]:
                pass
            leave.set()
            server.wait()
    waited = [flow.call("wait for stock") for flow in flows(receiver.spans) if len(flow.calls) > 6]
    assert [call.attributes for call in waited] == [
        {"flux.constraint": "stock", "flux.mode": "writer", "flux.scope": "program"}
    ]
