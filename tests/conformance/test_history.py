"""What the compiler of 2006 accepted, or did, and this one doesn't (see also the behaviours)."""

import pytest

from flux.conformance.behaviours.history import HISTORY
from flux.diagnostics import Code
from flux.driver import compile_program
from flux.source import SourceFile

LISTEN = """
    Listen () -> (int n);
    Work (int n) -> (int n);
    source Listen => Work;
"""


def codes(text):
    return [each.code for each in compile_program(SourceFile("old.flux", text)).diagnostics]


def test_outputs_of_a_source_are_compared_with_the_inputs_of_its_target():
    assert codes(LISTEN.replace("Listen () -> (int n)", "Listen () -> (char* n)")) == [
        Code.TYPE_MISMATCH
    ]
    assert codes(LISTEN.replace("Listen () -> (int n)", "Listen () -> ()")) == [Code.ARITY]


def test_session_constraint_needs_a_session_function():
    assert codes(LISTEN + "constraint Work:{x(session)};")[0] == Code.NO_SESSION


def test_semantic_error_ends_the_command_with_1(tmp_path, run_flux):
    program = tmp_path / "old.flux"
    program.write_text(LISTEN.replace("=> Work", "=> Wrok"))
    assert run_flux("check", program).exit_code == 1


def test_nothing_is_left_of_sessions_when_their_flows_have_ended(make_server):
    seen = {}

    def watch(kind, _name, bearer):
        seen[kind] = bearer
        return bearer

    server = make_server(
        LISTEN.replace("Listen =>", "Listen {session: ById} =>") + "constraint Work:{x(session)};",
        options={"observe": watch},
        Listen=iter(range(50)).__next__,
        ById=str,
        Work=lambda n: 1 // (n % 2),
    )
    assert server.run() == 0
    acquire, _ = seen["session_writer"]
    assert acquire.__self__.live == {}


@pytest.mark.parametrize("behaviour", HISTORY, ids=str)
def test_programs_of_history_are_compiled_without_errors(behaviour):
    assert compile_program(SourceFile("old.flux", behaviour.program)).ok


def test_acquisition_that_moves_is_told():
    found = codes("""
        Left () -> (int n);
        Right () -> (int n);
        K (int n) -> (int n);
        N (int n) -> (int n);
        M = K;
        source Left => M;
        source Right => N;
        constraint M:{y};
        constraint K:{x};
        constraint N:{x, y};
    """)
    assert found == [Code.EARLY_ACQUISITION]
