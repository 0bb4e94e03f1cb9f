"""The Python file of a program: where it is, and what it says at its top level."""

from pathlib import Path

from flux.bindings.python.module import Module, parse_module, read_text, with_plain_line_ends
from flux.bindings.texts import not_text
from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import ProgramGraph
from flux.source import SourceFile, Span


def find_nodes_file(program: Path) -> Path | None:
    """The Python file beside a program: `server.py` for `server.flux`, if it is there."""
    nodes = program.with_suffix(".py")
    return nodes if nodes.is_file() else None


def read_nodes(graph: ProgramGraph, nodes: Path) -> Module | Diagnostic:
    """A nodes file, or why it can't be read."""
    try:
        return parse_module(nodes, read_text(nodes))
    except OSError as error:
        return _unreadable(graph, nodes, error)
    except UnicodeDecodeError as error:
        return not_text(nodes, error)
    except SyntaxError as error:
        return _not_python(nodes, error)


def _unreadable(graph: ProgramGraph, nodes: Path, error: OSError) -> Diagnostic:
    return Diagnostic(
        Code.NODES_FILE,
        f"cannot read `{nodes}`: {error.strerror or error}",
        Label(Span(graph.file, 0, 0), "the functions of this program should be there"),
        help="name the file with `--nodes`; `flux build` writes one with a stub for each function",
    )


def _not_python(nodes: Path, error: SyntaxError) -> Diagnostic:
    file = SourceFile(str(nodes), with_plain_line_ends(read_text(nodes)))
    start = _offset(file, error.lineno, error.offset)
    end = _offset(file, error.end_lineno, error.end_offset)
    return Diagnostic(
        Code.NODES_FILE,
        f"`{nodes.name}` is no Python: {error.msg}",
        Label(Span(file, start, max(start, end)), "Python stops here"),
    )


def _offset(file: SourceFile, line: int | None, column: int | None) -> int:
    """A place that Python tells, or the nearest one that the text has."""
    number = min(max(line or 1, 1), len(file.line_starts))
    return file.line_starts[number - 1] + min(max((column or 1) - 1, 0), len(file.line(number)))
