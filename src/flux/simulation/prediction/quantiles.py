"""Quantiles of the latencies that a run has counted by bucket."""

from bisect import bisect_left
from itertools import accumulate

from flux.simulation.result import BUCKETS, SHORTEST, Latencies

NANOSECOND = 1e-9


def mean(latencies: Latencies) -> float:
    """Their mean; 0 if there are none."""
    return latencies.total / latencies.count if latencies.count else 0.0


def quantile(latencies: Latencies, part: float) -> float:
    """The time that such a part of them doesn't exceed; never more than the longest.

    Within a bucket they lie evenly, so it is wrong by far less than the bucket is wide.
    """
    buckets = sorted(latencies.buckets.items())
    if not buckets:
        return 0.0
    sums = list(accumulate(count for _, count in buckets))
    rank = part * sums[-1]
    place = min(bisect_left(sums, rank), len(sums) - 1)
    bucket, count = buckets[place]
    inside = (rank - (sums[place] - count)) / count
    low, high = bounds(bucket)
    return min(low + inside * (high - low), latencies.longest)


def bounds(bucket: int) -> tuple[float, float]:
    """The times between which those of a bucket lie, in seconds."""
    return _lowest(bucket) if bucket else 0.0, _lowest(bucket + 1)


def _lowest(bucket: int) -> float:
    octave, place = divmod(bucket, BUCKETS)
    return SHORTEST * 2.0**octave * (1 + place / BUCKETS)
