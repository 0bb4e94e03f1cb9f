"""Times in arithmetic: their means, and multiples of them."""

from dataclasses import replace
from itertools import pairwise

from flux.simulation.times import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Time,
    Uniform,
)


def mean_time(time: Time) -> float:
    """The mean of a distribution."""
    match time:
        case Constant(value=value):
            return value
        case Exponential(mean=mean) | Erlang(mean=mean) | Lognormal(mean=mean):
            return mean
        case Uniform(low=low, high=high):
            return (low + high) / 2
        case Hyperexponential(means=means, weights=weights):
            return sum(m * w for m, w in zip(means, weights, strict=True)) / sum(weights)
        case Empirical(bounds=bounds, counts=counts):
            return mean_of_buckets(bounds, counts)


def mean_of_buckets(bounds: tuple[float, ...], counts: tuple[int, ...]) -> float:
    """The mean of what was counted by bucket, each value of a bucket being as likely."""
    middles = ((low + high) / 2 for low, high in pairwise(bounds))
    return sum(m * count for m, count in zip(middles, counts, strict=True)) / sum(counts)


def scaled(time: Time, by: float) -> Time:
    """A distribution of the same shape."""
    match time:
        case Constant(value=value):
            return Constant(value * by)
        case Exponential(mean=mean) | Erlang(mean=mean) | Lognormal(mean=mean):
            return replace(time, mean=mean * by)
        case Uniform(low=low, high=high):
            return Uniform(low * by, high * by)
        case Hyperexponential(means=means):
            return replace(time, means=tuple(mean * by for mean in means))
        case Empirical(bounds=bounds):
            return replace(time, bounds=tuple(bound * by for bound in bounds))
