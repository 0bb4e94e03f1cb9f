"""A timer: a source whose flows start at equal intervals."""

import math
import threading
import time
from collections.abc import Callable


class Timer:
    """Gives ticks: number n comes n intervals after the first call, whatever the flows take.

    Late ticks don't move the later ones. Ticks that nobody took in time are not made up for: only
    the last of them comes, late, and the others are counted as `missed`.

        timer = Timer(10.0)
        tick = timer.tick  # the source
    """

    def __init__(
        self,
        interval: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        if not 0.0 < interval < math.inf:
            raise ValueError("the interval of a timer must be positive")
        self.interval = interval
        self.missed = 0
        self._clock = clock
        self._closing = threading.Event()
        self._wait = wait or self._closing.wait
        self._turn = threading.Lock()
        self._start: float | None = None
        self._last = 0

    @property
    def closed(self) -> bool:
        """Whether the timer was closed."""
        return self._closing.is_set()

    def tick(self) -> int:
        """Wait for the next tick: its number. StopIteration once the timer is closed."""
        with self._turn:
            if self._start is None:
                self._start = self._clock()
            due = self._last + 1
            self._wait_until(self._start + due * self.interval)
            passed = int((self._clock() - self._start) / self.interval)
            self._last = max(due, passed)
            self.missed += self._last - due
            return self._last

    def close(self) -> None:
        """End `tick`; from any thread, any number of times."""
        self._closing.set()

    def interrupt(self) -> None:
        """What the runtime calls to end the source: `close`."""
        self.close()

    def _wait_until(self, moment: float) -> None:
        while not self.closed:
            left = moment - self._clock()
            if left <= 0.0:
                return
            self._wait(min(left, threading.TIMEOUT_MAX))
        raise StopIteration
