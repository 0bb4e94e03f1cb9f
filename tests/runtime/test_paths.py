"""What the log says of ends that no path of the program has a number for."""

from types import SimpleNamespace

from flux.api import LoadedProgram
from flux.driver import compile_program
from flux.source import SourceFile

HANDLED = """
    source Listen => Serve;
    Listen () -> (int n);
    Work (int n) -> ();
    Rescue (int n) -> ();
    Serve = Work;
    handle error Work -> Rescue;
"""
IN_SESSIONS = """
    source Listen {session: ById} => Work;
    Listen () -> (int n);
    Work (int n) -> ();
    constraint Work:{cart(session)};
"""


class Abandoned(BaseException):
    """Like GeneratorExit: no error of a node."""


class Unstable:
    """An id that can be told from no other."""

    def __init__(self, _item):
        self.hashes = iter(range(9))

    def __hash__(self):
        return next(self.hashes)


def abandon(_item):
    raise Abandoned("on purpose")


def run(text, **functions):
    nodes = SimpleNamespace(Listen=iter([1]).__next__, **functions)
    program = LoadedProgram(compile_program(SourceFile("server.flux", text)), nodes)
    assert program.run(runtime="pool", threads=1) == 0


def test_handler_that_did_not_run_is_not_named(caplog):
    run(HANDLED, Work=abandon, Rescue=int)
    assert caplog.messages == ["Listen -> Serve: Abandoned: on purpose"]


def test_failure_of_a_constraint_itself_ends_only_its_flow(caplog):
    run(IN_SESSIONS, ById=Unstable, Work=lambda _n: None)
    assert [record.exc_info[0] for record in caplog.records] == [KeyError]
