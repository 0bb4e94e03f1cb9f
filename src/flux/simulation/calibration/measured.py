"""Histograms of profiles as times of models.

A bucket is up to a 32nd as wide as its times are long, and that much demand would be wrong by three
times as much at a utilisation of two thirds. But a histogram knows the exact sum of its values: so
its bounds are stretched, by a percent at most, until the mean is right.
"""

from collections import Counter

from flux.profile.histogram import Histogram, lowest
from flux.simulation.arithmetic import mean_of_buckets
from flux.simulation.times import NOTHING, Empirical, Time

NANOSECOND = 1e-9
_HALVINGS = 60


def measured(histogram: Histogram, mean: float | None = None) -> Time:
    """The values of a histogram, stretched to a mean in ns if one is given.

    Nothing if there are none, or only zeros.
    """
    if mean == 0 or not histogram.total or not _filled(histogram):
        return NOTHING
    bounds, counts = _edges(histogram)
    middle = mean_of_buckets(bounds, counts)
    scale = NANOSECOND * (histogram.mean if mean is None else mean) / middle
    return Empirical(tuple(bound * scale for bound in bounds), counts)


def remainder(histogram: Histogram, mean: float) -> Time:
    """What of a histogram's values is above a threshold, which makes its mean what it should be.

    So a call of a function takes the remainder of some call's time, and on average exactly what
    is known to be left of it.
    """
    whole = measured(histogram)
    if mean <= 0 or not isinstance(whole, Empirical):
        return NOTHING
    low, high = 0.0, whole.bounds[-1]
    for _ in range(_HALVINGS):
        threshold = (low + high) / 2
        if mean_of_buckets(_above(whole.bounds, threshold), whole.counts) > mean:
            low = threshold
        else:
            high = threshold
    return _joined(_above(whole.bounds, low), whole.counts)


def _filled(histogram: Histogram) -> Counter[int]:
    """The buckets that hold something, each once, whoever wrote the profile."""
    counts = Counter[int]()
    for bucket, count in histogram.buckets:
        counts[bucket] += count
    return +counts


def _edges(histogram: Histogram) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Bounds and counts of adjacent buckets; what lies between two known ones is one empty one."""
    bounds: list[float] = []
    counts: list[int] = []
    for bucket, count in sorted(_filled(histogram).items()):
        if not bounds or bounds[-1] < lowest(bucket):
            counts += [0] if bounds else []
            bounds.append(float(lowest(bucket)))
        bounds.append(float(lowest(bucket + 1)))
        counts.append(count)
    return tuple(bounds), tuple(counts)


def _above(bounds: tuple[float, ...], threshold: float) -> tuple[float, ...]:
    return tuple(max(bound - threshold, 0.0) for bound in bounds)


def _joined(bounds: tuple[float, ...], counts: tuple[int, ...]) -> Empirical:
    """The same with one bucket for all that is nothing."""
    nothing = sum(not bound for bound in bounds[1:])
    if not nothing:
        return Empirical(bounds, counts)
    return Empirical((0.0, *bounds[nothing:]), (sum(counts[:nothing]), *counts[nothing:]))
