from types import SimpleNamespace

import pytest

from flux.bindings.cpp import bind, stubs
from flux.bindings.cpp.scan import scan
from flux.driver import compile_program
from flux.source import SourceFile

PROGRAM = """
source Listen => Serve;
Serve = Read -> Reply;
Listen () -> (int socket);
Read (int socket) -> (int socket, char* line);
Reply (int socket, char* line) -> ();
"""
RIGHT = """
int Listen(int* socket) { return 0; }
int Read(int socket, int* out_socket, char** line) { return 0; }
int Reply(int socket, char* line) { return 0; }
"""


@pytest.fixture
def right():
    """C++ that bears the program of these tests."""
    return RIGHT


@pytest.fixture
def implemented(tmp_path):
    """A program with a nodes file, and perhaps others beside it."""

    def implemented(nodes=None, program=PROGRAM, name="server.cpp", **others):
        compilation = compile_program(SourceFile("server.flux", program))
        assert compilation.ok, compilation.diagnostics
        texts = {key.replace("__", "."): text for key, text in others.items()}
        texts |= {} if nodes is None else {name: nodes}
        for file, text in texts.items():
            data = text if isinstance(text, bytes) else text.encode()
            (tmp_path / file).write_bytes(data)
        paths = [tmp_path / name]
        return SimpleNamespace(
            path=paths[0],
            graph=compilation.graph,
            plan=compilation.plan,
            bind=lambda: bind(compilation.graph, paths),
            stubs=lambda: stubs(compilation.graph, paths),
        )

    return implemented


@pytest.fixture
def complaints(implemented):
    """The messages about nodes files, behind their codes."""

    def complaints(nodes, program=PROGRAM, **others):
        found = implemented(nodes, program, **others).bind().diagnostics
        return [f"{diagnostic.code}: {diagnostic.message}" for diagnostic in found]

    return complaints


@pytest.fixture
def complaints_of_one(complaints):
    """What is said about the function of a single node, called Work."""

    def complaints_of_one(inputs, function, **others):
        program = f"source Start => Work; Start () -> ({inputs}); Work ({inputs}) -> ();"
        start = "DEFINE(Start)\n"
        return complaints(f"{start}{function}\n", program, **others)

    return complaints_of_one


@pytest.fixture
def functions():
    """The functions of a text, as short signatures."""

    def functions(text, *, is_cpp=True):
        found = scan(SourceFile("server.cpp", text), is_cpp=is_cpp).functions
        return [shown(function) for function in found]

    return functions


def shown(function):
    """`int Read(int, char*)`."""
    types = None if function.parameters is None else [str(p.type) for p in function.parameters]
    return f"{function.returns} {function.name}({'?' if types is None else ', '.join(types)})"
