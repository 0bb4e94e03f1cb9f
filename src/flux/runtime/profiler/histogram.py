"""Durations, counted into the buckets of docs/profile.md.

They wait until there are many: sorting takes a third of the time that counting them one by one
would, and then the end of each bucket is found by bisection. `flux.profile.histogram` reads what
this writes.
"""

from bisect import bisect_left
from typing import NamedTuple

from flux.runtime.profiler.buckets import bucket_of, lowest

ENOUGH = 2048


class Reading(NamedTuple):
    """A histogram at one time: how many durations, their sum, the longest, and the buckets."""

    size: int
    total: int
    max: int
    buckets: dict[int, int]


class Histogram:
    """Durations in ns that may still grow in number."""

    __slots__ = ("_waiting", "buckets", "count", "max", "total")

    def __init__(self) -> None:
        self.count = self.total = self.max = 0
        self.buckets: dict[int, int] = {}
        self._waiting: list[int] = []

    def add(self, durations: list[int]) -> None:
        """Count durations, sooner or later."""
        self._waiting += durations
        if len(self._waiting) >= ENOUGH:
            self.fold()

    def fold(self) -> None:
        """Count those that wait."""
        durations, self._waiting = self._waiting, []
        if durations:
            durations.sort()
            self._count(durations)

    def add_zeros(self, size: int) -> None:
        """Count so many times nothing."""
        self.count += size
        self.buckets[0] = self.buckets.get(0, 0) + size

    def read(self) -> Reading:
        """What it has come to."""
        self.fold()
        return Reading(self.count, self.total, self.max, self.buckets.copy())

    def _count(self, durations: list[int]) -> None:
        size = len(durations)
        self.count += size
        self.total += sum(durations)
        self.max = max(self.max, durations[-1])
        place = 0
        while place < size:
            bucket = bucket_of(durations[place])
            behind = bisect_left(durations, lowest(bucket + 1), place)
            self.buckets[bucket] = self.buckets.get(bucket, 0) + behind - place
            place = behind
