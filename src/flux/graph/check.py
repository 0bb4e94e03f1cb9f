"""The whole front half in one call: a program to a graph in which nothing is wrong."""

from flux.diagnostics import Diagnostic
from flux.graph.advice import check_locking
from flux.graph.link import link
from flux.graph.locking import Locking, order_constraints
from flux.graph.model import ProgramGraph
from flux.graph.signatures import check_types
from flux.syntax.declarations import Program


def check(program: Program) -> tuple[ProgramGraph, Locking, list[Diagnostic]]:
    """Link, check types along every edge, order the constraints."""
    linked, names = link(program)
    graph, types = check_types(linked)
    locking = order_constraints(graph)
    return graph, locking, [*names, *types, *check_locking(graph, locking)]
