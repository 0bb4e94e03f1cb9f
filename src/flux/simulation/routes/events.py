"""What happens to flows: functions are called, constraints taken and given back."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Literal

from flux.graph.locking import Take

Kind = Literal["node", "opening", "predicate", "session"]
Outcome = Literal["finished", "handled", "failed"]


@dataclass(frozen=True, slots=True)
class Called:
    """A function was called; `opening`: as the first concrete node of a turn."""

    kind: Kind
    name: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A constraint was taken."""

    take: Take


@dataclass(frozen=True, slots=True)
class Given:
    """A constraint was given back."""

    take: Take


Event = Called | Taken | Given

Happening = Generator[Event, None, Outcome]
"""One event after the other, and then how it ends."""


@dataclass(frozen=True, slots=True)
class Way:
    """What happens on a path, and how it ends."""

    events: tuple[Event, ...]
    outcome: Outcome


def gathered(happening: Happening) -> Way:
    """All of it."""
    events: list[Event] = []
    while True:
        try:
            events.append(next(happening))
        except StopIteration as end:
            return Way(tuple(events), end.value)


def held(events: Iterable[object]) -> list[Take]:
    """What has been taken and not yet given back, in order."""
    takes: list[Take] = []
    for event in events:
        match event:
            case Taken(take=take):
                takes.append(take)
            case Given():
                takes.pop()
            case _:
                pass
    return takes
