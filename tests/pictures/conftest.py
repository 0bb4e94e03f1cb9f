from pathlib import Path

import pytest

from flux.driver import compile_program
from flux.source import SourceFile


@pytest.fixture
def graph():
    """Compiles a text, or the program of a file, to its graph."""

    def compiled(text):
        if isinstance(text, Path):
            text = text.read_text(encoding="utf-8")
        compilation = compile_program(SourceFile("program.flux", text))
        assert compilation.ok, compilation.diagnostics
        return compilation.graph

    return compiled
