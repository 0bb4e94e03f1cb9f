"""One fiber a flow, out of those that have carried others before.

Theory of operation. To make a thread takes Python far longer than to switch to a fiber, and to
switch longer than most flows. So whoever has carried a flow carries the next that waits, and if
none does, waits as one of the spare; the last to become spare is the first to be woken, for its
stack is warm.

No flow waits for another, though: whoever takes a flow that has others behind it first sends
somebody for those, unless somebody is on his way (`_sent`). If his own flow never waits, he comes
back before the other has begun, and takes them himself; if it waits, the other begins. So flows
that come together and don't wait are carried by one fiber, without a switch between them, and who
was sent finds nothing to do.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from flux.runtime.endings import Outcome
from flux.runtime.flow import Flow
from flux.runtime.program import Source
from flux.runtime.runtimes import Carry
from flux.runtime.thread import ThreadPerFlow, start_in_time

SPARE = 1024  # fibers that may wait for flows

Load = tuple[Source, Flow, tuple[Any, ...]]


class FiberPerFlow(ThreadPerFlow):
    """A runtime of as many fibers as there are flows in flight, and some spare."""

    def __init__(
        self,
        carry: Carry,
        on_idle: Callable[[], None],
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        super().__init__(carry, on_idle, wait)
        self._pending: deque[Load] = deque()
        self._spare: list[threading.Lock] = []  # each by the lock that it sleeps in
        self._sent = False  # somebody is on his way to what is pending

    def submit(self, source: Source, flow: Flow, inputs: tuple[Any, ...]) -> None:
        """Let a flow begin as soon as this fiber waits for something."""
        with self._guard:
            if self._closed:
                return
            self._live += 1
            self._pending.append((source, flow, inputs))
            if self._sent:
                return
            self._sent = True
        self._send_somebody()

    def close(self) -> None:
        """Take no more flows; those in flight go on."""
        super().close()
        with self._guard:
            spare, self._spare = self._spare, []
        for bed in spare:
            bed.release()

    def cut(self) -> None:
        """Forget the flows that have not begun."""
        self._pending.clear()

    def _send_somebody(self) -> None:
        """Wake a spare fiber, or make one."""
        with self._guard:
            bed = self._spare.pop() if self._spare else None
        if bed is not None:
            bed.release()
        else:
            start_in_time(threading.Thread(target=self._work, daemon=True), self._wait)

    def _work(self) -> None:
        """Carry flows, and sleep while there are none."""
        carry, bed = self._carry, threading.Lock()
        bed.acquire()
        while True:
            load = self._first()
            while load is not None:
                outcome = carry(*load)
                del load  # while it waits, a carrier keeps nothing of its last flow alive
                load = self._next(outcome)
            if not self._becomes_spare(bed):
                return
            bed.acquire()

    def _first(self) -> Load | None:
        """The flow for which somebody was sent, if nobody was quicker."""
        with self._guard:
            self._sent = False
            load, sends = self._taken()
        if sends:
            self._send_somebody()
        return load

    def _next(self, outcome: Outcome) -> Load | None:
        """Count a flow that has ended; the one that waits behind it."""
        with self._guard:
            idle = self._ended(outcome)
            load, sends = self._taken()
        if sends:
            self._send_somebody()
        if idle:
            self._on_idle()
        return load

    def _taken(self) -> tuple[Load | None, bool]:
        """A flow that waits, and whether somebody has to be sent for the others."""
        pending = self._pending
        if not pending:
            return None, False
        load = pending.popleft()
        if not pending or self._sent:
            return load, False
        self._sent = True
        return load, True

    def _becomes_spare(self, bed: threading.Lock) -> bool:
        """Whether a fiber that has nothing to carry is to wait."""
        with self._guard:
            if self._closed or len(self._spare) >= SPARE:
                return False
            self._spare.append(bed)
        return True
