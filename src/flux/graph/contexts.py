"""Every node under every set of constraints that it is entered with.

The held set at a place is static, so the ways to a node fall into finitely many *contexts*:
the node, and what is held of the constraints needed inside it and by its handlers. (What
else is held makes no difference there.) Each context becomes one routine of the Plan.

They are few. A node that takes anything takes all that is needed inside it up to its own last
constraint, so what is held of a node's needs is always a beginning of them in canonical order:
a program has at most nodes x (constraints + 1) contexts.
"""

from collections.abc import Iterator

from flux.graph.locking import Locking
from flux.graph.model import AbstractNode, ProgramGraph, successors

Context = tuple[str, int]

MOST_CONTEXTS = 20_000


class TooManyContextsError(Exception):
    """The program's held sets are too many to make a routine of each."""


def contexts(graph: ProgramGraph, locking: Locking) -> dict[Context, None]:
    """The contexts that sources lead to, in the order in which they are met.

    Raises TooManyContextsError beyond 20,000.
    """
    met: dict[Context, None] = {}
    waiting = [c for name in reversed(_roots(graph)) for c in _at(graph, locking, name, 0)]
    while waiting:
        name, held = waiting.pop()
        if (name, held) in met:
            continue
        met[name, held] = None
        if len(met) > MOST_CONTEXTS:
            raise TooManyContextsError
        waiting.extend(reversed(list(_entered(graph, locking, name, held))))
    return met


def context(locking: Locking, name: str, held: int) -> Context:
    """The context of a node that is entered with `held`."""
    return name, held & locking.around[name].all


def _roots(graph: ProgramGraph) -> list[str]:
    """Sources and targets; in a program without sources, the nodes that nothing else runs."""
    if graph.sources:
        return [name for source in graph.sources for name in (source.node, source.target)]
    inner = {name for node in graph.nodes.values() for name in successors(node)}
    return [name for name in graph.nodes if name not in inner]


def _entered(graph: ProgramGraph, locking: Locking, name: str, held: int) -> Iterator[Context]:
    node = graph.nodes[name]
    if isinstance(node, AbstractNode):
        inner_held = held | locking.taken(name, held)
        for use in node.uses():
            yield from _at(graph, locking, use.node, inner_held)


def _at(graph: ProgramGraph, locking: Locking, name: str, held: int) -> Iterator[Context]:
    """A node at a place, then its handler, the handler's handler and so on, which stand there."""
    seen: set[str] = set()
    while name in graph.nodes and name not in seen:
        seen.add(name)
        yield context(locking, name, held)
        handler = graph.nodes[name].handler
        name = handler.node if handler else ""
