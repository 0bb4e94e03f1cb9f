"""What a layout takes and gives: vertices and edges in nested groups; rectangles and curves.

Flow runs from left to right. An edge joins two items of the same group; the group's own id as
its start means the group's entry, on its left side, and as its end the exit on its right side.
"""

from dataclasses import dataclass, field

Point = tuple[float, float]


class TooLargeError(Exception):
    """The layout would take too long."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """A rectangle to be placed."""

    id: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection; edges of one group form no cycle.

    A `low` edge leaves its start at the lower end of the right side, and gives way to others.
    Edges of one `bundle` with the same end join into one line on their way there.
    """

    id: str
    start: str
    end: str
    label: tuple[float, float] | None = None
    low: bool = False
    bundle: str = ""


@dataclass(slots=True)
class Group:
    """A frame around items, which may be groups; `title` is the room that its title takes."""

    id: str
    title: tuple[float, float] = (0, 0)
    items: "list[Vertex | Group]" = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


Item = Vertex | Group


@dataclass(frozen=True, slots=True)
class Rect:
    """A place for a vertex, a group or a label."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, x: float, y: float) -> "Rect":
        """The same size elsewhere."""
        return Rect(self.x + x, self.y + y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Curve:
    """A piece of one edge, or of several that run together.

    Between points of the same height it is straight; elsewhere it swings from one height to
    the other, and is horizontal at both points. `arrow`: it ends at a vertex.
    """

    edges: tuple[str, ...]
    points: tuple[Point, ...]
    arrow: bool

    def moved(self, x: float, y: float) -> "Curve":
        """The same curve elsewhere."""
        points = tuple((px + x, py + y) for px, py in self.points)
        return Curve(self.edges, points, self.arrow)


@dataclass(slots=True)
class Layout:
    """Where everything is, from (0, 0) to (`width`, `height`).

    `rects` are of vertices and groups, `labels` of edges that have one, all by id. `entry` and
    `exit` are the heights at which edges come in on the left and leave on the right.
    """

    width: float = 0
    height: float = 0
    entry: float | None = None
    exit: float | None = None
    crossings: int = 0
    rects: dict[str, Rect] = field(default_factory=dict)
    labels: dict[str, Rect] = field(default_factory=dict)
    curves: list[Curve] = field(default_factory=list)

    def take(self, other: "Layout", x: float, y: float) -> None:
        """Put another layout into this one."""
        self.rects |= {key: rect.moved(x, y) for key, rect in other.rects.items()}
        self.labels |= {key: rect.moved(x, y) for key, rect in other.labels.items()}
        self.curves += (curve.moved(x, y) for curve in other.curves)
        self.crossings += other.crossings
