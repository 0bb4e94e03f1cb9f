"""Nodes that no flow can reach: probably forgotten, or misspelt somewhere.

Those that only such nodes run are as useless, but that is no mistake of their own.
"""

from collections.abc import Iterator

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import ProgramGraph, successors
from flux.graph.tables import Tables
from flux.source import Span


def unused(graph: ProgramGraph, tables: Tables) -> Iterator[Diagnostic]:
    """A warning for a program without sources, else for each node that none of them reaches."""
    if tables.blind:
        return
    if not tables.sources:
        if not tables.damaged:
            yield _no_source(graph)
        return
    reached = reachable(
        graph, [name for s in tables.sources.values() for name in (s.name.text, s.target.text)]
    )
    missed = {name: node for name, node in graph.nodes.items() if name not in reached}
    inner = {name for node in missed.values() for name in successors(node)}
    for name, node in missed.items():
        if name not in inner and name not in tables.damaged:
            yield Diagnostic(
                Code.UNUSED_NODE,
                f"no flow reaches `{name}`",
                Label(node.span, "never runs"),
                help="use it in a flow, or remove it",
            )


def _no_source(graph: ProgramGraph) -> Diagnostic:
    return Diagnostic(
        Code.NO_SOURCE,
        "the program has no source, so nothing ever runs",
        Label(Span(graph.file, 0, 0)),
        help="add a source: `source Listen => Serve;`",
    )


def reachable(graph: ProgramGraph, roots: list[str]) -> set[str]:
    """The nodes that run, or handle errors, when the given ones run."""
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in graph.nodes and name not in reached:
            reached.add(name)
            waiting.extend(successors(graph.nodes[name]))
    return reached
