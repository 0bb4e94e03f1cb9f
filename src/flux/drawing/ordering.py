"""The order of the cells in their layers: as few crossings as a few sweeps can find.

Cells begin in the order in which a search from the left meets them, main edges before low ones.
Sweeps to the right and to the left sort each layer by the mean place of what its cells are
linked with; after each, neighbours change places as long as that takes crossings away. The best
order that was seen is kept, and among equal ones the first, so what comes first in the text
stays above what comes later.

Two links between the same layers cross if their ends are in opposite order; the number of such
pairs is counted by inserting ends into a sorted list, after Barth, Jünger and Mutzel, "Simple
and efficient bilayer cross counting", 2002.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence

from flux.drawing.layers import Layers

FEWEST_SWEEPS, MOST_SWEEPS = 3, 16
PATIENCE = 4
MOST_SWAPS = 4

# So many links are looked at by all sweeps together, to bound the time of large graphs.
MOST_WORK = 40_000

# A link's place at a cell: the cell's place, then where on the cell's side it is.
Key = tuple[int, float]


def reduce_crossings(made: Layers) -> int:
    """Order each layer; how many crossings are left."""
    made.layers = _met(made)
    best, fewest = [list(layer) for layer in made.layers], crossings(made)
    idle = 0
    links = sum(map(len, made.after.values()))
    sweeps = min(MOST_SWEEPS, max(FEWEST_SWEEPS, MOST_WORK // max(links, 1)))
    for sweep in range(sweeps):
        if not fewest or idle >= PATIENCE:
            break
        _sweep(made, to_the_right=sweep % 2 == 0)
        _swap(made)
        found = crossings(made)
        idle = 0 if found < fewest else idle + 1
        if found < fewest:
            best, fewest = [list(layer) for layer in made.layers], found
    made.layers = best
    return fewest


def crossings(made: Layers) -> int:
    """How many pairs of links cross."""
    places = made.places()
    return sum(_between(made, layer, places) for layer in made.layers)


def _between(made: Layers, layer: Sequence[int], places: dict[int, int]) -> int:
    """Crossings of the links that leave a layer."""
    links = sorted(
        ((places[link.start], link.leaves), (places[link.end], link.arrives))
        for cell in layer
        for link in made.after.get(cell, ())
    )
    ends: list[Key] = []
    count = 0
    for _, end in links:
        count += len(ends) - bisect_right(ends, end)
        insort(ends, end)
    return count


def _met(made: Layers) -> list[list[int]]:
    """The layers in the order in which a search in depth meets their cells."""
    rank = {cell: number for number, layer in enumerate(made.layers) for cell in layer}
    layers: list[list[int]] = [[] for _ in made.layers]
    seen: set[int] = set()
    stack = [cell for layer in reversed(made.layers) for cell in reversed(layer)]
    while stack:
        cell = stack.pop()
        if cell in seen:
            continue
        seen.add(cell)
        layers[rank[cell]].append(cell)
        links = sorted(made.after.get(cell, ()), key=lambda link: link.leaves)
        stack += [link.end for link in reversed(links)]
    return layers


def _sweep(made: Layers, *, to_the_right: bool) -> None:
    """Sort each layer by what it is linked with in the one before it."""
    places = made.places()
    layers = made.layers[1:] if to_the_right else made.layers[-2::-1]
    for layer in layers:
        means = {cell: _mean(made, cell, places, to_the_right=to_the_right) for cell in layer}
        layer.sort(key=means.__getitem__)
        places |= {cell: place for place, cell in enumerate(layer)}


def _mean(made: Layers, cell: int, places: dict[int, int], *, to_the_right: bool) -> float:
    links = made.before.get(cell, ()) if to_the_right else made.after.get(cell, ())
    if not links:
        return places[cell]
    ends = (places[link.start if to_the_right else link.end] for link in links)
    return sum(ends) / len(links)


def _swap(made: Layers) -> None:
    """Let neighbours change places while that takes crossings away."""
    places = made.places()
    for _ in range(MOST_SWAPS):
        swapped = [_swap_in(made, layer, places) for layer in made.layers]
        if not any(swapped):
            return


def _swap_in(made: Layers, layer: list[int], places: dict[int, int]) -> bool:
    swapped = False
    keys = {cell: _keys(made, cell, places) for cell in layer}
    for place in range(len(layer) - 1):
        first, second = layer[place], layer[place + 1]
        sides = zip(keys[first], keys[second], strict=True)
        if sum(_inversions(a, b) - _inversions(b, a) for a, b in sides) > 0:
            layer[place], layer[place + 1] = second, first
            places[first], places[second] = place + 1, place
            swapped = True
    return swapped


def _keys(made: Layers, cell: int, places: dict[int, int]) -> tuple[list[Key], list[Key]]:
    """Where a cell's links end on the left, and on the right."""
    left = sorted((places[link.start], link.leaves) for link in made.before.get(cell, ()))
    right = sorted((places[link.end], link.arrives) for link in made.after.get(cell, ()))
    return left, right


def _inversions(above: Sequence[Key], below: Sequence[Key]) -> int:
    """How many links of two cells cross, if one stands above the other."""
    count = passed = 0
    for key in above:
        while passed < len(below) and below[passed] < key:
            passed += 1
        count += passed
    return count
