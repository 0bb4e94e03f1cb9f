"""Random nested graphs without cycles, and what must hold of their layouts."""

from itertools import combinations

from hypothesis import strategies as st

from flux.drawing.model import Edge, Group, Vertex

SIZES = st.integers(4, 160)


@st.composite
def groups(draw, depth=2, name="g"):
    """A group of vertices and groups, with edges from earlier items to later ones."""
    made = Group(name, (draw(SIZES), 16))
    for number in range(draw(st.integers(1, 7))):
        inner = f"{name}.{number}"
        if depth and draw(st.integers(0, 3)) == 0:
            made.items.append(draw(groups(depth - 1, inner)))
        else:
            made.items.append(Vertex(inner, draw(SIZES), draw(SIZES)))
    ends = [item.id for item in made.items]
    pairs = list(combinations(ends, 2))
    if depth < 2:  # the outermost group has no border
        pairs += [(name, end) for end in ends] + [(end, name) for end in ends]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=12)) if pairs else []
    for number, (start, end) in enumerate(chosen):
        made.edges.append(draw(edges(f"{name}-{number}", start, end)))
    return made


@st.composite
def edges(draw, name, start, end):
    """An edge, with or without a label."""
    label = (draw(SIZES), 16) if draw(st.booleans()) else None
    low = draw(st.booleans()) and not end.startswith(start)
    return Edge(name, start, end, label, low, draw(st.sampled_from(("", "a"))))


def boxes(group):
    """The vertices of a group, inner ones too."""
    for item in group.items:
        if isinstance(item, Group):
            yield from boxes(item)
        else:
            yield item


def frames(group):
    """The groups in a group, inner ones too."""
    for item in group.items:
        if isinstance(item, Group):
            yield item
            yield from frames(item)


def all_edges(group):
    """The edges of a group and of those in it."""
    for each in (group, *frames(group)):
        yield from each.edges


def overlap(one, other, slack=0.01):
    """Whether two rectangles have an area in common."""
    return (
        one.x + one.width > other.x + slack
        and other.x + other.width > one.x + slack
        and one.y + one.height > other.y + slack
        and other.y + other.height > one.y + slack
    )


def holds(outer, inner, slack=0.01):
    """Whether a rectangle contains another."""
    return (
        outer.x <= inner.x + slack
        and outer.y <= inner.y + slack
        and inner.x + inner.width <= outer.x + outer.width + slack
        and inner.y + inner.height <= outer.y + outer.height + slack
    )


def passes_through(curve, rect, slack=0.01):
    """Whether a curve runs through a rectangle; touching its side isn't that.

    A swing stays between the points that it joins, so it can only pass through what reaches
    into the rectangle around them; that is more than is needed, and layouts keep to it.
    """
    for (x, y), (to_x, to_y) in zip(curve.points, curve.points[1:], strict=False):
        within_x = min(x, to_x) < rect.x + rect.width - slack and max(x, to_x) > rect.x + slack
        within_y = min(y, to_y) < rect.y + rect.height - slack and max(y, to_y) > rect.y + slack
        if within_x and within_y:
            return True
    return False
