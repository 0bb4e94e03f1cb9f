"""What records of one shape say: which of their times, less which others, are what.

A record's shape is its marks without the times. A flow's time runs from when the first node of
its turn gave something to the end of its last call, wait or queueing, and is made of these: a
call begins where the one before it ended, so what it takes to get a free constraint, say, is part
of the call that follows. Calls before the beginning are counted, but are no part of the flow.

Times are given by place: place n belongs to the n-th mark.
"""

from collections.abc import Sequence
from typing import NamedTuple

from flux.runtime.profiler.marks import CALLS, Kind, Mark


class Span(NamedTuple):
    """The time at a place, less the time at another."""

    mark: Mark
    end: int
    begin: int
    of_cpu: bool = False


class Shape:
    """The spans of a record, found in one pass over its marks."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self.calls: list[Span] = []
        self.cpu: list[Span] = []
        self.waits: list[Span] = []
        self.holds: list[Span] = []
        self.taken: list[Mark] = []
        self.queued: list[Span] = []
        self.began = 0
        self.end = 0
        self._asked = 0
        self._again = marks[0].kind is Kind.AGAIN
        self._held: dict[tuple[str, str], int] = {}
        for place, mark in enumerate(marks):
            self._read(place, mark, marks[place - 1])

    @property
    def flow(self) -> Span:
        """The flow's time; nothing for a turn that failed before it began."""
        return Span(Mark(Kind.BEGAN), self.end, self.began)

    @property
    def own_waits(self) -> list[Span]:
        """Those of the flow, without what its turn waited for before."""
        return [span for span in self.waits if span.begin >= self.began]

    @property
    def own_cpu(self) -> list[Span]:
        """The processor time of the flow, without that of the turn's first node."""
        return [span for span in self.cpu if span.end > self.began + 1]

    def _read(self, place: int, mark: Mark, before: Mark) -> None:
        match mark.kind:
            case Kind.CPU:
                self._read_cpu(place, before)
            case Kind.ACQUIRED:
                self._read_acquired(place, mark, before)
            case Kind.RELEASED:
                self._read_released(place, mark)
            case Kind.QUEUED:
                self.queued.append(self._span(place, mark))
            case kind if kind in CALLS:
                self._read_call(place, mark)

    def _read_call(self, place: int, mark: Mark) -> None:
        span = self._span(place, mark)
        if mark.kind is Kind.OPENING:
            self.began = place
        if mark.kind is not Kind.OPENING or not self._again:
            self.calls.append(span)

    def _span(self, place: int, mark: Mark) -> Span:
        span = Span(mark, place, self.end)
        self.end = place
        return span

    def _read_cpu(self, place: int, before: Mark) -> None:
        """A thread has its own clock, and who takes a flow up has read it then."""
        if before.kind in CALLS and not (before.kind is Kind.OPENING and self._again):
            self.cpu.append(Span(before, place, self._asked, of_cpu=True))
        self._asked = place

    def _read_acquired(self, place: int, mark: Mark, before: Mark) -> None:
        self.taken.append(mark)
        self._held[mark.name, mark.scope] = place
        if before.kind is Kind.WAITED:
            self.waits.append(self._span(place, mark))

    def _read_released(self, place: int, mark: Mark) -> None:
        self.holds.append(Span(mark, place, self._held.pop((mark.name, mark.scope))))
