"""The reader/writer lock behind every constraint.

Nobody enters without the gate (`flux.runtime.gate`). A writer keeps it as long as it writes; a
reader keeps it only while it adds itself to `active`, which has one entry for each reader inside.

- A writer inside keeps everyone out, for it has the gate.
- A writer that has the gate waits until `active` is empty. Meanwhile readers only leave.
- Nobody starves: reader or writer, they stand in the gate's one queue, and a writer doesn't let
  more readers in while it waits for those inside.

Not re-entrant, and a reader can't become a writer: the compiler proves that neither is asked for.
Flows never run on the main thread, so no signal handler raises in the middle of these functions.
They are closures over local variables, which Python reads faster than attributes.
"""

from collections import deque
from collections.abc import Callable

from flux.runtime.gate import Gate
from flux.runtime.parking import Parking

Pair = tuple[Callable[[], None], Callable[[], None]]
"""Acquire and release."""


class ReaderWriterLock:
    """One constraint: `reader` and `writer` are its pairs of acquire and release."""

    __slots__ = ("reader", "writer")

    def __init__(self, gate: Gate | None = None) -> None:
        gate = gate or Gate()
        active: deque[None] = deque()
        parking = Parking()
        self.reader = _reader(gate, active, parking)
        self.writer = _writer(gate, active, parking)


def _reader(gate: Gate, active: deque[None], parking: Parking) -> Pair:
    take, give, queue, starving = gate.token.pop, gate.token.append, gate.queue, gate.starving
    enter, leave, waiting = active.append, active.pop, parking.waiting

    def acquire() -> None:
        if starving:
            gate.wait()
        else:
            try:
                take()
            except IndexError:
                gate.wait()
        enter(None)
        give(None)
        if queue:
            gate.wake()

    def release() -> None:
        leave()
        if waiting and not active:
            parking.notify()

    return acquire, release


def _writer(gate: Gate, active: deque[None], parking: Parking) -> Pair:
    take, give, queue, starving = gate.token.pop, gate.token.append, gate.queue, gate.starving
    readers_inside = active.__len__

    def acquire() -> None:
        if starving:
            gate.wait()
        else:
            try:
                take()
            except IndexError:
                gate.wait()
        if active:
            parking.wait_while(readers_inside)

    def release() -> None:
        give(None)
        if queue:
            gate.wake()

    return acquire, release
