"""Names of a generated program that would run into each other, and must not."""

from types import SimpleNamespace

from flux.api import LoadedProgram
from flux.driver import compile_program
from flux.source import SourceFile

LIKE_A_READER = """
    source Listen => Serve;
    Listen () -> (int n);
    Read (int n) -> (int n);
    Write (int n) -> ();
    Serve = Read -> Write;
    constraint Read:{x?};
    constraint Write:{x, x_reader};
"""


def test_constraint_called_like_the_reader_of_another_is_its_own():
    taken = []

    def observe(kind, name, bearer):
        if kind == "node":
            return bearer
        acquire, release = bearer
        return lambda: (taken.append(f"{kind} {name}"), acquire()), release

    numbers = iter([1])
    nodes = SimpleNamespace(Listen=numbers.__next__, Read=int, Write=lambda _n: None)
    compilation = compile_program(SourceFile("server.flux", LIKE_A_READER))
    assert LoadedProgram(compilation, nodes).run(observe=observe) == 0
    assert taken == ["reader x", "writer x", "writer x_reader"]


def test_file_may_have_any_name():
    compilation = compile_program(SourceFile('examples/od\\unit"\n.flux', LIKE_A_READER))
    nodes = SimpleNamespace(Listen=iter(()).__next__, Read=int, Write=int)
    assert LoadedProgram(compilation, nodes).run() == 0
