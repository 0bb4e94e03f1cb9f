"""A program bound to its implementation: what the generated `program` function returns."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flux.runtime.opening import Opening


class Source(NamedTuple):
    """`source Listen => Image;`: a turn, its number of outputs, and the flow they start.

    `opening` is the first concrete node of a turn, None if turns run none.
    """

    name: str
    turn: Callable[..., Any]
    gives: int
    opening: Opening | None
    flow: Callable[..., object]

    def inputs(self, output: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a node's, of any type
        """A turn's result as inputs of the flow."""
        if self.gives == 1:
            return (output,)
        return output or ()


class Program:
    """The sources of a program; each runs a loop of turns."""

    __slots__ = ("sources",)

    def __init__(self, *sources: Source) -> None:
        self.sources = sources
