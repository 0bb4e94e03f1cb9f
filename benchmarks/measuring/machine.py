"""What else the machine does: who measures must know whether others used its processors."""

import os
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_USED = (1, 2, 3, 6, 7, 8)  # of the fields of /proc/stat: user, nice, system, (soft)irq, steal

DISTURBED = 0.1  # of a processor: more used by others makes a measurement void


class Interval:
    """From now on: how long it lasts, and what others use of the processors."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._used = _used()

    def seconds(self) -> float:
        """The time up to now."""
        return time.monotonic() - self._start

    def others(self, ours: float) -> float:
        """The processors used by others, when ours are so many seconds of CPU."""
        return max(0.0, _used() - self._used - ours) / self.seconds()


def _used() -> float:
    """The seconds of CPU used by anybody since the machine was started."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    return sum(int(fields[i]) for i in _USED) / _TICKS
