"""Log histograms: counts of durations in buckets, 32 to an octave.

A value of b binary digits stands in bucket n, if b <= 6; else its leading 6 digits, of which the
first is always 1, choose one of the 32 buckets of its octave. So a bucket is at most a 32nd as wide
as its values are large, and a percentile read off the buckets is wrong by at most 3 %.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate
from math import sqrt
from typing import Annotated

import msgspec

from flux.runtime.profiler.buckets import DIGITS, PER_OCTAVE, bucket_of, lowest

__all__ = ["EMPTY", "Histogram", "bucket_of", "lowest", "middle", "together"]

LAST = PER_OCTAVE * (64 - DIGITS) + 2 * PER_OCTAVE - 1

Natural = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Bucket = Annotated[int, msgspec.Meta(ge=0, le=LAST)]


def middle(bucket: int) -> float:
    """The value that stands for those of a bucket."""
    return (lowest(bucket) + lowest(bucket + 1) - 1) / 2


class Histogram(msgspec.Struct, frozen=True):
    """Durations in ns: how many, their sum, the longest, and (bucket, count) in order."""

    count: Natural = 0
    total: Natural = 0
    max: Natural = 0
    buckets: tuple[tuple[Bucket, Natural], ...] = ()

    @property
    def mean(self) -> float:
        """Their mean; 0 if there are none."""
        return self.total / self.count if self.count else 0.0

    @property
    def error(self) -> float:
        """The standard error of the mean; 0 if there are none."""
        if not self.count:
            return 0.0
        squares = sum(count * (middle(bucket) - self.mean) ** 2 for bucket, count in self.buckets)
        return sqrt(squares) / self.count

    def percentile(self, percent: float) -> float:
        """The value that so many percent don't exceed; never more than the longest."""
        if not self.buckets:
            return 0.0
        sums = list(accumulate(count for _, count in self.buckets))
        place = bisect_left(sums, percent / 100 * sums[-1])
        return min(middle(self.buckets[min(place, len(sums) - 1)][0]), float(self.max))

    def over(self, count: int) -> "Histogram":
        """The same over so many values, of which those were 0 that it doesn't hold."""
        zeros = max(count - self.count, 0)
        return together([self, Histogram(zeros, 0, 0, ((0, zeros),) if zeros else ())])

    def since(self, earlier: "Histogram") -> "Histogram":
        """What has come since an earlier reading of the same histogram.

        The longest of it is known only if it is the longest of all; else its bucket is.
        """
        counts = Counter(dict(self.buckets))
        counts.subtract(dict(earlier.buckets))
        buckets = tuple(sorted((bucket, count) for bucket, count in counts.items() if count > 0))
        longest = self.max
        if self.max == earlier.max:
            longest = min(lowest(buckets[-1][0] + 1) - 1, self.max) if buckets else 0
        return Histogram(self.count - earlier.count, self.total - earlier.total, longest, buckets)


EMPTY = Histogram()


def together(histograms: Iterable[Histogram]) -> Histogram:
    """All their values in one."""
    parts = list(histograms)
    counts: Counter[int] = Counter()
    for part in parts:
        counts.update(dict(part.buckets))
    return Histogram(
        sum(part.count for part in parts),
        sum(part.total for part in parts),
        max((part.max for part in parts), default=0),
        tuple(sorted(counts.items())),
    )
