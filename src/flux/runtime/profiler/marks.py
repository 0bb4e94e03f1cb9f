"""What the stamps of a record mean.

A record is a list of marks, small numbers that stand for what has happened, each followed by its
time. Times are chained: what a mark stands for lasted from the mark before it. The marks that
don't stand for a call, or a constraint, are the same in all programs.
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from flux.runtime.stamps import WAITED, Record


class Kind(Enum):
    """What may have happened."""

    WAITED = auto()
    """The constraint that is taken next was not free."""
    BEGAN = auto()
    """The turn began."""
    ABANDONED = auto()
    """The turn began, but its flow when the profile was off."""
    AGAIN = auto()
    """The turn began when its first node had been called already."""
    CPU = auto()
    """The time that follows is the processor's; it belongs to the mark before."""
    QUEUED = auto()
    """Somebody took the flow up."""
    NODE = auto()
    OPENING = auto()
    PREDICATE = auto()
    SESSION = auto()
    ACQUIRED = auto()
    RELEASED = auto()


class Mark(NamedTuple):
    """One thing that may happen: of a call, to which function; of a constraint, in which mode."""

    kind: Kind
    name: str = ""
    failed: bool = False
    mode: str = ""
    scope: str = ""
    stands_for: int = 1
    """How many flows that have begun one does that is timed."""


FIXED = (Kind.WAITED, Kind.BEGAN, Kind.ABANDONED, Kind.AGAIN, Kind.CPU, Kind.QUEUED)
BEGAN, ABANDONED, AGAIN, CPU, QUEUED = range(WAITED + 1, len(FIXED))

CALLS = frozenset({Kind.NODE, Kind.OPENING, Kind.PREDICATE, Kind.SESSION})


class Marks:
    """The marks of a program by number, handed out as its functions are bound."""

    def __init__(self) -> None:
        self.all: list[Mark] = [Mark(kind) for kind in FIXED]
        self.openings: set[int] = set()

    def number(self, mark: Mark) -> int:
        """The number that stands for a mark; the same one whenever it is asked for."""
        if mark not in self.all:
            self.all.append(mark)
        number = self.all.index(mark)
        if mark.kind is Kind.OPENING:
            self.openings.add(number)
        return number

    def shape(self, numbers: Sequence[int]) -> list[Mark]:
        """What the marks of a record say."""
        return [self.all[number] for number in numbers]

    def beginning(self, stamps: Record) -> int:
        """When the flow of a record began: with what its turn's first node gave."""
        if len(stamps) > 3 and stamps[2] in self.openings:  # almost always  # noqa: PLR2004
            return stamps[3]
        places = range(2, len(stamps), 2)
        return next((stamps[n + 1] for n in places if stamps[n] in self.openings), stamps[1])
