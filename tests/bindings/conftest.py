from types import SimpleNamespace

import pytest

from flux.bindings import bind, check_implementation, check_names, stubs
from flux.driver import compile_program
from flux.source import SourceFile

PROGRAM = """
source Listen => Serve;
Serve = Read -> Reply;
Listen () -> (Connection conn);
Read (Connection conn) -> (Connection conn, char* data);
Reply (Connection conn, char* data) -> ();
"""


@pytest.fixture
def implemented(tmp_path):
    """A program with a nodes file, and perhaps others beside it."""

    def implemented(nodes: str | bytes | None, program: str = PROGRAM, **others: str):
        compilation = compile_program(SourceFile("server.flux", program))
        assert compilation.ok, compilation.diagnostics
        path = tmp_path / "server.py"
        if nodes is not None:
            path.write_bytes(nodes.encode() if isinstance(nodes, str) else nodes)
        for name, text in others.items():
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        graph = compilation.graph
        return SimpleNamespace(
            path=path,
            names=lambda: check_names(graph),
            check=lambda: check_implementation(graph, path),
            bind=lambda: bind(graph, path),
            stubs=lambda: stubs(graph, path),
        )

    return implemented


@pytest.fixture
def complaints(implemented):
    """The messages about a nodes file, behind their codes."""

    def complaints(nodes: str | bytes | None, program: str = PROGRAM, **others: str):
        found = implemented(nodes, program, **others).check()
        return [f"{diagnostic.code}: {diagnostic.message}" for diagnostic in found]

    return complaints


@pytest.fixture
def complaints_of_one(complaints):
    """What is said about the function of a single node, called Work."""

    def complaints_of_one(inputs: str, outputs: str, function: str):
        program = f"source Start => Work; Start () -> ({inputs}); Work ({inputs}) -> ({outputs});"
        return complaints(f"def start(): ...\n{function}\n", program)

    return complaints_of_one
