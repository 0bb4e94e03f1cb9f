"""The reader/writer lock behind every constraint.

Parts. The *gate* is a plain lock: a writer holds it as long as it writes, a reader only while
it enters. `active` has one entry for each reader inside. The *line* is a queue of those who
have lost patience.

Invariants.
- Nobody enters without holding the gate; so a writer inside keeps everyone out.
- A writer that has the gate waits until `active` is empty. Meanwhile readers only leave.
- Only the first of the line waits for the gate; it steps out of the line, and the next becomes
  the first, when it has got it.

Policy: short barging, then first come, first served. A thread that finds the gate shut waits for
it for `patience` (1 ms), in competition with newcomers: strict hand-off would let the lock lie
idle at each change of threads. Then it joins the line; and a newcomer that sees a line joins its
end without trying the gate.

Nobody starves. Once there is a line, only those pass it who tried the gate before it formed, each
once and for at most `patience`. So the first of the line competes with a bounded number of
threads, and everyone in the line becomes its first. A stream of readers can't hold up a writer,
which shuts the gate before it waits for those inside; a stream of writers can't hold up a reader,
which stands in the same line.

Not re-entrant, and a reader can't become a writer: the compiler proves that neither is asked for.
Flows never run on the main thread, so no signal handler raises in the middle of these functions.

They are closures over local variables, which Python reads faster than attributes, and a writer's
release is the gate's own: uncontended, a lock costs about as much as the calls to it.
"""

import threading
from collections import deque
from collections.abc import Callable

from flux.runtime.parking import Parking

Pair = tuple[Callable[[], None], Callable[[], None]]
"""Acquire and release."""

PATIENCE = 0.001


class ReaderWriterLock:
    """One constraint: `reader` and `writer` are its pairs of acquire and release."""

    __slots__ = ("reader", "writer")

    def __init__(
        self, patience: float = PATIENCE, line: deque[threading.Lock] | None = None
    ) -> None:
        line = deque() if line is None else line
        gate = threading.Lock()
        active: deque[None] = deque()
        parking = Parking()
        shut = _gate_keeper(gate, line, patience)
        self.reader = _reader(gate, line, shut, active, parking)
        self.writer = _writer(gate, line, shut, active, parking)


def _reader(
    gate: threading.Lock,
    line: deque[threading.Lock],
    shut: Callable[[], None],
    active: deque[None],
    parking: Parking,
) -> Pair:
    try_gate, open_gate = gate.acquire, gate.release
    enter, leave = active.append, active.pop
    waiting, notify = parking.waiting, parking.notify

    def acquire() -> None:
        if line or not try_gate(False):  # noqa: FBT003 - a keyword would slow the fast path
            shut()
        enter(None)
        open_gate()

    def release() -> None:
        leave()
        if waiting and not active:
            notify()

    return acquire, release


def _writer(
    gate: threading.Lock,
    line: deque[threading.Lock],
    shut: Callable[[], None],
    active: deque[None],
    parking: Parking,
) -> Pair:
    try_gate, wait_while, readers_inside = gate.acquire, parking.wait_while, active.__len__

    def acquire() -> None:
        if line or not try_gate(False):  # noqa: FBT003 - a keyword would slow the fast path
            shut()
        if active:
            wait_while(readers_inside)

    return acquire, gate.release


def _gate_keeper(
    gate: threading.Lock, line: deque[threading.Lock], patience: float
) -> Callable[[], None]:
    """Make the slow way to the gate: with patience, then in the line."""
    order = threading.Lock()

    def shut() -> None:
        if line or not gate.acquire(timeout=patience):
            wait_to_be_first()
            gate.acquire()
            step_out()

    def wait_to_be_first() -> None:
        turn = threading.Lock()
        turn.acquire()
        with order:
            first = not line
            line.append(turn)
        if not first:
            turn.acquire()

    def step_out() -> None:
        with order:
            line.popleft()
            if line:
                line[0].release()

    return shut
