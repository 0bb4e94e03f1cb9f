"""Scene, cards and counts become a layout: what has to be drawn gets its size, then its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flux.drawing.layout import lay_out
from flux.drawing.model import Edge, Group, Layout, Vertex
from flux.drawing.text import text_width
from flux.picture.cards import CHOICE, END, SMALL, Card, Cards, size, title_size
from flux.picture.scene import Box, Carries, Frame, Kind, Line, Scene

LABEL_HEIGHT = 16.0


@dataclass(slots=True)
class Arranged:
    """Everything that is drawn, by id, and where."""

    layout: Layout = field(default_factory=Layout)
    boxes: dict[str, Box] = field(default_factory=dict)
    frames: dict[str, Frame] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


def arranged(scene: Scene, cards: Cards, labels: Mapping[str, str]) -> Arranged:
    """A place for all that a scene shows.

    Raises TooLargeError.
    """
    made = Arranged(labels=dict(labels))
    made.layout = lay_out(_group(made, scene.program, cards))
    return made


def _group(made: Arranged, frame: Frame, cards: Cards) -> Group:
    group = Group(frame.id)
    if frame.name:
        made.frames[frame.id] = frame
        made.cards[frame.id] = cards.of(frame)
        group.title = title_size(made.cards[frame.id])
    for item in frame.items:
        inner = _group(made, item, cards) if isinstance(item, Frame) else _vertex(made, item, cards)
        group.items.append(inner)
    group.edges = [_edge(made, line, frame) for line in frame.lines]
    return group


def _vertex(made: Arranged, box: Box, cards: Cards) -> Vertex:
    made.boxes[box.id] = box
    if box.kind is Kind.CHOICE:
        return Vertex(box.id, CHOICE, CHOICE)
    if box.kind is Kind.END:
        return Vertex(box.id, END, END)
    made.cards[box.id] = cards.of(box)
    return Vertex(box.id, *size(made.cards[box.id]))


def _edge(made: Arranged, line: Line, frame: Frame) -> Edge:
    made.lines[line.id] = line
    text = made.labels.get(line.id, "")
    label = (text_width(text, SMALL) + 10, LABEL_HEIGHT) if text else None
    if line.carries is Carries.ERROR:
        return Edge(line.id, line.start, line.end, label, low=True, bundle="error")
    bundle = "exit" if line.end == frame.id else ""
    return Edge(line.id, line.start, line.end, label, bundle=bundle)
