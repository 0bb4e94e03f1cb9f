"""What several runs say of a value: its mean, and where 95 % of such intervals hold the true one.

Runs are independent, so Student's t holds for means of runs; it holds for quantiles of runs, too,
for those of long runs are close to normal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, inf, lgamma, log, sqrt
from statistics import fmean, stdev

LEVEL = 0.95
_STEPS = 200
_TINY = 1e-30


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value, and the interval around it."""

    value: float
    low: float
    high: float

    @property
    def spread(self) -> float:
        """Half of the interval as a part of the value; infinite if that is nothing."""
        half = max(self.high - self.value, self.value - self.low)
        return half / abs(self.value) if self.value else (inf if half else 0.0)


def estimate(values: Sequence[float], runs: int | None = None) -> Estimate:
    """What runs say of a value; of one run alone nobody knows how far off it is.

    The interval is that of the mean of very many runs; or with `runs` that of the mean of so many
    others, as 1 for what one more run would say.
    """
    mean = fmean(values)
    if len(values) == 1:
        return Estimate(mean, -inf, inf)
    others = 1 / runs if runs else 0.0
    half = student(len(values) - 1) * stdev(values) * sqrt(1 / len(values) + others)
    return Estimate(mean, mean - half, mean + half)


def bounded(found: Estimate, low: float = 0.0, high: float = inf) -> Estimate:
    """An estimate of what can't be outside of some bounds."""
    return Estimate(found.value, max(found.low, low), min(found.high, high))


@cache
def student(freedom: int, level: float = LEVEL) -> float:
    """How many standard errors hold so much of Student's distribution, on both sides of 0."""
    outside = 1 - level
    return _root(lambda t: _both_tails(t, freedom) - outside)


def _root(falling: Callable[[float], float]) -> float:
    """Where a function that falls from above zero on passes it."""
    low, high = 0.0, 1.0
    while falling(high) > 0:
        high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return high


def _both_tails(t: float, freedom: int) -> float:
    return _beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    return front * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """Its continued fraction, by Lentz's method."""
    c, d = 1.0, 1 / _nonzero(1 - (a + b) * x / (a + 1))
    product = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _nonzero(1 + term * d)
            c = _nonzero(1 + term / c)
            product *= c * d
    return product


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
