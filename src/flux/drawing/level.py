"""The layout of one group's items, which have their sizes: layers, order, heights, curves.

Layers are bands from left to right with gaps between them. Within a band an edge is a
horizontal line at the height of its cell, and only in a gap does it swing to another height; so
no edge can run through what it doesn't belong to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flux.drawing.coordinates import heights
from flux.drawing.layers import Layers, Link, Ports, layered
from flux.drawing.model import Curve, Edge, Layout, Point, Rect
from flux.drawing.ordering import reduce_crossings
from flux.drawing.ranks import ENTRY, EXIT

# A gap is as wide as its steepest edge needs, within bounds.
NARROWEST = 26.0
WIDEST = 72.0
SLOPE = 0.3


@dataclass(frozen=True, slots=True)
class Band:
    """Where a layer begins and ends."""

    start: float
    end: float


@dataclass(slots=True)
class Level:
    """One group's layers, placed."""

    made: Layers
    middle: Mapping[int, float]
    band: Mapping[int, Band]

    def rect(self, cell: int) -> Rect:
        """The place of an item or a label."""
        size = self.made.cells[cell]
        return Rect(
            self.band[cell].start, self.middle[cell] - size.height / 2, size.width, size.height
        )


def level_layout(
    items: Mapping[str, Ports], edges: Sequence[Edge], open_items: set[str], width: float = 0
) -> Layout:
    """Items and edges placed; edges to `open_items` go on inside them, without an arrow.

    An exit is at least so far to the right as `width` says.
    """
    made = layered(items, edges)
    layout = Layout(crossings=reduce_crossings(made))
    middle = heights(made)
    level = Level(made, middle, _bands(made, middle, width))
    for number, cell in enumerate(made.cells):
        if cell.item in (ENTRY, EXIT):
            name = "entry" if cell.item == ENTRY else "exit"
            setattr(layout, name, middle[number])
        elif cell.item is not None:
            layout.rects[cell.item] = level.rect(number)
        elif cell.label is not None:
            layout.labels[cell.label] = level.rect(number)
    layout.curves = list(_curves(level, open_items))
    layout.width = max((band.end for band in level.band.values()), default=0)
    layout.height = max(
        (middle[n] + cell.height / 2 for n, cell in enumerate(made.cells)), default=0
    )
    return layout


def _bands(made: Layers, middle: Mapping[int, float], width: float) -> dict[int, Band]:
    bands: dict[int, Band] = {}
    start = 0.0
    for layer in made.layers:
        if made.cells[layer[0]].item == EXIT:
            start = max(start, width)
        end = start + max(made.cells[cell].width for cell in layer)
        bands |= dict.fromkeys(layer, Band(start, end))
        steps = [
            abs(middle[k.start] + k.leaves - middle[k.end] - k.arrives)
            for cell in layer
            for k in made.after.get(cell, ())
        ]
        start = end + min(max(NARROWEST, SLOPE * max(steps, default=0)), WIDEST)
    return bands


def _curves(level: Level, open_items: set[str]) -> Iterator[Curve]:
    """The edges in pieces: each goes on through dummies and labels until another joins it."""
    for cell in range(len(level.made.cells)):
        for link in level.made.after.get(cell, ()):
            if not _goes_on(level.made, cell):
                yield _curve(level, link, open_items)


def _goes_on(made: Layers, cell: int) -> bool:
    """Whether a piece that reaches a cell goes on behind it."""
    return made.cells[cell].item is None and len(made.before[cell]) == 1


def _curve(level: Level, link: Link, open_items: set[str]) -> Curve:
    points = list(_points(level, link))
    edges = tuple(link.edges)
    while _goes_on(level.made, link.end):
        link = level.made.after[link.end][0]
        points += _points(level, link)
    item = level.made.cells[link.end].item
    arrow = item is not None and item != EXIT and item not in open_items
    return Curve(edges, tuple(_distinct(points)), arrow)


def _points(level: Level, link: Link) -> Iterator[Point]:
    """A link: out of its band, through the gap, into the next band."""
    out = level.middle[link.start] + link.leaves
    into = level.middle[link.end] + link.arrives
    first, last = level.band[link.start], level.band[link.end]
    cell = level.made.cells[link.start]
    yield (first.start + (cell.width if cell.item is not None else 0), out)
    yield (first.end, out)
    yield (last.start, into)


def _distinct(points: Sequence[Point]) -> list[Point]:
    """The points without those in the middle of a straight line."""
    kept = [points[0]]
    for point, after in pairwise(points[1:]):
        straight = kept[-1][1] == point[1] == after[1]
        if not straight and point != kept[-1]:
            kept.append(point)
    return [*kept, points[-1]]
