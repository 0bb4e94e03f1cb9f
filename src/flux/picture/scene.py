"""What a picture of a program shows: boxes, frames around them, lines between them.

A node used in several places is drawn in each, as in DOT. Each abstract node is a frame, and
lines end at its border where its own begin. Nodes of one flow that share a handler share its
box. The ways through each frame are kept, so that paths can be followed through the picture.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from flux.graph.draw import MOST_BOXES, TooLargeToDrawError
from flux.graph.model import AbstractNode, Case, Node, ProgramGraph

# Before the function that tells a flow's session.
SESSION = "session: "


class Kind(StrEnum):
    """What a box stands for; the names are classes of the style sheet."""

    SOURCE = "source"
    NODE = "node"
    CHOICE = "choice"
    END = "end"


class Carries(StrEnum):
    """What goes along a line."""

    FLOW = "flow"
    CASE = "case"
    SESSION = "session"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Box:
    """One use of a concrete node, a choice between cases, or the end of an empty case."""

    id: str
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """From one box or frame to another; a frame's id inside it means its border."""

    start: str
    end: str
    carries: Carries = Carries.FLOW
    text: str = ""
    tooltip: str = ""
    id: str = ""


@dataclass(slots=True)
class Frame:
    """One use of an abstract node; the outermost frame is the program."""

    id: str
    name: str
    is_source: bool = False
    items: "list[Box | Frame]" = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    ways: "list[Way]" = field(default_factory=list)


Use = Box | Frame


@dataclass(slots=True)
class Way:
    """One case of a frame: the line into each use, the uses, the line out."""

    case: str | None
    into: list[Line] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    out: Line | None = None


@dataclass(slots=True)
class Scene:
    """A program to be drawn, and how uses are handled: by a line to another use."""

    graph: ProgramGraph
    program: Frame = field(default_factory=lambda: Frame("program", ""))
    sources: dict[str, Way] = field(default_factory=dict)
    handlers: dict[str, tuple[Line, Use]] = field(default_factory=dict)
    made: int = 0
    joined: int = 0

    def number(self) -> int:
        """The number of one more box or frame."""
        self.made += 1
        if self.made > MOST_BOXES:
            raise TooLargeToDrawError(f"the drawing would have more than {MOST_BOXES} boxes")
        return self.made

    def add(self, inside: Frame, line: Line) -> Line:
        """Draw one more line, which gets its id."""
        self.joined += 1
        line = replace(line, id=f"e{self.joined}")
        inside.lines.append(line)
        return line


@dataclass(frozen=True, slots=True)
class Place:
    """Where a use stands: in which frame, with which handlers, between what."""

    inside: Frame
    handlers: dict[str, Use]
    entered: bool = True
    followed: bool = False
    kind: Kind = Kind.NODE


def scene(graph: ProgramGraph) -> Scene:
    """The picture of a program. Raises TooLargeToDrawError."""
    made = Scene(graph)
    for source in graph.sources:
        handlers: dict[str, Use] = {}
        opening = Place(made.program, handlers, entered=False, followed=True, kind=Kind.SOURCE)
        turn = _use(made, source.node, opening)
        flow = _use(made, source.target, Place(made.program, handlers))
        carries = Carries.SESSION if source.session else Carries.FLOW
        text = f"{SESSION}{source.session}" if source.session else ""
        line = made.add(made.program, Line(turn.id, flow.id, carries, text, str(source)))
        made.sources[source.node] = Way(None, [line], [turn, flow])
    return made


def _use(made: Scene, name: str, place: Place) -> Use:
    node = made.graph.nodes[name]
    use: Use
    if isinstance(node, AbstractNode):
        use = Frame(f"f{made.number()}", name, is_source=place.kind is Kind.SOURCE)
        place.inside.items.append(use)
        _fill(made, use, node, place)
    else:
        use = _box(made, place.kind, name, place.inside)
    _handle(made, node, use, place)
    return use


def _box(made: Scene, kind: Kind, name: str, inside: Frame) -> Box:
    box = Box(f"n{made.number()}", kind, name)
    inside.items.append(box)
    return box


def _handle(made: Scene, node: Node, use: Use, place: Place) -> None:
    """A line to the handler of a use, which is drawn unless its flow has it already."""
    if node.handler is None:
        return
    name = node.handler.node
    if name not in place.handlers:
        place.handlers[name] = _use(made, name, Place(place.inside, place.handlers))
    handler = place.handlers[name]
    tooltip = f"handle error {node.name} -> {name};"
    line = made.add(place.inside, Line(use.id, handler.id, Carries.ERROR, tooltip=tooltip))
    made.handlers[use.id] = (line, handler)


def _fill(made: Scene, frame: Frame, node: AbstractNode, place: Place) -> None:
    """Draw what is inside an abstract node."""
    start = frame.id if place.entered else None
    if not node.is_plain:
        choice = _box(made, Kind.CHOICE, node.name, frame)
        if start:
            made.add(frame, Line(start, choice.id))
        start = choice.id
    for case in node.cases:
        frame.ways.append(_way(made, frame, case, start, place))


def _way(made: Scene, frame: Frame, case: Case, start: str | None, place: Place) -> Way:
    """Draw one case, from what comes before it to the frame's border."""
    way = Way(f"[{', '.join(map(str, case.patterns))}]" if case.patterns is not None else None)
    before, handlers = start, dict[str, Use]()
    for number, use in enumerate(case.chain):
        followed = place.followed or number + 1 < len(case.chain)
        kind = Kind.NODE if number else place.kind
        here = Place(frame, handlers, before is not None, followed, kind)
        way.uses.append(_use(made, use.node, here))
        if before:
            way.into.append(_step(made, frame, case, way, Line(before, way.uses[-1].id)))
        before = way.uses[-1].id
    if before and place.followed:
        way.out = _step(made, frame, case, way, Line(before, frame.id))
    elif before and not case.chain:
        end = _box(made, Kind.END, "", frame)
        way.out = _step(made, frame, case, way, Line(before, end.id))
    return way


def _step(made: Scene, frame: Frame, case: Case, way: Way, line: Line) -> Line:
    """A line along a way; its first tells the case."""
    if way.case and not way.into:
        line = replace(line, carries=Carries.CASE, text=way.case, tooltip=case.text)
    return made.add(frame, line)
