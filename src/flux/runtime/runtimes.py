"""What carries flows: the few functions that every runtime has."""

from collections.abc import Callable
from typing import Any, Protocol

from flux.runtime.endings import Outcome, Tally
from flux.runtime.flow import Flow
from flux.runtime.program import Source

Carry = Callable[[Source, Flow, tuple[Any, ...]], Outcome]
"""Runs one flow to its end on the calling thread."""

Submit = Callable[[Source, Flow, tuple[Any, ...]], None]
"""Hands a flow over to be run; the caller waits while there is no room for it."""


class Runtime(Protocol):
    """Takes flows from sources and runs each to its end; says once that it has become idle."""

    tallies: list[Tally]

    def start(self) -> None:
        """Get ready for flows."""

    def submit(self, source: Source, flow: Flow, inputs: tuple[Any, ...]) -> None:
        """Take a flow; the caller waits while there is no room for it."""

    def close(self) -> None:
        """Take no more flows; those in flight go on, and the last one reports idle."""

    def cut(self) -> None:
        """Forget the flows that have not begun to run."""
