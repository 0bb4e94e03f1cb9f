"""What stands in a box or in the title of a frame, and how much room it takes."""

from dataclasses import dataclass, replace

from flux.drawing.text import shortened, text_width
from flux.graph.model import AbstractNode, Constraint, ProgramGraph, listed
from flux.picture.facts import Facts
from flux.picture.scene import Box, Kind, Use
from flux.picture.words import duration

NAME_SIZE = 13.0
SMALL = 10.5
LONGEST_NAME = 48
MARGIN = 12.0

NAME_LINE = 30.0
BADGE_LINE = 20.0
NOTE_LINE = 15.0
BADGE_HEIGHT = 16.0
BADGE_GAP = 5.0
CHOICE = 18.0
END = 8.0


@dataclass(frozen=True, slots=True)
class Badge:
    """A constraint as a node declares it; `heat` is the share of all time waited for it."""

    text: str
    number: int
    heat: float | None = None

    @property
    def width(self) -> float:
        """The room it takes from left to right."""
        return text_width(self.text, SMALL) + 12


@dataclass(frozen=True, slots=True)
class Card:
    """A name, badges, a note on what the profile knows, a tooltip."""

    name: str
    tooltip: str
    badges: tuple[Badge, ...] = ()
    note: str = ""
    heat: float | None = None
    faded: bool = False

    @property
    def badges_width(self) -> float:
        """The room of all badges in a row."""
        return sum(badge.width + BADGE_GAP for badge in self.badges) - BADGE_GAP * bool(self.badges)


def size(card: Card) -> tuple[float, float]:
    """The width and height of a box with a card in it."""
    widths = [text_width(card.name, NAME_SIZE), card.badges_width, text_width(card.note, SMALL)]
    height = NAME_LINE + BADGE_LINE * bool(card.badges) + NOTE_LINE * bool(card.note)
    return max(widths) + 2 * MARGIN, height


def title_size(card: Card) -> tuple[float, float]:
    """The room of a card in the title of a frame: all in one line."""
    width = text_width(card.name, NAME_SIZE, bold=True)
    if card.badges:
        width += MARGIN + card.badges_width
    return width, 16.0


class Cards:
    """Makes the cards of one program."""

    def __init__(self, graph: ProgramGraph, facts: Facts | None) -> None:
        self.graph = graph
        self.facts = facts
        names = sorted({c.name for node in graph.nodes.values() for c in node.constraints})
        self.numbers = {name: number for number, name in enumerate(names)}

    def of(self, use: Use) -> Card:
        """What a box or the title of a frame tells of its node."""
        node = self.graph.nodes[use.name]
        badges = tuple(map(self.badge, node.constraints))
        name = shortened(use.name, LONGEST_NAME)
        if isinstance(node, AbstractNode):
            return Card(name, "\n".join(case.text for case in node.cases), badges)
        takes, gives = listed(node.signature.inputs), listed(node.signature.outputs)
        card = Card(name, f"{node.name} {takes} -> {gives}", badges)
        return self._with_facts(card, use) if self.facts else card

    def badge(self, constraint: Constraint) -> Badge:
        """A constraint, with what is known of waiting for it."""
        badge = Badge(str(constraint).replace("(", " ("), self.numbers[constraint.name])
        if self.facts is None:
            return badge
        waits = self.facts.waiting(constraint)
        if waits is None:
            return replace(badge, heat=0.0)
        return replace(badge, text=f"{badge.text} waits {duration(waits.mean)}", heat=waits.share)

    def _with_facts(self, card: Card, use: Use) -> Card:
        assert self.facts is not None  # noqa: S101 -- our bug, not the user's
        opening = isinstance(use, Box) and use.kind is Kind.SOURCE
        known = self.facts.node(use.name, opening=opening)
        return replace(
            card,
            tooltip=f"{card.tooltip}\n{known.tooltip}",
            note=known.note,
            heat=known.share,
            faded=not known.calls,
        )
