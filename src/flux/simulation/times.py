"""Distributions of times, as data, in seconds; engines draw from them.

Each draw takes uniform numbers from the run's generator in an order that both engines keep to, so
equal seeds give equal runs; `flux.simulation.engines.draws` says which.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same."""

    value: float


@dataclass(frozen=True, slots=True)
class Exponential:
    """Without memory."""

    mean: float


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything between two times."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Erlang:
    """The sum of `shape` exponential times."""

    mean: float
    shape: int


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Its logarithm is normal; `cv` is the standard deviation over the mean."""

    mean: float
    cv: float


@dataclass(frozen=True, slots=True)
class Hyperexponential:
    """One of several exponential times, each with its weight."""

    means: tuple[float, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Empirical:
    """What was measured: bounds of buckets, and how many times fell in each.

    Bucket n reaches from `bounds[n]` to `bounds[n + 1]`, and within it all times are as likely.
    """

    bounds: tuple[float, ...]
    counts: tuple[int, ...]


Time = Constant | Exponential | Uniform | Erlang | Lognormal | Hyperexponential | Empirical

NOTHING = Constant(0.0)
