"""The order of nodes, callees first; recursion and excessive nesting reported.

An edge leads from a node to each node in its flow and to its handler. The walk is a
depth-first search with its own stack, so that no program is too deep for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import AbstractNode, Node, successors
from flux.source import Span

MOST_LEVELS = 100


@dataclass(slots=True)
class _Walk:
    """The state of the search: finished nodes with their depth, and the way down to here."""

    nodes: Mapping[str, Node]
    depth: dict[str, int] = field(default_factory=dict)
    way: dict[str, Iterator[str]] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)


def in_order(nodes: Mapping[str, Node]) -> tuple[dict[str, Node], list[Diagnostic]]:
    """The same nodes, each after all that run inside it, and what stands in the way."""
    walk = _Walk(nodes)
    for name in nodes:
        if name not in walk.depth:
            _descend(walk, name)
    walk.found += _too_deep(walk)
    return {name: nodes[name] for name in walk.depth}, walk.found


def _descend(walk: _Walk, root: str) -> None:
    walk.way[root] = successors(walk.nodes[root])
    while walk.way:
        name = next(reversed(walk.way))
        inner = next(walk.way[name], None)
        if inner is None:
            _finish(walk, name)
        elif inner in walk.way:
            walk.found.append(_cycle(walk, inner, name))
        elif inner in walk.nodes and inner not in walk.depth:
            walk.way[inner] = successors(walk.nodes[inner])


def _finish(walk: _Walk, name: str) -> None:
    del walk.way[name]
    inner = (walk.depth.get(n, 0) for n in successors(walk.nodes[name]))
    walk.depth[name] = 1 + max(inner, default=0)


def _cycle(walk: _Walk, first: str, last: str) -> Diagnostic:
    way = list(walk.way)
    cycle = way[way.index(first) :]
    return Diagnostic(
        Code.RECURSION,
        f"`{first}` runs itself",
        Label(_edge(walk.nodes[last], first), "here it closes the circle"),
        notes=(" -> ".join(f"`{name}`" for name in _shortened([*cycle, first])),),
        help="flows can't loop: let the source start another flow instead",
    )


def _shortened(cycle: list[str]) -> list[str]:
    most = 12
    return cycle if len(cycle) <= most else [*cycle[: most - 2], "...", cycle[-1]]


def _edge(node: Node, inner: str) -> Span:
    """Where a node names the node that runs inside it."""
    if isinstance(node, AbstractNode):
        for use in node.uses():
            if use.node == inner:
                return use.span
    return node.handler.span if node.handler else node.span


def _too_deep(walk: _Walk) -> Iterator[Diagnostic]:
    deepest = max(walk.depth, key=walk.depth.__getitem__, default=None)
    if deepest is not None and walk.depth[deepest] > MOST_LEVELS:
        yield Diagnostic(
            Code.TOO_DEEP,
            f"nodes are nested {walk.depth[deepest]} levels deep",
            Label(walk.nodes[deepest].span, "this is the outermost"),
            help=f"at most {MOST_LEVELS} levels are possible: put chains into one node",
        )
