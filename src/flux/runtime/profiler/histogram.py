"""Durations, counted into the buckets of docs/profile.md.

Many are added at once: sorting takes a third of the time that counting them one by one would,
and then each bucket is found by bisection. `flux.profile.histogram` reads what this writes.
"""

from bisect import bisect_left
from typing import NamedTuple

DIGITS = 6
PER_OCTAVE = 32


def bucket_of(value: int) -> int:
    """The bucket of a value."""
    shift = max(value.bit_length() - DIGITS, 0)
    return PER_OCTAVE * shift + (value >> shift)


def lowest(bucket: int) -> int:
    """The smallest value of a bucket."""
    shift = max(bucket // PER_OCTAVE - 1, 0)
    return (bucket - PER_OCTAVE * shift) << shift


class Reading(NamedTuple):
    """A histogram at one time: how many durations, their sum, the longest, and the buckets."""

    size: int
    total: int
    max: int
    buckets: dict[int, int]


class Histogram:
    """Durations in ns that may still grow in number."""

    __slots__ = ("buckets", "count", "max", "total")

    def __init__(self) -> None:
        self.count = self.total = self.max = 0
        self.buckets: dict[int, int] = {}

    def add(self, durations: list[int]) -> None:
        """Count durations, at least one; the list is sorted."""
        durations.sort()
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

    def add_zeros(self, size: int) -> None:
        """Count so many times nothing."""
        self.count += size
        self.buckets[0] = self.buckets.get(0, 0) + size

    def read(self) -> Reading:
        """What it has come to."""
        return Reading(self.count, self.total, self.max, self.buckets.copy())
