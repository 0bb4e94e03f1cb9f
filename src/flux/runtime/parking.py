"""Waiting for others to make something true, at no cost to them while nobody waits.

`deque.append` and `deque.pop` are atomic, so a deque can count things that many threads change.
One thread at a time waits here for such a count. The others change it first and look at
`waiting` afterwards; the waiter enters `waiting` first and looks at the count afterwards. So
either they see the waiter or the waiter sees their change, and no wake-up is lost.

A waiter's lock is taken out of `waiting` by exactly one thread: one that wakes it, or the waiter
itself, which then doesn't sleep. A slow waker may find the lock of a later waiter. Therefore
whoever wakes up looks again, and one release is always met by one acquire.

With the GIL every step is in one order for all threads. Without it each of these steps still
takes the deque's own lock or reads its length with sequential consistency.
"""

import threading
from collections import deque
from collections.abc import Callable

from flux.runtime.stamps import note_wait


class Parking:
    """A place where one thread at a time waits; the others ask `waiting` before they notify."""

    __slots__ = ("waiting",)

    def __init__(self) -> None:
        self.waiting: deque[threading.Lock] = deque()

    def wait_while(self, condition: Callable[[], object]) -> None:
        """Sleep as long as the condition holds; only one thread may be in here."""
        note_wait()
        wake = threading.Lock()
        wake.acquire()
        while condition():
            self.waiting.append(wake)
            if condition() or not self._withdraw():
                wake.acquire()

    def notify(self) -> None:
        """Let the waiter, if there is one, look again."""
        try:
            wake = self.waiting.pop()
        except IndexError:
            return
        wake.release()

    def _withdraw(self) -> bool:
        try:
            self.waiting.pop()
        except IndexError:
            return False
        return True
