"""What language.md says of Python implementations, on every target that runs them."""

import itertools
import sys
import threading

import pytest

from flux import current_error
from flux.runtime import BadOutput, NoSession

PROGRAM = """
    Listen () -> (int n);
    Work (int n) -> (int n);
    Tell (int n) -> ();
    Rescue (int n) -> ();
    Serve = Work -> Tell;
    source Listen => Serve;
"""
HANDLED = PROGRAM + "handle error Work, Tell -> Rescue;"


def giving(*items):
    return iter(items).__next__


def same(value):
    return value


def nothing(_value):
    return None


def failing(error):
    def fail(*_inputs):
        raise error

    return fail


def test_node_with_one_output_may_give_a_tuple(make_server):
    told = []
    server = make_server(PROGRAM, Listen=giving((1, 2)), Work=same, Tell=told.append)
    assert server.run() == 0
    assert told == [(1, 2)]


@pytest.mark.parametrize("output", [1, None, (1, 2, 3), [1, 2]])
def test_wrong_number_of_outputs_is_an_error_of_the_node(make_server, output):
    errors = []
    server = make_server(
        """
        Listen () -> (int n);
        Pair (int n) -> (int n, int m);
        Rescue (int n) -> ();
        handle error Pair -> Rescue;
        source Listen => Pair;
        """,
        Listen=giving(1),
        Pair=lambda _n: output,
        Rescue=lambda _n: errors.append(type(current_error())),
    )
    assert server.run() == 0
    assert errors == [BadOutput]
    assert server.counters.handled == 1


def test_node_without_outputs_returns_none(make_server):
    errors = []
    server = make_server(
        HANDLED,
        Listen=giving(1),
        Work=same,
        Tell=same,
        Rescue=lambda _n: errors.append(type(current_error())),
    )
    assert server.run() == 0
    assert errors == [BadOutput]


def test_handler_is_told_the_error(make_server):
    errors, error = [], ValueError("broken")
    server = make_server(
        HANDLED,
        Listen=giving(1),
        Work=failing(error),
        Tell=nothing,
        Rescue=lambda _n: errors.append(current_error()),
    )
    assert server.run() == 0
    assert errors == [error]


def test_results_of_predicates_go_through_bool(make_server):
    told = []
    server = make_server(
        """
        Listen () -> (str text);
        Tell (str text) -> ();
        typedef long IsLong;
        Choose:[long] = Tell;
        Choose:[_] = ;
        Choose (str text) -> ();
        source Listen => Choose;
        """,
        Listen=giving("", "word"),
        IsLong=len,
        Tell=told.append,
    )
    assert server.run() == 0
    assert told == ["word"]


def test_generator_is_a_source_that_ends(make_server):
    told = []

    def listen():
        yield 1
        yield 2

    server = make_server(PROGRAM, Listen=listen, Work=same, Tell=told.append)
    assert server.run() == 0
    assert sorted(told) == [1, 2]


def test_generator_that_raised_is_called_anew(make_server):
    told, calls = [], giving(1, 2)

    def listen():
        call = calls()
        yield call
        if call == 1:
            raise OSError("try again")

    server = make_server(PROGRAM, Listen=listen, Work=same, Tell=told.append)
    assert server.run() == 0
    assert sorted(told) == [1, 2]
    assert server.counters.dropped == 1


def test_stop_iteration_in_a_flow_goes_to_the_handler(make_server):
    rescued = []
    server = make_server(
        HANDLED, Listen=giving(1), Work=failing(StopIteration), Tell=nothing, Rescue=rescued.append
    )
    assert server.run() == 0
    assert rescued == [1]


@pytest.mark.parametrize("leave", [SystemExit, KeyboardInterrupt])
def test_exit_from_a_node_stops_the_server_without_a_handler(make_server, leave, capsys):
    server = make_server(
        HANDLED,
        Listen=itertools.repeat(1).__next__,
        Work=failing(leave),
        Tell=nothing,
        Rescue=failing(AssertionError("a handler ran")),
    )
    assert server.run() == 0
    assert server.counters.failed == server.counters.started > 0
    assert "0 cut" in capsys.readouterr().err


def test_exit_from_a_node_gives_everything_back(make_server):
    told, second_is_near = [], threading.Event()
    exits = {1: lambda: sys.exit(second_is_near.wait()), 2: lambda: told.append("second")}
    arrives = {1: lambda: None, 2: second_is_near.set}
    server = make_server(
        """
        Listen () -> (int n);
        Arrive (int n) -> (int n);
        Work (int n) -> ();
        Locked = Work;
        Serve = Arrive -> Locked;
        source Listen {session: ById} => Serve;
        constraint Locked:{a};
        constraint Work:{b(session)};
        """,
        Listen=giving(1, 2),
        ById=lambda _n: "same",
        Arrive=lambda n: arrives[n]() or n,
        Work=lambda n: exits[n](),
    )
    assert server.run() == 0
    assert told == ["second"]


def test_source_without_concrete_nodes_starts_flows_for_ever(make_server):
    flows = itertools.chain([None] * 10, iter(sys.exit, None))
    server = make_server(
        "Tick () -> (); Tick = ; Tock () -> (); source Tick => Tock;",
        options={"max_flows": 1},
        Tock=flows.__next__,
    )
    assert server.run() == 0
    assert server.counters.finished == 10


def test_unhashable_session_fails_the_turn(make_server):
    errors = []
    server = make_server(
        """
        Listen () -> (int n);
        Work (int n) -> ();
        Sorry () -> ();
        source Listen {session: ById} => Work;
        handle error Listen -> Sorry;
        """,
        Listen=giving(1),
        ById=lambda _n: [],
        Work=nothing,
        Sorry=lambda: errors.append(type(current_error())),
    )
    assert server.run() == 0
    assert errors == [NoSession]
    assert server.counters.dropped == 1


@pytest.mark.parametrize("target", ["python"])
def test_report_names_the_path(make_server, caplog):
    server = make_server(PROGRAM, Listen=giving(1), Work=failing(OSError("no paper")), Tell=nothing)
    assert server.run() == 0
    assert caplog.messages == ["Listen -> Work fails: OSError: no paper"]


def test_functions_may_have_names_in_the_python_way(make_server):
    told = []
    server = make_server(
        "ReadHTTPRequest () -> (int n); Tell (int n) -> (); source ReadHTTPRequest => Tell;",
        read_http_request=giving(1),
        tell=told.append,
    )
    assert server.run() == 0
    assert told == [1]


def test_hooks_are_called_first_and_last(make_server):
    told = []
    server = make_server(
        PROGRAM,
        options={"args": ["--port", "80"]},
        init=told.append,
        Listen=giving(1),
        Work=same,
        Tell=told.append,
        shutdown=lambda: told.append("bye"),
    )
    assert server.run() == 0
    assert told == [["--port", "80"], 1, "bye"]


class Incomparable:
    """A session id that is hashable, and no more: telling it from another one fails."""

    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise TypeError("can't be compared")


def test_session_that_cannot_be_found_leaves_nothing_held(make_server):
    inside, failed = threading.Event(), threading.Event()

    def look(_number):
        inside.set()
        assert failed.wait(30)

    def turns():
        yield 1
        assert inside.wait(30)
        yield 2

    def give(_number):
        failed.set()
        raise ValueError

    written = []
    server = make_server(
        """
        Listen () -> (int n);
        Look (int n) -> ();
        Give (int n) -> ();
        Write (int n) -> ();
        source Listen {session: Anybody} => Look;
        handle error Look -> Give;
        handle error Give -> Write;
        constraint Look:{shelf?, cart?(session)};
        constraint Write:{shelf};
        """,
        Listen=turns,
        Anybody=lambda _n: Incomparable(),
        Look=look,
        Give=give,
        Write=written.append,
    )
    with server:
        assert server.wait(30)
    assert written == [2]
