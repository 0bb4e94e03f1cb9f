"""The layout of nested groups: each is laid out by itself, then stands in its parent as a box.

So groups never overlap, and an edge enters and leaves a group where the edges inside begin and
end. Parts of the outermost group that nothing connects are packed in rows.
"""

from collections.abc import Iterator, Sequence
from math import sqrt

from flux.drawing.layers import Ports
from flux.drawing.level import level_layout
from flux.drawing.model import Edge, Group, Item, Layout, Vertex
from flux.drawing.ranks import ENTRY, EXIT

PADDING = 14.0
PART_GAP = 28.0
ASPECT = 1.7  # of a screen

# How far above the lower right corner of a group its low edges leave it.
CORNER = 14.0


def lay_out(outermost: Group) -> Layout:
    """A place for everything in a group, whose own frame isn't drawn.

    Raises:
        ValueError: Edges form a cycle.
        TooLargeError: It would take too long.
    """
    parts = [_inside(part) for part in _parts(outermost)]
    whole = Layout()
    widest = max((part.width for part in parts), default=0)
    area = sum((part.width + PART_GAP) * (part.height + PART_GAP) for part in parts)
    for part, x, y in _packed(parts, max(widest, sqrt(area * ASPECT))):
        whole.take(part, x, y)
        whole.width = max(whole.width, x + part.width)
        whole.height = max(whole.height, y + part.height)
    return whole


def _packed(parts: Sequence[Layout], width: float) -> Iterator[tuple[Layout, float, float]]:
    """Parts in rows of a width; each goes into the first row with room for it."""
    rows: list[list[Layout]] = []
    for part in parts:
        fitting = (row for row in rows if _row_width(row) + part.width <= width)
        row = next(fitting, None)
        if row is None:
            rows.append([part])
        else:
            row.append(part)
    y = 0.0
    for row in rows:
        for number, part in enumerate(row):
            yield part, _row_width(row[:number]), y
        y += max(part.height for part in row) + PART_GAP


def _row_width(row: Sequence[Layout]) -> float:
    """Where the next part of a row begins."""
    return sum(part.width + PART_GAP for part in row)


def _parts(group: Group) -> list[Group]:
    """The group as one for each of its parts that nothing connects."""
    part_of = {item.id: {item.id} for item in group.items}
    for edge in group.edges:
        start, end = part_of[edge.start], part_of[edge.end]
        if start is not end:
            smaller, larger = sorted((start, end), key=len)
            larger |= smaller
            part_of |= dict.fromkeys(smaller, larger)
    parts: dict[int, Group] = {}
    for item in group.items:
        parts.setdefault(id(part_of[item.id]), Group(group.id)).items.append(item)
    for edge in group.edges:
        parts[id(part_of[edge.start])].edges.append(edge)
    return list(parts.values())


def _inside(group: Group) -> Layout:
    """A group's items, laid out; inner groups first."""
    inner = {item.id: _framed(item) for item in group.items if isinstance(item, Group)}
    items = {item.id: _ports(item, inner) for item in group.items}
    edges = [_bordered(edge, group.id) for edge in group.edges]
    items |= {edge.start: Ports() for edge in edges if edge.start == ENTRY}
    items |= {edge.end: Ports() for edge in edges if edge.end == EXIT}
    entered = {name for name, layout in inner.items() if layout.entry is not None}
    layout = level_layout(items, edges, entered, group.title[0] + 2 * PADDING)
    for name, content in inner.items():
        place = layout.rects[name]
        layout.take(content, place.x, place.y)
    return layout


def _bordered(edge: Edge, border: str) -> Edge:
    """The edge, if it touches the border of its group, from the entry or to the exit."""
    start = ENTRY if edge.start == border else edge.start
    end = EXIT if edge.end == border else edge.end
    return Edge(edge.id, start, end, edge.label, edge.low, edge.bundle)


def _ports(item: Item, inner: dict[str, Layout]) -> Ports:
    if isinstance(item, Vertex):
        return Ports(item.width, item.height, low=item.height / 4)
    layout = inner[item.id]
    middle = layout.height / 2
    entry = layout.entry if layout.entry is not None else middle
    leaves = layout.exit if layout.exit is not None else middle
    low = middle - CORNER
    return Ports(layout.width, layout.height, entry - middle, leaves - middle, low)


def _framed(group: Group) -> Layout:
    """A group with its frame: room for the title above, and around what is inside."""
    content = _inside(group)
    width, height = group.title
    left = 0 if content.entry is not None else PADDING
    right = 0 if content.exit is not None else PADDING
    top = height + PADDING
    framed = Layout(
        max(left + content.width + right, width + 2 * PADDING),
        top + content.height + PADDING,
    )
    framed.take(content, left, top)
    framed.entry = content.entry + top if content.entry is not None else None
    framed.exit = content.exit + top if content.exit is not None else None
    return framed
