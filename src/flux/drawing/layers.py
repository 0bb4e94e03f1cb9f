"""Layers of cells: long edges become chains of dummies between neighbouring layers.

An edge over several layers gets a dummy in each layer between; one with a label, the label in
the first of them. Edges of a bundle share their dummies: where a later edge meets a dummy of an
earlier one, it joins that one's line.

After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system
structures", 1981.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from flux.drawing.model import Edge, TooLargeError
from flux.drawing.ranks import ranked

MOST_CELLS = 12_000
MOST_STEPS = 500_000

# Which line should be the straightest: a long edge's, then a main one's, then a low one's.
INNER, MAIN, LOW = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Ports:
    """The size of an item, and where edges meet its sides, counted from its middle."""

    width: float = 0
    height: float = 0
    entry: float = 0
    exit: float = 0
    low: float = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a layer: an item, a label, or a dummy that a long edge runs through."""

    width: float = 0
    height: float = 0
    item: str | None = None
    label: str | None = None

    @property
    def is_dummy(self) -> bool:
        """Whether nothing stands there but the edge."""
        return self.item is None and self.label is None


@dataclass(slots=True)
class Link:
    """A piece of edges between neighbouring layers; it meets its cells off their middles."""

    start: int
    end: int
    leaves: float
    arrives: float
    weight: int
    edges: list[str]


@dataclass(slots=True)
class Layers:
    """The cells of each layer, by number and in order, and the links between them."""

    cells: list[Cell] = field(default_factory=list)
    layers: list[list[int]] = field(default_factory=list)
    after: dict[int, list[Link]] = field(default_factory=dict)
    before: dict[int, list[Link]] = field(default_factory=dict)
    rails: dict[tuple[str, str, int], int] = field(default_factory=dict)
    steps: int = 0

    def add(self, cell: Cell, layer: int) -> int:
        """Put one more cell into a layer."""
        if len(self.cells) >= MOST_CELLS:
            raise TooLargeError
        while len(self.layers) <= layer:
            self.layers.append([])
        self.cells.append(cell)
        self.layers[layer].append(len(self.cells) - 1)
        return len(self.cells) - 1

    def join(self, link: Link) -> None:
        """Connect two cells."""
        self.after.setdefault(link.start, []).append(link)
        self.before.setdefault(link.end, []).append(link)

    def places(self) -> dict[int, int]:
        """Where in its layer each cell stands."""
        return {cell: place for layer in self.layers for place, cell in enumerate(layer)}


def layered(items: Mapping[str, Ports], edges: Sequence[Edge]) -> Layers:
    """Items in layers, edges as chains of links.

    Raises ValueError for edges that form a cycle, TooLargeError for too many dummies.
    """
    ranks = ranked(items, edges)
    made = Layers()
    numbers = {
        name: made.add(Cell(items[name].width, items[name].height, item=name), rank)
        for name, rank in ranks.items()
    }
    for edge in edges:
        chain = _chain(made, edge, ranks)
        _connect(made, edge, [numbers[edge.start], *chain, numbers[edge.end]], items)
    return made


def _chain(made: Layers, edge: Edge, ranks: Mapping[str, int]) -> list[int]:
    """The cells of an edge between its ends: its label, and dummies, which may be shared."""
    cells: list[int] = []
    for rank in range(ranks[edge.start] + 1, ranks[edge.end]):
        if edge.label and not cells:
            cells.append(made.add(Cell(*edge.label, label=edge.id), rank))
            continue
        rail = (edge.bundle or edge.id, edge.end, rank)
        if rail not in made.rails:
            made.rails[rail] = made.add(Cell(), rank)
        cells.append(made.rails[rail])
    made.steps += len(cells)
    if made.steps > MOST_STEPS:
        raise TooLargeError
    return cells


def _connect(made: Layers, edge: Edge, chain: Sequence[int], items: Mapping[str, Ports]) -> None:
    """Links along a chain of cells; those that a bundle has already carry one more edge."""
    weight = LOW if edge.low else MAIN
    for start, end in pairwise(chain):
        if made.cells[start].is_dummy and start in made.after:
            made.after[start][0].edges.append(edge.id)
            continue
        link = Link(start, end, 0, 0, weight, [edge.id])
        if start == chain[0]:
            link.leaves = items[edge.start].low if edge.low else items[edge.start].exit
        else:
            link.weight = INNER if end != chain[-1] else weight
        if end == chain[-1]:
            link.arrives = items[edge.end].entry
        made.join(link)
