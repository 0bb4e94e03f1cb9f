"""Programs with more paths than can be numbered run like others; the log names their routines."""

from types import SimpleNamespace

from flux.api import LoadedProgram
from flux.driver import compile_program
from flux.source import SourceFile

PROGRAM = f"""
Listen () -> (int n);
Work (int n) -> (int n);
Fail (int n) -> ();
typedef odd IsOdd;
Choose:[odd] = Work;
Choose:[_] = ;
Serve = {" -> ".join(["Choose"] * 300)} -> Fail;
source Listen => Serve;
"""


def fail(_number):
    raise ValueError("at the very end")


def test_failure_on_one_of_too_many_paths_is_reported(caplog):
    nodes = SimpleNamespace(
        Listen=iter([1, 2]).__next__, Work=lambda n: n, IsOdd=lambda n: n % 2, Fail=fail
    )
    program = LoadedProgram(compile_program(SourceFile("many.flux", PROGRAM)), nodes)
    with program.start(runtime="pool", threads=1) as server:
        assert server.wait(30)
    assert caplog.messages == ["Listen -> Serve: ValueError: at the very end"] * 2
    assert server.counters.failed == 2
