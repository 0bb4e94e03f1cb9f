"""The legend: a sample of each kind of thing that a picture shows, and what it means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flux.drawing.colours import heat, pastel
from flux.drawing.model import Rect
from flux.drawing.svg import Svg
from flux.drawing.text import text_width
from flux.picture.arrange import Arranged
from flux.picture.cards import SMALL
from flux.picture.paint import BASE, warmth
from flux.picture.scene import Carries, Kind

ROW = 22.0
SAMPLE = 26.0
GAP = 7.0
BETWEEN = 22.0
STEPS = 26

Draw = Callable[[Svg, float, float], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample, which is drawn around a height, and its text."""

    draw: Draw
    text: str
    sample: float = SAMPLE

    @property
    def width(self) -> float:
        """The room of both."""
        return self.sample + GAP + text_width(self.text, SMALL)


def legend(made: Arranged, *, with_profile: bool) -> list[Entry]:
    """What needs to be said of a picture."""
    kinds = {box.kind for box in made.boxes.values()}
    carried = {line.carries for line in made.lines.values()}
    badges = [badge.text for card in made.cards.values() for badge in card.badges]
    entries = [
        (Kind.SOURCE in kinds, Entry(_box("source", 8), "source")),
        (Kind.NODE in kinds, Entry(_box("node", 4), "node")),
        (bool(made.frames), Entry(_box("frame", 6), "abstract node")),
        (Kind.CHOICE in kinds, Entry(_diamond, "choice between cases", 14)),
        (Carries.ERROR in carried, Entry(_error, "where errors go")),
        (bool(badges) and not with_profile, Entry(_badge, "constraint: ? reads, others write")),
        (
            bool(badges) and with_profile,
            Entry(_warm_badge, "constraint: mean wait for it"),
        ),
        (
            with_profile,
            Entry(_scale, "0 to 100 % of the time of all flows, for all uses of a node", 78),
        ),
        (with_profile, Entry(_widths, "flows, on a logarithmic scale", 40)),
    ]
    return [entry for needed, entry in entries if needed]


def rows(entries: Sequence[Entry], width: float) -> list[list[Entry]]:
    """The entries in rows of a width."""
    made: list[list[Entry]] = []
    room = 0.0
    for entry in entries:
        if not made or entry.width > room:
            made.append([])
            room = width
        made[-1].append(entry)
        room -= entry.width + BETWEEN
    return made


def draw_legend(svg: Svg, entries: Sequence[Entry], x: float, y: float, width: float) -> None:
    """The legend below a corner."""
    for row in rows(entries, width):
        left = x
        for entry in row:
            entry.draw(svg, left, y + ROW / 2)
            base = y + ROW / 2 + BASE * SMALL
            svg.text(left + entry.sample + GAP, base, entry.text, "legend")
            left += entry.width + BETWEEN
        y += ROW


def _box(kind: str, radius: float) -> Draw:
    def draw(svg: Svg, x: float, y: float) -> None:
        svg.rect(Rect(x + 0.5, y - 8, SAMPLE - 1, 16), kind, radius)

    return draw


def _diamond(svg: Svg, x: float, y: float) -> None:
    svg.shape("path", "choice", d=f"M{x:g} {y:g}l7 -7 7 7 -7 7z")


def _error(svg: Svg, x: float, y: float) -> None:
    svg.curve(((x, y), (x + SAMPLE - 7, y)), "error", stroke_width=1.4)
    svg.arrow_head((x + SAMPLE, y), "error-head")


def _badge(svg: Svg, x: float, y: float) -> None:
    svg.rect(Rect(x, y - 7, SAMPLE, 14), "badge-box", 7, style=f"fill:{pastel(0)}")


def _warm_badge(svg: Svg, x: float, y: float) -> None:
    svg.rect(Rect(x, y - 7, SAMPLE, 14), "badge-box", 7, style=f"fill:{heat(0)}")


def _scale(svg: Svg, x: float, y: float) -> None:
    for step in range(STEPS):
        style = f"fill:{heat(warmth(step / (STEPS - 1)))}"
        svg.rect(Rect(x + 3 * step, y - 6, 3.2, 12), style=style)


def _widths(svg: Svg, x: float, y: float) -> None:
    for number, width in enumerate((1.3, 3.5, 6)):
        left = x + 14 * number
        svg.curve(((left, y), (left + 12, y)), "flow", stroke_width=width)
