import pytest

from flux.bindings.cpp.system import macros, system_function


def program(name, signature="(int n) -> ()"):
    return f"source Start => {name}; Start () -> (int n); {name} {signature};"


RESERVED = """
    class nullptr main flux_work FLUX_END errno linux EOF INT_MAX SIZE_MAX assert std flux FILE
    size_t timezone
"""


@pytest.mark.parametrize("name", RESERVED.split())
def test_some_names_are_reserved(complaints, name):
    assert complaints("int Start(int* n) {}", program(name)) == [
        f"reserved-name: no function can be called `{name}` in C++"
    ]


@pytest.mark.parametrize(
    "name", ["Class", "mainly", "init", "fluxion", "Errno", "sockaddr", "my_t"]
)
def test_other_names_are_free(complaints, name):
    assert complaints(f"int Start(int* n) {{}}\nint {name}(int n) {{}}", program(name)) == []


def test_abstract_nodes_may_have_any_name(complaints):
    text = "source Start => class; class = Work; Start () -> (int n); Work (int n) -> ();"
    assert complaints("int Start(int* n) {}\nint Work(int n) {}", text) == []


def test_function_of_the_system_bears_a_node_with_its_signature(implemented):
    found = implemented("int Start(int* n) {}", program("close")).bind()
    assert found.diagnostics == ()
    assert found.system == {"close"}


@pytest.mark.parametrize(
    ("name", "signature", "prototype"),
    [
        ("close", "(int n) -> (int m)", "int close(int)"),
        ("read", "(int n) -> ()", "ssize_t read(int, void *, size_t)"),
        ("exit", "(int n) -> ()", "void exit(int)"),
        ("abs", "(long n) -> ()", "int abs(int)"),
    ],
)
def test_function_of_the_system_with_another_signature_is_reserved(
    implemented, name, signature, prototype
):
    text = program(name, signature).replace("(int n);", f"({signature[1 : signature.index(')')]});")
    found = implemented("DEFINE(Start)", text).bind()
    assert [diagnostic.code for diagnostic in found.diagnostics] == ["reserved-name"]
    assert found.diagnostics[0].primary.text == f"the system has `{prototype}`"


def test_lists_of_the_system_are_there():
    assert {"errno", "SIGTERM", "unix"} < macros()
    assert system_function("accept").text == "int accept(int, struct sockaddr *, socklen_t *)"
    assert system_function("Compress") is None


def test_node_and_predicate_of_one_name_are_told_apart_by_their_parameters(complaints):
    text = """
    source Start => Choose;
    Start () -> (int n);
    Choose:[even] = Even;
    Choose:[_] = Odd;
    Even (int n) -> ();
    Odd (int n) -> (%s);
    typedef even %s;
    """
    nodes = "int Start(int* n) {}\nint Even(int n) {}\n"
    assert complaints(f"{nodes}int Odd(int n) {{}}", text % ("", "Even")) == [
        "name-clash: `Even` would be two functions that take the same"
    ]
