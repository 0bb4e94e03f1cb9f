"""What holds of every layout, on random graphs."""

from itertools import combinations, pairwise
from time import process_time

import pytest
from drawing.graphs import all_edges, boxes, frames, groups, holds, overlap, passes_through
from hypothesis import given, settings

from flux.drawing.layout import lay_out
from flux.drawing.model import Edge, Group, TooLargeError, Vertex

# Layouts take milliseconds, and on busy machines more.
layouts = settings(max_examples=60, deadline=None)


@layouts
@given(groups())
def test_no_two_boxes_or_labels_overlap(group):
    layout = lay_out(group)
    rects = [layout.rects[box.id] for box in boxes(group)] + list(layout.labels.values())
    assert not [pair for pair in combinations(rects, 2) if overlap(*pair)]


@layouts
@given(groups())
def test_groups_hold_what_is_in_them_and_nothing_else(group):
    layout = lay_out(group)
    for frame in frames(group):
        inner = {item.id for item in [*boxes(frame), *frames(frame)]}
        for name in inner:
            assert holds(layout.rects[frame.id], layout.rects[name])
        for box in boxes(group):
            if box.id not in inner:
                assert not overlap(layout.rects[frame.id], layout.rects[box.id])


@layouts
@given(groups())
def test_everything_is_inside_the_picture(group):
    layout = lay_out(group)
    for rect in [*layout.rects.values(), *layout.labels.values()]:
        assert rect.x >= -0.01
        assert rect.y >= -0.01
        assert rect.x + rect.width <= layout.width + 0.01
        assert rect.y + rect.height <= layout.height + 0.01


@layouts
@given(groups())
def test_curves_pass_through_no_box(group):
    layout = lay_out(group)
    for curve in layout.curves:
        for box in boxes(group):
            assert not passes_through(curve, layout.rects[box.id])


@layouts
@given(groups())
def test_each_edge_is_drawn_from_its_start_to_its_end(group):
    layout = lay_out(group)
    for edge in all_edges(group):
        pieces = [curve.points for curve in layout.curves if edge.id in curve.edges]
        links = {points[0]: points[-1] for points in pieces}
        here = next(iter(set(links) - set(links.values())))
        assert touches(layout.rects, edge.start, edge.end, here, leaves=True)
        while here in links:
            here = links[here]
        assert touches(layout.rects, edge.end, edge.start, here, leaves=False)


def touches(rects, name, other, point, *, leaves):
    """Whether a point is on that side of a rectangle; of a border, it is the opposite one."""
    if name not in rects:  # the outermost group
        return True
    rect = rects[name]
    inside = other.startswith(f"{name}.")
    side = rect.x + rect.width if leaves != inside else rect.x
    return abs(point[0] - side) < 0.01 and rect.y - 0.01 <= point[1] <= rect.y + rect.height + 0.01


@layouts
@given(groups())
def test_a_layout_is_the_same_each_time(group):
    assert lay_out(group) == lay_out(group)


def test_edges_that_form_a_cycle_are_refused():
    edges = [Edge("1", "a", "b"), Edge("2", "b", "a")]
    with pytest.raises(ValueError, match="edges form a cycle: "):
        lay_out(Group("g", items=[Vertex("a", 9, 9), Vertex("b", 9, 9)], edges=edges))


def test_a_chain_is_a_straight_line():
    names = "abcdef"
    group = Group("g", items=[Vertex(name, 50, 10 + 7 * n) for n, name in enumerate(names)])
    group.edges = [Edge(a + b, a, b) for a, b in pairwise(names)]
    assert all(len({y for _, y in curve.points}) == 1 for curve in lay_out(group).curves)


def test_a_tree_has_no_crossings():
    group = Group("g", items=[Vertex(str(n), 20, 20) for n in range(1, 64)])
    group.edges = [Edge(f"{n}", str(n // 2), str(n)) for n in range(63, 1, -1)]
    assert lay_out(group).crossings == 0


@pytest.mark.parametrize("steps", [(40,), (40, 80), (39, 40, 41)])
def test_two_thousand_vertices_take_less_than_five_seconds(steps):
    group = Group("g", items=[Vertex(str(n), 80, 30) for n in range(2000)])
    group.edges = [
        Edge(f"{n}-{step}", str(n), str(n + step))
        for n in range(2000)
        for step in steps
        if n + step < 2000
    ]
    before = process_time()
    lay_out(group)
    assert process_time() - before < 5


def test_two_thousand_cases_take_less_than_five_seconds():
    group = Group("g", items=[Vertex("choice", 9, 9), Vertex("end", 9, 9)])
    for number in range(1000):
        group.items.append(Vertex(str(number), 80, 30))
        group.edges += [
            Edge(f"{number}<", "choice", str(number), (40, 16)),
            Edge(f"{number}>", str(number), "end"),
        ]
    before = process_time()
    lay_out(group)
    assert process_time() - before < 5


@layouts
@given(groups())
def test_labels_stand_on_their_edges(group):
    layout = lay_out(group)
    for name, rect in layout.labels.items():
        curves = [curve for curve in layout.curves if name in curve.edges]
        assert any(passes_through(curve, rect) for curve in curves)


def test_too_many_long_edges_are_refused():
    group = Group("g", items=[Vertex(str(n), 9, 9) for n in range(500)])
    group.edges = [Edge(f"{n}", str(n), str(n + 1)) for n in range(499)]
    group.edges += [Edge(f"long{n}", str(n), "499") for n in range(400)]
    with pytest.raises(TooLargeError):
        lay_out(group)
