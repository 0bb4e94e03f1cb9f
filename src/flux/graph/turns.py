"""Which node of a source's turn runs first: it alone may end the source."""

from flux.graph.model import AbstractNode, ProgramGraph


def opening_way(graph: ProgramGraph, source: str) -> list[str]:
    """The nodes from a source down to the first concrete node of its turn, both included.

    Empty when the turn runs no concrete node at all.
    """
    runs_something = _nodes_that_run_something(graph)
    way: list[str] = []
    name = source
    while name in runs_something and name not in way:
        way.append(name)
        node = graph.nodes[name]
        if not isinstance(node, AbstractNode):
            return way
        name = next((use.node for use in node.uses() if use.node in runs_something), "")
    return []


def _nodes_that_run_something(graph: ProgramGraph) -> set[str]:
    running: set[str] = set()
    for name, node in graph.nodes.items():
        inner = node.uses() if isinstance(node, AbstractNode) else None
        if inner is None or any(use.node in running for use in inner):
            running.add(name)
    return running
