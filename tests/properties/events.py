"""What happens on a way through a program, and what may be said of any such way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from properties.reading import Reading

Kind = Literal["take", "give", "node", "predicate", "session"]


@dataclass(frozen=True, slots=True)
class Event:
    """A constraint taken or given back, or a function called.

    `detail` is how a constraint is held and in which session, or what a function is given.
    `around` are the nodes that the event stands in, outermost first, if they are known.
    """

    kind: Kind
    name: str
    detail: tuple[object, ...]
    around: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        inside = f" in {' / '.join(self.around)}" if self.around else ""
        return f"{self.kind} {self.name}{self.detail}{inside}"


def check_rules(reading: Reading, events: Iterable[Event]) -> None:
    """Assert what section 3 of the language promises of every way."""
    held: list[Event] = []
    for event in events:
        match event.kind:
            case "take":
                _check_take(reading, held, event)
                held.append(event)
            case "give":
                assert held, f"{event}, but nothing is held"
                taken = held.pop()
                assert (taken.name, taken.detail) == (event.name, event.detail), f"{event} too soon"
            case "node" | "predicate" | "session":
                _check_held(reading, held, event)
    assert not held, f"never given back: {held[0]}"


def _check_take(reading: Reading, held: list[Event], event: Event) -> None:
    """In canonical order; hence nothing twice, and no reader becomes a writer."""
    for other in held:
        assert reading.order[other.name] < reading.order[event.name], f"{event} after {other}"


def _check_held(reading: Reading, held: list[Event], event: Event) -> None:
    """All that the nodes around declare is held, well enough, and nothing without a reason."""
    modes = {taken.name: taken.detail[0] for taken in held}
    for name in event.around:
        for constraint, writes in reading.nodes[name].own.items():
            assert constraint in modes, f"{event} without {constraint}"
            assert modes[constraint] == "writer" or not writes, f"{event} reads {constraint}"
    for constraint in modes:
        assert any(_reasons(reading, event.around, constraint)), f"{event} holds {constraint}"


def _reasons(reading: Reading, around: tuple[str, ...], constraint: str) -> Iterator[bool]:
    """Does a node around declare the constraint, or one after it?"""
    for name in around:
        for own in reading.nodes[name].own:
            yield reading.order[own] >= reading.order[constraint]
