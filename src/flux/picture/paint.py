"""Boxes, frames and lines, drawn where the layout has put them."""

from collections import Counter
from dataclasses import dataclass, field
from math import log1p, sqrt

from flux.drawing.colours import DARK, heat, heat_lightness, pastel
from flux.drawing.model import Curve, Rect
from flux.drawing.svg import HEAD, Svg
from flux.drawing.text import text_width
from flux.picture.arrange import Arranged
from flux.picture.cards import (
    BADGE_GAP,
    BADGE_HEIGHT,
    BADGE_LINE,
    MARGIN,
    NAME_LINE,
    NAME_SIZE,
    SMALL,
    Badge,
    Card,
)
from flux.picture.scene import Box, Carries, Frame, Kind

PLAIN = 1.4
THINNEST, THICKEST = 1.3, 6.0
ROUND = 6.0

# More statements aren't shown at a line that many edges share.
MOST_STATEMENTS = 8

# From the middle of a line of text to its base, in sizes of the font.
BASE = 0.36


def warmth(share: float) -> float:
    """A share as a value of the scale of heat; its root, so that small shares differ, too."""
    return sqrt(share)


def thickness(flows: int, most: int) -> float:
    """How wide a line is: by the logarithm of the number of flows."""
    return THINNEST + (THICKEST - THINNEST) * log1p(flows) / log1p(max(most, flows, 1))


def is_dark(share: float) -> bool:
    """Whether a text on the colour of a share has to be white."""
    return heat_lightness(warmth(share)) < DARK


@dataclass(slots=True)
class Painter:
    """Draws what is arranged; `counts` are the flows along each line, if a profile tells them."""

    svg: Svg
    made: Arranged
    counts: Counter[str] | None = None
    most: int = field(init=False)

    def __post_init__(self) -> None:
        self.most = max(self.counts.values(), default=0) if self.counts else 0

    def paint(self, x: float, y: float) -> None:
        """Draw everything, from a corner on."""
        with self.svg.element("g", transform=f"translate({x:g} {y:g})"):
            for name, frame in self.made.frames.items():
                self.frame(name, frame)
            for curve in self.made.layout.curves:
                self.curve(curve)
            for name, place in self.made.layout.labels.items():
                self.label(name, place)
            for name, box in self.made.boxes.items():
                self.box(name, box)

    def frame(self, name: str, frame: Frame) -> None:
        """An abstract node."""
        place, card = self.made.layout.rects[name], self.made.cards[name]
        kind = "frame opening" if frame.is_source else "frame"
        with self.svg.element("g", tooltip=card.tooltip):
            self.svg.rect(place, kind, radius=2 * ROUND)
            left, top = place.x + MARGIN, place.y + 7
            middle = top + BADGE_HEIGHT / 2
            self.svg.text(left, middle + BASE * NAME_SIZE, card.name, "heading")
            left += text_width(card.name, NAME_SIZE, bold=True) + MARGIN
            self.badges(card, left, top)

    def box(self, name: str, box: Box) -> None:
        """A node, a choice, or the end of an empty case."""
        place = self.made.layout.rects[name]
        if box.kind is Kind.CHOICE:
            self.choice(box, place)
        elif box.kind is Kind.END:
            middle = {"cx": place.x + place.width / 2, "cy": place.y + place.height / 2}
            self.svg.shape("circle", "end", **middle, r=place.width / 2)
        else:
            self.node(box, place, self.made.cards[name])

    def choice(self, box: Box, place: Rect) -> None:
        """A choice between cases: a diamond."""
        half = place.width / 2
        corner = f"M{place.x:.1f} {place.y + half:.1f}"
        path = f"{corner}l{half:g} {-half:g} {half:g} {half:g} {-half:g} {half:g}z"
        with self.svg.element("g", tooltip=f"{box.name} chooses a case"):
            self.svg.shape("path", "choice", d=path)

    def node(self, box: Box, place: Rect, card: Card) -> None:
        """A concrete node."""
        style = None if card.heat is None else f"fill:{heat(warmth(card.heat))}"
        ink = "" if card.heat is None else f" {_ink(card.heat)}"
        radius = min(place.height / 2, 16.0) if box.kind is Kind.SOURCE else ROUND
        middle, top = place.x + place.width / 2, place.y
        with self.svg.element("g", "faded" if card.faded else "", card.tooltip):
            self.svg.rect(place, box.kind, radius, style=style)
            base = top + NAME_LINE / 2 + BASE * NAME_SIZE
            self.svg.text(middle, base, card.name, f"name{ink}")
            top += NAME_LINE
            if card.note:
                self.svg.text(middle, top + 5, card.note, f"note{ink}")
                top += BADGE_LINE - 5
            self.badges(card, middle - card.badges_width / 2, top - 3)

    def badges(self, card: Card, x: float, y: float) -> None:
        """Constraints in a row."""
        for badge in card.badges:
            self.badge(badge, x, y)
            x += badge.width + BADGE_GAP

    def badge(self, badge: Badge, x: float, y: float) -> None:
        """One constraint."""
        cool = badge.heat is None
        fill = pastel(badge.number) if cool else heat(warmth(badge.heat or 0))
        ink = "" if cool else f" {_ink(badge.heat or 0)}"
        place = Rect(x, y, badge.width, BADGE_HEIGHT)
        self.svg.rect(place, "badge-box", BADGE_HEIGHT / 2, style=f"fill:{fill}")
        base = y + BADGE_HEIGHT / 2 + BASE * SMALL
        self.svg.text(x + badge.width / 2, base, badge.text, f"badge{ink}")

    def curve(self, curve: Curve) -> None:
        """A line, or the common piece of several, as wide as many flows took it."""
        lines = [self.made.lines[edge] for edge in curve.edges]
        is_error = lines[0].carries is Carries.ERROR
        kind, head = ("error", "error-head") if is_error else ("flow", "head")
        width = self.width(curve)
        size = max(HEAD, 2.2 * width) if curve.arrow else 0
        tip = curve.points[-1]
        points = (*curve.points[:-1], (tip[0] - size, tip[1]))
        with self.svg.element("g", self.fading(curve), self.tooltip(curve)):
            self.svg.curve(points, kind, stroke_width=width)
            if curve.arrow:
                self.svg.arrow_head(tip, head, size)

    def width(self, curve: Curve) -> float:
        """How wide a line is."""
        if self.counts is None:
            return PLAIN
        flows = sum(self.counts[edge] for edge in curve.edges)
        return thickness(flows, self.most)

    def fading(self, curve: Curve) -> str:
        """The class of a line that no flow took, if a profile tells that."""
        unused = self.counts is not None and not any(self.counts[edge] for edge in curve.edges)
        return "faded" if unused else ""

    def tooltip(self, curve: Curve) -> str:
        """The statements behind a line, and how many flows took it."""
        texts = [text for edge in curve.edges if (text := self.made.lines[edge].tooltip)]
        if len(texts) > MOST_STATEMENTS:
            texts = [*texts[:MOST_STATEMENTS], f"... and {len(texts) - MOST_STATEMENTS} more"]
        if self.counts is not None:
            flows = sum(self.counts[edge] for edge in curve.edges)
            texts.append(f"{flows:,} flow{'' if flows == 1 else 's'}")
        return "\n".join(texts)

    def label(self, name: str, place: Rect) -> None:
        """A text on a line."""
        is_error = self.made.lines[name].carries is Carries.ERROR
        self.svg.rect(place, "pill", radius=place.height / 2)
        base = place.y + place.height / 2 + BASE * SMALL
        kind = "label error-label" if is_error else "label"
        self.svg.text(place.x + place.width / 2, base, self.made.labels[name], kind)


def _ink(share: float) -> str:
    """The class of a text on the colour of a share."""
    return "on-dark" if is_dark(share) else "on-light"
