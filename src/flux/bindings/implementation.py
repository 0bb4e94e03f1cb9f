"""What bears a node, a predicate or a session function."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Implementation:
    """A function of some language: its name there, and where it was found.

    `place` is None for functions that no file tells of, such as an object's methods.
    """

    language: str
    symbol: str
    place: Place | None
