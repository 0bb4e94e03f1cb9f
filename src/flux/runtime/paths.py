"""The paths of a running program: their numbers, and the words in which the log names them."""

from collections.abc import Mapping
from traceback import walk_tb
from typing import Any

from flux.runtime.flow import Flow
from flux.runtime.numbering import NoPathError, Numbering
from flux.runtime.program import Source
from flux.runtime.ways import Part


class Paths:
    """What became of flows; `facts` is what the compiler writes beside a program, if it is there.

    Nothing is read from the facts before the first question.
    """

    def __init__(self, facts: Mapping[str, Any] | None) -> None:
        self._facts = facts
        self._numbering: Numbering | None = None

    def number(
        self, source: Source, flow: Flow, exception: BaseException | None = None
    ) -> int | None:
        """The number of the path that a flow, or a turn, has taken to its end.

        None where it can't be known: without facts, or if the exception passed through no step
        of the program (an observer's, say).
        """
        numbering = self._numbers(source)
        try:
            return numbering.number(source.name, flow, exception) if numbering else None
        except NoPathError:
            return None

    def name(self, source: Source, number: int) -> str:
        """The nodes on a path. Raises LookupError without facts, or for a number of no path."""
        return " -> ".join(part.text for part in self.parts(source, number))

    def parts(self, source: Source, number: int) -> list[Part]:
        """What the name of a path is made of. Raises as `name` does."""
        numbering = self._numbers(source)
        if numbering is None:
            raise LookupError("the program's plan is not at hand")
        return numbering.ways.parts(source.name, number)

    def describe(self, source: Source, flow: Flow, exception: BaseException) -> str:
        """The nodes on the way to a failure; where that isn't known, the routines it was in."""
        number = self.number(source, flow, exception)
        if number is not None:
            return self.name(source, number)
        return " -> ".join([source.name, *_routines(source, exception)])

    def _numbers(self, source: Source) -> Numbering | None:
        if self._numbering is None and self._facts is not None:
            self._numbering = Numbering(self._facts, _file_of(source))
        return self._numbering


def _file_of(source: Source) -> str:
    """The generated program's; a profiler's twin of a flow names what it wraps."""
    plain: Any = getattr(source.flow, "__wrapped__", source.flow)
    return str(plain.__code__.co_filename)


def _routines(source: Source, exception: BaseException) -> list[str]:
    generated = _file_of(source)
    frames = [frame.f_code for frame, _ in walk_tb(exception.__traceback__)]
    return [code.co_name for code in frames if code.co_filename == generated]
