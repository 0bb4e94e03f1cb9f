"""What else the machine does: who measures must know whether others used its processors.

What processes used, and their children that have ended, they say themselves, to a tick (10 ms). The
sums of /proc/stat count who runs when the clock ticks, 250 times a second: of two seconds they are
off by some percent of a processor, as much as others use on a quiet machine. But what was stolen is
exact there.
"""

import os
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_STOLEN = 8  # the field of /proc/stat
_TIMES = slice(11, 15)  # of /proc/PID/stat, behind its name: its own and its ended children's

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
    """The seconds of CPU that processes used, or that were stolen, since the machine started."""
    used = sum(_ticks_of(process) for process in Path("/proc").glob("[0-9]*"))
    return (used + _stolen_ticks()) / _TICKS


def _ticks_of(process: Path) -> int:
    """What a process used; 0 if it isn't there any more, for then its parent says it."""
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[_TIMES]))


def _stolen_ticks() -> int:
    return int(Path("/proc/stat").read_text().split("\n", 1)[0].split()[_STOLEN])
