"""`flux graph --format svg`: the picture of a program, plain or with a profile's heat."""

from collections import Counter

from flux.drawing.model import Rect, TooLargeError
from flux.drawing.svg import Svg
from flux.drawing.text import shortened, text_width
from flux.graph.draw import TooLargeToDrawError
from flux.graph.model import ProgramGraph
from flux.picture.arrange import Arranged, arranged
from flux.picture.cards import LONGEST_NAME, SMALL, Cards
from flux.picture.facts import Facts, facts_of
from flux.picture.legend import GAP, ROW, draw_legend, legend, rows
from flux.picture.paint import Painter
from flux.picture.scene import Carries, Frame, Kind, Line, Scene, scene
from flux.picture.style import STYLE
from flux.picture.traffic import traffic
from flux.picture.words import count, duration, rate
from flux.profile.model import Profile

EDGE = 24.0
TITLE = 16.0
SUBTITLE = 18.0
HEADING = 48.0
LEAST_WIDTH = 420.0
LEGEND_GAP = 22.0


def as_svg(graph: ProgramGraph, name: str, profile: Profile | None = None) -> str:
    """The picture as SVG. Raises TooLargeToDrawError."""
    shown = scene(graph)
    facts = facts_of(profile) if profile else None
    counts = traffic(shown, profile) if profile else Counter[str]()
    try:
        made = arranged(shown, Cards(graph, facts), _labels(shown, facts, counts))
    except TooLargeError:
        raise TooLargeToDrawError(
            "the picture would have too many long lines; --format dot leaves them to Graphviz"
        ) from None
    return _painted(made, name, facts, counts)


def _labels(shown: Scene, facts: Facts | None, counts: Counter[str]) -> dict[str, str]:
    """The texts on lines: cases and sessions; with a profile how many, and how often it fails."""
    labels: dict[str, str] = {}
    frames = [shown.program]
    while frames:
        frame = frames.pop()
        frames += (item for item in frame.items if isinstance(item, Frame))
        for line in frame.lines:
            labels[line.id] = line.text
            if facts:
                labels[line.id] = _with_facts(line, frame, facts, counts[line.id])
    return labels


def _with_facts(line: Line, frame: Frame, facts: Facts, flows: int) -> str:
    """A line's text, and what the profile says of it."""
    if line.carries is Carries.CASE:
        return f"{line.text} · {count(flows)}"
    if line.carries is Carries.ERROR:
        return _failing(line, frame, facts, flows)
    return line.text


def _failing(line: Line, frame: Frame, facts: Facts, flows: int) -> str:
    """How often the start of an error's line fails: its rate, or for a frame how many flows."""
    start = next(item for item in frame.items if item.id == line.start)
    if isinstance(start, Frame):
        return count(flows)
    return rate(facts.node(start.name, opening=start.kind is Kind.SOURCE).failure_rate)


def _painted(made: Arranged, name: str, facts: Facts | None, counts: Counter[str]) -> str:
    subtitle = _subtitle(facts.profile) if facts else ""
    width = max(made.layout.width, LEAST_WIDTH, text_width(subtitle, SMALL + 1))
    entries = legend(made, with_profile=facts is not None)
    top = EDGE + (HEADING if subtitle else HEADING - SUBTITLE)
    below = top + made.layout.height + LEGEND_GAP
    height = below + ROW * len(rows(entries, width)) + EDGE - GAP
    svg = Svg(width + 2 * EDGE, height, f"Program graph of {name}", _description(made), STYLE)
    svg.rect(Rect(0, 0, svg.width, svg.height), "paper")
    svg.text(EDGE, EDGE + TITLE - 3, shortened(name, LONGEST_NAME), "title")
    if subtitle:
        svg.text(EDGE, EDGE + TITLE + SUBTITLE, subtitle, "subtitle")
    Painter(svg, made, counts if facts else None).paint(EDGE, top)
    draw_legend(svg, entries, EDGE, below, width)
    return str(svg)


def _subtitle(profile: Profile) -> str:
    flows = sum(path.count for path in profile.paths)
    server = profile.server
    return (
        f"profile of {duration(profile.elapsed)}: {count(flows)} flows"
        f" · {server.target}, {server.runtime} · {count(server.processors)} processors"
    )


def _description(made: Arranged) -> str:
    """The picture for those who can't see it."""
    nodes = [box.name for box in made.boxes.values() if box.kind in (Kind.SOURCE, Kind.NODE)]
    sources = [box.name for box in made.boxes.values() if box.kind is Kind.SOURCE]
    return (
        f"{len(nodes)} uses of nodes in {len(made.frames)} abstract nodes,"
        f" with {len(made.lines)} connections; sources: {', '.join(sources)}."
    )
