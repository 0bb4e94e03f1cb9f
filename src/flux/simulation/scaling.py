"""Times that are so many times as long."""

from dataclasses import replace

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
