"""Means of times, and times that are so many times as long."""

from dataclasses import replace
from itertools import pairwise
from statistics import fmean

from flux.simulation.model import Arrivals, Closed, Open, Recorded
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


def mean(time: Time) -> float:
    """What such a time is on average."""
    match time:
        case Constant(value=value):
            return value
        case Exponential(mean=mean) | Erlang(mean=mean) | Lognormal(mean=mean):
            return mean
        case Uniform(low=low, high=high):
            return (low + high) / 2
        case Hyperexponential(means=means, weights=weights):
            return fmean(means, weights)
        case Empirical(bounds=bounds, counts=counts):
            middles = [(low + high) / 2 for low, high in pairwise(bounds)]
            return fmean(middles, counts)


def scaled(time: Time, factor: float) -> Time:
    """The same distribution, stretched."""
    match time:
        case Constant(value=value):
            return Constant(value * factor)
        case Exponential(mean=mean) | Erlang(mean=mean) | Lognormal(mean=mean):
            return replace(time, mean=mean * factor)
        case Uniform(low=low, high=high):
            return Uniform(low * factor, high * factor)
        case Hyperexponential(means=means):
            return replace(time, means=tuple(each * factor for each in means))
        case Empirical(bounds=bounds):
            return replace(time, bounds=tuple(each * factor for each in bounds))


def rate(arrivals: Arrivals) -> float | None:
    """How many flows come in a second; None if that depends on how fast they end."""
    match arrivals:
        case Open(between=between, burst=burst):
            return burst / mean(between) if mean(between) else None
        case Recorded(between=between):
            return len(between) / sum(between) if sum(between) else None
        case Closed():
            return None


def hastened(arrivals: Arrivals, factor: float) -> Arrivals:
    """Arrivals, so many times as often."""
    match arrivals:
        case Open(between=between):
            return replace(arrivals, between=scaled(between, 1 / factor))
        case Recorded(between=between):
            return Recorded(tuple(each / factor for each in between))
        case Closed():
            return arrivals
