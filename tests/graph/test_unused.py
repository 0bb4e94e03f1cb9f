"""Warnings about what nothing runs, and what keeps them silent."""

from flux.driver import compile_program
from flux.source import SourceFile

NODES = "Listen () -> (int n); Work (int n) -> ();"


def codes(text):
    diagnostics = compile_program(SourceFile("server.flux", text)).diagnostics
    return [str(diagnostic.code) for diagnostic in diagnostics]


def test_program_without_a_source_is_warned_of():
    assert codes(NODES) == ["no-source"]


def test_source_that_cannot_be_read_is_one_mistake():
    assert codes(f"{NODES} source Listen {{session=F}} => Work;") == ["syntax"]
