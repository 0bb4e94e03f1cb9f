"""The program graph as a picture: DOT for Graphviz, Mermaid for Markdown.

Sources are houses, concrete nodes boxes, abstract nodes frames around their flow; semantic
types label the edges to their cases, dashed edges lead to error handlers. A node used in
several places is drawn in each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flux.graph.model import AbstractNode, Case, ProgramGraph

MOST_BOXES = 2000


@dataclass(slots=True)
class Frame:
    """An abstract node where it is used: the boxes and frames inside it."""

    id: str
    label: str
    inner: "list[Frame | Box]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Box:
    """One use of a concrete node, a choice between cases, or a source."""

    id: str
    label: str
    shape: str
    node: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """Data flows along it, or an error (dashed); `node` is the one that chooses or fails."""

    start: str
    end: str
    label: str = ""
    dashed: bool = False
    node: str = ""


@dataclass(frozen=True, slots=True)
class Tint:
    """What a drawing for Graphviz shows of a profile in one place: attributes, and a note."""

    attributes: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """What it shows by node; by node and patterns of a case; by node that fails."""

    nodes: Mapping[str, Tint] = field(default_factory=dict)
    cases: Mapping[tuple[str, str], Tint] = field(default_factory=dict)
    errors: Mapping[str, Tint] = field(default_factory=dict)

    def of(self, edge: Edge) -> Tint:
        """The tint of an edge."""
        known = self.errors.get(edge.node) if edge.dashed else None
        return known or self.cases.get((edge.node, edge.label), Tint())


COLD = Heat()


@dataclass(slots=True)
class Picture:
    """Everything to be drawn, whatever the language of the drawing."""

    graph: ProgramGraph
    roots: list[Frame | Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    boxes: int = 0

    def box(self, label: str, shape: str, inside: "list[Frame | Box]", node: str = "") -> str:
        """Draw one more box."""
        self.boxes += 1
        made = Box(f"n{self.boxes}", label, shape, node)
        inside.append(made)
        return made.id


class TooLargeToDrawError(Exception):
    """The drawing would have more than 2,000 boxes."""


def as_dot(graph: ProgramGraph, heat: Heat = COLD) -> str:
    """The picture for Graphviz. Raises TooLargeToDrawError."""
    picture = _picture(graph)
    lines = [
        "digraph flux {",
        '  graph [rankdir=LR, fontname="Helvetica", compound=true];',
        '  node [fontname="Helvetica", fontsize=11, shape=box, style=rounded];',
        '  edge [fontname="Helvetica", fontsize=9];',
    ]
    lines += (f"  {line}" for root in picture.roots for line in _dot(root, heat))
    for edge in picture.edges:
        style = ", style=dashed, color=firebrick" if edge.dashed else ""
        tint = heat.of(edge)
        label = f"{edge.label}{tint.note}"
        lines.append(f'  {edge.start} -> {edge.end} [label="{label}"{style}{tint.attributes}];')
    return "\n".join([*lines, "}", ""])


def _dot(item: Frame | Box, heat: Heat) -> Iterator[str]:
    shapes = {"source": "house", "choice": "diamond", "node": "box", "end": "point"}
    if isinstance(item, Box):
        tint = heat.nodes.get(item.node, Tint())
        label = f"{item.label}{tint.note}"
        yield f'{item.id} [label="{label}", shape={shapes[item.shape]}{tint.attributes}];'
        return
    yield f"subgraph cluster_{item.id} {{"
    yield f'  label="{item.label}"; style="rounded,dashed"; color=gray;'
    for inner in item.inner:
        yield from (f"  {line}" for line in _dot(inner, heat))
    yield "}"


def as_mermaid(graph: ProgramGraph) -> str:
    """The picture for Markdown. Raises TooLargeToDrawError."""
    picture = _picture(graph)
    lines = ["flowchart LR"]
    lines += (f"  {line}" for root in picture.roots for line in _mermaid(root))
    for edge in picture.edges:
        arrow = "-.->" if edge.dashed else "-->"
        label = f'|"{edge.label}"|' if edge.label else ""
        lines.append(f"  {edge.start} {arrow}{label} {edge.end}")
    return "\n".join([*lines, ""])


def _mermaid(item: Frame | Box) -> Iterator[str]:
    brackets = {
        "source": ("[/", "\\]"),
        "choice": ("{", "}"),
        "node": ("[", "]"),
        "end": ("((", "))"),
    }
    if isinstance(item, Box):
        opening, closing = brackets[item.shape]
        yield f'{item.id}{opening}"{item.label}"{closing}'
        return
    yield f'subgraph {item.id}["{item.label}"]'
    for inner in item.inner:
        yield from (f"  {line}" for line in _mermaid(inner))
    yield "end"


# Uses to boxes: each drawing function gives the ids where data enters and leaves


Ends = tuple[str, list[str]]


def _picture(graph: ProgramGraph) -> Picture:
    picture = Picture(graph)
    for source in graph.sources:
        _entry, ends = _use(picture, source.node, picture.roots, "source")
        entry, _exits = _use(picture, source.target, picture.roots, "node")
        label = f"session: {source.session}" if source.session else ""
        picture.edges += [Edge(end, entry, label) for end in ends]
    return picture


def _use(picture: Picture, name: str, inside: list[Frame | Box], shape: str) -> Ends:
    if picture.boxes > MOST_BOXES:
        raise TooLargeToDrawError(f"the drawing would have more than {MOST_BOXES} boxes")
    node = picture.graph.nodes[name]
    if isinstance(node, AbstractNode):
        frame = Frame(f"f{picture.boxes}_{name}", _label(picture, name))
        inside.append(frame)
        ends = _cases(picture, node, frame)
    else:
        box = picture.box(_label(picture, name), shape, inside, name)
        ends = (box, [box])
    if node.handler:
        handler, _exits = _use(picture, node.handler.node, inside, "node")
        picture.edges.append(Edge(ends[0], handler, "error", dashed=True, node=name))
    return ends


def _label(picture: Picture, name: str) -> str:
    constraints = ", ".join(map(str, picture.graph.nodes[name].constraints))
    return f"{name} {{{constraints}}}" if constraints else name


def _cases(picture: Picture, node: AbstractNode, frame: Frame) -> Ends:
    if node.is_plain and node.cases[0].chain:
        return _chain(picture, node.cases[0], frame)
    choice = picture.box("" if node.is_plain else "?", "choice", frame.inner)
    exits: list[str] = []
    for case in node.cases:
        label = ", ".join(map(str, case.patterns or ()))
        if case.chain:
            entry, ends = _chain(picture, case, frame)
            picture.edges.append(Edge(choice, entry, label, node=node.name))
            exits += ends
        else:
            end = picture.box("", "end", frame.inner)
            picture.edges.append(Edge(choice, end, label, node=node.name))
            exits.append(end)
    return choice, exits


def _chain(picture: Picture, case: Case, frame: Frame) -> Ends:
    entry, exits = _use(picture, case.chain[0].node, frame.inner, "node")
    for use in case.chain[1:]:
        after, ends = _use(picture, use.node, frame.inner, "node")
        picture.edges += [Edge(end, after) for end in exits]
        exits = ends
    return entry, exits
