import pytest


@pytest.mark.parametrize(
    "parameters",
    [
        "a, b",
        "a, b, /",
        "a, b=1",
        "a, b, c=1",
        "*values",
        "a, *rest",
        "a, b, *, key=1",
        "a, b, **k",
    ],
)
def test_function_that_takes_two_values_can_have_two_inputs(complaints_of_one, parameters):
    assert complaints_of_one("int a, int b", "", f"def work({parameters}): ...") == []


@pytest.mark.parametrize(
    ("parameters", "takes"),
    [
        ("", "takes no values"),
        ("a", "takes 1 value"),
        ("a, b, c", "takes 3 values"),
        ("a, b, c, d=1", "takes 3 to 4 values"),
        ("a, b, c, *rest", "takes 3 values or more"),
    ],
)
def test_function_takes_as_many_values_as_it_has_inputs(implemented, parameters, takes):
    program = "source S => Work; S () -> (int a, int b); Work (int a, int b) -> ();"
    [found] = implemented(f"def s(): ...\ndef work({parameters}): ...", program).check()
    assert found.message == "`work` cannot be called with 2 values"
    assert found.primary.text == takes
    assert found.help == "write `def work(a, b)`"


def test_wrong_function_is_shown_beside_the_signature(implemented):
    program = "source S => Work; S () -> (int a); Work (int a) -> ();"
    server = implemented("def s(): ...\n\ndef work(): ...", program)
    [found] = server.check()
    assert str(found.primary.span) == f"{server.path}:3:5"
    assert [label.text for label in found.others] == ["takes (int a), gives ()"]


def test_place_is_right_behind_wide_characters_and_odd_line_ends(implemented):
    program = "source S => Work; S () -> (int a); Work (int a) -> ();"
    server = implemented("s = lambda: 'é€😀'; work = lambda: 1\r\n", program)
    [found] = server.check()
    assert (str(found.primary.span), found.primary.span.text) == (f"{server.path}:1:20", "work")


def test_argument_by_name_only_needs_a_default(complaints_of_one):
    found = complaints_of_one("int a", "", "def work(a, *, level): ...")
    assert found == ["wrong-function: `work` would never be given its argument `level`"]


def test_coroutine_cannot_bear_a_node(complaints_of_one):
    found = complaints_of_one("int a", "", "async def work(a): ...")
    assert found == ["wrong-function: `work` is a coroutine"]


def test_generator_cannot_bear_an_ordinary_node(complaints_of_one):
    found = complaints_of_one("int a", "int b", "def work(a):\n    for x in a: yield x")
    assert found == ["wrong-function: `work` is a generator"]


def test_generator_within_a_function_is_its_own_affair(complaints_of_one):
    function = "def work(a):\n    def each():\n        yield a\n    return each()"
    assert complaints_of_one("int a", "int b", function) == []


def test_generator_may_begin_the_turns_of_a_source(complaints):
    program = "source S => Work; S = First -> Then; First () -> (); Then () -> (); Work () -> ();"
    nodes = "def first():\n    yield\ndef then(): ...\ndef work(): ..."
    assert complaints(nodes, program) == []


def test_generator_may_not_go_on_with_a_turn(complaints):
    program = "source S => Work; S = First -> Then; First () -> (); Then () -> (); Work () -> ();"
    nodes = "def first(): ...\ndef then():\n    yield\ndef work(): ..."
    assert complaints(nodes, program) == ["wrong-function: `then` is a generator"]


def test_generator_that_also_stands_in_a_flow_is_wrong(complaints):
    program = "source S => Work; Work = S; S () -> ();"
    assert complaints("def s():\n    yield", program) == ["wrong-function: `s` is a generator"]


def test_predicate_takes_one_value(complaints):
    program = """
    source S => Flow;
    S () -> (int a, int b);
    Flow:[even, _] = ;
    Flow:[_, _] = ;
    Flow (int a, int b) -> (int a, int b);
    typedef even IsEven;
    """
    found = complaints("def s(): ...\ndef is_even(a, b): ...", program)
    assert found == ["wrong-function: `is_even` cannot be called with 1 value"]


def test_session_function_takes_what_its_source_gives(complaints):
    program = "source S {session: ById} => Work; S () -> (int a, int b); Work (int a, int b) -> ();"
    found = complaints("def s(): ...\ndef work(a, b): ...\ndef by_id(a): ...", program)
    assert found == ["wrong-function: `by_id` cannot be called with 2 values"]


def test_hooks_are_called_with_the_arguments_and_with_nothing(complaints_of_one):
    found = complaints_of_one("", "", "def work(): ...\ndef init(): ...\ndef shutdown(force): ...")
    assert found == [
        "wrong-function: `init` cannot be called with 1 value",
        "wrong-function: `shutdown` cannot be called with no values",
    ]


def test_hook_is_no_coroutine(complaints_of_one):
    found = complaints_of_one("", "", "def work(): ...\nasync def shutdown(): ...")
    assert found == ["wrong-function: `shutdown` is a coroutine"]
