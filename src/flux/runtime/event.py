"""One fiber a flow, out of those that have carried others before.

To make a thread takes Python far longer than to switch to a fiber. So whoever has carried a flow
waits for another one, as one of the spare; the last to become spare is the first to be taken up,
for its stack is warm. Where none is spare, there is a new one: a flow never waits for another.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from flux.runtime.endings import Outcome, Tally, new_tally
from flux.runtime.flow import Flow
from flux.runtime.program import Source
from flux.runtime.runtimes import Carry
from flux.runtime.thread import start_in_time

SPARE = 1024  # fibers that may wait for flows

Load = tuple[Source, Flow, tuple[Any, ...]]


class _Carrier:
    """A fiber that carries flows; it sleeps in its lock."""

    __slots__ = ("_bed", "_load")

    def __init__(self, load: Load) -> None:
        self._load: Load | None = load
        self._bed = threading.Lock()  # open, for the first load is there

    def wake(self, load: Load | None) -> None:
        """Carry this; None: go."""
        self._load = load
        self._bed.release()

    def next_load(self) -> Load | None:
        """What to carry, after a wait for it."""
        self._bed.acquire()
        load, self._load = self._load, None
        return load


class FiberPerFlow:
    """A runtime of as many fibers as there are flows in flight, and some spare."""

    def __init__(
        self,
        carry: Carry,
        on_idle: Callable[[], None],
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self.tallies: list[Tally] = [new_tally()]
        self._carry = carry
        self._on_idle = on_idle
        self._wait = wait
        self._guard = threading.Lock()
        self._spare: list[_Carrier] = []
        self._live = 0
        self._closed = False

    def start(self) -> None:
        """Nothing waits for flows here before the first has ended."""

    def submit(self, source: Source, flow: Flow, inputs: tuple[Any, ...]) -> None:
        """Wake a spare fiber for a flow, or make one."""
        load = source, flow, inputs
        with self._guard:
            if self._closed:
                return
            self._live += 1
            carrier = self._spare.pop() if self._spare else None
        if carrier is not None:
            carrier.wake(load)
        else:
            self._hire(_Carrier(load))

    def close(self) -> None:
        """Take no more flows; those in flight go on."""
        with self._guard:
            was_open, self._closed = not self._closed, True
            idle = was_open and not self._live
            spare, self._spare = self._spare, []
        for carrier in spare:
            carrier.wake(None)
        if idle:
            self._on_idle()

    def cut(self) -> None:
        """Every flow has its fiber already: there is nothing to forget."""

    def _hire(self, carrier: _Carrier) -> None:
        thread = threading.Thread(target=self._work, args=(carrier,), daemon=True)
        start_in_time(thread, self._wait)

    def _work(self, carrier: _Carrier) -> None:
        carry = self._carry
        while (load := carrier.next_load()) is not None:
            outcome = carry(*load)
            del load  # while it waits, a carrier keeps nothing of its last flow alive
            if not self._becomes_spare(carrier, outcome):
                break

    def _becomes_spare(self, carrier: _Carrier, outcome: Outcome) -> bool:
        """Count the end of a flow; whether its carrier is to wait for another."""
        with self._guard:
            self.tallies[0][outcome] += 1
            self._live -= 1
            stays = not self._closed and len(self._spare) < SPARE
            if stays:
                self._spare.append(carrier)
            idle = self._closed and not self._live
        if idle:
            self._on_idle()
        return stays
