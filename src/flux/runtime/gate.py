"""Mutual exclusion in which nobody starves, made to be used from closures.

Whoever pops `token`, a deque with one entry, has the gate, and gives it back by appending:
uncontended, this takes a third of the time of a `threading.Lock`. Locks serve only to sleep in.
`queue` holds the sleepers, `starving` those of them who have lost patience, and `_woken` who is
awake and hasn't tried yet.

The rules, which `flux.runtime.locks` follows in line for speed:
- To enter: unless somebody is starving, pop the token; else, or if there is none, `wait`.
- To leave: append the token, and then, if somebody is in the queue, `wake` its first. That does
  nothing while somebody is woken: two would compete, and the second might pass the first.

No wake-up is lost: if the gate is free and somebody is in the queue, then somebody awake is about
to try the gate or to wake the first. For who leaves looks at the queue after giving the token
back, and who joins the queue tries the gate after joining. Who joins and sees a starving one does
not try; but that one will have the gate, and look at the queue when it leaves. And who is found in
`_woken` by one who leaves tries after that, for it takes itself out before it tries.

Policy: short barging, then first come, first served. A newcomer may be faster than the sleeper
who was woken: strict hand-off would let the gate lie idle at each change of threads. Who was
woken in vain is the first of the queue again; once it has waited for `patience` (1 ms), it is
starving, and newcomers join the end of the queue without a try.

Nobody starves. The first of the queue competes with newcomers until it is starving, and then only
with those who were awake already, each of whom passes it once. So it gets the gate, and everyone
in the queue becomes its first.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from flux.runtime.stamps import note_wait

Queue = deque[threading.Lock]
"""Sleepers, each by the lock that it sleeps in."""

PATIENCE = 0.001


class Gate:
    """A token for one thread at a time, and those who wait for it."""

    __slots__ = ("_patience", "_woken", "queue", "starving", "token")

    def __init__(self, patience: float = PATIENCE, new_queue: Callable[[], Queue] = deque) -> None:
        self.token: deque[None] = deque([None])
        self.queue = new_queue()
        self.starving = new_queue()
        self._woken: Queue = deque()
        self._patience = patience

    def wait(self) -> None:
        """Get the gate when one's turn has come."""
        note_wait()
        deadline = time.monotonic() + self._patience
        bed = threading.Lock()
        bed.acquire()
        self.queue.append(bed)
        entered = not self.starving and self._try(bed)
        while not entered:
            self._wake_up(bed)
            self.queue.appendleft(bed)
            entered = self._try(bed)
            if not entered and time.monotonic() >= deadline and bed not in self.starving:
                self.starving.append(bed)
        with suppress(ValueError):
            self.starving.remove(bed)

    def wake(self) -> None:
        """Let the first of the queue try, unless somebody is about to."""
        if self._woken:
            return
        with suppress(IndexError):
            bed = self.queue.popleft()
            self._woken.append(bed)
            bed.release()

    def _try(self, bed: threading.Lock) -> bool:
        """Try the gate from within the queue, and leave the queue with it."""
        try:
            self.token.pop()
        except IndexError:
            return False
        try:
            self.queue.remove(bed)
        except ValueError:  # somebody wakes us in this moment
            self._wake_up(bed)
        return True

    def _wake_up(self, bed: threading.Lock) -> None:
        """Sleep until one is woken, and be about to try."""
        bed.acquire()
        self._woken.remove(bed)
