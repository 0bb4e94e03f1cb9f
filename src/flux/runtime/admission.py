"""Places for flows: under `--max-flows`, and in the queue of the pool."""

import threading
from collections import deque
from itertools import repeat
from typing import Any

from flux.runtime.endings import Outcome
from flux.runtime.flow import Flow
from flux.runtime.parking import Parking
from flux.runtime.program import Source
from flux.runtime.runtimes import Carry, Submit


class Places:
    """So many places; a source that takes one waits while there is none.

    It then waits until `enough` of them are free: with more than one, a source and the workers
    that make room for it don't change threads for each flow.
    """

    __slots__ = ("_enough", "_first", "_free", "_parking")

    def __init__(self, number: int, enough: int = 1) -> None:
        self._free: deque[None] = deque(repeat(None, number))
        self._enough = enough
        self._first = threading.Lock()
        self._parking = Parking()

    def take(self) -> None:
        """Take a place; who finds another waiting waits behind it."""
        if self._parking.waiting or not self._taken():
            with self._first:
                while not self._taken():
                    self._parking.wait_while(self._too_few)

    def give_back(self) -> None:
        """Leave a place to another flow."""
        self._free.append(None)
        if self._parking.waiting and not self._too_few():
            self._parking.notify()

    def _taken(self) -> bool:
        try:
            self._free.pop()
        except IndexError:
            return False
        return True

    def _too_few(self) -> bool:
        return len(self._free) < self._enough


def taking(places: Places, submit: Submit) -> Submit:
    """Hand over a flow once it has a place."""

    def submit_in_place(source: Source, flow: Flow, inputs: tuple[Any, ...]) -> None:
        places.take()
        submit(source, flow, inputs)

    return submit_in_place


def giving_back(places: Places, carry: Carry) -> Carry:
    """Run a flow to its end, which leaves its place to another."""

    def carry_in_place(source: Source, flow: Flow, inputs: tuple[Any, ...]) -> Outcome:
        try:
            return carry(source, flow, inputs)
        finally:
            places.give_back()

    return carry_in_place
