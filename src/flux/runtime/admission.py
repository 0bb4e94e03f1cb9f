"""Places for flows: under `--max-flows`, and in the queue of the pool."""

import threading
from collections import deque
from itertools import repeat

from flux.runtime.parking import Parking


class Places:
    """So many places; a source that takes one waits while there is none."""

    __slots__ = ("_first", "_free", "_parking")

    def __init__(self, number: int) -> None:
        self._free: deque[None] = deque(repeat(None, number))
        self._first = threading.Lock()
        self._parking = Parking()

    def take(self) -> None:
        """Take a place, or be the next to get one."""
        with self._first:
            if not self._free:
                self._parking.wait_while(self._full)
            self._free.pop()

    def give_back(self) -> None:
        """Leave a place to another flow."""
        self._free.append(None)
        if self._parking.waiting:
            self._parking.notify()

    def _full(self) -> bool:
        return not self._free
