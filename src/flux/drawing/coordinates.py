"""The height of each cell: lines as straight as they can be, nothing too near to anything.

Theory (Brandes and Köpf, "Fast and simple horizontal coordinate assignment", 2001; with ports
and sizes after Rüegg and others, "Size- and port-aware horizontal node coordinate assignment",
2015; turned here, for our layers stand side by side). Cells are put into blocks: each cell is
aligned with the median of what it is linked with in the layer before it, if no other alignment
is crossed by that. A block is drawn as one straight line, so its cells have fixed distances
from each other; blocks are then packed as densely as the order in the layers allows, by the
longest path over blocks.

That is done four times, for both directions of the medians and of the packing, and each cell
gets the mean of the two middle ones of its four heights. Order and distances hold in all four,
so they hold in any of their order statistics.

Where several links compete for a straight line, those of the greatest weight win: the inner
pieces of long edges, then main edges, then low ones.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import accumulate, pairwise
from math import inf

from flux.drawing.layers import INNER, Cell, Layers, Link

BOX_GAP = 18.0
LINE_GAP = 9.0


@dataclass(slots=True)
class Blocks:
    """Cells drawn as one line: the first of each cell's block, and how far off it the cell is."""

    root: dict[int, int]
    offset: dict[int, float]


def heights(made: Layers) -> dict[int, float]:
    """The middle of each cell; the highest top of all is at 0."""
    straight = _alignable(made)
    found = [
        _packed(made, straight, upward=upward, backward=backward)
        for upward in (False, True)
        for backward in (False, True)
    ]
    _bring_together(made, found)
    middle = {cell: sum(sorted(each[cell] for each in found)[1:3]) / 2 for cell in found[0]}
    top = min((middle[cell] - made.cells[cell].height / 2 for cell in middle), default=0)
    return {cell: height - top for cell, height in middle.items()}


def _alignable(made: Layers) -> set[int]:
    """The links that may be straight, by identity: of the greatest weight at both their ends."""
    heaviest_after = {cell: max(k.weight for k in links) for cell, links in made.after.items()}
    heaviest_before = {cell: max(k.weight for k in links) for cell, links in made.before.items()}
    places = made.places()
    chosen: set[int] = set()
    for layer in made.layers:
        links = [link for cell in layer for link in made.after.get(cell, ())]
        inner = [link for link in links if link.weight == INNER]
        walls = _Walls([(places[link.start], places[link.end]) for link in inner])
        chosen |= {
            id(link)
            for link in links
            if link.weight == heaviest_after[link.start] == heaviest_before[link.end]
            if link.weight == INNER or not walls.crossed(places[link.start], places[link.end])
        }
    return chosen


class _Walls:
    """The inner links between two layers, and what crosses them."""

    def __init__(self, ends: list[tuple[int, int]]) -> None:
        ends.sort()
        self.starts = [start for start, _ in ends]
        self.furthest = [-1, *accumulate((end for _, end in ends), max)]
        self.nearest = [*accumulate((end for _, end in reversed(ends)), min)][::-1]

    def crossed(self, start: int, end: int) -> bool:
        """Whether a link between these places crosses an inner link."""
        above, below = bisect_left(self.starts, start), bisect_right(self.starts, start)
        return self.furthest[above] > end or (
            below < len(self.nearest) and self.nearest[below] < end
        )


def _packed(made: Layers, straight: set[int], *, upward: bool, backward: bool) -> dict[int, float]:
    """Heights by one direction of the medians and one of the packing."""
    layers = [layer[::-1] for layer in made.layers] if backward else made.layers
    sign = -1 if backward else 1
    blocks = _aligned(made, layers[::-1] if upward else layers, straight, upward=upward)
    offset = {cell: sign * by for cell, by in blocks.offset.items()}
    tops = _dense(_distances(made, layers, blocks.root, offset))
    return {cell: sign * (tops[root] + offset[cell]) for cell, root in blocks.root.items()}


def _aligned(
    made: Layers, layers: Sequence[Sequence[int]], straight: set[int], *, upward: bool
) -> Blocks:
    """Align each cell with a median of its links in the layer before, if none crosses that."""
    places = {cell: place for layer in layers for place, cell in enumerate(layer)}
    blocks = Blocks({cell: cell for cell in places}, dict.fromkeys(places, 0.0))
    for layer in layers:
        last = -1
        for cell in layer:
            links = _toward(made.after if upward else made.before, cell, straight)
            ends = sorted((places[far], far, shift) for far, shift in _ends(links, upward=upward))
            for place, far, shift in ends[(len(ends) - 1) // 2 : len(ends) // 2 + 1]:
                if place > last:
                    blocks.root[cell] = blocks.root[far]
                    blocks.offset[cell] = blocks.offset[far] + shift
                    last = place
                    break
    return blocks


def _toward(links: Mapping[int, list[Link]], cell: int, straight: set[int]) -> list[Link]:
    return [link for link in links.get(cell, ()) if id(link) in straight]


def _ends(links: Sequence[Link], *, upward: bool) -> Iterator[tuple[int, float]]:
    """The far ends of a cell's links, and how far off it the cell is where a link is straight."""
    for link in links:
        shift = link.leaves - link.arrives
        yield (link.end, -shift) if upward else (link.start, shift)


Distances = dict[int, dict[int, float]]


def _distances(
    made: Layers, layers: Sequence[Sequence[int]], root: Mapping[int, int], offset: dict[int, float]
) -> Distances:
    """How far each block must be below those that stand next above it somewhere."""
    distances: Distances = {block: {} for block in root.values()}
    for layer in layers:
        for above, below in pairwise(layer):
            apart = _apart(made.cells[above], made.cells[below]) + offset[above] - offset[below]
            known = distances[root[below]]
            known[root[above]] = max(apart, known.get(root[above], apart))
    return distances


def _apart(above: Cell, below: Cell) -> float:
    """How far the middles of neighbours are apart, at least."""
    gap = LINE_GAP if above.is_dummy or below.is_dummy else BOX_GAP
    return (above.height + below.height) / 2 + gap


def _dense(distances: Distances) -> dict[int, float]:
    """The blocks' heights: as high as they can be, then as near to those below as they can be."""
    order = list(TopologicalSorter(distances).static_order())
    tops: dict[int, float] = {}
    for block in order:
        tops[block] = max((tops[b] + apart for b, apart in distances[block].items()), default=0)
    room: dict[int, float] = {}
    for block in reversed(order):
        tops[block] = max(tops[block], room.get(block, tops[block]))
        for above, apart in distances[block].items():
            room[above] = min(room.get(above, inf), tops[block] - apart)
    return tops


def _bring_together(made: Layers, found: Sequence[dict[int, float]]) -> None:
    """Move the four to the place of the lowest: by their tops, or bottoms if packed backward."""
    spans = [_span(made, heights) for heights in found]
    top, bottom = min(spans, key=lambda span: span[1] - span[0])
    for number, (heights, span) in enumerate(zip(found, spans, strict=True)):
        by = bottom - span[1] if number % 2 else top - span[0]
        for cell in heights:
            heights[cell] += by


def _span(made: Layers, heights: Mapping[int, float]) -> tuple[float, float]:
    tops = [height - made.cells[cell].height / 2 for cell, height in heights.items()]
    bottoms = [height + made.cells[cell].height / 2 for cell, height in heights.items()]
    return min(tops, default=0.0), max(bottoms, default=0.0)
