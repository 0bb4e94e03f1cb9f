import pytest

from flux.bindings.cpp import function_prototype
from flux.bindings.needs import Role
from flux.driver import compile_program
from flux.source import SourceFile


def prototype(signature, role=Role.NODE):
    graph = compile_program(SourceFile("server.flux", f"Work {signature};")).graph
    return str(function_prototype("Work", graph.nodes["Work"].signature, role))


@pytest.mark.parametrize(
    ("signature", "function"),
    [
        ("() -> ()", "int Work()"),
        ("(int socket) -> ()", "int Work(int socket)"),
        ("() -> (char* line, int size)", "int Work(char** line, int* size)"),
        ("(int n) -> (int n)", "int Work(int n, int* out_n)"),
        ("(int n, int out_n) -> (int n)", "int Work(int n, int out_n, int* out_n_)"),
        ("(std::vector<int> v) -> (A & b)", "int Work(std::vector<int> v, A&* b)"),
        ("(int while, int while_) -> ()", "int Work(int while_, int while__)"),
        ("(int errno, int unix) -> ()", "int Work(int errno_, int unix_)"),
        ("(int Picture, Picture p) -> ()", "int Work(int Picture_, Picture p)"),
    ],
)  # fmt: skip
def test_inputs_come_by_value_and_outputs_go_by_pointer(signature, function):
    assert prototype(signature) == function


def test_predicates_and_session_functions_give_nothing_else():
    assert prototype("(int n) -> (int n)", Role.PREDICATE) == "bool Work(int n)"
    assert prototype("(int n) -> (int n)", Role.SESSION) == "uint64_t Work(int n)"
