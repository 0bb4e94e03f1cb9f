import pytest

HEAD = """
from typing import Annotated, Any, NewType, Optional, TypeVar, Union
from net import Connection as Conn
T = TypeVar("T")
Socket = NewType("Socket", int)
Number = int
Page = list[bytes]
Loop = Loop
Pair = tuple[int, str]
"""


@pytest.mark.parametrize(
    ("type_", "annotation"),
    [
        ("int", "int"),
        ("unsigned long long", "int"),
        ("size_t", "int"),
        ("uint8_t", "int"),
        ("pid_t", "int"),
        ("char", "int"),
        ("char", "str"),
        ("bool", "bool"),
        ("_Bool", "bool"),
        ("double", "float"),
        ("long double", "float"),
        ("char*", "str"),
        ("const char *", "bytes"),
        ("char*", "str | bytes"),
        ("std::string", "str"),
        ("void*", "Connection"),
        ("char**", "list[str]"),
        ("float*", "array"),
        ("Connection", "Connection"),
        ("Connection", "net.Connection"),
        ("net::Connection", "Connection"),
        ("const Connection&", "Connection"),
        ("struct connection*", "connection"),
        ("std::vector<int>", "list[int]"),
        ("list[int]", "list[int]"),
        ("list[int]", "typing.List[int]"),
        ("list[int]", "list"),
        ("dict[str, list[int]]", "dict[str, list[int]]"),
        ("str | None", "str | None"),
        ("Connection", "Any"),
        ("Connection", "object"),
        ("Connection", '"Connection"'),
        ("Connection", '"not a type"'),
        ("Connection", "Optional[Connection]"),
        ("Connection", "Union[Connection, int]"),
        ("Connection", "Connection | None"),
        ("Connection", 'Annotated[Connection, "open"]'),
        ("Connection", "T"),
        ("Connection", "Conn"),
        ("int", "Socket"),
        ("int", "Number"),
        ("Page", "list[bytes]"),
        ("list[bytes]", "Page"),
        ("int", "make()"),
        ("Loop", "Loop"),
    ],
)
def test_annotation_that_may_be_meant_agrees(complaints, type_, annotation):
    program = f"source S => Work; S () -> ({type_} a); Work ({type_} a) -> ();"
    nodes = f"{HEAD}\ndef s(): ...\ndef work(a: {annotation}): ..."
    assert complaints(nodes, program, net="class Connection: ...") == []


@pytest.mark.parametrize(
    ("type_", "annotation"),
    [
        ("int", "str"),
        ("int", "bool"),
        ("bool", "int"),
        ("double", "int"),
        ("char*", "int"),
        ("size_t", "str"),
        ("std::string", "int"),
        ("Connection", "Request"),
        ("Connection", "None"),
        ("Connection*", "net.Request"),
        ("Connection", '"Request"'),
        ("Connection", "Request | None"),
        ("list[int]", "list[str]"),
        ("list[int]", "set[int]"),
        ("Request", "Conn"),
        ("str", "Number"),
        ("int", "Page"),
        ("int", "Loop"),
    ],
)
def test_annotation_that_surely_differs_is_wrong(complaints, type_, annotation):
    program = f"source S => Work; S () -> ({type_} a); Work ({type_} a) -> ();"
    nodes = f"{HEAD}\ndef s(): ...\ndef work(a: {annotation}): ..."
    [found] = complaints(nodes, program, net="class Connection: ...")
    assert found.startswith("wrong-function: `work` cannot take")


@pytest.mark.parametrize(
    ("outputs", "annotation"),
    [
        ("", "None"),
        ("", "NoReturn"),
        ("", "Any"),
        ("char* a", "str"),
        ("int a", "Any"),
        ("int a, char* b", "tuple[int, bytes]"),
        ("int a, char* b", '"tuple[int, bytes]"'),
        ("int a, char* b", "typing.Tuple[int, bytes]"),
        ("int a, char* b", "tuple"),
        ("int a, char* b", "tuple[int, ...]"),
        ("int a, char* b", "tuple[int, str] | None"),
        ("int a, char* b", "Pair"),
        ("int a, char* b", "SomeNamedTuple"),
    ],
)
def test_result_that_may_be_meant_agrees(complaints_of_one, outputs, annotation):
    function = f"{HEAD}\ndef work() -> {annotation}: ..."
    assert complaints_of_one("", outputs, function) == []


@pytest.mark.parametrize(
    ("outputs", "annotation", "remedy"),
    [
        ("", "int", "write `-> None`"),
        ("char* a", "None", "write `-> str`"),
        ("Page a", "int", "write `-> Page`"),
        ("int a, char* b", "int", "write `-> tuple[int, str]`"),
        ("int a, char* b", "None", "write `-> tuple[int, str]`"),
        ("int a, char* b", "list[int]", "write `-> tuple[int, str]`"),
        ("int a, char* b", "tuple[int]", "write `-> tuple[int, str]`"),
        ("int a, char* b", "tuple[str, int]", "write `-> tuple[int, str]`"),
        ("int a, int b", "Pair", "write `-> tuple[int, int]`"),
    ],
)
def test_result_that_surely_differs_is_wrong(implemented, outputs, annotation, remedy):
    program = f"source S => Work; S () -> (); Work () -> ({outputs});"
    nodes = f"{HEAD}\ndef s(): ...\ndef work() -> {annotation}: ..."
    [found] = implemented(nodes, program).check()
    assert found.primary.span.text == annotation
    assert found.help == remedy


@pytest.mark.parametrize(
    ("annotation", "count"),
    [("Iterator[str]", 0), ("Generator[str, None, None]", 0), ("Iterator[int]", 1), ("Lines", 0)],
)
def test_generator_is_compared_by_what_it_yields(complaints, annotation, count):
    program = "source S => Work; S () -> (char* a); Work (char* a) -> ();"
    nodes = f"def s() -> {annotation}:\n    yield\ndef work(a): ..."
    assert len(complaints(nodes, program)) == count


def test_wrong_annotation_is_pointed_at(implemented):
    program = "source S => Work; S () -> (char* a); Work (char* a) -> ();"
    [found] = implemented("def s(): ...\ndef work(text: int): ...", program).check()
    assert found.message == "`work` cannot take `char* a` as `int`"
    assert (found.primary.span.text, found.primary.text) == ("int", "not `char*`")
    assert found.help == "write `text: str`"


def test_each_wrong_annotation_is_told(complaints_of_one):
    found = complaints_of_one("int a, int b", "", "def work(a: str, *rest: str) -> int: ...")
    assert len(found) == 3


def test_result_of_a_predicate_may_be_anything(complaints):
    program = (
        "source S => F; S () -> (int a); F (int a) -> (int a); F:[even] = ; typedef even IsEven;"
    )
    assert complaints("def s(): ...\ndef is_even(a: int) -> int: ...", program) == []


def test_predicate_of_two_types_agrees_with_both(complaints):
    program = """
    source S => F;
    S () -> (int a, char* b);
    F:[empty, empty] = ;
    F:[_, _] = ;
    F (int a, char* b) -> (int a, char* b);
    typedef empty IsEmpty;
    """
    found = complaints("def s(): ...\ndef is_empty(a: int): ...", program)
    assert found == ["wrong-function: `is_empty` cannot take `char* b` as `int`"]


def test_unknown_names_do_not_hide_what_is_written(complaints):
    program = "source S => Work; S () -> (int a); Work (int a) -> ();"
    nodes = "from nowhere_to_be_found import *\ndef work(a: list[str]): ..."
    assert complaints(nodes, program) == [
        "wrong-function: `work` cannot take `int a` as `list[str]`"
    ]


def test_names_are_looked_through_in_the_module_that_has_them(complaints):
    program = "source S => Work; S () -> (int a); Work (int a) -> ();"
    nodes = "from net import Socket\ndef s(): ...\ndef work(a: Socket): ..."
    assert complaints(nodes, program, net="Number = int\nSocket = Number") == []
