import types

import pytest

from flux.runtime import MissingFunctions, Nodes, NoSession, SourceEnded
from flux.runtime.nodes import spellings


def implementation(**functions):
    return types.SimpleNamespace(**functions)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ReadRequest", ("ReadRequest", "read_request")),
        ("FourOhFour", ("FourOhFour", "four_oh_four")),
        ("HTTPServer", ("HTTPServer", "http_server")),
        ("SHA1Sum", ("SHA1Sum", "sha1_sum")),
        ("read", ("read",)),
        ("Import", ("Import",)),
    ],
)
def test_node_is_found_under_its_name_or_in_snake_case(name, expected):
    assert spellings(name) == expected


def test_exact_name_comes_first():
    nodes = Nodes(implementation(Read=lambda: "exact", read=lambda: "fallback"))
    assert nodes.function("Read", gives=1)() == "exact"


def test_methods_of_an_object_are_nodes():
    assert Nodes([]).function("Append", gives=0)(1) is None


def test_all_missing_functions_are_named_at_once():
    nodes = Nodes(implementation(present=lambda: None))
    nodes.function("Present", gives=0)
    nodes.function("ReadRequest", gives=2)
    nodes.predicate("TestInCache")
    nodes.session("ById")
    nodes.opening("Listen", gives=1)
    with pytest.raises(MissingFunctions) as caught:
        nodes.check()
    assert str(caught.value) == (
        "the implementation lacks `ReadRequest` or `read_request`,"
        " `TestInCache` or `test_in_cache`, `ById` or `by_id`, `Listen` or `listen`"
    )


def test_attribute_that_cannot_be_called_is_missing():
    nodes = Nodes(implementation(Read=1))
    nodes.function("Read", gives=1)
    with pytest.raises(MissingFunctions):
        nodes.check()


def test_without_an_observer_functions_are_handed_out_as_they_are():
    def read():
        return 1, 2

    nodes = Nodes(implementation(Read=read, read=read))
    assert nodes.function("Read", gives=2) is read
    assert nodes.predicate("Read") is read


def test_observer_may_wrap_every_function():
    seen = []

    def observe(kind, name, function):
        seen.append((kind, name))
        return lambda *inputs: ("observed", function(*inputs))

    nodes = Nodes(implementation(F=lambda: 1), observe)
    bound = [
        nodes.function("F", 1),
        nodes.predicate("F"),
        nodes.session("F"),
        nodes.opening("F", 1),
    ]
    assert [function() for function in bound] == [("observed", 1)] * 4
    assert seen == [("node", "F"), ("predicate", "F"), ("session", "F"), ("node", "F")]


def test_session_function_gives_any_hashable():
    assert Nodes(implementation(F=lambda value: (value, 1))).session("F")("a") == ("a", 1)


@pytest.mark.parametrize("function", [list, lambda: 1 // 0])
def test_session_function_that_gives_no_id_fails(function):
    with pytest.raises(NoSession, match="`F` gives no session"):
        Nodes(implementation(F=function)).session("F")()


def test_stop_iteration_of_an_opening_function_ends_the_source():
    listen = Nodes(implementation(Listen=iter([1]).__next__)).opening("Listen", gives=1)
    assert listen() == 1
    with pytest.raises(SourceEnded):
        listen()


def test_opening_generator_gives_one_value_a_turn_and_ends_the_source():
    def listen():
        yield 1
        yield 2

    opening = Nodes(implementation(Listen=listen)).opening("Listen", gives=1)
    assert [opening(), opening()] == [1, 2]
    with pytest.raises(SourceEnded):
        opening()


def test_opening_generator_that_raised_is_called_anew():
    def listen():
        yield 1
        raise TimeoutError

    opening = Nodes(implementation(Listen=listen)).opening("Listen", gives=1)
    assert opening() == 1
    with pytest.raises(TimeoutError):
        opening()
    assert opening() == 1


def test_values_of_an_opening_generator_are_checked():
    def listen():
        yield 1, 2
        yield 1

    opening = Nodes(implementation(Listen=listen)).opening("Listen", gives=2)
    assert opening() == (1, 2)
    with pytest.raises(Exception, match="must return a tuple of 2"):
        opening()


def test_opening_tells_once_that_it_has_failed():
    opening = Nodes(implementation(Listen=lambda: 1 // 0)).opening("Listen", gives=1)
    with pytest.raises(ZeroDivisionError):
        opening()
    assert opening.has_failed()
    assert not opening.has_failed()


def test_interrupt_reaches_the_object_that_listens():
    class Listener:
        interrupted = False

        def listen(self):
            return 1

        def interrupt(self):
            self.interrupted = True

    listener = Listener()
    Nodes(implementation(Listen=listener.listen)).opening("Listen", gives=1).interrupt()
    assert listener.interrupted


def test_interrupt_of_a_plain_function_does_nothing():
    Nodes(implementation(Listen=lambda: 1)).opening("Listen", gives=1).interrupt()
