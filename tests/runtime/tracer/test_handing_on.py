"""The context of a flow, as its nodes get it and hand it on."""

import contextvars
import threading

import pytest
from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from runtime.profiler.profiles import program
from runtime.tracer.traces import giving, traced

import flux

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SAMPLED, UNSAMPLED = f"00-{TRACE}-{SPAN}-01", f"00-{TRACE}-{SPAN}-00"
NEVER = 1_000_000
POOL = {"runtime": "pool", "threads": 4}
THREAD = {"runtime": "thread"}


@pytest.fixture(params=[POOL, THREAD], ids=["pool", "thread"])
def options(request):
    return request.param


def named(span):
    return f"00-{span.trace}-{span.id}-01"


def injected():
    """What an instrumented library would put into its headers."""
    headers = {}
    TraceContextTextMapPropagator().inject(headers)
    return headers.get("traceparent", "")


class Notes:
    """Functions that note what is the context while they run."""

    def __init__(self, context=flux.traceparent):
        self.seen = {}
        self._context = context

    def noting(self, name, answer=lambda item: item):
        def function(item):
            self.seen[item, name] = self._context()
            return answer(item)

        return function

    def functions(self):
        return {
            "By": self.noting("By"),
            "First": self.noting("First"),
            "IsEven": self.noting("IsEven", lambda _: True),
            "Hit": self.noting("Hit"),
            "End": self.noting("End", lambda _: None),
        }


@pytest.mark.parametrize("context", [flux.traceparent, injected])
def test_each_call_has_the_context_of_its_own_span(tmp_path, options, context):
    notes = Notes(context)
    found = traced(tmp_path, options=options, Listen=giving(*range(100)), **notes.functions())
    names = ["By", "First", "IsEven", "Hit", "End"]
    sent = {named(flow.call(name)) for flow in found for name in names}
    assert set(notes.seen.values()) == sent
    assert len(sent) == 500


def test_a_handler_has_the_context_of_its_own_span(tmp_path):
    def miss(item):
        raise ValueError(item)

    notes = Notes()
    (flow,) = traced(tmp_path, Listen=giving(1), Miss=miss, Sorry=notes.noting("Sorry"))
    assert notes.seen == {(1, "Sorry"): named(flow.call("Sorry"))}


def test_the_first_node_of_a_turn_has_the_context_of_the_flow(tmp_path):
    seen = []

    def listen():
        seen.append(flux.traceparent())
        if len(seen) > 1:
            raise StopIteration
        return 2

    (flow,) = traced(tmp_path, Listen=listen)
    assert seen[0] == named(flow.whole)


def test_a_context_goes_with_what_a_node_starts(tmp_path):
    seen = []

    def hit(item):
        here = contextvars.copy_context()
        helper = threading.Thread(target=here.run, args=(lambda: seen.append(flux.traceparent()),))
        helper.start()
        helper.join()
        return item

    (flow,) = traced(tmp_path, Listen=giving(2), Hit=hit)
    assert seen == [named(flow.call("Hit"))]


@pytest.mark.parametrize("context", [flux.traceparent, injected])
def test_a_flow_that_is_not_traced_has_no_context(tmp_path, options, context):
    notes = Notes(context)
    traced(tmp_path, NEVER, options=options, Listen=giving(*range(10)), **notes.functions())
    assert set(notes.seen.values()) == {""}


def test_without_traces_nothing_is_handed_on(tmp_path):
    def first(item):
        flux.join_trace(SAMPLED)
        return notes.noting("First")(item)

    notes = Notes()
    with program(tmp_path, Listen=giving(2), First=first).start() as server:
        server.profiler.start()
        server.wait()
    flux.join_trace(SAMPLED)
    assert [*notes.seen.values(), flux.traceparent()] == ["", ""]


def test_a_flow_leaves_nothing_behind_for_the_next_one(tmp_path):
    """All run on one thread; every other one joins its caller."""

    def first(item):
        before.append(flux.traceparent())
        if item % 4 == 0:
            flux.join_trace(SAMPLED)
        return item

    before = []
    options = {"runtime": "pool", "threads": 1}
    numbers = giving(*range(0, 40, 2))
    found = traced(tmp_path, NEVER, options=options, Listen=numbers, First=first)
    assert before == [""] * 20
    assert len(found) == 10


def joining(text, notes):
    def first(item):
        flux.join_trace(text)
        return notes.noting("First")(item)

    return notes.functions() | {"First": first}


@pytest.mark.parametrize("every", [1, NEVER])
@pytest.mark.parametrize("context", [flux.traceparent, injected])
def test_a_flow_whose_caller_is_traced_is_traced(tmp_path, options, every, context):
    notes = Notes(context)
    functions = joining(SAMPLED, notes)
    (flow,) = traced(tmp_path, every, options=options, Listen=giving(2), **functions)
    assert (flow.whole.trace, flow.whole.parent) == (TRACE, SPAN)
    assert flow.names == ["By", "queue", "First", "IsEven", "Hit", "End"]
    assert notes.seen[2, "First"] == named(flow.call("First"))
    assert notes.seen[2, "End"] == named(flow.call("End"))


@pytest.mark.parametrize("every", [1, NEVER])
@pytest.mark.parametrize("context", [flux.traceparent, injected])
def test_a_caller_that_has_decided_against_it_is_obeyed(tmp_path, options, every, context):
    notes = Notes(context)
    functions = joining(UNSAMPLED, notes)
    assert traced(tmp_path, every, options=options, Listen=giving(2), **functions) == []
    assert notes.seen[2, "First"] == notes.seen[2, "End"] == UNSAMPLED


def test_a_text_that_is_no_context_changes_nothing(tmp_path):
    notes = Notes()
    (flow,) = traced(tmp_path, Listen=giving(2), **joining("nonsense", notes))
    assert flow.whole.parent == ""
    assert notes.seen[2, "First"] == named(flow.call("First"))


def test_the_first_node_may_hand_the_context_over(tmp_path):
    def listen():
        flux.join_trace(SAMPLED)
        return next(items)

    items = iter([2, 4])
    found = traced(tmp_path, NEVER, Listen=listen)
    assert [flow.whole.parent for flow in found] == [SPAN, SPAN]


def test_what_was_current_before_a_flow_is_current_again(tmp_path):
    """The thread of a source may have a span of its own, in which its turns are."""
    outer = trace.NonRecordingSpan(trace.SpanContext(7, 7, is_remote=False))
    seen = []

    def listen():
        with trace.use_span(outer):
            for item in (2, 4):
                seen.append(trace.get_current_span())
                yield item
            seen.append(trace.get_current_span())

    traced(tmp_path, NEVER, Listen=listen)
    assert seen == [outer] * 3
