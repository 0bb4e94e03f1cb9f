"""Which layer each vertex stands in.

A vertex stands as far left as its predecessors let it: the longest path to it decides. One that
has no predecessors stands just before the first of its successors.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from flux.drawing.model import Edge

# What stands for a group's entry and exit among its items.
ENTRY, EXIT = "\0entry", "\0exit"


def length(edge: Edge) -> int:
    """How many layers an edge needs: one more if a label stands on it."""
    return 2 if edge.label else 1


def ranked(names: Iterable[str], edges: Iterable[Edge]) -> dict[str, int]:
    """The layer of each vertex, from 0; the entry is alone in the first, the exit in the last.

    Raises ValueError for edges that form a cycle.
    """
    before: dict[str, list[Edge]] = {name: [] for name in names}
    after: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        before[edge.end].append(edge)
        after[edge.start].append(edge)
    ranks: dict[str, int] = {}
    for name in _order(before):
        lowest = int(ENTRY in before and name != ENTRY)
        ranks[name] = max([lowest, *(ranks[e.start] + length(e) for e in before[name])])
    for name in [name for name in before if not before[name] and after[name] and name != ENTRY]:
        ranks[name] = min(ranks[edge.end] - length(edge) for edge in after[name])
    if EXIT in ranks:
        others = [rank for name, rank in ranks.items() if name != EXIT]
        ranks[EXIT] = max([ranks[EXIT], *(rank + 1 for rank in others)])
    return {name: ranks[name] for name in before}


def _order(before: Mapping[str, list[Edge]]) -> list[str]:
    graph = {name: [edge.start for edge in edges] for name, edges in before.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ValueError(f"edges form a cycle: {' -> '.join(error.args[1])}") from None
