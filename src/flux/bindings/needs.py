"""The functions that a program needs: what each is given, and what it must give."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from flux.graph.model import AbstractNode, ConcreteNode, Node, Parameter, ProgramGraph, successors
from flux.graph.turns import opening_way
from flux.graph.types import type_tree
from flux.graph.unused import reachable
from flux.source import Span


class Role(StrEnum):
    """What the program uses a function for."""

    NODE = "node"
    PREDICATE = "predicate"
    SESSION = "session function"


@dataclass(frozen=True, slots=True)
class Need:
    """One use of a function.

    `outputs` is None where any result will do. `may_generate`: it only ever begins the turns of
    sources, so that it may give its outputs one after the other, as a generator.
    """

    name: str
    role: Role
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...] | None
    may_generate: bool
    span: Span = field(compare=False, repr=False)


def needs(graph: ProgramGraph) -> tuple[Need, ...]:
    """What the sources of a program run, in the order of the text, each use once.

    A function may be needed in several ways: a predicate of two types, say.
    """
    roots = [name for source in graph.sources for name in (source.node, source.target)]
    reached = reachable(graph, roots)
    nodes = [node for name, node in graph.nodes.items() if name in reached]
    found = [*_concrete_nodes(graph, nodes), *_predicates(nodes), *_session_functions(graph)]
    return tuple(sorted(dict.fromkeys(found), key=lambda need: need.span.start))


def hooks(graph: ProgramGraph) -> tuple[Need, ...]:
    """What any implementation may have: a function that runs first, and one that runs last.

    They are called as nodes are.
    """
    args = Parameter(type_tree(["list", "[", "str", "]"]), "args")
    start = Span(graph.file, 0, 0)
    return tuple(
        Need(name, Role.NODE, inputs, None, may_generate=False, span=start)
        for name, inputs in (("init", (args,)), ("shutdown", ()))
    )


def _concrete_nodes(graph: ProgramGraph, nodes: list[Node]) -> Iterator[Need]:
    ordinary = _ordinary(graph)
    for node in nodes:
        if isinstance(node, ConcreteNode):
            inputs, outputs = node.signature.inputs, node.signature.outputs
            yield Need(node.name, Role.NODE, inputs, outputs, node.name not in ordinary, node.span)


def _predicates(nodes: list[Node]) -> Iterator[Need]:
    for node in nodes:
        if isinstance(node, AbstractNode) and node.signature:
            for case in node.cases:
                for pattern, given in zip(case.patterns or (), node.signature.inputs, strict=False):
                    if predicate := pattern.predicate:
                        yield Need(
                            predicate.function,
                            Role.PREDICATE,
                            (given,),
                            None,
                            may_generate=False,
                            span=predicate.span,
                        )


def _session_functions(graph: ProgramGraph) -> Iterator[Need]:
    for source in graph.sources:
        node = graph.nodes.get(source.node)
        if source.session and node and node.signature:
            given = node.signature.outputs
            yield Need(
                source.session, Role.SESSION, given, None, may_generate=False, span=source.span
            )


def _ordinary(graph: ProgramGraph) -> set[str]:
    """The nodes that run elsewhere than as the first concrete node of a source's turn."""
    roots: list[str] = []
    for source in graph.sources:
        way = opening_way(graph, source.node)
        roots += [source.target, *([] if way else [source.node])]
        for name, following in zip(way, [*way[1:], None], strict=False):
            inside = list(successors(graph.nodes[name]))
            if following:
                inside.remove(following)
            roots += inside
    return reachable(graph, roots)
