"""Which node of a source's turn runs first: it alone may end the source."""

from flux.graph.model import AbstractNode, ProgramGraph


def opening_way(graph: ProgramGraph, source: str) -> list[str]:
    """The nodes from a source down to the first concrete node of its turn, both included.

    Empty when the turn runs no concrete node at all.
    """
    way: list[str] = []
    name = source
    while name in graph.nodes and name not in way:
        way.append(name)
        node = graph.nodes[name]
        if not isinstance(node, AbstractNode):
            return way
        name = next((use.node for use in node.uses() if _runs_something(graph, use.node)), "")
    return []


def _runs_something(graph: ProgramGraph, root: str) -> bool:
    """Whether a node runs any concrete node."""
    seen: set[str] = set()
    waiting = [root]
    while waiting:
        name = waiting.pop()
        node = graph.nodes.get(name)
        if isinstance(node, AbstractNode) and name not in seen:
            seen.add(name)
            waiting.extend(use.node for use in node.uses())
        elif node is not None and name not in seen:
            return True
    return False
